"""Every error code has a page whose examples are what it says, and every page a code."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

import onward
from contract.rule_error_examples import (
    examples,
    found_by_analysis,
    found_in_directory,
    found_in_rules,
    pages,
    without_example,
)
from onward.diagnostics.yaml_tree import Diagnostic

SERVICES = Path(onward.__file__).parent
CODE = re.compile(r'"([A-Z]\d{3})"')
PAGES = pages()
UNSHOWN = ("A010", "A016", "A090")
"""Found in the directory; never found where all is well."""
LOADING = [code for code in PAGES if code[0] in "YRTPD"]


def codes_of_the_sources() -> set[str]:
    folders = [SERVICES / name for name in ("contracts", "diagnostics", "directory", "routing", "workbench")]
    return {code for folder in folders for path in folder.rglob("*.py") for code in CODE.findall(path.read_text())}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(PAGES) == codes_of_the_sources()


def test_the_index_names_every_page_once_with_its_title() -> None:
    index = (next(iter(PAGES.values())).parent / "README.md").read_text()
    lines = re.findall(r"^- \[([A-Z]\d{3})\]\(([A-Z]\d{3})\.md\): (.*)$", index, re.MULTILINE)
    titles = {code: path.read_text().splitlines()[0].removeprefix(f"# {code}: ") for code, path in PAGES.items()}
    assert lines == [(code, code, titles[code]) for code, _, _ in lines]
    assert sorted(code for code, _, _ in lines) == sorted(PAGES)


@pytest.mark.parametrize("code", PAGES)
def test_a_page_has_a_title_is_short_and_says_how_grave_it_is(code: str) -> None:
    text = PAGES[code].read_text()
    assert re.match(rf"# {code}: [^\n]+\n\n", text)
    assert len(text.splitlines()) <= 35
    assert re.search(r"\b(error|warning|note)\b", text.splitlines()[-1])


def found_in(code: str, content: bytes) -> list[Diagnostic]:
    if code.startswith("D0"):
        return found_in_directory(content, complete=code == "D014")
    found = found_in_rules(content, complete=code in ("D106", "P011", "P012", "R013", "R014", "R015"))
    # Examples of what is looked for in whole bundles only have no tests, as most have none.
    return [problem for problem in found if problem.code == code] if code in ("D106", "P011", "P012") else found


@pytest.mark.parametrize("code", LOADING)
def test_the_wrong_example_has_this_problem_on_the_marked_line_and_the_right_one_has_none(code: str) -> None:
    made = examples(PAGES[code].read_text(), code)
    if not made:
        assert {problem.code for problem in without_example(code)} == {code}
        return
    wrong, right = made
    assert wrong.marked
    assert {(problem.code, problem.line) for problem in found_in(code, wrong.content)} == {
        (code, line) for line in wrong.marked
    }
    assert right.marked == ()
    assert found_in(code, right.content) == []


@pytest.mark.parametrize("code", [code for code in PAGES if code.startswith("A") and code not in UNSHOWN])
def test_the_analysis_finds_the_wrong_example_on_the_marked_line_and_not_the_right_one(code: str) -> None:
    wrong, right = examples(PAGES[code].read_text(), code)
    assert found_by_analysis(wrong.content, code) == list(wrong.marked)
    assert wrong.marked
    assert found_by_analysis(right.content, code) == []


def test_an_installed_package_has_the_pages(tmp_path: Path) -> None:
    wheel = next(iter(WheelBuilder(str(SERVICES.parents[1])).build(directory=str(tmp_path), versions=["standard"])))
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-m", "onward.cli", "rules", "explain-error", "T001"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        timeout=60,
    )
    assert done.stdout.startswith("T001: no such fact\n"), done.stderr
    assert {path.stem for path in (tmp_path / "installed" / "onward" / "_rule_errors").glob("[A-Z]*[0-9].md")} == set(
        PAGES
    )
