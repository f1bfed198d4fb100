"""A crisis is answered by whoever can answer it where the person is: a team, a ward, or those who detain them."""

from collections.abc import Mapping
from typing import Any

import pytest

from onward.contracts.decision import Decision
from onward.contracts.facts import Facts
from unit.routing.pack_builders import (
    ADULT,
    BIRMINGHAM,
    COVENTRY,
    ROUTER,
    decided,
    referral,
    services,
    situation,
    told,
)

IN_A_CELL: Facts = {**ADULT, "custody.status": "police_custody", "event.setting": "police_station"}
AT_ONCE = {("risk-to-life-in-a-cell", "custody-officer"), ("risk-to-life-in-a-cell", "custody-nurse")}


@pytest.mark.parametrize("source", ["custody", "liaison", "courts"])
@pytest.mark.parametrize("more", [{}, {"needs.mental_health": 4, "consent.mental_health": True}])
def test_to_a_cell_comes_no_crisis_team_and_whoever_has_them_there_is_told_at_once(source: str, more: Facts) -> None:
    decision = decided(source, IN_A_CELL, {"risk.self_harm": 4}, more)

    assert "crisis_team" not in services(decision)
    assert told(decision) >= AT_ONCE
    assert {notice.urgency for notice in decision.notices if notice.kind == "risk-to-life-in-a-cell"} == {"immediate"}


def test_the_liaison_team_of_the_suite_is_told_who_it_is_and_is_rung() -> None:
    decision = decided("custody", IN_A_CELL, {"risk.self_harm": 4, "event.area": COVENTRY})

    found = referral(decision, "liaison_diversion")
    assert (found.provider, found.legal_basis.kind) == ("west-midlands-liaison-diversion", "vital_interests")
    assert {"name", "phone", "risk.self_harm"} <= set(found.disclosed)
    assert ("crisis-phone-call", "liaison-and-diversion") in told(decision)


def test_a_suite_that_nobody_names_is_looked_for_by_whoever_is_on_duty() -> None:
    decision = decided("custody", {"custody.status": "police_custody", "risk.self_harm": 4})

    assert ("crisis-phone-call", "liaison-and-diversion") in told(decision)


@pytest.mark.parametrize("where", [{"event.area": BIRMINGHAM}, {"person.area": BIRMINGHAM}])
@pytest.mark.parametrize("setting", ["place_of_safety", "street", "emergency_department"])
@pytest.mark.parametrize("sign", [{"risk.self_harm": 4}, {"event.threshold": "immediate_risk_to_life"}])
def test_beside_a_place_of_safety_comes_no_crisis_team(where: Facts, setting: str, sign: Facts) -> None:
    decision = decided("street-triage", {"event.outcome": "s136", "event.setting": setting}, where, sign)

    assert services(decision) == {"place_of_safety"}


def test_a_place_of_safety_that_nobody_can_choose_is_found_by_the_national_line() -> None:
    decision = decided("street-triage", {"event.outcome": "s136", "risk.self_harm": 4})

    assert "crisis_line" in services(decision)


@pytest.mark.parametrize(("age", "called"), [(18, True), (40, True), (17, False)])
def test_an_adult_in_a_police_cell_under_section_136_is_a_call_of_its_own(age: int, called: bool) -> None:
    in_a_cell = {"event.outcome": "s136", "event.setting": "police_station", "person.age": age}
    decision = decided("street-triage", ADULT, in_a_cell)

    kinds = {("s136-adult-in-a-police-cell", "custody-officer"), ("s136-adult-in-a-police-cell", "custody-nurse")}
    assert (told(decision) >= kinds) is called
    assert (("child-never-in-a-police-station", "custody-officer") in told(decision)) is not called


LET_GO: tuple[tuple[str, dict[str, Any]], ...] = (
    ("custody", {"event.type": "custody.disposed", "custody.status": "community"}),
    ("street-triage", {"event.type": "mha.s136-ended", "event.setting": "place_of_safety"}),
    ("hmpps", {"event.type": "prison.movement", "event.movement": "released", "custody.status": "released"}),
)


@pytest.mark.parametrize(("source", "let_go"), LET_GO)
@pytest.mark.parametrize("risk", [3, 4])
@pytest.mark.parametrize("agrees", [True, False, None])
def test_whoever_leaves_a_detention_at_high_risk_is_followed_up_by_somebody_whatever_they_agree_to(
    source: str, let_go: dict[str, Any], risk: int, agrees: bool | None
) -> None:
    said = {} if agrees is None else {"consent.mental_health": agrees}
    decision = of_type(source, ADULT, let_go, {"risk.self_harm": risk}, said)

    found = referral(decision, "crisis_team")
    assert found.legal_basis.kind == "vital_interests"
    assert found.urgency == ("within_4_hours" if risk == 4 else "within_24_hours")
    assert {("follow-up-within-48-hours", "liaison-and-diversion"), ("crisis-phone-call", "crisis-line")} <= told(
        decision
    )


@pytest.mark.parametrize("held", ["police_custody", "in_prison", "hospital"])
def test_who_goes_from_one_detention_into_another_is_not_followed_up_in_the_community(held: str) -> None:
    remanded = {"event.type": "custody.disposed", "custody.status": held, "risk.self_harm": 3}

    assert "crisis_team" not in services(of_type("custody", ADULT, remanded))


@pytest.mark.parametrize("consent", [None, True, False])
def test_a_call_at_high_risk_that_the_police_do_not_go_to_is_handed_over_on_vital_interests(
    consent: bool | None,
) -> None:
    said = {} if consent is None else {"consent.mental_health": consent}
    decision = decided("control-room", ADULT, {"event.threshold": "none", "risk.self_harm": 3}, said)

    assert referral(decision, "crisis_line").legal_basis.kind == "vital_interests"
    assert ("crisis-phone-call", "crisis-line") in told(decision)


def of_type(source: str, *facts: Mapping[str, Any]) -> Decision:
    known = {path: value for some in facts for path, value in some.items()}
    kind = known.pop("event.type")
    return ROUTER.decide(situation(source, known).model_copy(update={"type": kind}))
