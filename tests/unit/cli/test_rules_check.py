"""`onward rules check`: everything that is wrong with a bundle, in one pass, as an exit code says it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import paths
from onward.routing.domain.diagnostics import MOST_PROBLEMS
from unit.routing.routing_builders import BASES

RULES = """\
schema: routing/v1
theme: need
owner: policy-tests
rules:
  - id: ready
    why: Somebody should know
    when: {event.source: custody, person.age: 34}
    notify: {kind: check, to: duty-practitioner}
    tests:
      - {name: that age, given: {event.source: custody, person.age: 34}, expect: match}
      - {name: another, given: {event.source: custody, person.age: 35}, expect: no_match}
"""


def checked(folder: Path, rules: str) -> tuple[int, list[str]]:
    """The exit code, and the codes of the problems."""
    (folder / "need.yaml").write_text(rules)
    result = CliRunner().invoke(app, ["rules", "check", str(folder), "--json"])
    document = json.loads(result.stdout)
    assert document["ok"] is (result.exit_code == 0)
    return result.exit_code, [problem["code"] for problem in document["problems"]]


@pytest.mark.parametrize(
    ("rules", "code", "problems"),
    [
        (RULES, 0, []),
        (RULES.replace("expect: match", "expect: no_match"), 1, ["R014"]),
        (RULES.replace("source: custody, person.age: 34}\n", "source: custdy, person.age: 34}\n"), 2, ["D104"]),
        (
            RULES.replace("source: custody, person.age: 34}\n", "source: custdy, person.age: 34}\n").replace(
                "expect: match", "expect: no_match"
            ),
            2,
            ["R014", "D104"],
        ),
        (RULES.replace("person.age: 34}\n", "person.agee: 34}\n"), 2, ["T001"]),
    ],
)
def test_the_exit_code_says_whether_the_rules_could_be_loaded_at_all(
    tmp_path: Path, rules: str, code: int, problems: list[str]
) -> None:
    assert checked(tmp_path, rules) == (code, problems)


def test_people_are_told_what_is_wrong_where_and_that_it_must_not_be_published(tmp_path: Path) -> None:
    (tmp_path / "need.yaml").write_text(RULES.replace("Somebody should know", "know"))
    result = CliRunner().invoke(app, ["rules", "check", str(tmp_path)])
    assert f"{tmp_path.name}/need.yaml:5:5: error[R013]" in result.stderr
    assert "the rules load, but must not be published: 1 problem" in result.stderr
    assert result.exit_code == 1


def many(extra: str) -> str:
    """More rules than there can be problems told."""
    made = (
        f"  - {{id: r{number}, why: Somebody should know, when: {{person.age: 3}}, {extra}}}\n"
        for number in range(MOST_PROBLEMS)
    )
    return RULES + "".join(made)


@pytest.mark.parametrize(
    ("extra", "code", "told"),
    [
        ("notify: {kind: check, to: duty-practitioner}", 1, {"R014", "R015"}),
        (
            "legal_basis: life, refer: {category: ACCOMMODATION, service: cas3, urgency: immediate, providers: [gone]}",
            2,
            {"D101", "R014", "R015"},
        ),
    ],
)
def test_of_very_many_problems_the_first_are_told(tmp_path: Path, extra: str, code: int, told: set[str]) -> None:
    (tmp_path / "bases.yaml").write_text(BASES)
    ended, codes = checked(tmp_path, many(extra))
    assert (ended, set(codes)) == (code, told)
    assert MOST_PROBLEMS <= len(codes) <= 2 * MOST_PROBLEMS


def test_the_projects_own_rules_pass() -> None:
    result = CliRunner().invoke(app, ["rules", "check"])
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "no-such-file.json"],
        ["explain-error", "Q999"],
        ["test", "--rule", "no-such-rule"],
        ["coverage", "--rule", "no-such-rule"],
        ["coverage", "no-such-folder"],
    ],
)
def test_a_program_gets_one_document_of_misuse_too(command: list[str]) -> None:
    result = CliRunner().invoke(app, ["rules", *command, "--json"])
    document = json.loads(result.stdout)
    assert result.exit_code == 2
    assert document["ok"] is False
    assert document.get("problem") or document["problems"]
    assert CliRunner().invoke(app, ["rules", *command]).stdout == ""


def test_no_character_of_a_file_steers_a_terminal_not_even_in_a_document(tmp_path: Path) -> None:
    (tmp_path / "need.yaml").write_text(RULES.replace("person.age: 34}", "per\ue000son\U000f0000.age: 34}"))
    result = CliRunner().invoke(app, ["rules", "check", str(tmp_path), "--json"])
    assert result.output.isascii()
    assert r"per\ue000son\udb80\udc00.age" in result.stdout
    messages = [problem["message"] for problem in json.loads(result.stdout)["problems"]]
    assert any("per\ue000son\U000f0000.age" in message for message in messages)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's rules and directory, which commands take for the project's own."""
    for name in ("routing", "directory", "topics", "events"):
        shutil.copytree(paths.schemas() / name, tmp_path / name)
    monkeypatch.setenv("ONWARD_SCHEMAS", str(tmp_path))
    return tmp_path


def of_the_project() -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["rules", "check", "--json"])
    found = json.loads(result.stdout)["problems"]
    return result.exit_code, [f"{problem['code']} {problem['file']}" for problem in found]


def change(file: Path, written: str, instead: str) -> None:
    text = file.read_text()
    assert written in text
    file.write_text(text.replace(written, instead, 1))


def test_problems_of_rules_and_of_the_directory_are_told_in_one_pass(project: Path) -> None:
    change(project / "routing" / "need.yaml", "person.age", "person.aeg")
    change(project / "directory" / "profiles.yaml", "- name", "- nam")
    (project / "directory" / "cambridgeshire.yaml").rename(project / "directory" / "cambridgeshire.yml")
    code, found = of_the_project()
    assert code == 2
    assert {"T001 routing/need.yaml", "D010 directory/profiles.yaml", "Y013 directory/cambridgeshire.yml"} <= {*found}
    result = CliRunner().invoke(app, ["rules", "check"])
    assert "the rules and the provider directory cannot be used" in result.stderr


def test_what_a_directory_lacks_keeps_it_from_being_published(project: Path) -> None:
    change(project / "directory" / "west-midlands.yaml", "E08000029]", "E08000092]")
    change(project / "directory" / "profiles.yaml", "never: [risk]", "never: []")
    code, found = of_the_project()
    assert code == 1
    assert found == ["D014 directory/profiles.yaml", "D106 directory/west-midlands.yaml"]


def test_a_catchment_of_no_authority_does_not_make_the_same_code_right_in_a_rule(project: Path) -> None:
    change(project / "directory" / "west-midlands.yaml", "E08000029]", "E08000092]")
    rule = "  - id: here\n    why: Somebody should know\n    when: {person.area: E08000092, event.source: custody}\n"
    acts = "    notify: {kind: check, to: duty-practitioner}\n"
    (project / "routing" / "here.yaml").write_text(RULES.partition("  - id")[0] + rule + acts)
    assert "D106 routing/here.yaml" in of_the_project()[1]


def test_a_broken_shared_file_silences_what_follows_from_it(project: Path) -> None:
    for name in ("sets.yaml", "bases.yaml"):
        file = project / "routing" / name
        whole = file.read_text()
        at = whole.index("]" if name == "sets.yaml" else "kind:")
        file.write_text(whole[:at] + whole[at + 1 :] if name == "sets.yaml" else whole[:at] + "{" + whole[at:])
        assert of_the_project() == (2, [f"Y004 routing/{name}"])
        file.write_text(whole)
