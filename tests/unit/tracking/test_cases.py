"""People on duty get cases: one for a person, kind and role, with its news, until it is over or closed."""

from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.decision import MetCondition, Notice, Unmet, Waiting
from onward.tracking.domain import cases
from onward.tracking.domain.cases import DutyCase
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_contact, a_decision, a_proposal, a_suppression

FACTS = {
    "event.area": "E08000025",
    "person.area": "E06000031",
    "needs.mental_health": 3,
    "needs.substance_drugs": 4,
    "risk.domestic_abuse_role": "victim",
}


def a_notice(kind: str = "naloxone-prompt", why: str = "He leaves today", **more: Any) -> Notice:
    given: dict[str, Any] = {"to": "resettlement-team", "rule": "naloxone-at-release"}
    return Notice(kind=kind, why=why, **(given | more))


def told(desk: Desk, contact: str, *notices: Notice, **more: Any) -> None:
    given: dict[str, Any] = {"at": desk.now, "facts": FACTS}
    desk.decide(a_decision(contact=contact, notices=list(notices), **(given | more)))


def open_cases(desk: Desk) -> list[DutyCase]:
    return [case for case in desk.book.cases.values() if case.closed_at is None]


def test_one_person_one_kind_one_role_is_one_case_and_what_is_new_in_it_is_news() -> None:
    desk = Desk()
    told(desk, "planned", a_notice())
    desk.later(days=3)
    told(desk, "released", a_notice(), a_notice(why="He has left", rule="naloxone-after-release"))
    [case] = open_cases(desk)
    assert (case.lines, case.revision) == (("He leaves today", "He has left"), 1)
    assert [(each.escalation_id, each.revision, each.why) for each in desk.escalations()] == [
        (case.case_id, 0, "He leaves today"),
        (case.case_id, 1, "He has left"),
    ]


def test_what_was_said_already_calls_nobody_and_comes_on_no_topic() -> None:
    desk = Desk()
    told(desk, "planned", a_notice())
    told(desk, "told again by another", a_notice(), source="probation")
    assert len(desk.escalations()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "another"},
        {"to": "custody-officer"},
        {"urgency": "within_4_hours"},
    ],
)
def test_another_kind_role_or_haste_is_another_case(other: dict[str, Any]) -> None:
    desk = Desk()
    told(desk, "planned", a_notice())
    told(desk, "later", a_notice(**other))
    assert len(open_cases(desk)) == 2


def test_somebody_else_has_a_case_of_their_own() -> None:
    desk = Desk()
    told(desk, "one", a_notice())
    told(desk, "two", a_notice(), person="ab" * 16)
    assert len(open_cases(desk)) == 2


def test_two_needs_that_nobody_can_take_are_two_cases() -> None:
    desk = Desk()
    for number, category in enumerate(("ACCOMMODATION", "MENTAL_HEALTH", "ACCOMMODATION")):
        unmet = Unmet(rule="r", category=category, destinations=())
        desk.decide(a_decision(contact=f"contact {number}", unmet=[unmet]))
    assert sorted(case.subject for case in open_cases(desk)) == ["ACCOMMODATION", "MENTAL_HEALTH"]


@pytest.mark.parametrize(("hours", "alarms"), [(1, 1), (5, 2)])
def test_an_alarm_is_another_one_after_four_hours(hours: int, alarms: int) -> None:
    desk = Desk()
    told(desk, "first", a_notice("crisis-phone-call", urgency="immediate"))
    desk.later(hours=hours)
    told(desk, "second", a_notice("crisis-phone-call", urgency="immediate"))
    assert len(open_cases(desk)) == alarms


@pytest.mark.parametrize(("days", "number"), [(27, 1), (29, 2)])
def test_a_case_that_nobody_closed_swallows_nothing_after_four_weeks(days: int, number: int) -> None:
    desk = Desk()
    told(desk, "first", a_notice())
    desk.later(days=days)
    told(desk, "second", a_notice())
    assert len(desk.escalations()) == number


def test_after_it_was_closed_what_comes_is_a_case_of_its_own() -> None:
    desk = Desk()
    told(desk, "first", a_notice())
    [case] = open_cases(desk)
    desk.book.cases[case.case_id] = cases.closed(case, by="staff-0001", because="given", now=desk.now)
    told(desk, "second", a_notice())
    assert len(desk.escalations()) == 2


def test_the_card_shows_what_the_call_is_about_and_nothing_else_of_what_is_known() -> None:
    desk = Desk()
    met = MetCondition(field="needs.substance_drugs", expected=">= 3", actual=4, where="need.yaml:1:1")
    told(desk, "first", a_notice(conditions=(met,)), sealed="sealed")
    [case] = open_cases(desk)
    assert case.card is not None
    assert case.card.facts == {
        "event.area": "E08000025",
        "person.area": "E06000031",
        "needs.substance_drugs": 4,
    }
    assert (case.card.source, case.card.sealed, case.area) == ("custody", "sealed", "E08000025")
    assert case.act_by > MONDAY_9AM


def test_a_closed_case_keeps_no_card() -> None:
    desk = Desk()
    told(desk, "first", a_notice())
    [case] = open_cases(desk)
    done = cases.closed(case, by="staff-0001", because="given", now=MONDAY_9AM)
    assert (done.card, done.closed_by, done.closed_because) == (None, "staff-0001", "given")


def test_a_request_for_approval_is_closed_by_the_answer() -> None:
    desk, proposal = Desk(), a_proposal(approval="approving-practitioner")
    desk.decide(a_decision(proposal))
    assert [case.kind for case in open_cases(desk)] == ["approval-needed"]
    desk.later(hours=1)
    desk.approve(proposal.referral_id)
    assert open_cases(desk) == []
    [case] = desk.book.cases.values()
    assert case.closed_by == "onward"


def test_a_rejection_is_closed_when_another_referral_for_the_need_is_made() -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    desk.later(hours=1)
    desk.reply(proposal.referral_id, "REJECTED", reason="NO_CAPACITY")
    assert [case.kind for case in open_cases(desk)] == ["rejected"]
    desk.later(hours=1)
    desk.decide(a_decision(a_proposal(contact="again", provider="dudley-housing"), contact="again", at=desk.now))
    assert open_cases(desk) == []


def test_a_failed_delivery_is_closed_when_it_arrives() -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id, "refused")
    assert [case.kind for case in open_cases(desk)] == ["delivery-failed"]
    desk.later(minutes=timedelta(hours=1) / timedelta(minutes=1))
    desk.receipt(proposal.referral_id, "sent")
    assert open_cases(desk) == []


def missing(desk: Desk, *notices: Notice) -> list[str]:
    """Whom a decision calls that misses a fact nobody can say, with these notices; and the lines of the first case."""
    desk.decide(a_decision(missing=["person.sex"], references={}, notices=list(notices)))
    return [case.kind for case in open_cases(desk)]


def test_what_else_is_missing_is_a_line_of_the_case_of_whoever_sees_to_the_whole_person() -> None:
    desk = Desk()
    assert missing(desk, a_notice()) == ["naloxone-prompt"]
    [case] = open_cases(desk)
    assert case.lines == ("He leaves today", "Missing, and no partner is there to say it: person.sex")
    assert len(desk.escalations()) == 1


@pytest.mark.parametrize("notice", [a_notice(to="custody-officer"), a_notice(urgency="digest")])
def test_where_nobody_sees_to_the_whole_person_what_is_missing_is_a_call_of_its_own(notice: Notice) -> None:
    assert sorted(missing(Desk(), notice)) == ["naloxone-prompt", "nobody-can-answer"]


@pytest.mark.parametrize("said", [["INFO_REQUESTED"], ["COMPLETED", "IN_SERVICE"]])
def test_a_provider_s_own_id_of_its_reply_is_told_to_nobody(said: list[str]) -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    for number, status in enumerate(said):
        desk.later(hours=1)
        desk.reply(proposal.referral_id, status, reply_id=f"Example, Alex 9990000018 {number}")
    assert len(desk.escalations()) == 1
    assert "Alex" not in str([*desk.escalations(), *desk.book.cases.values()])


UNMET = Unmet(rule="r", category="ACCOMMODATION", destinations=())


def kinds(desk: Desk) -> list[str]:
    return [case.kind for case in open_cases(desk)]


def test_a_need_that_nobody_can_take_stays_a_case_though_the_same_decision_refers_for_it_elsewhere() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal(), unmet=[UNMET]))
    assert kinds(desk) == ["unmet-need"]


def test_what_waits_for_another_referral_does_not_end_with_the_need_beside_it() -> None:
    desk = Desk()
    waits = Waiting(rule="w", category="FINANCE_DEBT", prerequisites=("p",), why="first this")
    desk.decide(a_decision(unmet=[UNMET], waiting=[waits]))
    desk.later(days=1)
    desk.decide(a_decision(a_proposal(contact="next"), contact="next", at=desk.now))
    assert kinds(desk) == ["waiting-referral"]


def test_a_need_is_answered_though_the_person_was_two_when_it_was_found() -> None:
    desk, older = Desk(), "1d" * 16
    desk.decide(a_decision(person=older, unmet=[UNMET]))
    desk.later(days=1)
    desk.decide(a_decision(a_proposal(contact="next"), contact="next", at=desk.now, formerly=(older,)))
    assert kinds(desk) == []


def test_a_referral_that_needs_a_yes_answers_a_need_when_it_is_given() -> None:
    desk, proposal = Desk(), a_proposal(contact="next", approval="approving-practitioner")
    desk.decide(a_decision(unmet=[UNMET]))
    desk.later(days=1)
    desk.decide(a_decision(proposal, contact="next", at=desk.now))
    assert kinds(desk) == ["unmet-need", "approval-needed"]
    desk.later(hours=1)
    desk.approve(proposal.referral_id)
    assert kinds(desk) == []


def test_that_the_provider_has_it_is_no_answer_to_what_it_asked() -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    for status in ("INFO_REQUESTED", "RECEIVED"):
        desk.later(hours=1)
        desk.reply(proposal.referral_id, status)
    assert kinds(desk) == ["information-requested"]


def test_who_had_to_tell_a_provider_to_stop_need_not_when_it_has_stopped() -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    desk.later(hours=1)
    desk.decide(a_decision(contact="end", at=desk.now, suppressed=[a_suppression("deported")]))
    desk.receipt(proposal.referral_id, "refused", of="withdrawal", reason="provider_unknown")
    assert kinds(desk) == ["withdraw-at-provider"]
    desk.reply(proposal.referral_id, "WITHDRAWAL_ACKNOWLEDGED")
    assert kinds(desk) == []


@pytest.mark.parametrize("urgency", ["immediate", "within_4_hours"])
def test_a_second_alarm_under_another_reference_is_called_in_the_same_words(urgency: str) -> None:
    desk = Desk()
    for contact in ("first", "second"):
        told(desk, contact, a_notice("crisis-phone-call", urgency=urgency), episode=a_contact(contact))
        desk.later(hours=1)
    assert len(open_cases(desk)) == 2


def test_a_number_that_is_unsafe_since_is_on_the_card_of_yesterday() -> None:
    desk = Desk()
    told(desk, "first", a_notice(), sealed="as it was")
    desk.later(days=1)
    told(desk, "she says: never ring", sealed="as it is")
    [case] = open_cases(desk)
    assert case.card is not None
    assert case.card.sealed == "as it is"
    assert len(desk.escalations()) == 1
