"""The wrong example of each lint is found on the marked line, and the right one is not."""

from datetime import date

import pytest

from contract.rule_error_examples import FILE, companions, examples, loaded, pages
from onward.directory import files as directory_files
from onward.routing.domain.diagnostics import SourceFile
from onward.workbench.linting.all_findings import lint

PAGES = {code: path for code, path in pages().items() if code.startswith("L")}
DAY = date(2026, 3, 2)


def found(code: str, content: bytes) -> list[int]:
    """The lines at which a lint finds something."""
    files = [*companions(), SourceFile(FILE, content)]
    findings = lint(loaded(content), files, directory_files.load(), today=DAY)
    return [each.place.line for each in findings if each.code == code and each.place.file == FILE]


@pytest.mark.parametrize("code", PAGES)
def test_the_wrong_example_of_a_lint_is_found_on_the_marked_line_and_the_right_one_is_not(code: str) -> None:
    wrong, right = examples(PAGES[code].read_text(), code)
    assert wrong.marked
    assert found(code, wrong.content) == list(wrong.marked)
    assert found(code, right.content) == []
