"""
A screening that reaches us days late, through joining, the real rules and the ledger.

Nobody is referred who by then is known to have died, been removed, absconded, gone to hospital or back to prison.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.referral import Delivery
from onward.tracking.domain.ledger import UnitOfWork
from unit.people.people_builders import File, a_contact, a_release, named, on_day
from unit.routing.pack_builders import ADULT, AGREES_TO_DUTY, ROUTER
from unit.tracking.ledger_builders import decide

NOMS = "NOMS A1234BC"
NEEDS: Mapping[str, Any] = {
    **ADULT,
    **AGREES_TO_DUTY,
    "consent.accommodation": True,
    "needs.substance_drugs": 3,
    "substance.opioid": True,
    "consent.substance_drugs": True,
    "needs.mental_health": 3,
    "consent.mental_health": True,
    "needs.physical_health": 2,
    "consent.physical_health": True,
    "needs.finance_debt": 2,
    "consent.finance_debt": True,
    "event.setting": "prison",
}
"""All that could lead to a referral."""
REFERRED: Mapping[str, Any] = {"duty_to_refer.status": "submitted", "duty_to_refer.submitted_on": "2026-03-02"}
"""The housing authority was told a few days ago."""


class Partners:
    """What partners tell, as it goes through people, routing and tracking."""

    def __init__(self) -> None:
        self.file = File()
        self.book = UnitOfWork()
        self.delivered: list[Delivery] = []
        self.notices: list[str] = []
        self.now = on_day(1)

    def tell(self, *contacts: Contact) -> None:
        for contact in contacts:
            for draft in self.file.take(contact).drafts:
                decision = ROUTER.decide(draft.situation)
                self.notices += [notice.kind for notice in decision.notices]
                # However long a contact was on its way, its decision is written after the one before it.
                self.now = max(self.now, contact.received_at)
                step = decide(decision, self.book, now=self.now)
                self.delivered += [message.body for message in step.messages if isinstance(message.body, Delivery)]

    def sent(self) -> list[tuple[str, str]]:
        """The need and the service of every referral that was sent."""
        found = [self.book.referral(delivery.referral_id) for delivery in self.delivered]
        return sorted((referral.category, referral.service) for referral in found if referral is not None)


def a_movement(movement: str, *, day: int, **facts: Any) -> Contact:
    told = {"event.movement": movement, "event.setting": "prison", **facts}
    return a_contact(
        f"{movement} {day}", NOMS, day=day, source="hmpps", type="prison.movement", reference="A1234BC", facts=told
    )


def a_late_screening(day: int, *, arrives: int, needs: Mapping[str, Any] = NEEDS) -> Contact:
    return a_contact(
        f"screening of day {day}",
        NOMS,
        day=day,
        source="liaison",
        type="liaison.screened",
        reference="LD/7",
        facts=dict(needs),
        received_at=on_day(arrives),
    )


STANDING = {
    "died": a_movement("died", day=5, **{"person.deceased": True}),
    "was removed from the country": a_movement("deported", day=5, **{"person.deported": True}),
    "absconded": a_movement("absconded", day=5, **{"custody.status": "unlawfully_at_large"}),
}


@pytest.mark.parametrize("arrives", [6, 20])
@pytest.mark.parametrize("what", STANDING)
def test_a_screening_told_after_the_person_died_was_removed_or_absconded_refers_nobody(what: str, arrives: int) -> None:
    partners = Partners()
    partners.tell(STANDING[what], a_late_screening(2, arrives=arrives))
    assert partners.sent() == []


@pytest.mark.parametrize("what", STANDING)
def test_nor_does_it_when_there_was_a_real_release_in_between(what: str) -> None:
    partners = Partners()
    partners.tell(a_release("release", NOMS, day=3), STANDING[what], a_late_screening(2, arrives=6))
    partners.tell(a_late_screening(4, arrives=7))
    assert partners.sent() == []


def test_a_screening_told_after_a_prisoner_went_to_hospital_leads_to_no_release_or_housing_referral() -> None:
    partners = Partners()
    partners.tell(a_movement("hospital", day=5, **{"custody.status": "hospital"}), a_late_screening(2, arrives=6))
    assert partners.sent() == []


@pytest.mark.parametrize("day", [2, 4])
def test_a_screening_told_after_the_person_s_return_to_prison_refers_nobody(day: int) -> None:
    partners = Partners()
    partners.tell(
        a_release("release", NOMS, day=3),
        a_movement("admitted", day=5, **{"custody.status": "in_prison"}),
        # In prison without a known day of release the duty to refer applies: that is no matter of the older screening.
        a_late_screening(day, arrives=6, needs={**NEEDS, **REFERRED}),
    )
    assert partners.sent() == []


@pytest.mark.parametrize("day", [2, 4])
def test_a_screening_told_after_a_real_release_leads_to_each_referral_exactly_once(day: int) -> None:
    late, in_time = Partners(), Partners()
    late.tell(a_release("release", NOMS, day=3), a_late_screening(day, arrives=6))
    in_time.tell(a_late_screening(2, arrives=2), a_release("release", NOMS, day=3))
    assert late.sent() == sorted(set(late.sent()))
    assert {
        ("ACCOMMODATION", "housing_authority"),
        ("SUBSTANCE_DRUGS", "drug_treatment"),
        ("MENTAL_HEALTH", "community_mental_health"),
        ("MENTAL_HEALTH", "reconnect"),
    } <= set(late.sent())
    assert set(in_time.sent()) <= set(late.sent())


def test_an_admission_told_only_after_the_release_that_followed_it_withdraws_nothing() -> None:
    partners = Partners()
    partners.tell(
        a_release("release", NOMS, day=5),
        a_late_screening(2, arrives=6),
        a_movement("admitted", day=4, **{"custody.status": "in_prison"}),
    )
    assert partners.sent()
    assert {referral.status for referral in partners.book.changed_referrals.values()} == {"READY"}


def test_the_person_s_death_told_late_ends_what_a_screening_before_it_led_to() -> None:
    partners = Partners()
    partners.tell(a_release("release", NOMS, day=3), a_late_screening(4, arrives=6))
    assert partners.sent()
    partners.tell(STANDING["died"])
    assert {referral.status for referral in partners.book.changed_referrals.values()} == {"CLOSED_DECEASED"}


def test_a_death_told_late_of_somebody_met_since_ends_nothing_and_a_person_is_told() -> None:
    """Who was screened the day after is alive, or is somebody else: nobody closes anything on such a word."""
    partners = Partners()
    partners.tell(a_release("release", NOMS, day=3), a_late_screening(6, arrives=6))
    sent = partners.sent()
    partners.tell(STANDING["died"])
    assert partners.sent() == sent
    assert {referral.status for referral in partners.book.changed_referrals.values()} == {"READY"}
    assert partners.notices.count("met-after-death") == 2  # of the death, and of the screening that went round again
    assert partners.file.said[named("screening of day 6")].revision == 2


def test_all_of_this_is_told_within_the_four_weeks_that_an_event_counts() -> None:
    assert on_day(20) - on_day(2) < timedelta(days=28)


def test_a_consent_that_was_taken_back_meanwhile_counts_for_what_is_told_late() -> None:
    partners = Partners()
    no = {path: False for path in NEEDS if path.startswith("consent.")}
    partners.tell(a_contact("says no", NOMS, day=5, source="liaison", type="liaison.declined", facts=no))
    partners.tell(a_late_screening(2, arrives=6))
    assert partners.sent() == []


def test_a_consent_that_nobody_took_back_counts_for_what_is_told_late() -> None:
    partners = Partners()
    partners.tell(a_contact("met again", NOMS, day=5, source="liaison", type="liaison.assessed"))
    partners.tell(a_late_screening(2, arrives=6))
    assert partners.sent() != []
