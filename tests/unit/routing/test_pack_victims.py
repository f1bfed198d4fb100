"""Victims of crime, and of domestic abuse where no advocate is known."""

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import ADULT, decided, told

VICTIM: Facts = {**ADULT, "risk.domestic_abuse_role": "victim"}


def test_26_a_victim_in_danger_where_no_advocate_is_known_is_an_unmet_need_said_aloud() -> None:
    elsewhere = {"person.area": "E08000035", "risk.dash_score": 20, "consent.domestic_abuse": True}

    assert [unmet.rule for unmet in decided("custody", VICTIM, elsewhere).unmet] == [
        "idva",
        "marac-with-agreement",
    ]


@pytest.mark.parametrize(
    ("told_of", "service", "notice"),
    [
        ({"consent.victim_support": True}, "victim_support", None),
        ({"consent.victim_support": True, "custody.status": "in_prison"}, None, None),
        ({"consent.victim_support": False}, None, "signpost-only"),
        ({"consent.victim_support": True, "person.age": 15}, None, "offer-child-victim-support"),
        ({"consent.victim_support": True, "event.declined": True}, None, "signpost-only"),
    ],
    ids=["agrees", "in prison", "refuses", "a child", "declines today"],
)
@pytest.mark.parametrize("source", ["custody", "street-triage", "control-room", "courts", "probation"])
def test_a_victim_of_crime_who_agrees_is_supported_whoever_else_they_are(
    source: str, told_of: Facts, service: str | None, notice: str | None
) -> None:
    decision = decided(source, ADULT, {"person.victim_of_crime": True}, told_of)

    found = [referral for referral in decision.referrals if referral.category == "VICTIM_SUPPORT"]
    assert [referral.service for referral in found] == ([service] if service else [])
    assert all(referral.legal_basis.kind == "consent" for referral in found)
    assert notice is None or notice in {kind for kind, _ in told(decision)}
