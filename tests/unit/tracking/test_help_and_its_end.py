"""A referral has a life after it is accepted, and what a provider says of it decides whether the next one is made."""

import itertools
from typing import Any, get_args
from uuid import UUID

import pytest

from onward.contracts.codes import DischargeReason, ProviderStatus
from onward.contracts.outcome import Ignored, Parked
from onward.tracking.domain.lifecycle import EARLY, ENDED_BY_PROVIDER, IN_CARE
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, Step, a_decision, a_proposal

REASONS = {"REJECTED": "NO_CAPACITY", "DISCHARGED": "TREATMENT_COMPLETED"}


def a_desk() -> tuple[Desk, UUID]:
    """A desk with one referral that its provider has."""
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    desk.later(hours=1)
    return desk, proposal.referral_id


def say(desk: Desk, referral: UUID, *statuses: str) -> Any:
    """The provider says these, an hour apart; what came of the last."""
    made: Any = None
    for status in statuses:
        made = desk.reply(referral, status, reason=REASONS.get(status))
        desk.later(hours=1)
    return made


def kinds(desk: Desk) -> list[str]:
    return [escalation.kind for escalation in desk.escalations()]


def is_referred_again(desk: Desk, **later: float) -> bool:
    """Whether the next contact with the same need makes a new referral."""
    desk.later(**(later or {"days": 7}))
    again = a_proposal(contact="again")
    desk.decide(a_decision(again, contact="again", at=desk.now))
    return desk.book.referral(again.referral_id) is not None


@pytest.mark.parametrize("way", [["ACCEPTED", "ASSESSMENT_BOOKED", "ATTENDED", "IN_SERVICE", "ON_HOLD", "COMPLETED"]])
def test_a_referral_is_followed_from_acceptance_to_its_end(way: list[str]) -> None:
    desk, referral = a_desk()
    say(desk, referral, *way)
    assert [event.now for event in desk.events()] == ["READY", "SENT", *way]
    assert [told.status for told in desk.statuses()["status.custody"]] == ["READY", "SENT", *way]
    assert kinds(desk) == []


@pytest.mark.parametrize("status", sorted(EARLY | IN_CARE | ENDED_BY_PROVIDER))
def test_while_somebody_helps_there_is_no_second_referral_and_after_that_there_is(status: str) -> None:
    desk, referral = a_desk()
    say(desk, referral, status)
    helped = status in EARLY | IN_CARE - {"DID_NOT_ATTEND"}
    assert is_referred_again(desk) is not helped


def test_the_new_referral_names_the_earlier_one_to_the_provider_that_had_it_and_to_no_other() -> None:
    desk, referral = a_desk()
    say(desk, referral, "ACCEPTED", "DID_NOT_ATTEND")
    assert is_referred_again(desk)
    assert desk.deliveries()[-1].earlier == referral
    elsewhere = a_proposal(contact="elsewhere", provider="dudley-housing")
    say(desk, desk.deliveries()[-1].referral_id, "REJECTED")
    desk.decide(a_decision(elsewhere, contact="elsewhere", at=desk.now))
    assert (desk.deliveries()[-1].provider, desk.deliveries()[-1].earlier) == ("dudley-housing", None)


def test_what_nobody_was_heard_of_for_half_a_year_expires_with_the_next() -> None:
    desk, referral = a_desk()
    say(desk, referral, "ACCEPTED")
    assert is_referred_again(desk, weeks=27)
    assert desk.status(referral) == "EXPIRED"
    assert desk.deliveries()[-1].earlier == referral


def test_a_provider_that_says_that_it_still_helps_keeps_the_referral_from_expiring() -> None:
    desk, referral = a_desk()
    say(desk, referral, "ACCEPTED", "IN_SERVICE")
    desk.later(weeks=20)
    say(desk, referral, "IN_SERVICE")
    assert not is_referred_again(desk, weeks=20)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("DID_NOT_ATTEND", "did-not-attend"),
        ("UNREACHABLE", "unreachable"),
        ("ENTERED_IN_ERROR", "entered-in-error"),
        ("REJECTED", "rejected"),
    ],
)
def test_where_nobody_helps_somebody_is_told_once(status: str, kind: str) -> None:
    desk, referral = a_desk()
    say(desk, referral, status, status)
    assert kinds(desk) == [kind]


def open_cases(desk: Desk) -> list[str]:
    return [case.kind for case in desk.book.cases.values() if case.closed_at is None]


def test_that_the_person_did_not_come_stays_a_case_when_it_is_said_again() -> None:
    desk, referral = a_desk()
    say(desk, referral, "DID_NOT_ATTEND", "DID_NOT_ATTEND")
    assert open_cases(desk) == ["did-not-attend"]


def test_the_next_appointment_that_is_missed_calls_somebody_as_the_first_did() -> None:
    desk, referral = a_desk()
    say(desk, referral, "DID_NOT_ATTEND", "ASSESSMENT_BOOKED")
    assert open_cases(desk) == []
    say(desk, referral, "DID_NOT_ATTEND")
    assert (kinds(desk), open_cases(desk)) == (["did-not-attend"] * 2, ["did-not-attend"])
    assert len({call.escalation_id for call in desk.escalations()}) == 2


@pytest.mark.parametrize("reason", get_args(DischargeReason))
def test_a_discharge_calls_somebody_only_where_the_need_is_left_or_a_death_is_told(reason: str) -> None:
    desk, referral = a_desk()
    desk.reply(referral, "DISCHARGED", reason=reason)
    left = {"DROPPED_OUT": ["discharged"], "WITHDRAWN_BY_PROVIDER": ["discharged"], "DIED": ["death-told-by-provider"]}
    assert kinds(desk) == left.get(reason, [])
    urgency = "immediate" if reason == "DIED" else "next_working_day"
    assert {each.urgency for each in desk.escalations()} <= {urgency}
    assert desk.events()[-1].reason == reason


@pytest.mark.parametrize(
    ("status", "reason"), [("DISCHARGED", None), ("DISCHARGED", "NO_CAPACITY"), ("REJECTED", "MOVED_AWAY")]
)
def test_an_end_that_does_not_say_why_is_parked(status: str, reason: str | None) -> None:
    desk, referral = a_desk()
    parked = desk.reply(referral, status, reason=reason)
    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("schema", "/reason")


def test_what_changed_for_the_person_goes_to_insight_and_to_no_partner() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "COMPLETED", outcomes=("HOUSED", "SAFER"))
    assert desk.events()[-1].outcomes == ("HOUSED", "SAFER")
    assert "HOUSED" not in str(desk.statuses())


@pytest.mark.parametrize("said", list(itertools.permutations(["RECEIVED", "ACCEPTED", "IN_SERVICE", "COMPLETED"])))
def test_in_whatever_order_a_provider_is_heard_it_comes_out_the_same(said: tuple[str, ...]) -> None:
    desk, referral = a_desk()
    at = {"RECEIVED": 1, "ACCEPTED": 2, "IN_SERVICE": 3, "COMPLETED": 4}
    desk.later(days=1)
    for status in said:
        desk.reply(referral, status, reply_id=status, replied_at=MONDAY_9AM.replace(hour=9 + at[status]))
    assert desk.status(referral) == "COMPLETED"
    assert kinds(desk) == []


def test_help_after_the_end_and_a_second_end_go_to_a_person() -> None:
    desk, referral = a_desk()
    say(desk, referral, "DISCHARGED")
    step = say(desk, referral, "IN_SERVICE")
    assert isinstance(step, Step)
    assert (step.result, desk.status(referral)) == ("contradicted", "DISCHARGED")
    say(desk, referral, "REJECTED")
    assert kinds(desk) == ["answer-contradicted"] * 2


def test_a_provider_that_first_agrees_and_then_does_not_help_is_no_help() -> None:
    desk, referral = a_desk()
    say(desk, referral, "ACCEPTED", "REJECTED")
    assert desk.status(referral) == "REJECTED"
    assert kinds(desk) == ["rejected"]
    assert is_referred_again(desk)


@pytest.mark.parametrize("status", get_args(ProviderStatus))
def test_said_twice_under_one_id_it_is_a_repeat(status: ProviderStatus) -> None:
    desk, referral = a_desk()
    desk.reply(referral, status, reply_id="r", reason=REASONS.get(status))
    assert desk.reply(referral, status, reply_id="r", reason=REASONS.get(status)) == Ignored("repeat")


@pytest.mark.parametrize("ended", [("DISCHARGED", "DROPPED_OUT"), ("REJECTED", "NO_CAPACITY"), ("COMPLETED", None)])
def test_a_death_that_is_told_after_the_end_calls_somebody_at_once(ended: tuple[str, str | None]) -> None:
    desk, referral = a_desk()
    desk.reply(referral, ended[0], reason=ended[1])
    desk.later(days=3)
    desk.reply(referral, "DISCHARGED", reason="DIED", reply_id="died")
    assert kinds(desk)[-1] == "death-told-by-provider"
    assert desk.escalations()[-1].urgency == "immediate"
    assert desk.reply(referral, "DISCHARGED", reason="DIED", reply_id="died") == Ignored("repeat")
