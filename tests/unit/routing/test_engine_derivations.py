"""Derived facts at their edges: the day itself, the last minute, the late message, the other side of the globe."""

from datetime import date, timedelta
from typing import Any

import pytest

from onward.routing.domain.derived import complete
from onward.routing.domain.offices import distance_km, offices_of
from unit.routing.routing_builders import BIRMINGHAM, NOON, a_directory, a_provider, a_situation

TODAY = NOON.date()
A_DAY = timedelta(days=1)


def known(facts: dict[str, Any], *, late: timedelta = timedelta(0), source: str = "custody") -> dict[str, Any]:
    return complete(a_situation(facts, received_at=NOON + late, source=source))[0]


@pytest.mark.parametrize(
    ("planned", "released", "days_until"),
    [
        (TODAY, TODAY, 0),
        (TODAY - A_DAY, TODAY - A_DAY, None),
        (TODAY - A_DAY, TODAY, None),
        (TODAY, TODAY + A_DAY, None),
        (TODAY + A_DAY, TODAY, 1),
        (TODAY, TODAY - A_DAY, 0),
    ],
)
def test_a_release_of_today_is_still_due_today_and_one_that_has_happened_is_not(
    planned: date, released: date, days_until: int | None
) -> None:
    facts = {"release.planned_on": planned, "release.on": released}
    assert known(facts).get("release.days_until") == days_until


@pytest.mark.parametrize(
    ("minutes", "late", "left"),
    [(0, 0, 24), (1, 0, 23), (0, 1, 23), (24 * 60 - 61, 0, 1), (24 * 60 - 61, 2, 0), (24 * 60, 0, 0), (30 * 60, 0, 0)],
)
def test_both_clocks_run_on_while_the_message_is_on_its_way_and_stop_at_nought(
    minutes: int, late: int, left: int
) -> None:
    delay = timedelta(minutes=late)
    assert known({"event.s136_minutes": minutes}, late=delay)["event.s136_hours_left"] == left
    assert known({"event.custody_clock_minutes": minutes}, late=delay)["event.custody_hours_left"] == left


@pytest.mark.parametrize(("custody", "s136", "nearest"), [(60, 120, 22), (120, 60, 22), (60, None, 23), (None, 60, 23)])
def test_the_nearest_deadline_is_that_of_the_clock_that_has_run_longer(
    custody: int | None, s136: int | None, nearest: int
) -> None:
    clocks = {"event.custody_clock_minutes": custody, "event.s136_minutes": s136}
    facts = {path: minutes for path, minutes in clocks.items() if minutes is not None}
    assert known(facts)["event.nearest_deadline_hours"] == nearest


def test_where_a_situation_comes_from_is_never_what_somebody_told() -> None:
    assert known({"event.source": "hmpps"})["event.source"] == "custody"
    assert "event.source" not in known({"event.source": "hmpps"}, source="No Code!")


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert distance_km((52.0, -1.0), (53.0, -1.0)) == pytest.approx(111.19, abs=0.01)
    assert distance_km((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111.19, abs=0.01)
    assert distance_km(None, (52.0, -1.0)) == 0.0


def test_no_two_places_are_further_apart_than_half_the_globe_however_the_numbers_are_rounded() -> None:
    there, back = (-54.02890436811425, -92.71347979900786), (54.02890436811425, 87.28652020099214)
    assert distance_km(there, back) == pytest.approx(20_015, abs=1)


def test_of_two_authorities_of_one_area_the_office_of_the_first_id_counts() -> None:
    first, second = (52.0, -1.0), (53.0, -1.0)
    for given in ({"aaa": first, "bbb": second}, {"bbb": second, "aaa": first}):
        offices = [a_provider(name, catchment=(BIRMINGHAM,), location=place) for name, place in given.items()]
        assert offices_of(a_directory(*offices)) == {BIRMINGHAM: first}
