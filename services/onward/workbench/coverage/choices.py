"""Which values of a given fact matter on a day: the edges of what is asked of it and of whatever follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from onward.calendar.working_days import next_working_day
from onward.contracts.fact_kinds import Day
from onward.contracts.facts import FACTS
from onward.routing.domain.derived import PACE_HOURS, S136_HOURS
from onward.routing.domain.derived_housing import DUTY_TO_REFER, HOUSING_SOURCES, REHABILITATION, STALE
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Between, Check, OneOf
from onward.workbench.coverage.values import day_edges, values, whole_edges

_RELEASES = ("release.on", "release.planned_on")
_CLOCKS = ("event.custody_clock_minutes", "event.custody_limit_hours")
_S136 = "event.s136_minutes"
_HERE, _THERE, _DISTANCE = "person.area", "accommodation.chosen_authority", "accommodation.distance_km"

SOURCES: Mapping[str, tuple[str, ...]] = {
    "person.nation": ("person.area",),
    "accommodation.chosen_nation": ("accommodation.chosen_authority",),
    "duty_to_refer.age_days": ("duty_to_refer.submitted_on",),
    "release.days_since": ("release.on",),
    "release.days_until": _RELEASES,
    "release.working_days_until": _RELEASES,
    "event.custody_hours_left": _CLOCKS,
    "event.s136_hours_left": (_S136,),
    "event.nearest_deadline_hours": (*_CLOCKS, _S136),
    "event.age_days": (),
    "event.local_hour": (),
    "person.contacts_90_days": (),
    _DISTANCE: (_HERE, _THERE, _DISTANCE),
    **HOUSING_SOURCES,
}
"""
What each derived fact follows from, beside the event's own time; nothing means that a test gives it directly.

A distance is both: a test gives it, since tests know no offices, but not beside any places; see `can_be`.
"""

_WINDOWS: Mapping[str, timedelta] = {
    "duty_to_refer.opens_on": DUTY_TO_REFER,
    "rehabilitation_accommodation.opens_on": REHABILITATION,
}
_A_YEAR_AHEAD = "cas1.opens_on"
_RECENT = "duty_to_refer.recent"
_SINCE = ("duty_to_refer.age_days", "release.days_since")
_UNTIL, _WORKING_DAYS_UNTIL = "release.days_until", "release.working_days_until"
COUNTED_FROM_DAYS = frozenset({*_WINDOWS, _A_YEAR_AHEAD, _RECENT, *_SINCE, _UNTIL, _WORKING_DAYS_UNTIL})
"""The facts that follow from calendar days in a way that is known here; see `_days`."""

ALIKE: Mapping[str, tuple[frozenset[str], ...]] = {
    "custody.status": (
        frozenset({"released", "community", "police_custody"}),
        frozenset({"hospital", "unlawfully_at_large"}),
    ),
    "accommodation.current": (
        frozenset({"own_tenancy", "supported"}),
        frozenset({"family_or_friends", "cas1", "cas2", "cas3", "hostel", "street", "other"}),
    ),
    "accommodation.status": (frozenset({"homeless", "at_risk"}),),
}
"""Values from which the same follows, but for `accommodation.now`, which is the present place itself."""
_ITSELF = {"accommodation.current": "accommodation.now"}

_NONE, _ONE_DAY = timedelta(0), timedelta(1)

Tests = Mapping[str, Sequence[Check]]
"""What is asked, by fact."""


def can_be(facts: Mapping[str, Any]) -> bool:
    """Whether these can be given together: a distance lies between two places, and where they are one it follows."""
    return _DISTANCE not in facts or (_HERE in facts and _THERE in facts and facts[_HERE] != facts[_THERE])


def choices(source: str, tests: Tests, day: date, likely: Sequence[str]) -> list[Any]:
    """
    The values of *source* that matter, without its absence.

    Args:
        source: A fact that is given, not derived.
        tests: All that is asked of it, and of what follows from it.
        day: The event's London day.
        likely: Partners, to prefer where any would do.
    """
    kind = FACTS[source].kind
    if isinstance(kind, Day):
        return sorted(_days(tests, day), key=lambda each: (abs((each - day).days), each))
    if source in (*_CLOCKS, _S136):
        return sorted(_clock_values(source, tests))
    found = values(kind, tests.get(source, ()), likely if source == "event.source" else ())
    return _one_of_each(source, tests, found) if source in ALIKE else list(found)


def _one_of_each(source: str, tests: Tests, found: Sequence[Any]) -> list[Any]:
    """One of the values that nothing tells apart."""
    asked = (*tests.get(source, ()), *tests.get(_ITSELF.get(source, ""), ()))
    kept: dict[object, Any] = {}
    for value in found:
        family = next((alike for alike in ALIKE[source] if value in alike), value)
        kept.setdefault((family, tuple(check_holds(test, value) for test in asked)), value)
    return list(kept.values())


def _days(tests: Tests, day: date) -> set[date]:
    """Every day that a condition may tell from its neighbours; the same for each fact, so that they can be in order."""
    found = {day - _ONE_DAY, day, day + _ONE_DAY}
    for path, asked in tests.items():
        counts = {number for number in whole_edges(asked) if number >= 0}
        if path in _SINCE:
            found |= {day - timedelta(number) for number in counts}
        elif path == _UNTIL:
            found |= {day + timedelta(number) for number in counts}
        elif path == _WORKING_DAYS_UNTIL:
            found |= {edge for number in counts for edge in _working_days_after(day, number)}
        elif path == _RECENT:
            found |= {day - STALE, day - STALE - _ONE_DAY}
        elif path in _WINDOWS:
            found |= {edge + _WINDOWS[path] for edge in (day, day + _ONE_DAY, *_compared(asked))}
        elif path == _A_YEAR_AHEAD:
            found |= {_a_year_after(edge) + step for edge in (day, *_compared(asked)) for step in (_NONE, _ONE_DAY)}
        else:
            found |= set(_compared(asked))
    return found | {min(found) - _ONE_DAY, max(found) + _ONE_DAY}


def days_between(tests: Tests) -> list[date]:
    """
    Days of an event from which a calendar day that is asked for lies as far as what is counted to it or from it.

    "Released since June, and no more than 28 days ago" is told apart from its neighbours on the days around 28 June.
    """
    told = [edge for path, asked in tests.items() if not FACTS[path].derived for edge in _compared(asked)]
    counts = {path: sorted(number for number in whole_edges(asked)) for path, asked in tests.items()}
    after = [timedelta(number) for path in _SINCE for number in counts.get(path, ())]
    before = [-timedelta(number) for path in (_UNTIL, _WORKING_DAYS_UNTIL) for number in counts.get(path, ())]
    return sorted({day + step for day in told for step in (_NONE, *after, *before)})


def _compared(asked: Sequence[Check]) -> list[date]:
    ranged = [test for test in asked if isinstance(test, Between | OneOf)]
    return day_edges(ranged) if ranged else []


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28)) if day.month == 2 else day.replace(year=day.year + 1)


def _working_days_after(day: date, number: int) -> Iterator[date]:
    """The working day that is *number* working days on, and the last day that is fewer."""
    for _ in range(number):
        day = next_working_day(day)
    yield from (day, day - _ONE_DAY)


def _clock_values(source: str, tests: Tests) -> set[int]:
    own = whole_edges(tests.get(source, ()))
    left = {
        hours
        for path, asked in tests.items()
        if path.endswith(("hours_left", "deadline_hours"))
        for hours in whole_edges(asked)
    }
    limits = {PACE_HOURS, 36, 96, *whole_edges(tests.get("event.custody_limit_hours", ()))}
    if source == "event.custody_limit_hours":
        found = own | limits
    else:
        totals = limits if source == "event.custody_clock_minutes" else {S136_HOURS}
        found = own | {0} | {(total - hours) * 60 + step for total in totals for hours in left for step in (0, 1)}
    kind: Any = FACTS[source].kind
    return {value for value in found if kind.low <= value <= kind.high}
