"""The table of exit codes in `docs/cli.md` is what the commands of `onward rules` do, with and without `--json`."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bench.national_year import __main__ as national_year
from onward.cli.rules.app import rules
from onward.cli.rules.releases.signing_keys import write_private
from onward.contracts import paths
from unit.routing.bundle_builders import AUTHOR, key_file
from unit.routing.routing_builders import HOMELESS_ADULT, a_situation
from unit.workbench.pack_folders import folder_of

NOBODY = "127.0.0.1:1"
SIGNED = "--key author.key --keys trusted.yaml"
UNTESTED = """\
  - id: veterans
    why: For these tests only
    when: {person.veteran: true}
    notify: {kind: told, to: duty-practitioner}
"""
TESTED = (
    UNTESTED
    + """\
    tests:
      - name: a soldier
        given: {person.veteran: true}
        expect: match
        then: {notify: {kind: told, to: duty-practitioner}}
      - {name: none, given: {person.veteran: false}, expect: no_match, because: person.veteran}
"""
)
FOLDERS = {
    "good": TESTED,
    "untested": UNTESTED,
    "broken": TESTED.replace("person.veteran", "person.veterans"),
    "failing": TESTED.replace("to: duty-practitioner}}", "to: crisis-line}}"),
    "twice": TESTED + "      - {name: another, given: {person.veteran: true}, expect: match}\n",
    "never": TESTED.replace(
        "{person.veteran: true}\n", "{person.veteran: true, person.age: 2, person.area: unknown}\n", 1
    )
    + "    unless: [{person.age: known}]\n",
    "untidy": TESTED.replace("why: For", "why:   For"),
    "fewer": TESTED.replace("true}\n    notify", "true, person.age: 30}\n    notify"),
}
DONE = {
    "check": ("good", "untested", "broken"),
    "explain-error": ("T001", None, "X999"),
    "facts": ("needs.", None, "needs.hoarding"),
    "fmt": ("formatted --check", "untidy --check", "broken"),
    "test": ("good", "failing", "good --rule nobody"),
    "coverage": ("good", "untested", "good --rule nobody"),
    "then": ("untested", None, "broken"),
    "lint": ("good", "twice", "good --rule nobody"),
    "analyse": ("good", "never", "good --only A099"),
    "explain": ("situation.json good", "unread.json good --source hmpps", "nothing.json good"),
    "diff": ("good good", "good fewer", "good broken"),
    "archive": (None, f"new --from-kafka {NOBODY}", "new"),
    "impact": (
        "good good --archive archive --workers 1",
        "good good --archive archive --workers 1 --html nowhere/page.html",
        "good good --archive nowhere",
    ),
    "keys new": ("rules-author-1 --role author --out new.key", None, "rules-author-1 --role nobody --out new.key"),
    # With a broker: `tests/integration/cli`.
    "propose": (None, None, f"broken --why reason {SIGNED} --bootstrap {NOBODY}"),
    "approve": (None, f"unread.json {SIGNED}", "unread.json --key author.key --keys unread.json"),
    "publish": (None, None, f"unread.json --keys trusted.yaml --bootstrap {NOBODY}"),
    "rollback": (None, None, f"--why reason --key author.key --keys unread.json --bootstrap {NOBODY}"),
    "shadow start": (None, None, f"broken --why reason {SIGNED} --bootstrap {NOBODY}"),
    "shadow stop": (
        None,
        f"--why reason {SIGNED} --bootstrap {NOBODY}",
        f"--why reason --key author.key --keys unread.json --bootstrap {NOBODY}",
    ),
    "shadow list": (None, f"--keys trusted.yaml --bootstrap {NOBODY}", f"--keys unread.json --bootstrap {NOBODY}"),
    "history": ("--file unread.json", f"--bootstrap {NOBODY}", "--file unread.json --keys unread.json"),
}
"""For each command, what makes it end with 0, with 1 and with 2."""
CASES = [(name, code, how) for name, ways in DONE.items() for code, how in enumerate(ways) if how is not None]


def told() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command of the table, with what its exit codes mean."""
    page = (paths.schemas().parent / "docs" / "cli.md").read_text(encoding="utf-8")
    table = page.partition("\n## Exit codes of onward rules\n")[2].partition("\n## ")[0]
    for line in table.splitlines():
        if line.startswith("| `"):
            names, *meanings = (cell.strip() for cell in line.strip("|").split("|"))
            yield from ((name, tuple(meanings)) for name in re.findall(r"`([^`]+)`", names))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the commands are given."""
    stage = tmp_path_factory.mktemp("made") / "stage"
    for name, text in FOLDERS.items():
        folder = stage / name
        folder.mkdir(parents=True)
        folder_of(folder, need=text)
        (folder / "bases.yaml").unlink()  # nobody is referred
    shutil.copytree(stage / "good", stage / "formatted")
    ran(f"fmt {stage}/formatted")
    national_year.write(stage / "archive", 8)
    (stage / "situation.json").write_text(a_situation(HOMELESS_ADULT).model_dump_json())
    write_private(stage / "author.key", AUTHOR)
    (stage / "trusted.yaml").write_text(key_file())
    (stage / "unread.json").write_text("{}")
    return stage


@pytest.fixture(autouse=True)
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(made, tmp_path / "stage")
    monkeypatch.chdir(tmp_path / "stage")


def ran(command: str) -> tuple[int, str]:
    done = CliRunner().invoke(rules, command.split())
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def commands(group: TyperGroup, before: str = "") -> Iterator[str]:
    for name, each in group.commands.items():
        if isinstance(each, TyperGroup):
            yield from commands(each, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_the_table_has_every_command_and_says_what_each_of_its_codes_means() -> None:
    group = get_command(rules)
    assert isinstance(group, TyperGroup)
    table = dict(told())
    assert set(table) == set(commands(group)) == set(DONE)
    for name, code, _ in CASES:
        assert table[name][code], (name, code)
    without = {name for name, meanings in table.items() if not meanings[1]}
    assert without == {"explain-error", "facts", "keys new"}


@pytest.mark.parametrize(("name", "code", "how"), CASES)
def test_a_command_ends_with_the_code_of_the_table_and_one_document(name: str, code: int, how: str) -> None:
    found, text = ran(f"{name} {how} --json")
    assert (found, json.loads(text)["ok"]) == (code, code == 0), text


@pytest.mark.parametrize(("name", "code", "how"), [case for case in CASES if case[1] != 0])
def test_words_for_people_end_with_the_same_code(name: str, code: int, how: str) -> None:
    assert ran(f"{name} {how}")[0] == code
