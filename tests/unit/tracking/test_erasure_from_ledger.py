"""Providers are withdrawn from first, without a word of why; then nothing of the person is left in the ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from onward.chassis.record import Received
from onward.contracts.base import Message
from onward.contracts.codes import ReferralStatus
from onward.contracts.erasure import ErasedPerson, ErasureReport, Tombstone
from onward.contracts.outcome import Ignored, Parked, Published
from onward.contracts.referral import Approval, Receipt, ReferralEvent, Withdrawal
from onward.tracking.domain.changes import Changes, ReferralChange
from onward.tracking.domain.erasure import KeptLedger, LedgerErasure, erasure_from_ledger, finished, is_over
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import RaisedBy, Referral
from onward.tracking.domain.replies import changes_of_receipt, changes_of_reply
from onward.tracking.erasing import LedgerErasures
from onward.tracking.handlers import (
    handle_approval,
    handle_decision,
    handle_erased_person,
    handle_receipt,
    handle_reply,
)
from unit.tracking.ledger_builders import (
    ID_KEY,
    MONDAY_9AM,
    PARTNERS,
    PERSON,
    a_contact,
    a_decision,
    a_proposal,
    a_reply,
    decide,
)

NOW = MONDAY_9AM + timedelta(days=3)
TOLD = ErasedPerson(erasure_id=UUID(int=5), persons=(PERSON,), contacts=(a_contact(),), at=NOW)


def a_referral(status: ReferralStatus, **more: Any) -> Referral:
    book = UnitOfWork()
    (opened,) = decide(a_decision(a_proposal()), book, now=MONDAY_9AM).referrals
    raised = (RaisedBy(source="custody", reference="sealed", person=PERSON, contact_id=a_contact()),)
    given: dict[str, Any] = {"status": status, "raised_by": raised, "area": "E08000025", **more}
    return replace(opened, **given)


def after(made: Changes | Ignored | Parked) -> Referral:
    """The referral once its one change is made."""
    assert isinstance(made, Changes)
    (change,) = made.changes
    assert isinstance(change, ReferralChange)
    return change.referral


def erase(*referrals: Referral) -> LedgerErasure:
    ledger = KeptLedger(referrals={one.referral_id: one for one in referrals})
    return erasure_from_ledger(TOLD, ledger, now=NOW)


@pytest.mark.parametrize("status", ["SENT", "RECEIVED", "ACCEPTED", "IN_SERVICE", "ON_HOLD", "INFO_REQUESTED"])
def test_a_provider_that_has_an_open_referral_is_withdrawn_from(status: ReferralStatus) -> None:
    gone = erase(a_referral(status, receipt="sent"))
    (left,), (closed,) = gone.left, gone.closed
    assert (left.status, left.withdrawal, closed.was) == ("WITHDRAWN", "due", status)
    assert gone.referrals == ()


def test_what_is_left_of_it_is_what_the_withdrawal_needs_and_nothing_else() -> None:
    before = a_referral("ACCEPTED", consents=("consent.accommodation",), last_reply="r1", replied_at=NOW)
    (left,) = erase(before).left
    assert (left.raised_by, left.consents, left.area, left.episode, left.held) == ((), (), None, None, None)
    assert (left.last_reply, left.replied_at, left.contact_id) == (None, None, UUID(int=0))
    assert (left.referral_id, left.reference, left.provider) == (before.referral_id, before.reference, before.provider)


def test_one_on_its_way_is_withdrawn_when_its_receipt_says_that_it_arrived() -> None:
    (left,) = erase(a_referral("READY")).left
    assert (left.status, left.withdrawal) == ("WITHDRAWN", None)
    assert not is_over(left)
    arrived = Receipt(referral_id=left.referral_id, person=PERSON, provider=left.provider, outcome="sent")
    assert after(changes_of_receipt(left, arrived, now=NOW)).withdrawal == "due"


def test_one_on_its_way_that_is_refused_because_the_key_is_gone_goes_then() -> None:
    (left,) = erase(a_referral("READY")).left
    refused = Receipt(
        referral_id=left.referral_id, person=PERSON, provider=left.provider, outcome="refused", reason="key_destroyed"
    )
    assert finished([after(changes_of_receipt(left, refused, now=NOW))])


def test_it_goes_when_the_provider_has_acknowledged() -> None:
    (left,) = erase(a_referral("ACCEPTED", receipt="sent")).left
    assert not is_over(left)
    heard = a_reply(left.referral_id, "WITHDRAWAL_ACKNOWLEDGED")
    assert finished([after(changes_of_reply(left, heard, provider=left.provider, now=NOW))])


def test_nobody_s_referral_goes_because_a_withdrawal_was_acknowledged_but_an_erased_person_s() -> None:
    assert finished([a_referral("WITHDRAWN", withdrawal="acknowledged")]) == []


@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("AWAITING_APPROVAL", {}),
        ("DELIVERY_FAILED", {"receipt": "refused"}),
        ("REJECTED", {"receipt": "sent"}),
        ("COMPLETED", {"receipt": "sent"}),
        ("WITHDRAWN", {"withdrawal": "acknowledged"}),
        ("CLOSED_DECEASED", {}),
    ],
)
def test_what_no_provider_has_or_has_ended_goes_at_once(status: ReferralStatus, more: dict[str, Any]) -> None:
    referral = a_referral(status, **more)
    gone = erase(referral)
    assert (gone.referrals, gone.left, gone.closed) == ((referral.referral_id,), (), ())


def test_a_withdrawal_that_was_sent_before_is_still_waited_for() -> None:
    (left,) = erase(a_referral("CONSENT_WITHDRAWN", withdrawal="sent", receipt="sent")).left
    assert (left.withdrawal, left.raised_by) == ("sent", ())


def bodies(outcome: object, kind: type[Message]) -> list[Any]:
    assert isinstance(outcome, Published)
    return [each.body for each in outcome.messages if isinstance(each.body, kind)]


def the_erasure(*referrals: Referral) -> tuple[LedgerErasures, Received[ErasedPerson]]:
    ledger = KeptLedger(referrals={one.referral_id: one for one in referrals}, raised=2, openings=3)
    return LedgerErasures({TOLD.erasure_id: ledger}, ()), Received(TOLD, "erased-persons", "k", NOW, 0, 0)


def test_the_provider_learns_that_it_is_withdrawn_and_not_why_and_no_partner_learns_anything() -> None:
    unit, record = the_erasure(a_referral("ACCEPTED", receipt="sent"))
    outcome = handle_erased_person(record, unit)
    (withdrawal,) = bodies(outcome, Withdrawal)
    assert withdrawal.reason == "WITHDRAWN"
    (event,) = bodies(outcome, ReferralEvent)
    assert (event.now, event.reason, event.closure_reason) == ("WITHDRAWN", "", None)
    assert isinstance(outcome, Published)
    assert {each.topic for each in outcome.messages} == {
        "withdrawals",
        "referral-events",
        "tombstones",
        "erasure-reports",
    }


def test_the_report_counts_what_went_and_names_what_stays_and_why() -> None:
    unit, record = the_erasure(a_referral("ACCEPTED", receipt="sent"))
    (report,) = bodies(handle_erased_person(record, unit), ErasureReport)
    assert report.erased["calls of people on duty"] == 2
    assert report.erased["withdrawals asked for"] == 1
    assert {(kept.because, kept.count) for kept in report.kept} == {
        ("provider_must_acknowledge", 1),
        ("accountability", 3),
    }


def test_an_erasure_that_comes_again_changes_nothing() -> None:
    unit, record = the_erasure(a_referral("ACCEPTED", receipt="sent"))
    (mark,) = bodies(handle_erased_person(record, unit), Tombstone)
    assert mark.named == f"LEDGER:{TOLD.erasure_id}"
    assert handle_erased_person(record, unit) == Ignored("repeat")


def test_what_comes_late_about_an_erased_person_opens_and_parks_nothing() -> None:
    proposal = a_proposal()
    unit = UnitOfWork()
    unit.erased = frozenset({f"PERSON:{PERSON}", f"REFERRAL:{proposal.referral_id}"})

    def record(body: Any) -> Received[Any]:
        return Received(body, "replies.sandwell-housing", "k", NOW, 0, 0)

    late = [
        handle_decision(record(a_decision(proposal)), unit, partners=PARTNERS, id_key=ID_KEY),
        handle_reply(record(a_reply(proposal.referral_id, "ACCEPTED")), unit, id_key=ID_KEY),
        handle_receipt(
            record(Receipt(referral_id=proposal.referral_id, person=PERSON, provider="p", outcome="sent")),
            unit,
            id_key=ID_KEY,
        ),
        handle_approval(
            record(Approval(referral_id=proposal.referral_id, approved=True, by="b", role="r", at=NOW)),
            unit,
            id_key=ID_KEY,
        ),
    ]
    assert late == [Ignored("erased")] * 4
