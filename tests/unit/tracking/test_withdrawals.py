"""What ends from our side is taken back at the provider: once, behind the referral, saying nothing new."""

from typing import Any

import pytest

from onward.contracts.decision import MetCondition
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.referral import Withdrawal
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_decision, a_proposal, a_suppression

AGREED = "consent.accommodation"


def asks_consent(**more: Any) -> Any:
    met = MetCondition(field=AGREED, expected="is true", actual=True, where="need.yaml:1:1")
    return a_proposal(conditions=(met,), **more)


def takes_back(desk: Desk, *, given: bool | None = False, **more: Any) -> Any:
    facts = {} if given is None else {AGREED: given}
    return desk.decide(a_decision(contact="later", at=desk.now, facts=facts, **more))


def told_to_stop(desk: Desk) -> list[str]:
    return [each.reason for each in desk.all_of(Withdrawal)]


@pytest.mark.parametrize("stands", ["SENT", "RECEIVED", "ACCEPTED", "IN_SERVICE", "DID_NOT_ATTEND"])
def test_consent_taken_back_ends_the_referral_and_its_provider_is_told_once(stands: str) -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    if stands != "SENT":
        desk.reply(proposal.referral_id, stands)
    called = len(desk.escalations())
    desk.later(days=1)
    takes_back(desk)
    takes_back(desk)
    assert desk.status(proposal.referral_id) == "CONSENT_WITHDRAWN"
    assert told_to_stop(desk) == ["CONSENT_WITHDRAWN"]
    told = desk.statuses()["status.custody"][-1]
    assert (told.status, told.closure_reason) == ("CONSENT_WITHDRAWN", "consent_withdrawn")
    assert len(desk.escalations()) == called


@pytest.mark.parametrize("given", [True, None])
def test_consent_that_stands_or_is_not_spoken_of_ends_nothing(given: bool | None) -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    desk.later(days=1)
    takes_back(desk, given=given)
    assert desk.status(proposal.referral_id) == "READY"


def test_a_referral_that_stands_on_no_consent_is_not_ended_by_a_refusal() -> None:
    desk, proposal = Desk(), a_proposal()
    desk.decide(a_decision(proposal))
    desk.later(days=1)
    takes_back(desk)
    assert desk.status(proposal.referral_id) == "READY"


def test_a_no_that_is_older_than_the_yes_ends_nothing() -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    takes_back(desk, occurred_at=MONDAY_9AM.replace(day=1))
    assert desk.status(proposal.referral_id) == "READY"


def test_an_approval_lapses_with_the_consent_and_nothing_is_sent_by_a_late_yes() -> None:
    desk, proposal = Desk(), asks_consent(approval="approving-practitioner")
    desk.decide(a_decision(proposal))
    desk.later(days=1)
    takes_back(desk)
    assert desk.approve(proposal.referral_id) == Ignored("overtaken")
    assert (desk.deliveries(), told_to_stop(desk)) == ([], [])


@pytest.mark.parametrize(
    ("word", "reason"), [("deceased", "WITHDRAWN"), ("deported", "WITHDRAWN"), ("returned", "WITHDRAWN")]
)
def test_a_provider_does_not_learn_what_happened_to_the_person(word: str, reason: str) -> None:
    desk, proposal = Desk(), a_proposal(release=True)
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    desk.later(hours=1)
    desk.decide(a_decision(contact="end", at=desk.now, suppressed=[a_suppression(word)]))
    assert told_to_stop(desk) == [reason]
    assert set(desk.all_of(Withdrawal)[0].model_dump()) == {
        *("referral_id", "reference", "person", "provider", "reason", "at")
    }


def test_what_was_on_its_way_is_taken_back_when_it_has_arrived() -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    desk.later(hours=1)
    takes_back(desk)
    assert told_to_stop(desk) == []
    desk.receipt(proposal.referral_id)
    assert told_to_stop(desk) == ["CONSENT_WITHDRAWN"]


def test_what_never_arrived_is_not_taken_back() -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id, "refused")
    desk.later(hours=1)
    takes_back(desk)
    assert told_to_stop(desk) == []


def a_withdrawn_one() -> tuple[Desk, Any]:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    desk.receipt(proposal.referral_id)
    desk.later(hours=1)
    takes_back(desk)
    return desk, proposal.referral_id


def standing(desk: Desk, referral: Any) -> str | None:
    found = desk.book.referral(referral)
    assert found is not None
    return found.withdrawal


def test_the_ledger_waits_until_the_provider_has_acknowledged() -> None:
    desk, referral = a_withdrawn_one()
    assert standing(desk, referral) == "due"
    desk.receipt(referral, of="withdrawal")
    assert standing(desk, referral) == "sent"
    desk.reply(referral, "WITHDRAWAL_ACKNOWLEDGED", reply_id="a")
    assert standing(desk, referral) == "acknowledged"
    assert desk.reply(referral, "WITHDRAWAL_ACKNOWLEDGED", reply_id="b") == Ignored("repeat")
    assert desk.receipt(referral, of="withdrawal") == Ignored("overtaken")
    assert desk.reply(referral, "ACCEPTED") == Ignored("closed")
    assert desk.escalations() == []


def test_where_a_provider_cannot_be_told_somebody_tells_it() -> None:
    desk, referral = a_withdrawn_one()
    desk.receipt(referral, "refused", of="withdrawal", reason="provider_unknown")
    [call] = desk.escalations()
    assert (call.kind, call.urgency) == ("withdraw-at-provider", "next_working_day")
    assert desk.receipt(referral, "refused", of="withdrawal", reason="provider_unknown") == Ignored("repeat")


def test_nobody_acknowledges_what_was_not_withdrawn() -> None:
    desk, proposal = Desk(), asks_consent()
    desk.decide(a_decision(proposal))
    parked = desk.reply(proposal.referral_id, "WITHDRAWAL_ACKNOWLEDGED")
    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("schema", "/status")


def test_a_caution_that_is_completed_ends_its_own_referral_and_no_other() -> None:
    desk = Desk()
    scheme, other, debt = (
        a_proposal(contact="issued", category="OUT_OF_COURT", service="caution_scheme"),
        a_proposal(contact="another caution", category="OUT_OF_COURT", service="perpetrator_programme"),
        a_proposal("debt", contact="issued", category="FINANCE_DEBT", service="debt_advice"),
    )
    desk.decide(a_decision(scheme, debt, contact="issued", episode="6f6e7761-7264-8000-8000-00000000000a"))
    desk.decide(a_decision(other, contact="another caution", episode="6f6e7761-7264-8000-8000-00000000000b"))
    desk.receipt(scheme.referral_id)
    desk.later(weeks=8)
    done = a_suppression("done", "caution").model_copy(update={"closure_reason": "completion"})
    desk.decide(
        a_decision(contact="completed", at=desk.now, suppressed=[done], episode="6f6e7761-7264-8000-8000-00000000000a")
    )
    stand = [desk.status(each.referral_id) for each in (scheme, other, debt)]
    assert stand == ["COMPLETED", "READY", "READY"]
    assert told_to_stop(desk) == ["COMPLETED"]
