from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from onward.contracts.outcome import Ignored, Parked
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, Step, a_contact, a_decision, a_proposal, a_suppression


def a_desk(*, sent: bool = True, **proposal: Any) -> tuple[Desk, UUID]:
    """A desk with one referral, sent unless said otherwise."""
    desk = Desk()
    made = a_proposal(**proposal)
    desk.decide(a_decision(made))
    if sent:
        desk.receipt(made.referral_id)
    desk.later(hours=1)
    return desk, made.referral_id


def kinds(desk: Desk) -> list[str]:
    return [escalation.kind for escalation in desk.escalations()]


def test_a_receipt_makes_a_referral_sent() -> None:
    desk, referral = a_desk()
    assert desk.status(referral) == "SENT"
    assert desk.receipt(referral) == Ignored("repeat")


def test_a_refused_delivery_goes_to_a_person_on_duty() -> None:
    desk, referral = a_desk(sent=False)
    desk.receipt(referral, "refused", reason="no_profile")
    assert (desk.status(referral), kinds(desk)) == ("DELIVERY_FAILED", ["delivery-failed"])
    assert desk.statuses()["status.custody"][-1].reason == "no_profile"


def test_a_failed_delivery_that_was_mended_and_sent_again_counts_as_sent() -> None:
    desk, referral = a_desk(sent=False)
    desk.receipt(referral, "refused")
    desk.receipt(referral, "sent")
    assert desk.status(referral) == "SENT"
    assert desk.receipt(referral, "refused") == Ignored("overtaken")


@pytest.mark.parametrize("status", ["RECEIVED", "INFO_REQUESTED", "ACCEPTED"])
def test_each_answer_is_told_to_the_partner(status: str) -> None:
    desk, referral = a_desk()
    step = desk.reply(referral, status)
    assert isinstance(step, Step)
    assert desk.status(referral) == status
    assert desk.statuses()["status.custody"][-1].status == status
    assert (desk.events()[-1].was, desk.events()[-1].now) == ("SENT", status)


def test_a_rejection_is_told_with_its_reason_and_somebody_must_find_another_provider() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "REJECTED", reason="NO_CAPACITY")
    assert desk.statuses()["status.custody"][-1].reason == "NO_CAPACITY"
    assert kinds(desk) == ["rejected"]


def test_a_rejection_without_a_reason_is_parked() -> None:
    desk, referral = a_desk()
    parked = desk.reply(referral, "REJECTED")
    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("schema", "/reason")
    assert desk.status(referral) == "SENT"


def test_a_reply_may_overtake_the_receipt_of_the_delivery() -> None:
    desk, referral = a_desk(sent=False)
    desk.reply(referral, "ACCEPTED")
    assert desk.status(referral) == "ACCEPTED"
    step = desk.receipt(referral)
    assert isinstance(step, Step)
    assert (step.result, step.messages) == ("late_receipt", ())
    assert desk.receipt(referral) == Ignored("repeat")


def test_a_reply_to_a_referral_nobody_knows_is_parked() -> None:
    parked = Desk().reply(a_contact("never"), "ACCEPTED")
    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("unknown_referral", "/referral_id")


def test_another_provider_s_reply_is_parked_and_learns_no_more_than_a_guess_would() -> None:
    desk, referral = a_desk()
    parked = desk.reply(referral, "ACCEPTED", provider="dudley-housing")
    guess = desk.reply(a_contact("never"), "ACCEPTED", provider="dudley-housing")
    assert isinstance(parked, Parked)
    assert isinstance(guess, Parked)
    assert (parked.reason, parked.pointer) == ("not_their_referral", "/referral_id")
    assert parked.detail == guess.detail
    assert desk.status(referral) == "SENT"


def test_a_reply_to_a_referral_that_was_never_sent_is_parked() -> None:
    desk, referral = a_desk(sent=False, approval="approving-practitioner")
    parked = desk.reply(referral, "ACCEPTED")
    assert isinstance(parked, Parked)
    assert parked.reason == "unknown_referral"


def test_the_same_reply_twice_counts_once() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "RECEIVED", reply_id="r1")
    assert desk.reply(referral, "RECEIVED", reply_id="r1") == Ignored("repeat")
    assert desk.reply(referral, "RECEIVED", reply_id="r2") == Ignored("repeat")


@pytest.mark.parametrize("nothing", ["unknown", "00000000-0000-0000-0000-000000000000", "n/a"])
def test_two_replies_under_one_placeholder_are_two_replies(nothing: str) -> None:
    desk, referral = a_desk()
    desk.reply(referral, "RECEIVED", reply_id=nothing)
    assert desk.reply(referral, "RECEIVED", reply_id=nothing) == Ignored("repeat")
    assert isinstance(desk.reply(referral, "REJECTED", reply_id=nothing, reason="NO_CAPACITY"), Step)
    assert desk.status(referral) == "REJECTED"


def test_an_older_interim_answer_is_overtaken() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "INFO_REQUESTED", reply_id="r2", replied_at=desk.now)
    assert desk.reply(referral, "RECEIVED", reply_id="r1", replied_at=MONDAY_9AM) == Ignored("overtaken")
    assert desk.status(referral) == "INFO_REQUESTED"


@pytest.mark.parametrize("clock", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_provider_s_clock_may_be_wrong_by_any_amount(clock: str) -> None:
    desk, referral = a_desk()
    desk.reply(referral, "RECEIVED", replied_at=datetime.fromisoformat(clock))
    kept = desk.book.referral(referral)
    assert kept is not None
    assert kept.replied_at is not None
    assert MONDAY_9AM <= kept.replied_at <= desk.now
    desk.later(hours=1)
    desk.reply(referral, "INFO_REQUESTED")
    assert desk.status(referral) == "INFO_REQUESTED"


def test_received_after_accepted_is_overtaken() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "ACCEPTED")
    assert desk.reply(referral, "RECEIVED") == Ignored("overtaken")


def test_a_final_answer_counts_however_late_it_comes() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "RECEIVED", replied_at=desk.now)
    desk.reply(referral, "ACCEPTED", replied_at=MONDAY_9AM)
    assert desk.status(referral) == "ACCEPTED"


def test_help_after_a_rejection_goes_to_a_person_on_duty_once() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "REJECTED", reply_id="r1", reason="NO_CAPACITY")
    step = desk.reply(referral, "ACCEPTED", reply_id="r2")
    assert isinstance(step, Step)
    assert (step.result, desk.status(referral)) == ("contradicted", "REJECTED")
    assert desk.reply(referral, "ACCEPTED", reply_id="r2") == Ignored("repeat")
    assert kinds(desk) == ["rejected", "answer-contradicted"]


def test_a_reply_to_a_referral_that_has_ended_is_ignored_as_closed() -> None:
    desk, referral = a_desk()
    desk.decide(a_decision(contact="death", suppressed=[a_suppression("deceased")]))
    assert desk.reply(referral, "ACCEPTED") == Ignored("closed")


def test_what_a_provider_asks_for_goes_to_a_person_without_the_provider_s_own_words() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "INFO_REQUESTED", asks_for=("accommodation.status", "ring me about <b>him</b>"))
    [escalation] = desk.escalations()
    assert escalation.kind == "information-requested"
    assert "accommodation.status, 1 other" in escalation.why
    assert "ring me" not in escalation.why


def test_a_provider_that_asks_again_is_passed_on_again() -> None:
    desk, referral = a_desk()
    desk.reply(referral, "INFO_REQUESTED", reply_id="r1", asks_for=("person.sex",))
    desk.reply(referral, "INFO_REQUESTED", reply_id="r2", asks_for=("person.age",))
    assert kinds(desk) == ["information-requested"] * 2
    assert [event.now for event in desk.events()].count("INFO_REQUESTED") == 1


def test_a_referral_that_needs_approval_waits_for_it() -> None:
    desk, referral = a_desk(sent=False, approval="approving-practitioner")
    assert desk.status(referral) == "AWAITING_APPROVAL"
    assert desk.deliveries() == []
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to, escalation.referral_id) == (
        "approval-needed",
        "approving-practitioner",
        referral,
    )


def test_a_yes_sends_it_in_that_person_s_name_and_starts_the_provider_s_clock() -> None:
    desk, referral = a_desk(sent=False, approval="approving-practitioner", urgency="within_4_hours")
    desk.later(days=1)
    desk.approve(referral)
    [delivery] = desk.deliveries()
    assert (delivery.approved_by, delivery.respond_by) == ("staff-0001", desk.now + timedelta(hours=4))
    assert desk.status(referral) == "READY"
    assert desk.approve(referral) == Ignored("overtaken")
    assert len(desk.deliveries()) == 1


def test_a_no_withdraws_it() -> None:
    desk, referral = a_desk(sent=False, approval="approving-practitioner")
    desk.approve(referral, approved=False)
    assert (desk.status(referral), desk.deliveries()) == ("WITHDRAWN", [])
    assert desk.statuses()["status.custody"][-1].reason == ""
    assert desk.approve(referral) == Ignored("overtaken")


def test_a_yes_from_the_wrong_role_is_parked() -> None:
    desk, referral = a_desk(sent=False, approval="approving-practitioner")
    parked = desk.approve(referral, role="custody-officer")
    assert (parked.reason, parked.pointer) == ("wrong_role", "/role")
    assert desk.status(referral) == "AWAITING_APPROVAL"


def test_an_approval_nobody_asked_for_is_parked() -> None:
    desk, referral = a_desk(sent=False)
    assert desk.approve(referral).reason == "no_approval_needed"
    assert desk.approve(a_contact("never")).reason == "unknown_referral"


def test_a_receipt_nobody_expects_is_parked() -> None:
    desk, referral = a_desk(sent=False)
    unknown = desk.receipt(a_contact("never"))
    other = desk.receipt(referral, provider="dudley-housing")
    assert isinstance(unknown, Parked)
    assert isinstance(other, Parked)
    assert (unknown.reason, other.reason) == ("unknown_referral", "not_their_referral")


def test_a_partner_cannot_tell_whether_somebody_had_to_approve() -> None:
    """That one must would tell of a register, which another partner's word may be."""
    told: list[list[tuple[str, str]]] = []
    for approval in (None, "approving-practitioner"):
        desk = Desk()
        proposal = a_proposal("housing", approval=approval)
        desk.decide(a_decision(proposal))
        if approval:
            desk.approve(proposal.referral_id)
        desk.receipt(proposal.referral_id)
        told.append([(each.status, each.reason) for each in desk.statuses()["status.custody"]])
    assert told[0] == told[1]
    assert [status for status, _ in told[0]] == ["READY", "SENT"]


def test_a_partner_is_not_told_that_an_approver_said_no() -> None:
    desk = Desk()
    proposal = a_proposal("housing", approval="approving-practitioner")
    desk.decide(a_decision(proposal))
    desk.approve(proposal.referral_id, approved=False)
    assert [(each.status, each.reason) for each in desk.statuses()["status.custody"]] == [
        ("READY", ""),
        ("WITHDRAWN", ""),
    ]
