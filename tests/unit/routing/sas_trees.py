"""
The eligibility trees of the Single Accommodation Service, told again over plain values.

Written from the service's own source (ministryofjustice/hmpps-single-accommodation-service-api, the module
`query/eligibility`), to check the rule pack against. Nothing here uses our engine. Each function gives the service's
status and the action it asks a practitioner for, with the day it may start where the service names one. None stands
for what the service has no record of.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Answer:
    """What the service says."""

    status: str
    action: str | None = None
    starts: date | None = None


def years_later(day: date, years: int) -> date:
    """As the service's calendar counts: 28 February where a year has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def duty_to_refer(
    today: date, status: str | None, submitted: date | None, stay_ends: date | None, *, has_next: bool
) -> Answer:
    """The DTR tree."""
    fresh = submitted is not None and submitted >= today - timedelta(weeks=26)
    if status is not None and status != "WITHDRAWN" and fresh:
        if status == "ACCEPTED":
            return Answer("ACCEPTED")
        return Answer("NOT_ACCEPTED") if status == "NOT_ACCEPTED" else Answer("SUBMITTED", "ADD_DTR_OUTCOME")
    if has_next:
        return Answer("NOT_REQUIRED")
    if stay_ends is not None and stay_ends > today + timedelta(weeks=8):
        return Answer("UPCOMING", "SUBMIT_DTR_REFERRAL", stay_ends - timedelta(weeks=8))
    return Answer("NOT_STARTED", "ADD_DTR_REFERRAL_DETAILS")


def rehabilitation(
    today: date, referral: str | None, stay_ends: date | None, sex: str | None, *, has_next: bool, settled: bool | None
) -> Answer:
    """The CRS tree."""
    action = "SUBMIT_CRS_ACCOMMODATION_REFERRAL" if sex == "M" else "SUBMIT_CRS_REFERRAL"
    needed = not has_next and settled is not True
    if stay_ends is not None and stay_ends > today + timedelta(weeks=12):
        return Answer("UPCOMING", action, stay_ends - timedelta(weeks=12)) if needed else Answer("NOT_REQUIRED")
    if referral == "LIVE":
        return Answer("SUBMITTED")
    return Answer("NOT_STARTED", action) if needed else Answer("NOT_REQUIRED")


CAS1_STANDS = {
    "AWAITING_ASSESSMENT",
    "UNALLOCATED_ASSESSMENT",
    "ASSESSMENT_IN_PROGRESS",
    "AWAITING_PLACEMENT",
    "PLACEMENT_ALLOCATED",
    "REQUESTED_FURTHER_INFORMATION",
    "PENDING_PLACEMENT_REQUEST",
}
CAS1_DOES_NOT = {"STARTED", "REJECTED", "EXPIRED", "INAPPLICABLE", "WITHDRAWN"}


def private_address(cas1: str | None, cas3: str | None, *, has_next: bool) -> Answer:
    """The PA tree."""
    if has_next:
        return Answer("COMPLETED")
    if cas1 in CAS1_STANDS or cas3 in {"SUBMITTED", "REQUESTED_FURTHER_INFORMATION"}:
        return Answer("NOT_ELIGIBLE")
    return Answer("NOT_STARTED", "ADD_AND_CONFIRM_PROPOSED_ADDRESS")


def transitional(
    today: date,
    application: tuple[str, str | None, str | None] | None,
    place: str | None,
    submitted: date | None,
    *,
    has_next: bool,
    rehabilitation_live: bool,
) -> Answer:
    """The CAS3 tree, its prerequisites too; the wording of an action by sex is left out: it names the CRS contract."""
    kind, assessment, booking = application or (None, None, None)
    over = (
        application is None
        or booking in {"ARRIVED", "DEPARTED", "CLOSED"}
        or (booking is None and assessment in {"CLOSED", "REJECTED"})
        or (booking is None and assessment is None and kind in {"REJECTED", "IN_PROGRESS"})
    )
    if not over:
        stands = {
            "PROVISIONAL": Answer("BEDSPACE_OFFERED", "REPLY_TO_CAS3_BEDSPACE_OFFER"),
            "CONFIRMED": Answer("BOOKING_CONFIRMED"),
            "NOT_ARRIVED": Answer("NOT_ARRIVED"),
            "CANCELLED": Answer("BOOKING_CANCELLED"),
        }
        return stands.get(booking or "", Answer("SUBMITTED"))
    if place not in {"PRISON", "CAS1", "CAS2"} or has_next:
        return Answer("NOT_ELIGIBLE")
    no_duty = submitted is None or submitted < today - timedelta(weeks=26)
    if no_duty or not rehabilitation_live:
        lacking = (["DTR"] if no_duty else []) + ([] if rehabilitation_live else ["CRS"])
        return Answer("CANNOT_START_YET", f"SUBMIT_{'_AND_'.join(lacking)}_BEFORE_CAS3")
    if booking is None and (assessment == "REJECTED" or (assessment is None and kind == "REJECTED")):
        return Answer("REJECTED", "START_CAS3_REFERRAL")
    if booking is None and assessment is None and kind == "IN_PROGRESS":
        return Answer("NOT_SUBMITTED")
    return Answer("NOT_STARTED", "START_CAS3_REFERRAL")


def high_enough(sex: str | None, tier: str | None) -> bool:
    """The tiers that open approved premises; one that ends in S never does."""
    allowed = {"A1", "A2", "A3", "B1", "B2", "B3"} | (set() if sex == "M" else {"C3"})
    return tier in allowed


def approved_premises(
    today: date,
    application: tuple[str, str | None, str | None] | None,
    sex: str | None,
    tier: str | None,
    stay_ends: date | None,
) -> Answer:
    """The CAS1 tree."""
    if sex is None:
        return Answer("NOT_ELIGIBLE")
    if stay_ends is not None and stay_ends > years_later(today, 1):
        starts = Answer("UPCOMING", "START_APPROVED_PREMISE_APPLICATION", years_later(stay_ends, -1))
        return starts if high_enough(sex, tier) else Answer("NOT_ELIGIBLE")
    kind, request, placement = application or (None, None, None)
    over = (
        application is None
        or (kind == "EXPIRED" and placement not in {"UPCOMING", "ARRIVED"})
        or (kind in CAS1_DOES_NOT and request is None and placement is None)
    )
    if not over:
        return _application_that_stands(kind, request, placement)
    if not high_enough(sex, tier):
        return Answer("NOT_ELIGIBLE")
    if kind == "STARTED":
        return Answer("NOT_SUBMITTED", "CONTINUE_APPROVED_PREMISE_APPLICATION")
    status = "APPLICATION_REJECTED" if kind == "REJECTED" else "NOT_STARTED"
    return Answer(status, "START_APPROVED_PREMISE_APPLICATION")


def _application_that_stands(kind: str | None, request: str | None, placement: str | None) -> Answer:
    if placement is not None:
        return {
            "UPCOMING": Answer("PLACEMENT_BOOKED"),
            "ARRIVED": Answer("ARRIVED"),
            "NOT_ARRIVED": Answer("NOT_ARRIVED", "CREATE_PLACEMENT"),
            "CANCELLED": Answer("PLACEMENT_CANCELLED", "CREATE_PLACEMENT"),
        }.get(placement, Answer("PLACEMENT_REQUEST_NOT_STARTED", "CREATE_PLACEMENT"))
    if request is not None:
        return {
            "REQUEST_WITHDRAWN": Answer("PLACEMENT_REQUEST_WITHDRAWN", "CREATE_PLACEMENT"),
            "REQUEST_UNSUBMITTED": Answer("PLACEMENT_REQUEST_NOT_STARTED", "CREATE_PLACEMENT"),
            "REQUEST_REJECTED": Answer("PLACEMENT_REQUEST_REJECTED", "CREATE_PLACEMENT"),
        }.get(request, Answer("PLACEMENT_REQUEST_SUBMITTED"))
    if kind == "REQUESTED_FURTHER_INFORMATION":
        return Answer("INFO_REQUESTED", "PROVIDE_INFORMATION")
    return Answer("SUBMITTED")
