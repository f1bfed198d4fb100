"""Two people who were taken for one are parted: what went out on the other's word is withdrawn, and whose is whose."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.decision import MetCondition
from onward.contracts.referral import Withdrawal
from onward.contracts.situation import Parting
from onward.tracking.domain.changes import ReferralParted
from unit.tracking.ledger_builders import MONDAY_9AM, PERSON, Desk, a_contact, a_decision, a_proposal, a_suppression

TWIN = "1d" * 16
"""The key of whoever is parted: while they are taken for one, all is under the other's."""


def met(field: str) -> MetCondition:
    return MetCondition(field=field, expected="", actual=True, where="rules.yaml:1:1")


HOUSING = a_proposal(contact="twin", conditions=(met("needs.accommodation"), met("consent.accommodation")))


def parting(own: str, *theirs: str, other: str = "other") -> Parting:
    return Parting(at=MONDAY_9AM, contacts=(a_contact(other),), own={a_contact(own): theirs})


def taken_for_one(*proposals: Any, **more: Any) -> Desk:
    """A desk where the twin's contact led to something under the other's key."""
    desk = Desk()
    both = {"custody": "custody-1", "probation": "probation-1"}
    desk.decide(a_decision(*proposals, contact="twin", references=both, sealed="of both", **more))
    for proposal in proposals:
        desk.receipt(proposal.referral_id)
    desk.later(days=1)
    return desk


def part(desk: Desk, *theirs: str, proposals: Any = (), **more: Any) -> None:
    given: dict[str, Any] = {"revision": 2, "person": TWIN, "sealed": "of the twin"}
    more = given | {"parted": parting("twin", *theirs)} | more
    desk.decide(a_decision(*proposals, contact="twin", **more))


@pytest.mark.parametrize("theirs", ["needs.accommodation", "consent.accommodation"])
def test_what_went_out_on_the_other_s_facts_or_consent_is_withdrawn_as_an_error(theirs: str) -> None:
    desk = taken_for_one(HOUSING)
    part(desk, theirs)
    assert desk.status(HOUSING.referral_id) == "ENTERED_IN_ERROR"
    [withdrawal] = desk.all_of(Withdrawal)
    assert (withdrawal.reason, withdrawal.person) == ("ENTERED_IN_ERROR", PERSON), "as the provider knows the person"
    assert desk.events()[-1].closure_reason == "merge_undone"


def test_what_told_the_provider_the_other_s_telephone_number_is_withdrawn_and_made_anew_with_their_own() -> None:
    proposal = HOUSING.model_copy(update={"disclosed": ("name", "phone")})
    desk = taken_for_one(proposal)
    part(desk, "phone", proposals=[proposal])
    assert desk.status(proposal.referral_id) == "ENTERED_IN_ERROR"
    first, again = desk.deliveries()
    assert (first.sealed, again.sealed) == ("of both", "of the twin")
    assert first.referral_id != again.referral_id
    assert again.earlier is None


def test_what_rests_on_the_person_s_own_word_goes_on_under_their_own_key() -> None:
    desk = taken_for_one(HOUSING)
    part(desk, "needs.substance_drugs")
    assert desk.status(HOUSING.referral_id) == "SENT"
    desk.decide(a_decision(contact="other", at=desk.now, suppressed=[a_suppression("deceased")]))
    assert desk.status(HOUSING.referral_id) == "SENT", "the other's death ends nothing of theirs"
    desk.decide(a_decision(contact="death", person=TWIN, at=desk.now, suppressed=[a_suppression("deceased")]))
    assert desk.status(HOUSING.referral_id) == "CLOSED_DECEASED"
    assert desk.all_of(Withdrawal)[-1].person == PERSON


def test_one_from_before_it_was_kept_what_it_rests_on_is_withdrawn() -> None:
    desk = taken_for_one(HOUSING)
    [referral] = desk.live()
    desk.book.apply([ReferralParted(referral=replace(referral, card=None, rests_on=(), consents=()), at=desk.now)])
    part(desk, "needs.accommodation")
    assert desk.status(HOUSING.referral_id) == "ENTERED_IN_ERROR"


def test_a_partner_that_knows_the_other_only_is_told_nothing_more() -> None:
    desk = taken_for_one(HOUSING)
    told = len(desk.statuses()["status.probation"])
    assert told > 0
    part(desk)
    desk.reply(HOUSING.referral_id, "ACCEPTED")
    assert desk.statuses()["status.custody"][-1].status == "ACCEPTED"
    assert len(desk.statuses()["status.probation"]) == told


def test_the_living_twin_s_crisis_goes_out_though_the_other_s_death_had_ended_it() -> None:
    crisis = a_proposal("crisis", contact="twin", category="MENTAL_HEALTH", service="crisis_team")
    desk = taken_for_one(crisis)
    desk.decide(a_decision(contact="other", at=desk.now, suppressed=[a_suppression("deceased")]))
    assert desk.status(crisis.referral_id) == "CLOSED_DECEASED"
    for _ in range(2):
        part(desk, "person.deceased", proposals=[crisis])
    first, again = desk.deliveries()
    assert first.referral_id == crisis.referral_id != again.referral_id
    assert desk.status(again.referral_id) == "READY"


def test_a_decision_that_is_handled_again_makes_nothing_anew_after_a_death_of_their_own() -> None:
    crisis = a_proposal("crisis", contact="twin", category="MENTAL_HEALTH", service="crisis_team")
    desk = taken_for_one(crisis)
    part(desk, proposals=[crisis])
    desk.decide(a_decision(contact="death", person=TWIN, at=desk.now, suppressed=[a_suppression("deceased")]))
    desk.later(days=1)
    part(desk, proposals=[crisis])
    assert len(desk.deliveries()) == 1


def test_the_other_s_decision_leaves_the_twin_s_referral_to_the_twin() -> None:
    desk = taken_for_one(HOUSING)
    theirs = Parting(at=MONDAY_9AM, contacts=(a_contact("twin"),), own={a_contact("other"): ("needs.accommodation",)})
    gone = [a_suppression("deceased")]
    desk.decide(a_decision(contact="other", at=desk.now, parted=theirs, suppressed=gone))
    assert desk.status(HOUSING.referral_id) == "SENT"


def test_a_case_of_theirs_shows_the_twin_and_never_the_other() -> None:
    waits = HOUSING.model_copy(update={"approval": "approving-practitioner"})
    desk = taken_for_one(waits)
    [case] = desk.book.cases.values()
    theirs = Parting(at=MONDAY_9AM, contacts=(a_contact("twin"),), own={a_contact("other"): ()})
    desk.decide(a_decision(contact="other", at=desk.now, parted=theirs, sealed="of the other"))
    hidden = desk.book.cases[case.case_id].card
    assert hidden is not None
    assert hidden.sealed == ""
    part(desk)
    known = desk.book.cases[case.case_id]
    assert known.card is not None
    assert (known.person, known.card.sealed) == (TWIN, "of the twin")


def test_a_delivery_that_goes_out_again_after_its_withdrawal_is_withdrawn_again() -> None:
    desk = taken_for_one(HOUSING)
    part(desk, "needs.accommodation")
    desk.receipt(HOUSING.referral_id, of="withdrawal")
    desk.receipt(HOUSING.referral_id)  # read again, as after positions were lost: from before it ended
    assert [each.reason for each in desk.all_of(Withdrawal)] == ["ENTERED_IN_ERROR"]
    desk.now += timedelta(hours=1)
    for _ in range(2):
        desk.receipt(HOUSING.referral_id)
    assert [each.reason for each in desk.all_of(Withdrawal)] == ["ENTERED_IN_ERROR"] * 2


def test_an_old_referral_of_which_nobody_knows_the_consents_ends_when_that_to_its_need_is_taken_back() -> None:
    desk = taken_for_one(HOUSING)
    [referral] = [one for one in desk.live() if one.referral_id == HOUSING.referral_id]
    desk.book.apply([ReferralParted(referral=replace(referral, consents=None), at=desk.now)])
    desk.decide(a_decision(contact="no", at=desk.now, facts={"consent.accommodation": False}))
    assert desk.status(HOUSING.referral_id) == "CONSENT_WITHDRAWN"
