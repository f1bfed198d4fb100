"""Which facts somebody tells, which of them a derived fact follows from, and a situation with other facts."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.derived import At, complete, derive
from onward.routing.domain.derived_housing import HOUSING_SOURCES
from onward.routing.domain.offices import NO_OFFICES, Offices

SOURCE, TYPE = "event.source", "event.type"
"""Facts that a situation holds beside its other facts: who sent the message, and what it tells of."""

_UNCHANGING = frozenset(
    {
        "person.age",
        "person.sex",
        "person.deceased",
        "person.deported",
        "person.veteran",
        "person.care_leaver",
    }
)
"""Who the person is and was: once it is known, nobody can change it."""

_HAPPENED = frozenset(
    {
        SOURCE,
        TYPE,
        "event.movement",
        "event.outcome",
        "event.order",
        "event.caution_stage",
        "event.caution_conditions",
    }
)
"""What happened, and who told us: another event, not another word about this one, would be needed to change it."""

_SAMPLES = 24
_NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_AREAS = ("E08000025", "W06000015")


def unchangeable(path: str, now: Any) -> bool:
    """Whether nobody could change the fact at *path*, which is *now* (None: not known), by telling or mending it."""
    return path in _HAPPENED or (path in _UNCHANGING and now is not None)


def known_of(situation: Situation, offices: Offices = NO_OFFICES) -> dict[str, Any]:
    """Everything known about a situation, derived facts included; *offices* are the directory's."""
    return complete(situation, offices)[0]


def knowing(situation: Situation, offices: Offices = NO_OFFICES) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """
    What `known_of` would say of the situation with changes that `changed` would make, in a fraction of the time.

    The changes are to told facts other than the event's source and type.
    """
    at = At.of(situation.occurred_at, situation.received_at)
    told = {path: value for path, value in known_of(situation).items() if not _follows(path)}

    def known(changes: Mapping[str, Any]) -> dict[str, Any]:
        facts = {path: value for path, value in {**told, **changes}.items() if value is not None}
        facts.update(derive(facts, at, offices))
        return facts

    return known


def changed(situation: Situation, changes: Mapping[str, Any]) -> Situation:
    """
    The situation as it would be with *changes* to told facts: a new value for a path, or None for not known.

    The event's source and type cannot become unknown.
    """
    facts = {path: value for path, value in situation.facts.items() if path not in changes}
    facts |= {path: value for path, value in changes.items() if value is not None}
    update: dict[str, Any] = {"facts": facts}
    if SOURCE in changes:
        update["source"] = changes[SOURCE]
    if TYPE in changes:
        update["type"] = changes[TYPE]
    return situation.model_copy(update=update)


@lru_cache(maxsize=1)
def told_behind() -> Mapping[str, tuple[str, ...]]:
    """
    For each derived fact the told facts it follows from, sorted; none for one that nobody's word decides.

    What housing facts follow from is said beside them. The rest is found by trying: a told fact is left out of many
    well-filled situations, always the same ones, to see what else changes. So a derivation that is added later is
    known here at once.
    """
    random = Random(1)  # noqa: S311 - nothing secret: the same samples every time
    derived = [path for path, fact in FACTS.items() if fact.derived]
    told = [path for path, fact in FACTS.items() if not fact.derived and path not in (SOURCE, TYPE)]
    behind = {path: set(HOUSING_SOURCES.get(path, ())) for path in derived}

    def compare(facts: dict[str, Any], full: Mapping[str, Any], left_out: list[str]) -> None:
        """Note what changes without each of *left_out*; halves that change nothing are not looked into."""
        out = set(left_out)
        less = known_of(_situation({path: value for path, value in facts.items() if path not in out}))
        moved = [name for name in derived if less.get(name) != full.get(name)]
        if moved and len(left_out) == 1:
            for name in moved:
                behind[name].add(left_out[0])
        elif moved:
            half = len(left_out) // 2
            compare(facts, full, left_out[:half])
            compare(facts, full, left_out[half:])

    for _ in range(_SAMPLES):
        facts = {path: _sample(random, FACTS[path].kind) for path in told if random.random() < 0.85}
        compare(facts, known_of(_situation(facts)), list(facts))
    return {name: tuple(sorted(paths)) for name, paths in behind.items()}


def sources_of(path: str) -> tuple[str, ...]:
    """The told facts that decide the fact at *path*: itself, unless it is derived."""
    return told_behind()[path] if FACTS[path].derived else (path,)


def _follows(path: str) -> bool:
    """Whether a fact follows from others at the moment of a decision; what is counted is given."""
    return path in FACTS and FACTS[path].derived and not FACTS[path].counted


def _situation(facts: dict[str, Any]) -> Situation:
    nobody = UUID(int=0)
    return Situation.model_construct(
        situation_id=nobody,
        contact_id=nobody,
        person="",
        source="custody",
        type="custody.booked",
        occurred_at=_NOON,
        received_at=_NOON + timedelta(minutes=5),
        facts=facts,
    )


def _sample(random: Random, kind: Kind) -> Any:
    match kind:
        case YesNo():
            return random.random() < 0.5
        case Whole(low, high):
            return random.randint(low, min(high, low + 96))
        case Choice(values):
            return random.choice(values)
        case Code(pattern, example):
            return random.choice(_AREAS) if "E0" in pattern else example
        case Day():
            return date(2026, 3, 4) + timedelta(days=random.randint(-4, 4))
        case Records():
            return []
