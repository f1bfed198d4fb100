"""Situations in plain words for the tests of the rule pack, and the pack itself, loaded once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from onward.calendar.times import LONDON
from onward.contracts import paths
from onward.contracts.contact import Consent
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.situation import Situation
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.decide import Router
from onward.routing.domain.language import RuleSet

RULES: RuleSet = load_bundle(paths.schemas() / "routing")
DIRECTORY: Directory = directory_files.load()
ROUTER = Router(RULES, DIRECTORY)

MONDAY_9AM = datetime(2026, 3, 2, 9, 0, tzinfo=LONDON)
MONDAY = MONDAY_9AM.date()
BIRMINGHAM, COVENTRY, CAMBRIDGE, CARDIFF = "E08000025", "E08000026", "E07000008", "W06000015"

ADULT: Mapping[str, Any] = {"person.age": 34, "person.area": BIRMINGHAM}
AGREES_TO_DUTY: Mapping[str, Any] = {
    "accommodation.status": "homeless",
    "accommodation.chosen_authority": BIRMINGHAM,
    "consent.duty_to_refer": True,
    "consent.contact_details": True,
}
RELEASED_TODAY: Mapping[str, Any] = {
    "event.movement": "released",
    "custody.status": "released",
    "release.on": MONDAY,
}


def days_ago(days: int) -> date:
    """That many days before the Monday of the tests."""
    return MONDAY - timedelta(days=days)


def in_days(days: int) -> date:
    """That many days after it."""
    return MONDAY + timedelta(days=days)


def situation(
    source: str,
    facts: Mapping[str, Any],
    *,
    arrived_after: timedelta = timedelta(minutes=1),
    consents: tuple[Consent, ...] = (),
) -> Situation:
    """What is known when *source* tells of an event of Monday, 9 o'clock."""
    return Situation(
        situation_id=UUID(int=1),
        contact_id=UUID(int=2),
        person="person-0001",
        source=source,
        type=f"{source}.happened",
        occurred_at=MONDAY_9AM,
        received_at=MONDAY_9AM + arrived_after,
        facts=dict(facts),
        consents=consents,
        identity_fields=("name", "phone", "address"),
    )


def decided(source: str, *facts: Mapping[str, Any], arrived_after: timedelta = timedelta(minutes=1)) -> Decision:
    """The decision of the whole pack; later facts replace earlier ones."""
    known: dict[str, Any] = {}
    for some in facts:
        known.update(some)
    return ROUTER.decide(situation(source, known, arrived_after=arrived_after))


def services(decision: Decision) -> set[str]:
    """The services that the person is referred to."""
    return {referral.service for referral in decision.referrals}


def referral(decision: Decision, service: str) -> ProposedReferral:
    """The one referral to that service."""
    (found,) = (each for each in decision.referrals if each.service == service)
    return found


def told(decision: Decision) -> set[tuple[str, str]]:
    """What whom is told."""
    return {(notice.kind, notice.to) for notice in decision.notices}


def asked(decision: Decision) -> set[str]:
    """Everything that is asked for."""
    return {path for need in decision.needs_information for path in need.missing}


def reasons(decision: Decision) -> set[str]:
    """Why referrals were stopped."""
    return {suppressed.reason for suppressed in decision.suppressed}
