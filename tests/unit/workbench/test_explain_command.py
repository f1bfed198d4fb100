"""`onward rules explain`: three kinds of question, two kinds of answer, and nothing that names the person."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from onward.cli.rules.app import rules as commands
from onward.contracts import paths
from onward.contracts.situation import Situation
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.decide import Router

EXAMPLES = paths.schemas() / "examples"
HOMELESS = EXAMPLES / "onward.situation.v1" / "arrested-homeless-and-drinking.json"
UNKNOWN = EXAMPLES / "onward.situation.v1" / "released-and-nothing-known.json"
MESSAGE = EXAMPLES / "in.custody" / "risk-assessed.json"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["explain", *map(str, arguments)])


def document(*arguments: str | Path) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    (explained,) = json.loads(result.stdout)["explained"]
    assert isinstance(explained, dict)
    return explained


def rule(explained: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in explained["rules"] if each["rule"] == name)
    assert isinstance(found, dict)
    return found


def test_a_person_reads_what_was_decided_why_and_what_came_near() -> None:
    result = run(HOMELESS)
    assert result.exit_code == 0
    assert "Referral: ACCOMMODATION to birmingham-housing" in result.stdout
    assert "Because event.source is custody; person.age is 34" in " ".join(result.stdout.split())
    assert "Nearest to acting" in result.stdout
    assert len(result.stdout.splitlines()) < 60


def test_a_program_gets_every_rule_with_every_condition_and_its_place() -> None:
    explained = document(HOMELESS)
    assert len(explained["rules"]) == len(load_bundle(paths.schemas() / "routing").rules)
    drugs = rule(explained, "treatment-drugs")
    assert (drugs["outcome"], drugs["missing"]) == (
        "needs_information",
        ["consent.substance_drugs", "needs.substance_drugs"],
    )
    child = rule(explained, "youth-justice-liaison")
    (failing,) = child["failing"]
    assert (failing["fact"], failing["expected"], failing["actual"]) == ("person.age", "10..17", 34)
    file, line, column = failing["where"].rsplit(":", 2)
    assert file.endswith("statutory.yaml")
    assert int(line) > 1
    assert int(column) > 1


def test_one_rule_or_the_rules_of_one_category_are_shown_in_full() -> None:
    result = run(HOMELESS, "--rule", "treatment-drugs")
    assert result.stdout.startswith("treatment-drugs: needs information (")
    assert "treatment-alcohol" not in result.stdout
    assert "needs.substance_drugs is not known; asked: >= 2" in result.stdout
    in_category = {each["rule"] for each in document(HOMELESS, "--category", "gangs-exit")["rules"]}
    assert "gangs-exit" in " ".join(in_category)
    assert "treatment-drugs" not in in_category


def test_all_shows_every_rule() -> None:
    result = run(HOMELESS, "--all")
    for each in load_bundle(paths.schemas() / "routing").rules:
        assert f"{each.id}: " in result.stdout


def test_a_message_is_explained_as_it_would_be_decided() -> None:
    explained = document(MESSAGE, "--source", "custody", "--at", "2026-03-02T09:00:00Z")
    assert explained["event"]["type"] == "custody.risk-assessed"
    assert explained["event"]["source"] == "custody"


def test_what_was_said_before_counts_for_a_message(tmp_path: Path) -> None:
    earlier = tmp_path / "facts.yaml"
    earlier.write_text("person.veteran: true\n")
    explained = document(MESSAGE, "--source", "custody", "--at", "2026-03-02T09:00:00Z", "--facts", earlier)
    assert explained["facts"]["person.veteran"] is True


def stored(tmp_path: Path, **changes: object) -> Path:
    situation = Situation.model_validate_json(HOMELESS.read_bytes())
    router = Router(load_bundle(paths.schemas() / "routing"), directory_files.load())
    decision = json.loads(router.decide(situation).model_dump_json())
    file = tmp_path / "decision.json"
    file.write_text(json.dumps({**decision, **changes}))
    return file


def test_a_stored_decision_is_explained_from_its_own_facts(tmp_path: Path) -> None:
    file = stored(tmp_path)
    explained = document(file)
    assert explained["decided_by_other_rules"] is False
    assert rule(explained, "both-alcohol-and-homeless")["became"][0]["to"] == "birmingham-housing"
    assert explained["rules"] == document(HOMELESS)["rules"]


def test_a_decision_of_other_rules_is_said_to_be_one(tmp_path: Path) -> None:
    file = stored(tmp_path, rules={"name": "rules", "version": "older", "sha256": "1" * 64})
    assert document(file)["decided_by_other_rules"] is True
    assert "another version of the rules" in run(file).stdout


def test_a_rule_that_a_decision_of_other_rules_does_not_tell_of_is_not_said_to_be_stopped(tmp_path: Path) -> None:
    """It may not have been there when it was decided."""
    file = stored(tmp_path, rules={"name": "rules", "version": "older", "sha256": "1" * 64}, referrals=[])
    page = " ".join(run(file, "--rule", "both-alcohol-and-homeless").stdout.split())
    assert page.startswith("Decided by another version of the rules")
    assert "But: the decision tells nothing of it" in page
    assert "stopped" not in page
    assert rule(document(file), "both-alcohol-and-homeless")["became"] == []


def test_why_not_says_what_to_tell() -> None:
    result = run(HOMELESS, "--why-not", "finance-debt")
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "Why not FINANCE_DEBT? With these 2 changes it would be so:" in words
    assert "tell consent.finance_debt: yes" in words
    assert "tell needs.finance_debt: 2 (asked: >= 2)" in words
    assert words.endswith("This says what the rules look at, not what to say: tell only what is so.")


def test_why_not_for_a_program(tmp_path: Path) -> None:
    answer = document(stored(tmp_path), "--why-not", "YOUTH_JUSTICE")["why_not"]
    assert answer["smallest"]["changes"] == [
        {"fact": "event.suspected", "now": None, "then": True, "unchangeable": False},
        {"fact": "person.age", "now": 34, "then": 17, "unchangeable": True},
    ]
    assert answer["smallest"]["referrals"][0]["category"] == "YOUTH_JUSTICE"
    assert answer["gave_up_below"] is None


def test_nothing_that_names_the_person_is_printed(tmp_path: Path) -> None:
    situation = json.loads(HOMELESS.read_text())
    hidden = [situation["person"], situation["sealed"], *situation["references"].values()]
    for arguments in (
        (HOMELESS, "--json"),
        (HOMELESS, "--all"),
        (stored(tmp_path), "--json", "--why-not", "GANGS_EXIT"),
    ):
        shown = run(*arguments).stdout
        assert not [each for each in hidden if each and each in shown]


def test_a_message_that_leads_to_nothing_ends_with_one() -> None:
    ignored = EXAMPLES / "in.custody" / "irrelevant-type.json"
    result = run(ignored, "--source", "custody")
    assert result.exit_code == 1
    assert "nothing is decided on this message: ignored" in result.output
    told = json.loads(run(ignored, "--source", "custody", "--json").stdout)
    assert (told["ok"], told["outcome"]) == (False, "ignored")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((MESSAGE,), "is neither a situation nor a decision; a partner's message needs --source"),
        ((paths.schemas() / "routing" / "need.yaml",), "is no JSON"),
        (("no-such-file.json",), "cannot be read"),
        ((HOMELESS, "--why-not", "HOUSING"), "there is no category `HOUSING`"),
        ((HOMELESS, "--rule", "treatment-drug"), "did you mean `treatment-drugs`"),
        ((HOMELESS, "--at", "2026-03-02"), "--facts and --at belong to a partner's message"),
        ((MESSAGE, "--source", "nobody"), "there is no source `nobody`"),
        ((MESSAGE, "--source", "custody", "--at", "noon"), "--at is not a time"),
    ],
)
def test_misuse_says_what_to_do(arguments: tuple[str | Path, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_a_faulty_situation_is_told_by_its_place_without_its_values(tmp_path: Path) -> None:
    situation = json.loads(HOMELESS.read_text())
    situation["facts"]["person.age"] = "Test Person-0001"
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(situation))
    result = run(file)
    assert result.exit_code == 2
    assert "facts.person.age" in result.output
    assert "Person-0001" not in result.output


def test_a_fact_that_there_is_no_longer_is_named(tmp_path: Path) -> None:
    situation = json.loads(HOMELESS.read_text())
    situation["facts"]["person.shoe_size"] = 44
    file = tmp_path / "old.json"
    file.write_text(json.dumps(situation))
    result = run(file)
    assert result.exit_code == 2
    assert "facts.person.shoe_size: nothing of that name is known here" in " ".join(result.output.split())


def test_what_is_nested_without_end_is_refused_like_anything_else_foreign(tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000)
    result = run(file)
    assert result.exit_code == 2
    assert "nested too deeply" in " ".join(result.output.split())


def without_the_extra(*options: str) -> subprocess.CompletedProcess[str]:
    program = f"""
import sys
sys.modules.update(dict.fromkeys(("z3", "matplotlib", "jinja2")))
from onward.cli.main import app
app(["rules", "explain", {str(UNKNOWN)!r}, *{options!r}])
"""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_why_needs_none_of_the_authors_packages_and_why_not_says_how_to_get_them() -> None:
    done = without_the_extra("--all")
    assert done.returncode == 0, done.stderr
    refused = without_the_extra("--why-not", "GANGS_EXIT")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "pip install 'onward[authors]'" in refused.stderr
