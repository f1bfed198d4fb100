"""
Facts that follow from others: ages of things, hours left, nations. Computed at the event's own time, never told.

What a partner says under a derived path is dropped. A derived fact whose source is not known is itself not known, so
that a rule asks rather than acts. Days after the event's own count as the event's day: partners' clocks differ.

A planned release day that has passed with no real release on or after it counts as due today (`release.days_until` is
0), because help for somebody who may be at the gate must not wait for a tidier record. Once that release has happened,
`release.days_until` is not known, and nobody is asked: no further release is planned.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from onward.calendar.times import LONDON, london_day
from onward.calendar.working_days import working_days_between
from onward.contracts.authorities import current
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS, Fact
from onward.contracts.situation import Situation
from onward.routing.domain.actions import AREAS
from onward.routing.domain.derived_housing import HOUSING_SOURCES, derive_housing
from onward.routing.domain.offices import DISTANCE_SOURCES, NO_OFFICES, Offices, derive_distance

_NATIONS = {"E": "england", "W": "wales", "S": "scotland", "N": "northern_ireland"}
_MOST_DAYS = 36_500
_MINUTE = timedelta(minutes=1)

PACE_HOURS = 24
"""The ordinary limit of detention without charge (PACE 1984 s. 41), taken while no extension is reported."""
S136_HOURS = 24
"""Mental Health Act 1983 s. 136A; the extension by 12 hours is not assumed."""


@dataclass(frozen=True, slots=True)
class At:
    """The times a derivation may use."""

    occurred_at: datetime
    received_at: datetime
    day: date
    """London day of the event."""

    @classmethod
    def of(cls, occurred_at: datetime, received_at: datetime) -> "At":
        """Both instants, with the event's London day."""
        return cls(occurred_at, received_at, london_day(occurred_at))

    @property
    def minutes_since(self) -> int:
        """Whole minutes the message was on its way; never negative."""
        return max(0, (self.received_at - self.occurred_at) // _MINUTE)


def complete(situation: Situation, offices: Offices = NO_OFFICES) -> tuple[dict[str, Any], date]:
    """Everything known about a situation, derived facts included, and the London day of its event."""
    at = At.of(situation.occurred_at, situation.received_at)
    known = {path: value for path, value in of_today(situation.facts).items() if path not in _DERIVED}
    for path, word in (("event.source", situation.source), ("event.type", situation.type)):
        known.pop(path, None)
        if _is_code(path, word):
            known[path] = word
    known.update(derive(known, at, offices))
    return known, at.day


def of_today(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """*facts*, with the area of an abolished authority as that of the one that has it today."""
    return {**facts, **{path: current(facts[path]) for path in AREAS if path in facts}}


def derive(known: Mapping[str, Any], at: At, offices: Offices = NO_OFFICES) -> dict[str, Any]:
    """The derived facts that follow from *known*; those that do not follow, without *offices* distances, are absent."""
    found: dict[str, Any] = {
        "event.age_days": _days(at.day, london_day(at.received_at)),
        "event.local_hour": at.occurred_at.astimezone(LONDON).hour,
        **{path: outcome(known) for path, (_, outcome) in ALWAYS_KNOWN.items()},
    }
    for source, derivation in _SOURCES:
        if source in known:
            derivation(known, at, found)
    derive_housing(known, at.day, _next_release(known, at), found)
    derive_distance(known, offices, found)
    clocks = [found[path] for path in ("event.custody_hours_left", "event.s136_hours_left") if path in found]
    if clocks:
        found["event.nearest_deadline_hours"] = min(clocks)
    return found


_DETAINED_BY = {"police_custody": "police_station", "in_prison": "prison", "hospital": "hospital"}


def detained_in(known: Mapping[str, Any]) -> str:
    """
    Where the person is detained, so that whoever detains them has to care for them; `nowhere` unless somebody says so.

    Section 136 comes before what was said of custody: who is detained under it is on the way to a place of safety, if
    they are not in a police station.
    """
    if known.get("event.outcome") == "s136":
        return "police_station" if known.get("event.setting") == "police_station" else "place_of_safety"
    return _DETAINED_BY.get(known.get("custody.status", ""), "nowhere")


_LIFE_OR_LIMB = frozenset({"immediate_risk_to_life", "serious_harm"})
_IMMEDIATE = 4


def in_crisis(known: Mapping[str, Any]) -> bool:
    """Whether somebody has to come now, whatever the reason."""
    return (
        known.get("risk.self_harm") == _IMMEDIATE
        or known.get("event.outcome") == "s136"
        or known.get("event.threshold") in _LIFE_OR_LIMB
    )


_HOSPITAL = frozenset({"emergency_department", "inpatient"})


def at_hospital(known: Mapping[str, Any]) -> bool:
    """Whether the person is in an emergency department or on a ward."""
    return known.get("event.setting") in _HOSPITAL


_ADULT = 18


def known_child(known: Mapping[str, Any]) -> bool:
    """Whether the person is known to be under eighteen."""
    age: int | None = known.get("person.age")
    return age is not None and age < _ADULT


ALWAYS_KNOWN: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], str | bool]]] = {
    "event.detained_in": (("event.outcome", "event.setting", "custody.status"), detained_in),
    "event.in_crisis": (("risk.self_harm", "event.outcome", "event.threshold"), in_crisis),
    "event.at_hospital": (("event.setting",), at_hospital),
    "person.known_child": (("person.age",), known_child),
}
"""
By derived fact, what it follows from and how; something follows also where nothing of it is known.

A rule can so ask for the usual case of a fact that hardly anybody tells, and waits for no answer.
"""


def _days(start: date, end: date) -> int:
    """Days from *start* to *end*: 0 if that is not after it, and no more than a fact may hold."""
    return min(max(0, (end - start).days), _MOST_DAYS)


def _nation(source: str, path: str) -> Callable[[Mapping[str, Any], At, dict[str, Any]], None]:
    def derivation(known: Mapping[str, Any], _: At, found: dict[str, Any]) -> None:
        found[path] = _NATIONS[known[source][0]]

    return derivation


def _away_from_home(known: Mapping[str, Any], _: At, found: dict[str, Any]) -> None:
    if "person.area" in known:
        found["event.away_from_home"] = known["event.area"] != known["person.area"]


def _duty_to_refer_age(known: Mapping[str, Any], at: At, found: dict[str, Any]) -> None:
    found["duty_to_refer.age_days"] = _days(known["duty_to_refer.submitted_on"], at.day)


def _since_release(known: Mapping[str, Any], at: At, found: dict[str, Any]) -> None:
    found["release.days_since"] = _days(known["release.on"], at.day)


def _next_release(known: Mapping[str, Any], at: At) -> date | None:
    """The planned release, or None when it has happened, perhaps after a contact that came late."""
    planned: date | None = known.get("release.planned_on")
    released: date | None = known.get("release.on")
    if planned is not None and released is not None and released >= planned:
        return None if planned < at.day or released > at.day else planned
    return planned


def _until_release(known: Mapping[str, Any], at: At, found: dict[str, Any]) -> None:
    planned = _next_release(known, at)
    if planned is None:
        return
    found["release.days_until"] = _days(at.day, planned)
    found["release.working_days_until"] = min(working_days_between(at.day, planned), _MOST_DAYS)


def _custody_clock(known: Mapping[str, Any], at: At, found: dict[str, Any]) -> None:
    """Counted at arrival, not at the event: the person has been waiting meanwhile."""
    limit = known.get("event.custody_limit_hours", PACE_HOURS)
    left = limit * 60 - known["event.custody_clock_minutes"] - at.minutes_since
    found["event.custody_hours_left"] = max(0, left // 60)


def _s136_clock(known: Mapping[str, Any], at: At, found: dict[str, Any]) -> None:
    left = S136_HOURS * 60 - known["event.s136_minutes"] - at.minutes_since
    found["event.s136_hours_left"] = max(0, left // 60)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How some facts follow from others; nothing follows while the first of these is not known."""

    gives: tuple[str, ...]
    """The derived facts."""
    sources: tuple[str, ...]
    """Every told fact that they follow from, beside the event's own times."""
    compute: Callable[[Mapping[str, Any], At, dict[str, Any]], None]
    """Adds what follows from the first argument to the last."""


_CLOCK = ("event.custody_clock_minutes", "event.custody_limit_hours")
_S136 = ("event.s136_minutes",)
_NEXT_RELEASE = ("release.planned_on", "release.on")
_PLACES = (("person.area", "person.nation"), ("accommodation.chosen_authority", "accommodation.chosen_nation"))
DERIVATIONS = (
    *(Derivation((nation,), (area,), _nation(area, nation)) for area, nation in _PLACES),
    Derivation(("event.away_from_home",), ("event.area", "person.area"), _away_from_home),
    Derivation(("duty_to_refer.age_days",), ("duty_to_refer.submitted_on",), _duty_to_refer_age),
    Derivation(("release.days_since",), ("release.on",), _since_release),
    Derivation(("release.days_until", "release.working_days_until"), _NEXT_RELEASE, _until_release),
    Derivation(("event.custody_hours_left",), _CLOCK, _custody_clock),
    Derivation(("event.s136_hours_left",), _S136, _s136_clock),
)
_SOURCES = tuple((each.sources[0], each.compute) for each in DERIVATIONS)

FOLLOWS_FROM: Mapping[str, tuple[str, ...]] = {
    **{path: each.sources for each in DERIVATIONS for path in each.gives},
    "event.nearest_deadline_hours": (*_CLOCK, *_S136),
    "event.age_days": (),
    "event.local_hour": (),
    **{path: sources for path, (sources, _) in ALWAYS_KNOWN.items()},
    "person.contacts_90_days": (),
    "person.needs_found": (),
    "person.low_needs_found": (),
    "person.days_met_90_days": (),
    **dict.fromkeys(
        ("event.identity_disputed", "event.after_death", "event.after_removal", "event.met_while_held"), ()
    ),
    **dict.fromkeys(("event.death_taken_back", "event.removal_taken_back"), ()),
    **DISTANCE_SOURCES,
    **HOUSING_SOURCES,
}
"""
The told facts that each derived fact follows from, beside the event's own times and the directory.

None for what no word about this contact decides: its own times, and what `people` counts.
"""


def sources_of(path: str) -> tuple[str, ...]:
    """The told facts that decide the fact at *path*: itself, unless it follows from others."""
    return FOLLOWS_FROM.get(path, (path,))


def undeclared(facts: Mapping[str, Fact], follows_from: Mapping[str, tuple[str, ...]] = FOLLOWS_FROM) -> list[str]:
    """What is wrong with what is said to follow from what: one text for each derived fact, in order."""
    derived = {path for path, fact in facts.items() if fact.derived}
    told = facts.keys() - derived
    wrong = dict.fromkeys(derived - follows_from.keys(), "does not say what it follows from")
    wrong |= dict.fromkeys(follows_from.keys() - derived, "is said to follow from others, and is no derived fact")
    for path, sources in follows_from.items():
        if strange := [source for source in sources if source not in told]:
            wrong.setdefault(path, f"is said to follow from {', '.join(strange)}, which nobody tells")
    return [f"{path} {wrong[path]}: see FOLLOWS_FROM in routing/domain/derived.py" for path in sorted(wrong)]


if _wrong := undeclared(FACTS):
    raise AssertionError("\n".join(_wrong))

_DERIVED = frozenset(path for path, fact in FACTS.items() if fact.derived and not fact.counted)


@lru_cache(maxsize=1024)
def _is_code(path: str, word: str) -> bool:
    kind = FACTS[path].kind
    return isinstance(kind, Code) and re.fullmatch(kind.pattern, word) is not None
