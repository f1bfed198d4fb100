"""What was said too long ago decides nothing, and people see it with its day."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from onward.cli.main import app

AT = "2026-03-02T10:00"
CAUTION = {
    "eventType": "conditional-caution.issued",
    "occurredAt": "2026-03-02T09:15:00Z",
    "cautionNo": "CC-WM-2026-1001",
    "person": {"name": "Test Person-1111", "dateOfBirth": "1990-05-01", "sex": "M", "areaCode": "E08000025"},
    "conditions": [{"kind": "reparation"}],
}
"""Somebody who was in a crisis once is cautioned for something small."""


def asked(tmp_path: Path, facts: str, *command: str) -> Result:
    (tmp_path / "message.json").write_text(json.dumps(CAUTION))
    (tmp_path / "facts.yaml").write_text(facts)
    given = ("--source", "cautions", str(tmp_path / "message.json"), "--facts", str(tmp_path / "facts.yaml"))
    return CliRunner().invoke(app, [*command, *given, "--at", AT])


def tried(tmp_path: Path, facts: str) -> dict[str, Any]:
    (contact,) = json.loads(asked(tmp_path, facts, "try", "--json").stdout)["contacts"]
    assert isinstance(contact, dict)
    return contact


@pytest.mark.parametrize("said_on", ["", "said_on: {risk.self_harm: 2025-03-01}\n"])
def test_a_crisis_of_an_earlier_contact_sends_nobody_to_a_caution(tmp_path: Path, said_on: str) -> None:
    contact = tried(tmp_path, f"risk.self_harm: 4\nperson.area: E08000025\n{said_on}")
    assert contact["decision"]["referrals"] == []
    assert "crisis-phone-call" not in [each["kind"] for each in contact["decision"]["notices"]]
    assert "risk.self_harm" not in contact["facts"]


def test_a_crisis_of_yesterday_that_nobody_took_over_still_decides(tmp_path: Path) -> None:
    contact = tried(tmp_path, "risk.self_harm: 4\nsaid_on: {risk.self_harm: 2026-03-01}\n")
    assert [each["rule"] for each in contact["decision"]["referrals"]] == ["crisis-self-harm"]


def test_nobody_is_referred_on_a_consent_and_a_need_of_two_years_ago(tmp_path: Path) -> None:
    earlier = "needs.substance_drugs: 3\nsubstance.opioid: true\nconsent.substance_drugs: true\n"
    now = tried(tmp_path, earlier)
    assert "SUBSTANCE_DRUGS" in [each["category"] for each in now["decision"]["referrals"]]
    old = tried(tmp_path, f"{earlier}said_on: {{facts: 2024-01-10}}\n")
    assert old["decision"]["referrals"] == []
    assert old["history"]["consent.substance_drugs"] == {"value": None, "on": "2024-01-10", "by": "facts"}


def test_explain_says_when_it_was_said_and_that_it_is_too_old(tmp_path: Path) -> None:
    facts = "risk.self_harm: 4\nsaid_on: {risk.self_harm: 2024-01-10}\n"
    told = " ".join(asked(tmp_path, facts, "rules", "explain").stdout.split())
    assert "Too old to decide: risk.self_harm was 4, said on 10 January 2024 by facts" in told
    in_full = " ".join(asked(tmp_path, facts, "rules", "explain", "--rule", "crisis-self-harm").stdout.split())
    assert "risk.self_harm is not known (said on 10 January 2024, too old to decide); asked: known" in in_full


def test_what_follows_from_something_too_old_is_said_to(tmp_path: Path) -> None:
    facts = "accommodation.current: hostel\nsaid_on: {accommodation.current: 2026-01-10}\n"
    given = asked(tmp_path, facts, "rules", "explain", "--all").stdout
    told = "accommodation.now is not known (accommodation.current said on 10 January 2026, too old to decide)"
    assert told in " ".join(given.split())


def test_without_leave_to_reveal_only_the_day_is_printed(tmp_path: Path) -> None:
    facts = "risk.self_harm: 4\nsaid_on: {risk.self_harm: 2024-01-10}\n"
    shown = asked(tmp_path, facts, "try").stdout
    assert "Too old to decide: risk.self_harm, said on 10 January 2024 by facts" in " ".join(shown.split())
    revealed = asked(tmp_path, facts, "try", "--reveal").stdout
    assert "risk.self_harm (4), said on 10 January 2024" in " ".join(revealed.split())


SCREENING = {
    "eventType": "liaison-diversion.screened",
    "occurredAt": "2026-03-02T09:15:00Z",
    "caseNo": "LD-BHM-2026-0301",
    "person": {"name": "Test Person-1015", "dateOfBirth": "1988-05-01", "sex": "M", "areaCode": "E08000025"},
    "needs": [{"category": "mental health", "severity": "low"}],
    "accommodation": {"status": "settled"},
}
FOUND = """
person.area: E08000025
needs.substance_drugs: 3
substance.opioid: true
consent.substance_drugs: true
custody.status: police_custody
"""


@pytest.mark.parametrize("more", [[], [{"category": "drugs", "severity": "none"}]])
def test_the_drug_need_that_custody_found_an_hour_ago_stands(tmp_path: Path, more: list[dict[str, str]]) -> None:
    (tmp_path / "screening.json").write_text(json.dumps({**SCREENING, "needs": [*SCREENING["needs"], *more]}))
    (tmp_path / "facts.yaml").write_text(FOUND)
    given = ("--source", "liaison", str(tmp_path / "screening.json"), "--facts", str(tmp_path / "facts.yaml"))
    told = CliRunner().invoke(app, ["try", *given, "--at", AT, "--json"])
    (contact,) = json.loads(told.stdout)["contacts"]
    assert "SUBSTANCE_DRUGS" in [each["category"] for each in contact["decision"]["referrals"]]
    assert list(contact["disputed"]) == (["needs.substance_drugs"] if more else [])
