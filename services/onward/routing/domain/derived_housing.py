"""
What follows for the eligibility trees of the Single Accommodation Service: ends of stays, windows, and stages.

The service looks up what there is and takes what it does not find as not there. Here an absent fact is not known, so
that "not there" is concluded only from something said: a person who is homeless has nowhere to go next; of a person
whose tier is known, an application for approved premises would be known too. Of somebody of whom nothing is known,
nothing follows.

`opens_on` is known only while a window is still ahead: absent means that it is open, or that nobody knows when the
present place ends, which counts as open.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Known = Mapping[str, Any]

DUTY_TO_REFER = timedelta(weeks=8)
REHABILITATION = timedelta(weeks=12)
STALE = timedelta(weeks=26)
"""How long a duty-to-refer referral counts."""

HOUSING_SOURCES: Mapping[str, tuple[str, ...]] = {
    "accommodation.now": ("accommodation.current", "custody.status"),
    "accommodation.settled_now": (
        "accommodation.current_settled",
        "accommodation.current",
        "custody.status",
        "accommodation.next_arranged",
        "accommodation.status",
    ),
    "accommodation.nowhere_next": ("accommodation.next_arranged", "accommodation.status"),
    "duty_to_refer.recent": ("duty_to_refer.submitted_on", "accommodation.next_arranged", "accommodation.status"),
    "rehabilitation_accommodation.running": (
        "rehabilitation_accommodation.live",
        "accommodation.next_arranged",
        "accommodation.status",
    ),
    **dict.fromkeys(
        ("duty_to_refer.opens_on", "rehabilitation_accommodation.opens_on", "cas1.opens_on"),
        (
            "release.planned_on",
            "release.on",
            "custody.status",
            "accommodation.current",
            "accommodation.current_ends_on",
        ),
    ),
    "cas1.stage": ("cas1.application", "cas1.placement_request", "cas1.placement", "supervision.tier"),
    "cas3.stage": (
        "cas3.application",
        "cas3.assessment",
        "cas3.booking",
        "accommodation.next_arranged",
        "accommodation.status",
    ),
}
"""What each of these facts follows from, beside the day of the event."""

_TRIGGERS = frozenset(path for paths in HOUSING_SOURCES.values() for path in paths)
_HOMELESS = frozenset({"homeless", "at_risk"})
_SETTLED = frozenset({"own_tenancy", "supported"})
_HELD = "in_prison"
_NOT_FOUND_WHERE_A_NEXT_PLACE_IS_KNOWN: Mapping[str, Any] = {
    "accommodation.settled_now": False,
    "duty_to_refer.recent": False,
    "rehabilitation_accommodation.running": False,
    "cas3.stage": "none",
}
_AT_LIBERTY = frozenset({"released", "community", "police_custody"})


def derive_housing(known: Known, today: date, planned: date | None, found: dict[str, Any]) -> None:
    """
    Add to *found* what follows for housing.

    Args:
        known: What has been told.
        today: London day of the event.
        planned: The day of the next planned release; None when there is none or it has happened.
        found: Where derived facts go.
    """
    if known.keys().isdisjoint(_TRIGGERS):
        return
    now, nowhere = _now(known), _nowhere_next(known)
    told = {
        "accommodation.now": now,
        "accommodation.nowhere_next": nowhere,
        "accommodation.settled_now": _settled(known, now),
        "duty_to_refer.recent": _recent(known, today),
        "rehabilitation_accommodation.running": known.get("rehabilitation_accommodation.live"),
        "cas1.stage": cas1_stage(known),
        "cas3.stage": cas3_stage(known),
    }
    if nowhere is not None:
        found.update(_NOT_FOUND_WHERE_A_NEXT_PLACE_IS_KNOWN)
    if "supervision.tier" in known:
        found["cas1.stage"] = "none"
    found.update({path: value for path, value in told.items() if value is not None})
    end = _end_of_stay(known, planned)
    if end is not None:
        _windows(end, today, found)


def _now(known: Known) -> str | None:
    status, current = known.get("custody.status"), known.get("accommodation.current")
    if status == _HELD:
        return "prison"
    return None if current == "prison" and status in _AT_LIBERTY else current


def _nowhere_next(known: Known) -> bool | None:
    if "accommodation.next_arranged" in known:
        return not known["accommodation.next_arranged"]
    return True if known.get("accommodation.status") in _HOMELESS else None


def _settled(known: Known, now: str | None) -> bool | None:
    if now == "prison":
        return False
    if "accommodation.current_settled" in known:
        return bool(known["accommodation.current_settled"])
    return True if now in _SETTLED else None


def _recent(known: Known, today: date) -> bool | None:
    made: date | None = known.get("duty_to_refer.submitted_on")
    return None if made is None else today - made <= STALE


def _end_of_stay(known: Known, planned: date | None) -> date | None:
    """The planned release of a prisoner; for anybody else the end of the present place, if it has one."""
    told: date | None = known.get("accommodation.current_ends_on")
    status = known.get("custody.status")
    if status == _HELD:
        return planned or (told if known.get("accommodation.current") == "prison" else None)
    return told if told is not None or status is not None else planned


def _windows(end: date, today: date, found: dict[str, Any]) -> None:
    for path, before in (
        ("duty_to_refer.opens_on", DUTY_TO_REFER),
        ("rehabilitation_accommodation.opens_on", REHABILITATION),
    ):
        if end - today > before:
            found[path] = end - before
    if end > _years(today, 1):
        found["cas1.opens_on"] = _years(end, -1)


def _years(day: date, years: int) -> date:
    """The same day in another year; 28 February where there is no 29th, and no further than a date can be."""
    year = min(max(day.year + years, date.min.year), date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


_Stages = Mapping[str, str]

_CAS3_BOOKING: _Stages = {
    "provisional": "offered",
    "confirmed": "confirmed",
    "not_arrived": "not_arrived",
    "cancelled": "cancelled",
    "arrived": "ended",
    "departed": "ended",
    "closed": "ended",
}
_CAS3_ASSESSMENT: _Stages = {
    "unallocated": "submitted",
    "in_review": "submitted",
    "ready_to_place": "submitted",
    "closed": "ended",
    "rejected": "rejected",
}
_CAS3_APPLICATION: _Stages = {
    "in_progress": "not_submitted",
    "submitted": "submitted",
    "requested_further_information": "submitted",
    "rejected": "rejected",
    "none": "none",
}


def cas3_stage(known: Known) -> str | None:
    """The last word on transitional accommodation: of the booking, else of the assessment, else of the application."""
    return (
        _CAS3_BOOKING.get(known.get("cas3.booking", ""))
        or _CAS3_ASSESSMENT.get(known.get("cas3.assessment", ""))
        or _CAS3_APPLICATION.get(known.get("cas3.application", ""))
    )


_CAS1_PLACEMENT: _Stages = {
    "upcoming": "booked",
    "arrived": "arrived",
    "not_arrived": "not_arrived",
    "cancelled": "cancelled",
    "departed": "request_not_started",
}
_CAS1_REQUEST: _Stages = {
    "unsubmitted": "request_not_started",
    "submitted": "request_submitted",
    "awaiting_match": "request_submitted",
    "placement_booked": "request_submitted",
    "rejected": "request_rejected",
    "withdrawn": "request_withdrawn",
}
_CAS1_APPLICATION: _Stages = {
    "none": "none",
    "started": "not_submitted",
    "rejected": "rejected",
    "inapplicable": "ended",
    "withdrawn": "ended",
    "expired": "ended",
    "requested_further_information": "information_requested",
    "awaiting_assessment": "submitted",
    "unallocated_assessment": "submitted",
    "assessment_in_progress": "submitted",
    "pending_placement_request": "submitted",
    "awaiting_placement": "submitted",
    "placement_allocated": "submitted",
}
_KEPT_THOUGH_EXPIRED = frozenset({"booked", "arrived"})


def cas1_stage(known: Known) -> str | None:
    """The last word on approved premises: an expired application counts only with a placement booked or begun."""
    placement = _CAS1_PLACEMENT.get(known.get("cas1.placement", ""))
    application = known.get("cas1.application", "")
    if application == "expired" and placement not in _KEPT_THOUGH_EXPIRED:
        return "ended"
    return placement or _CAS1_REQUEST.get(known.get("cas1.placement_request", "")) or _CAS1_APPLICATION.get(application)
