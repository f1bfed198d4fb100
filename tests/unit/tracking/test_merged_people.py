"""A person whose records were merged keeps the referrals made under each; one who is parted again keeps their own."""

from datetime import timedelta
from typing import Any

import pytest

from installation_keys import seal_reference
from onward.chassis.record import Received
from onward.chassis.security.sealing import reference_key
from onward.contracts.decision import Decision
from onward.contracts.outcome import Outgoing, Published
from onward.tracking import handlers
from onward.tracking.adapters import query_for_decisions
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.partner_references import open_all
from unit.tracking.ledger_builders import (
    ID_KEY,
    MONDAY_9AM,
    PARTNERS,
    PERSON,
    Desk,
    a_decision,
    a_proposal,
    a_suppression,
)

OLDER = "1d" * 16
KEY = b"k" * 32
HOUSING = a_proposal(release=True)
LATER = MONDAY_9AM + timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    """Where one referral is open, made under the older key."""
    desk = Desk()
    desk.decide(a_decision(HOUSING, person=OLDER))
    return desk


def test_a_death_told_under_the_new_key_ends_what_was_made_under_the_older_one(desk: Desk) -> None:
    desk.decide(a_decision(contact="death", formerly=(OLDER,), suppressed=[a_suppression("deceased")]))
    assert desk.status(HOUSING.referral_id) == "CLOSED_DECEASED"


def test_a_return_to_prison_told_under_the_new_key_withdraws_the_older_one_s_release_referral(desk: Desk) -> None:
    desk.decide(a_decision(contact="recall", formerly=(OLDER,), suppressed=[a_suppression("x", "release")], at=LATER))
    assert desk.status(HOUSING.referral_id) == "WITHDRAWN"


def test_a_need_that_is_helped_under_the_older_key_is_not_referred_again(desk: Desk) -> None:
    step = desk.decide(a_decision(a_proposal(contact="second"), contact="second", formerly=(OLDER,)))
    assert step.dropped == ("already_open",)
    assert len(desk.deliveries()) == 1


def test_a_question_that_is_open_under_the_older_key_is_not_asked_again_and_is_answered_under_the_new_one() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"], person=OLDER))
    desk.decide(a_decision(contact="second", missing=["accommodation.status"], formerly=(OLDER,)))
    assert len(desk.questions()) == 1
    step = desk.decide(a_decision(contact="third", facts={"accommodation.status": "homeless"}, formerly=(OLDER,)))
    assert [question.outstanding for question in step.questions] == [()]


def test_a_person_parted_again_keeps_their_own_and_the_other_s_end_does_not_touch_it(desk: Desk) -> None:
    merged = a_proposal("debt", contact="merged", category="FINANCE_DEBT", service="debt_advice")
    desk.decide(a_decision(merged, contact="merged", formerly=(OLDER,)))
    # Parted: neither has the other's key any more.
    desk.decide(a_decision(contact="death", suppressed=[a_suppression("deceased")], at=LATER))
    assert desk.status(HOUSING.referral_id) == "READY"
    assert desk.status(merged.referral_id) == "CLOSED_DECEASED", (
        "made while merged, it stays with the key it was made with"
    )
    desk.decide(a_decision(contact="death 2", person=OLDER, suppressed=[a_suppression("deceased")], at=LATER))
    assert desk.status(HOUSING.referral_id) == "CLOSED_DECEASED"


def test_a_question_asked_while_merged_is_not_asked_again_about_the_same_contact_after_parting() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"], formerly=(OLDER,)))
    desk.decide(a_decision(missing=["accommodation.status"], person=OLDER, revision=2))
    assert len(desk.questions()) == 1


def sealed(person: str) -> dict[str, str]:
    return {"custody": seal_reference(KEY, person, "custody", "A0001AA")}


def to_custody(decision: Decision, book: UnitOfWork) -> list[Outgoing[Any]]:
    outcome = handlers.handle_decision(
        Received(decision, "t", None, MONDAY_9AM, 0, 0), book, partners=PARTNERS, id_key=ID_KEY
    )
    assert isinstance(outcome, Published), outcome
    return [message for message in outcome.messages if message.topic == "status.custody"]


def test_a_partner_is_told_once_though_its_reference_is_sealed_under_the_older_key_and_the_new_one() -> None:
    first = a_decision(HOUSING, references=sealed(OLDER), person=OLDER)
    merged: dict[str, Any] = {"references": sealed(PERSON), "formerly": (OLDER,)}
    debt = a_proposal("debt", contact="second", category="FINANCE_DEBT", service="debt_advice")
    second = a_decision(a_proposal(contact="second"), debt, contact="second", **merged)
    death = a_decision(contact="death", suppressed=[a_suppression("deceased")], at=LATER, **merged)
    wanted = query_for_decisions([first, second, death])
    book = UnitOfWork(opened=open_all(wanted.sealed_references, dict.fromkeys((PERSON, OLDER), reference_key(KEY))))
    assert len(to_custody(first, book)) == 1
    assert [told.body.category for told in to_custody(second, book)] == ["FINANCE_DEBT"]
    told = to_custody(death, book)
    assert sorted(one.body.category for one in told) == ["ACCOMMODATION", "FINANCE_DEBT"]
    assert {(one.key, one.body.reference) for one in told} == {("A0001AA", "A0001AA")}
