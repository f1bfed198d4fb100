"""What an event of our own shape says of needs, circumstances and clocks, as facts; one of None is not known."""

import re
from datetime import datetime

from onward.contracts.area_vocabulary import ADDED
from onward.contracts.authorities import authorities
from onward.contracts.facts import Facts
from onward.contracts.housing_facts import TIER
from onward.intake.domain.parts import (
    AccommodationIn,
    DetentionClock,
    Homelessness,
    PartnerEvent,
    ProbationHousing,
    Screening,
    Section136Clock,
    SubstanceUse,
    attribute_of,
)

_TIER = re.compile(TIER.pattern)
_AREAS = frozenset(authorities())


def area(code: object) -> str | None:
    """The GSS code of a local authority that there is, or was; None for anything else."""
    text = code.strip().upper() if isinstance(code, str) else ""
    return text if text in _AREAS else None


def tier(code: object) -> str | None:
    """The probation tier; None for anything else."""
    text = code.strip().upper() if isinstance(code, str) else ""
    return text if _TIER.fullmatch(text) else None


def needs_facts(event: PartnerEvent, *, all_read: bool) -> Facts:
    """
    Severity by need; the higher one where a need is listed twice.

    A need is none only where the message says so: with that severity, or by naming it among those asked about. What it
    does not mention is not known; nor, unless *all_read*, is a need that was asked about and is not listed, since what
    could not be read may be just that one.
    """
    about = set(event.asked) - set(event.not_asked) if all_read and isinstance(event, Screening) else set[str]()
    severities = dict.fromkeys(about, 0)
    for need in event.needs:
        severities[need.category] = max(severities.get(need.category, 0), need.severity)
    return {f"needs.{need.lower()}": severity for need, severity in sorted(severities.items())}


def circumstances(event: PartnerEvent) -> Facts:
    """Where the person lives and will live, risk, substances, and referrals that were made already."""
    home = event.accommodation or AccommodationIn()
    facts: Facts = {
        "accommodation.status": home.status,
        "accommodation.current": home.current,
        "accommodation.current_settled": home.current_settled,
        "accommodation.current_ends_on": home.current_ends_on,
        "accommodation.next_arranged": home.next_arranged,
        "accommodation.chosen_authority": area(home.chosen_authority),
        "event.setting": event.setting,
        "event.area": area(event.location.area_code) if event.location else None,
    }
    if ADDED.facts and event.further:
        facts |= {path: getattr(event.further, attribute_of(path)) for path in ADDED.facts}
    if isinstance(event, SubstanceUse) and event.substance:
        facts |= {"substance.opioid": event.substance.opioid, "substance.in_treatment": event.substance.in_treatment}
    if event.domestic_abuse:
        facts["risk.domestic_abuse_role"] = event.domestic_abuse.role
        facts["risk.dash_score"] = event.domestic_abuse.dash_score
        facts["risk.domestic_abuse_high"] = event.domestic_abuse.high_risk
    if event.risk_assessment:
        facts["risk.self_harm"] = event.risk_assessment.self_harm
    if isinstance(event, Homelessness) and event.duty_to_refer:
        facts["duty_to_refer.submitted_on"] = event.duty_to_refer.submitted_on
        facts["duty_to_refer.status"] = event.duty_to_refer.status
    return facts | (_probation_housing(event) if isinstance(event, ProbationHousing) else {})


def _probation_housing(event: ProbationHousing) -> Facts:
    stages = {"cas1": event.cas1, "cas3": event.cas3}
    return {
        "rehabilitation_accommodation.live": event.rehabilitation_accommodation_live,
        "supervision.tier": tier(event.supervision_tier),
        **{
            f"{service}.{stage}": word
            for service, said in stages.items()
            for stage, word in (said.model_dump() if said else {}).items()
        },
    }


def clock_facts(event: PartnerEvent, occurred_at: datetime, *, limit_told: bool = True) -> Facts:
    """
    The detention clocks at the event. A start after the event, or longer ago than the law allows, says nothing.

    Without *limit_told* a limit was given that nobody could read.
    """
    facts: Facts = {}
    if isinstance(event, DetentionClock):
        custody = _minutes(event.relevant_time, occurred_at, most=96 * 60)
        facts["event.custody_clock_minutes"] = custody
        # PACE s41: 24 hours unless an extension was authorised.
        facts["event.custody_limit_hours"] = event.custody_limit_hours or (
            24 if custody is not None and limit_told else None
        )
    if isinstance(event, Section136Clock):
        facts["event.s136_minutes"] = _minutes(event.arrived_at_place_of_safety, occurred_at, most=36 * 60)
    return facts


def _minutes(start: datetime | None, end: datetime, *, most: int) -> int | None:
    minutes = int((end - start).total_seconds() // 60) if start else -1
    return minutes if 0 <= minutes <= most else None
