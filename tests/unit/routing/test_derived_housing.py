"""What follows for housing from what is told: the present place, the next one, windows that are ahead, stages."""

from datetime import date, timedelta
from typing import Any

import pytest

from onward.contracts.facts import FACTS
from onward.routing.domain.derived import complete
from onward.routing.domain.derived_housing import HOUSING_SOURCES
from unit.routing.routing_builders import NOON, a_situation

TODAY = NOON.date()
OPENINGS = ("duty_to_refer.opens_on", "rehabilitation_accommodation.opens_on", "cas1.opens_on")


def derived(on: date = TODAY, /, **facts: Any) -> dict[str, Any]:
    """What is known, by paths written with `__` for the dot."""
    told = {path.replace("__", "."): value for path, value in facts.items()}
    at = NOON.replace(year=on.year, month=on.month, day=on.day)
    known, _ = complete(a_situation(told, occurred_at=at, received_at=at))
    return known


def test_every_source_is_a_fact_that_is_told_and_every_fact_named_here_is_derived() -> None:
    assert all(FACTS[path].derived for path in HOUSING_SOURCES)
    assert not [path for sources in HOUSING_SOURCES.values() for path in sources if FACTS[path].derived]


def test_of_somebody_of_whom_nothing_is_known_nothing_follows() -> None:
    assert not derived(person__age=34).keys() & HOUSING_SOURCES.keys()


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ({"custody__status": "in_prison"}, "prison"),
        ({"custody__status": "in_prison", "accommodation__current": "cas1"}, "prison"),
        ({"accommodation__current": "cas1"}, "cas1"),
        ({"accommodation__current": "prison"}, "prison"),
        ({"custody__status": "released", "accommodation__current": "prison"}, None),
        ({"custody__status": "released", "accommodation__current": "cas2"}, "cas2"),
        ({"custody__status": "released"}, None),
    ],
)
def test_a_prisoner_is_in_prison_and_whoever_has_left_it_is_not(told: dict[str, Any], now: str | None) -> None:
    assert derived(**told).get("accommodation.now") == now


@pytest.mark.parametrize(
    ("told", "nowhere"),
    [
        ({"accommodation__next_arranged": False}, True),
        ({"accommodation__next_arranged": True, "accommodation__status": "homeless"}, False),
        ({"accommodation__status": "homeless"}, True),
        ({"accommodation__status": "at_risk"}, True),
        ({"accommodation__status": "settled"}, None),
    ],
)
def test_who_is_homeless_has_nowhere_to_go_next_unless_a_place_is_arranged(
    told: dict[str, Any], nowhere: bool | None
) -> None:
    assert derived(**told).get("accommodation.nowhere_next") is nowhere


@pytest.mark.parametrize(
    ("told", "settled"),
    [
        ({"accommodation__current": "own_tenancy"}, True),
        ({"accommodation__current": "supported"}, True),
        ({"accommodation__current": "family_or_friends", "accommodation__current_settled": True}, True),
        ({"accommodation__current": "own_tenancy", "accommodation__current_settled": False}, False),
        ({"accommodation__current": "other", "accommodation__current_settled": True}, True),
        ({"accommodation__current_settled": True, "custody__status": "in_prison"}, False),
        ({"accommodation__next_arranged": False}, False),
        ({"accommodation__current": "family_or_friends"}, None),
        ({"accommodation__current": "other"}, None),
    ],
)
def test_a_settled_home_is_one_by_its_kind_or_because_somebody_said_so(
    told: dict[str, Any], settled: bool | None
) -> None:
    assert derived(**told).get("accommodation.settled_now") is settled


@pytest.mark.parametrize(
    ("told", "recent"),
    [
        ({"duty_to_refer__submitted_on": TODAY - timedelta(days=182)}, True),
        ({"duty_to_refer__submitted_on": TODAY - timedelta(days=183)}, False),
        ({"duty_to_refer__submitted_on": TODAY + timedelta(days=1)}, True),
        ({"duty_to_refer__status": "submitted"}, None),
        ({"duty_to_refer__status": "submitted", "accommodation__next_arranged": False}, False),
    ],
)
def test_a_referral_counts_for_26_weeks_and_one_without_a_day_counts_for_none(
    told: dict[str, Any], recent: bool | None
) -> None:
    assert derived(**told).get("duty_to_refer.recent") is recent


@pytest.mark.parametrize(
    ("told", "running"),
    [
        ({"rehabilitation_accommodation__live": True}, True),
        ({"rehabilitation_accommodation__live": False}, False),
        ({"accommodation__status": "homeless"}, False),
        ({"accommodation__status": "settled"}, None),
    ],
)
def test_a_rehabilitation_referral_that_nobody_knows_of_does_not_run(
    told: dict[str, Any], running: bool | None
) -> None:
    assert derived(**told).get("rehabilitation_accommodation.running") is running


@pytest.mark.parametrize(("days", "ahead"), [(56, 0), (57, 1), (84, 1), (85, 2), (365, 2), (366, 3), (-1, 0)], ids=str)
def test_a_window_is_known_only_while_it_is_ahead(days: int, ahead: int) -> None:
    known = derived(custody__status="in_prison", release__planned_on=TODAY + timedelta(days=days))

    assert [path in known for path in OPENINGS] == [place < ahead for place in range(3)]
    assert all(known[path] > TODAY for path in OPENINGS[:2] if path in known)


def test_a_window_opens_weeks_before_the_end_and_a_year_is_a_calendar_year() -> None:
    known = derived(custody__status="in_prison", release__planned_on=date(2028, 2, 29))

    assert known["duty_to_refer.opens_on"] == date(2028, 1, 4)
    assert known["rehabilitation_accommodation.opens_on"] == date(2027, 12, 7)
    assert known["cas1.opens_on"] == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("today", "end", "ahead"),
    [
        (date(2027, 3, 1), date(2028, 3, 1), False),  # 366 days, and one year
        (date(2027, 3, 1), date(2028, 3, 2), True),
        (date(2028, 2, 29), date(2029, 2, 28), False),
        (date(2028, 2, 29), date(2029, 3, 1), True),
        (date(2027, 2, 28), date(2028, 2, 29), True),
    ],
)
def test_a_year_ahead_is_counted_by_the_calendar(today: date, end: date, *, ahead: bool) -> None:
    assert ("cas1.opens_on" in derived(today, custody__status="in_prison", release__planned_on=end)) is ahead


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ({"release__planned_on": "later"}, True),
        ({"release__planned_on": "later", "custody__status": "released"}, False),
        ({"release__planned_on": "later", "accommodation__current_ends_on": "soon"}, False),
        ({"accommodation__current_ends_on": "later", "custody__status": "released"}, True),
        ({"accommodation__current_ends_on": "later", "custody__status": "in_prison"}, False),
        (
            {
                "accommodation__current_ends_on": "later",
                "custody__status": "in_prison",
                "accommodation__current": "prison",
            },
            True,
        ),
        ({"accommodation__current_ends_on": "later", "release__planned_on": "soon"}, True),
        (
            {
                "accommodation__current_ends_on": "later",
                "release__planned_on": "soon",
                "custody__status": "in_prison",
            },
            False,
        ),
        ({"release__planned_on": "soon", "release__on": "later", "custody__status": "in_prison"}, False),
    ],
)
def test_a_prisoner_stays_until_release_and_anybody_else_until_the_place_ends(told: dict[str, Any], end: bool) -> None:
    days = {"soon": TODAY + timedelta(days=10), "later": TODAY + timedelta(days=100)}
    known = derived(**{path: days.get(value, value) for path, value in told.items()})

    assert ("rehabilitation_accommodation.opens_on" in known) is end


def test_the_last_days_of_the_calendar_break_nothing() -> None:
    assert derived(custody__status="in_prison", release__planned_on=date.max)["cas1.opens_on"] == date(9998, 12, 31)
    assert "cas1.opens_on" not in derived(custody__status="in_prison", release__planned_on=date.min)


@pytest.mark.parametrize(
    ("application", "request_", "placement", "stage"),
    [
        (None, None, None, None),
        ("none", "none", "none", "none"),
        ("started", None, None, "not_submitted"),
        ("withdrawn", None, None, "ended"),
        ("withdrawn", "withdrawn", None, "request_withdrawn"),
        ("requested_further_information", "none", None, "information_requested"),
        ("placement_allocated", "placement_booked", "upcoming", "booked"),
        ("placement_allocated", "placement_booked", "departed", "request_not_started"),
        ("expired", "placement_booked", "departed", "ended"),
        ("expired", "submitted", None, "ended"),
        ("expired", None, "arrived", "arrived"),
    ],
)
def test_the_last_word_on_approved_premises(
    application: str | None, request_: str | None, placement: str | None, stage: str | None
) -> None:
    told = {"cas1__application": application, "cas1__placement_request": request_, "cas1__placement": placement}

    assert derived(**{path: value for path, value in told.items() if value}).get("cas1.stage") == stage


@pytest.mark.parametrize(
    ("application", "assessment", "booking", "stage"),
    [
        (None, None, None, None),
        ("none", "none", "none", "none"),
        ("in_progress", None, None, "not_submitted"),
        ("submitted", "closed", None, "ended"),
        ("submitted", "rejected", "none", "rejected"),
        ("submitted", "rejected", "confirmed", "confirmed"),
        ("submitted", "ready_to_place", "departed", "ended"),
        ("requested_further_information", "none", None, "submitted"),
    ],
)
def test_the_last_word_on_transitional_accommodation(
    application: str | None, assessment: str | None, booking: str | None, stage: str | None
) -> None:
    told = {"cas3__application": application, "cas3__assessment": assessment, "cas3__booking": booking}

    assert derived(**{path: value for path, value in told.items() if value}).get("cas3.stage") == stage


def test_no_application_is_concluded_from_a_known_tier_and_from_a_known_next_place() -> None:
    assert derived(supervision__tier="A1")["cas1.stage"] == "none"
    assert derived(accommodation__next_arranged=False)["cas3.stage"] == "none"
