"""An example that can be shown and run: a situation with as few facts as will do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import yaml

from onward.calendar.times import LONDON
from onward.contracts.fact_kinds import FactValue
from onward.contracts.facts import FACTS, FACTS_ADAPTER
from onward.contracts.situation import Situation
from onward.routing.domain.derived import At, complete, derive
from onward.routing.domain.language import EVENT_DAY
from onward.routing.domain.offices import NO_OFFICES, Offices

ALWAYS_KNOWN = frozenset({EVENT_DAY, "event.source", "event.type"})
"""Who told us, of what sort of event, and when is known of every situation (see `derived.complete`)."""
NOON = 12 * 60
"""The minute of the day at which examples happen, unless the hour matters."""
ANOTHER_SOURCE, ANOTHER_TYPE = "another-partner", "something-else"
"""Who tells of an event where no rule that matters asks who it was."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One situation: what partners told, and when."""

    facts: Mapping[str, FactValue]
    """Told, never derived."""
    day: date
    """London day of the event."""
    minute: int = NOON
    """Minute of that day at which it happened."""
    late: int = 0
    """Minutes until the message arrived."""
    assumed: Mapping[str, FactValue] = field(default_factory=dict)
    """Derived facts that follow from something other than facts."""
    offices: Offices = field(default_factory=lambda: NO_OFFICES, repr=False, compare=False)
    """Where the directory places the housing authorities, for distances."""

    def situation(self) -> Situation:
        """As the routing service would receive it; every fact has been checked against its kind."""
        occurred = moment(self.day, self.minute)
        source = self.facts.get("event.source", ANOTHER_SOURCE)
        what = self.facts.get("event.type", ANOTHER_TYPE)
        return _BLANK.model_copy(
            update={
                "source": str(source),
                "type": str(what),
                "occurred_at": occurred,
                "received_at": occurred + timedelta(minutes=self.late),
                "facts": FACTS_ADAPTER.validate_python(dict(self.facts)),
            }
        )

    def known(self) -> dict[str, Any]:
        """Everything known, derived facts and `EVENT_DAY` included, as the service works it out."""
        facts, day = complete(self.situation(), self.offices)
        return {**facts, **self.assumed, EVENT_DAY: day}

    def given(self) -> dict[str, Any]:
        """As the `given` of a rule test, in the order of the vocabulary: what a test would not derive is given too."""
        noon = datetime.combine(self.day, time(12), LONDON)
        derived = derive(self.facts, At(noon, noon, self.day))
        known = self.known()
        differs = {path: known[path] for path in _DERIVED if path in known and known[path] != derived.get(path)}
        told = {**self.facts, **self.assumed, **differs}
        return {EVENT_DAY: self.day, **{path: told[path] for path in FACTS if path in told}}

    def as_yaml(self) -> str:
        """One line, to be pasted after `given: ` in a rule test."""
        text: str = yaml.safe_dump(self.given(), default_flow_style=True, sort_keys=False, width=100_000)
        return text.strip()

    def smaller(self) -> Iterator["Witness"]:
        """Each situation that is simpler by one step."""
        if self.late:
            yield replace(self, late=0)
        if self.minute != NOON:
            yield replace(self, minute=NOON)
        for path in self.assumed:
            yield replace(self, assumed=_without(self.assumed, path))
        for path, value in self.facts.items():
            if path not in ALWAYS_KNOWN:
                yield replace(self, facts=_without(self.facts, path))
            if isinstance(value, list):
                for fewer in _fewer(value):
                    yield replace(self, facts={**self.facts, path: fewer})


Check: TypeAlias = Callable[[Witness], bool]
"""Whether the engine itself finds in a situation what was claimed of it."""


def moment(day: date, minute: int) -> datetime:
    """That minute of the day in London, in UTC."""
    return datetime.combine(day, time(*divmod(minute, 60)), LONDON).astimezone(UTC)


def as_received(witness: Witness) -> Situation:
    """The situation with what the service counts of a person's other contacts, as `people` would say it."""
    situation = witness.situation()
    counted = {path: value for path, value in witness.assumed.items() if FACTS[path].counted}
    return situation.model_copy(update={"facts": {**situation.facts, **counted}}) if counted else situation


def smallest(witness: Witness, check: Check) -> Witness:
    """The witness without anything that what it shows does not need: nothing more can be left out singly."""
    while True:
        smaller = next((each for each in witness.smaller() if check(each)), None)
        if smaller is None:
            return witness
        witness = smaller


def _without(facts: Mapping[str, FactValue], path: str) -> dict[str, FactValue]:
    return {name: value for name, value in facts.items() if name != path}


def _fewer(records: list[dict[str, bool | int | str]]) -> Iterator[FactValue]:
    for number, record in enumerate(records):
        before, after = records[:number], records[number + 1 :]
        yield [*before, *after]
        for field_name in record:
            yield [*before, {name: value for name, value in record.items() if name != field_name}, *after]


_DERIVED = [path for path, fact in FACTS.items() if fact.derived and not fact.counted]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK = Situation(
    situation_id=UUID(int=0),
    contact_id=UUID(int=0),
    person="an-example",
    source=ANOTHER_SOURCE,
    type=ANOTHER_TYPE,
    occurred_at=_NEVER,
    received_at=_NEVER,
    # Somebody with a name: what a rule does is asked, not whether anybody could reach this very person.
    identity_fields=("name",),
)
