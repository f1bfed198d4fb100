"""One situation with everything left open: each fact asked about as a value that may be anything, known or not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from onward.contracts.fact_kinds import Day, FactValue, Kind, Records
from onward.contracts.facts import FACTS
from onward.routing.domain.language import EVENT_DAY, Condition, Has, OneOf, Scalar
from onward.workbench.logic.formulas import TRUE, Formula, Number, Solver, all_of, fixed, whole, yes_or_no
from onward.workbench.logic.scales import Scale, scale
from onward.workbench.logic.witness import ALWAYS_KNOWN, NOON, Witness, moment

MINUTES_OF_DAY = 24 * 60
LATEST = 36_500
"""Days that a message may be late."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A fact left open."""

    scale: Scale
    value: Number
    known: Formula

    def chosen(self, solver: Solver) -> Scalar:
        """The value that the solver chose."""
        return self.scale.value(solver.number(self.value))


@dataclass(frozen=True, slots=True)
class Slot:
    """A record that a list may have, with each of its fields."""

    present: Formula
    fields: Mapping[str, Symbol]

    def chosen(self, solver: Solver) -> dict[str, bool | int | str]:
        """The record that the solver chose; no field of a record is a day."""
        values = {name: field.chosen(solver) for name, field in self.fields.items() if solver.holds(field.known)}
        return {name: value for name, value in values.items() if not isinstance(value, date)}


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list that holds any of its slots."""

    known: Formula
    slots: tuple[Slot, ...]


Derivation = Callable[["Symbols", str], Symbol]


class Symbols:
    """
    The facts that some conditions ask about, told or derived, and what must hold of them in every real situation.

    Whatever is asked for later must have been asked about by *conditions*: they say which codes need telling apart and
    how many records a list must be able to hold. One record for each different `has` is enough: of any longer list all
    but one record for each can go, and every `has` and `has no` still comes out the same, whether definitely or
    possibly.
    """

    def __init__(self, conditions: Iterable[Condition], derivations: Mapping[str, Derivation]) -> None:
        self.axioms: list[Formula] = []
        self.told: dict[str, Symbol] = {}
        """The facts that a partner could tell, and `EVENT_DAY`."""
        self.assumed: dict[str, Symbol] = {}
        """Derived facts that nothing here derives: free choices."""
        self.lists: dict[str, RecordList] = {}
        self.derived: dict[str, Symbol] = {}
        self.minute: Number = fixed(NOON)
        """Minute of the day (London) at which the event happened."""
        self.days_late: Number = fixed(0)
        """Days (London) until the message arrived."""
        self.arrival: Number = fixed(NOON)
        """Minute of that day (London) at which it arrived."""
        self.timed = False
        """Whether the three above are left open."""
        self._derivations = derivations
        self._named: defaultdict[str, set[Scalar]] = defaultdict(set)
        self._has: defaultdict[str, set[tuple[Condition, ...]]] = defaultdict(set)
        for condition in conditions:
            self._note(condition)
        self.day = self._tell(EVENT_DAY, Day())

    def _note(self, condition: Condition) -> None:
        test = condition.test
        if isinstance(test, OneOf):
            self._named[condition.path].update(test.values)
        elif isinstance(test, Has):
            self._has[condition.path].add(tuple(Condition(each.path, each.test, "", "") for each in test.fields))
            for field in test.fields:
                if isinstance(field.test, OneOf):
                    self._named[f"{condition.path}.{field.path}"].update(field.test.values)

    def fact(self, path: str) -> Symbol:
        """The value of a fact that is no list."""
        if path == EVENT_DAY:
            return self.day
        fact = FACTS[path]
        if not fact.derived:
            return self.told.get(path) or self._tell(path, fact.kind)
        if path in self.assumed:
            return self.assumed[path]
        if path not in self.derived:
            derivation = self._derivations.get(path)
            if derivation is None:
                self.assumed[path] = self._open(path, path, fact.kind, yes_or_no(f"{path}?"))
                return self.assumed[path]
            self.derived[path] = derivation(self, path)
        return self.derived[path]

    def records(self, path: str) -> RecordList:
        """The records of a list."""
        if path not in self.lists:
            kind = FACTS[path].kind
            assert isinstance(kind, Records), path
            slots = tuple(self._slot(path, number, kind) for number in range(max(1, len(self._has[path]))))
            self.lists[path] = RecordList(yes_or_no(f"{path}?"), slots)
            for one, following in pairwise(slots):
                self.axioms.append(following.present.implies(one.present))
        return self.lists[path]

    @property
    def late(self) -> Number:
        """Minutes until the message arrived, if no clock was changed meanwhile."""
        return self.days_late * MINUTES_OF_DAY + self.arrival - self.minute

    def tell_time(self) -> None:
        """Leave open at which minute of the day the event happened and how late it was reported."""
        if self.timed:
            return
        self.timed = True
        self.minute, self.arrival = whole("minute of the day"), whole("minute of arrival")
        self.days_late = whole("days late")
        self.axioms += [self.minute >= 0, self.minute < MINUTES_OF_DAY, self.late >= 0]
        self.axioms += [self.arrival >= 0, self.arrival < MINUTES_OF_DAY, self.days_late >= 0]
        self.axioms.append(self.days_late <= LATEST)

    def fresh(self, name: str) -> Number:
        """A number that derivations need besides."""
        return whole(f"{name} (worked out)")

    def witness(self, solver: Solver) -> Witness:
        """The situation that the solver chose."""
        facts: dict[str, FactValue] = {}
        for path, symbol in self.told.items():
            if path != EVENT_DAY and solver.holds(symbol.known):
                facts[path] = symbol.chosen(solver)
        for path, records in self.lists.items():
            if solver.holds(records.known):
                facts[path] = [slot.chosen(solver) for slot in records.slots if solver.holds(slot.present)]
        day = date.fromordinal(solver.number(self.day.value))
        minute, arrival = solver.number(self.minute), solver.number(self.arrival)
        late = moment(day + timedelta(days=solver.number(self.days_late)), arrival) - moment(day, minute)
        return Witness(
            facts={path: facts[path] for path in FACTS if path in facts},
            day=day,
            minute=minute,
            late=max(0, late // timedelta(minutes=1)),
            assumed={path: each.chosen(solver) for path, each in self.assumed.items() if solver.holds(each.known)},
        )

    def chosen(self, solver: Solver) -> Formula:
        """Exactly what the solver chose, of everything that derived facts can follow from."""
        numbers = (self.minute, self.days_late, self.arrival, *(each.value for each in self.told.values()))
        same = [number.equals(solver.number(number)) for number in numbers]
        flags = [each.known if solver.holds(each.known) else ~each.known for each in self.told.values()]
        return all_of((*same, *flags))

    def lesson(self, solver: Solver, witness: Witness) -> Formula | None:
        """What the service derives from the facts that the solver chose, where the formulas derive something else."""
        known = witness.known()
        lessons: list[Formula] = []
        for path, symbol in self.derived.items():
            value = known.get(path)
            code = None if value is None else symbol.scale.code(value)
            told = solver.number(symbol.value) if solver.holds(symbol.known) else None
            if code != told:
                lessons.append(~symbol.known if code is None else symbol.known & symbol.value.equals(code))
        return self.chosen(solver).implies(all_of(lessons)) if lessons else None

    def _tell(self, path: str, kind: Kind) -> Symbol:
        known = TRUE if path in ALWAYS_KNOWN else yes_or_no(f"{path}?")
        self.told[path] = self._open(path, path, kind, known)
        return self.told[path]

    def _slot(self, path: str, number: int, kind: Records) -> Slot:
        name = f"{path}[{number}]"
        fields = {
            field: self._open(f"{name}.{field}", f"{path}.{field}", of, yes_or_no(f"{name}.{field}?"))
            for field, of in kind.fields.items()
        }
        return Slot(yes_or_no(name), fields)

    def _open(self, name: str, path: str, kind: Kind, known: Formula) -> Symbol:
        symbol = Symbol(scale(kind, self._named[path]), whole(name), known)
        self.axioms += [symbol.value >= symbol.scale.low, symbol.value <= symbol.scale.high]
        return symbol


def ordinary_days(start: date) -> tuple[int, int]:
    """The three years from *start*: examples are sought there first, and bank holidays counted one by one."""
    return start.toordinal(), min(start.toordinal() + 3 * 366, date.max.toordinal())
