"""One situation with everything left open: each fact asked about as a value that may be anything, known or not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from onward.contracts.fact_kinds import Day, FactValue, Kind, Records
from onward.contracts.facts import FACTS
from onward.routing.domain.language import EVENT_DAY, Condition, Has, OneOf, Scalar
from onward.routing.domain.offices import NO_OFFICES, Offices
from onward.workbench.logic.formulas import FALSE, TRUE, Formula, Number, Solver, all_of, fixed, whole, yes_or_no
from onward.workbench.logic.scales import Scale, scale, scale_of
from onward.workbench.logic.witness import ALWAYS_KNOWN, NOON, Witness, moment

MINUTES_OF_DAY = 24 * 60
TIME = "(time)"
"""Among the facts that a formula is about: the minute of the event, and how late it was told."""
HERE, THERE, DISTANCE = "person.area", "accommodation.chosen_authority", "accommodation.distance_km"
AWAY = "event.away_from_home"
_COMPARED = (HERE, THERE, "event.area")
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
    now: int = 0
    """So many of the slots, the first, are the records that the list holds now; see `KnownEvent`."""


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What is settled before anything is asked, where a question is about one event."""

    facts: Mapping[str, FactValue]
    """Told facts as they are now: their codes and records can be told from all others. Each may still change."""
    day: date | None = None
    """London day of the event; None where it is left open."""
    minute: int = NOON
    """Minute of that day."""
    late: int = 0
    """Minutes until the message arrived."""
    days_late: int = 0
    """Days (London) until then."""


Derivation = Callable[["Symbols", str], Symbol]


class Symbols:
    """
    The facts that some conditions ask about, told or derived, and what must hold of them in every real situation.

    Whatever is asked for later must have been asked about by *conditions*: they say which codes need telling apart and
    how many records a list must be able to hold. One record for each different `has` is enough: of any longer list all
    but one record for each can go, and every `has` and `has no` still comes out the same, whether definitely or
    possibly.
    """

    def __init__(
        self,
        conditions: Iterable[Condition],
        derivations: Mapping[str, Derivation],
        offices: Offices = NO_OFFICES,
        event: KnownEvent | None = None,
    ) -> None:
        self.offices = offices
        self.event = event
        self._axioms: defaultdict[str, list[Formula]] = defaultdict(list)
        self._exact: dict[str, Callable[[], Formula]] = {}
        self._behind: dict[str, frozenset[str]] = {}
        self._deriving: list[tuple[str, set[str]]] = []
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
        self._derivations = derivations
        self._named: defaultdict[str, set[Scalar]] = defaultdict(set)
        self._has: defaultdict[str, set[tuple[Condition, ...]]] = defaultdict(set)
        asked = tuple(conditions)
        for condition in asked:
            self._note(condition)
        self.named_by_rules = {path: frozenset(values) for path, values in self._named.items()}
        """The codes that conditions name, by fact."""
        for path, value in () if event is None else event.facts.items():
            self._note_now(path, value)
        if any(condition.path in (DISTANCE, AWAY) for condition in asked):
            self._tell_areas_apart()
        self.day = self._tell(EVENT_DAY, Day())
        if event is not None:
            self._settle(event)

    def _note_now(self, path: str, value: FactValue) -> None:
        if isinstance(value, list):
            for name, field in ((name, field) for record in value for name, field in record.items()):
                self._named[f"{path}.{name}"].add(field)
        else:
            self._named[path].add(value)

    def _settle(self, event: KnownEvent) -> None:
        self.minute, self.days_late = fixed(event.minute), fixed(event.days_late)
        self.arrival = fixed(event.late - event.days_late * MINUTES_OF_DAY + event.minute)
        if event.day is not None:
            self.day = self.told[EVENT_DAY] = Symbol(self.day.scale, fixed(event.day.toordinal()), TRUE)

    def _note(self, condition: Condition) -> None:
        test = condition.test
        if isinstance(test, OneOf):
            self._named[condition.path].update(test.values)
        elif isinstance(test, Has):
            self._has[condition.path].add(tuple(Condition(each.path, each.test, "", "") for each in test.fields))
            for field in test.fields:
                if isinstance(field.test, OneOf):
                    self._named[f"{condition.path}.{field.path}"].update(field.test.values)

    def _tell_areas_apart(self) -> None:
        """Have one scale for areas that are compared, on which two that no rule names can differ."""
        named = frozenset({*self.offices}.union(*(self._named[area] for area in _COMPARED)))
        for area in _COMPARED:
            self._named[area] = set(scale(FACTS[HERE].kind, named).words)

    def fact(self, path: str) -> Symbol:
        """The value of a fact that is no list."""
        symbol = self._fact(path)
        if self._deriving:
            self._deriving[-1][1].update(self.behind(path))
        return symbol

    def behind(self, path: str) -> frozenset[str]:
        """A fact that has been asked for, and those that it follows from."""
        return self._behind.get(path) or frozenset([path])

    def require(self, *formulas: Formula) -> None:
        """What must hold in every situation, because of the fact that is just being derived."""
        self._axioms[self._deriving[-1][0]] += formulas

    def require_exactly(self, formula: Callable[[], Formula]) -> None:
        """As `require`, for what is only worth its cost after an example has failed; made once, when it is."""
        self._exact[self._deriving[-1][0]] = cache(formula)

    def exactly(self, about: frozenset[str]) -> list[Formula]:
        """What was left out of `axioms`."""
        return [self._exact[path]() for path in sorted(about) if path in self._exact]

    def axioms(self, about: frozenset[str]) -> list[Formula]:
        """What must hold of these facts in every situation."""
        return [formula for path in sorted({*about, EVENT_DAY}) for formula in self._axioms[path]]

    def _fact(self, path: str) -> Symbol:
        if path == EVENT_DAY:
            return self.day
        fact = FACTS[path]
        if not fact.derived or fact.counted:
            return self.told.get(path) or self._tell(path, fact.kind)
        if path not in self.derived:
            derivation = self._derivations.get(path)
            if derivation is None:
                return self.assumed.get(path) or self.assume(path, yes_or_no(f"{path}?"))
            self._deriving.append((path, {path}))
            self.derived[path] = derivation(self, path)
            self._behind[path] = frozenset(self._deriving.pop()[1])
        return self.derived[path]

    def assume(self, path: str, known: Formula) -> Symbol:
        """Leave a derived fact open, as if it were told."""
        self.assumed[path] = self._open(path, path, FACTS[path].kind, known)
        return self.assumed[path]

    def records(self, path: str) -> RecordList:
        """The records of a list."""
        if path not in self.lists:
            kind = FACTS[path].kind
            assert isinstance(kind, Records), path
            held = tuple(self._held(path, kind))
            slots = tuple(self._slot(path, number, kind) for number in range(max(1, len(self._has[path]))))
            self.lists[path] = RecordList(yes_or_no(f"{path}?"), (*held, *slots), len(held))
            for one, following in pairwise(slots):
                self._axioms[path].append(following.present.implies(one.present))
        return self.lists[path]

    @property
    def late(self) -> Number:
        """Minutes until the message arrived, if no clock was changed meanwhile."""
        return self.days_late * MINUTES_OF_DAY + self.arrival - self.minute

    def tell_time(self) -> None:
        """Leave open at which minute of the day the event happened and how late it was told, unless that is settled."""
        if self.event is not None:
            return
        self._deriving[-1][1].add(TIME)
        if self._axioms[TIME]:
            return
        self.minute, self.arrival = whole("minute of the day"), whole("minute of arrival")
        self.days_late = whole("days late")
        self._axioms[TIME] += [self.minute >= 0, self.minute < MINUTES_OF_DAY, self.late >= 0]
        self._axioms[TIME] += [self.arrival >= 0, self.arrival < MINUTES_OF_DAY]
        self._axioms[TIME] += [self.days_late >= 0, self.days_late <= LATEST]

    def release_to_come(self) -> Formula:
        """A release is planned, and it is not one that has happened."""
        today = self.day.value
        planned, released = self.fact("release.planned_on"), self.fact("release.on")
        over = (released.value >= planned.value) & ((planned.value < today) | (released.value > today))
        return planned.known & ~(released.known & over)

    def witness(self, solver: Solver, about: frozenset[str]) -> Witness:
        """The situation that the solver chose, as far as it is about those facts."""
        facts: dict[str, FactValue] = {}
        for path, symbol in self.told.items():
            if path in about and path != EVENT_DAY and solver.holds(symbol.known):
                facts[path] = symbol.chosen(solver)
        for path, records in self.lists.items():
            if path in about and solver.holds(records.known):
                facts[path] = [slot.chosen(solver) for slot in records.slots if solver.holds(slot.present)]
        day = date.fromordinal(solver.number(self.day.value))
        minute, arrival, days_late = NOON, NOON, 0
        if TIME in about or self.event is not None:
            minute, arrival, days_late = map(solver.number, (self.minute, self.arrival, self.days_late))
        return Witness(
            facts={path: facts[path] for path in FACTS if path in facts},
            day=day,
            minute=minute,
            late=self._minutes_late(day, minute, days_late, arrival),
            offices=self.offices,
            assumed={
                path: each.chosen(solver)
                for path, each in self.assumed.items()
                if path in about and solver.holds(each.known)
            },
        )

    def _minutes_late(self, day: date, minute: int, days_late: int, arrival: int) -> int:
        if self.event is not None:
            return self.event.late
        late = moment(day + timedelta(days=days_late), arrival) - moment(day, minute)
        return max(0, late // timedelta(minutes=1))

    def chosen(self, solver: Solver, about: frozenset[str]) -> Formula:
        """Exactly what the solver chose, of everything that those derived facts can follow from."""
        told = [each for path, each in self.told.items() if path in about or path == EVENT_DAY]
        times = (self.minute, self.days_late, self.arrival) if TIME in about else ()
        values = [each.value for each in told if solver.holds(each.known)]
        same = [number.equals(solver.number(number)) for number in (*times, *values)]
        flags = [each.known if solver.holds(each.known) else ~each.known for each in told]
        return all_of((*same, *flags))

    def lesson(self, solver: Solver, witness: Witness, about: frozenset[str]) -> Formula | None:
        """What the service derives from the facts that the solver chose, where the formulas derive something else."""
        known = witness.known()
        lessons: list[Formula] = []
        for path, symbol in self.derived.items():
            if path not in about:
                continue
            value = known.get(path)
            code = None if value is None else symbol.scale.code(value)
            told = solver.number(symbol.value) if solver.holds(symbol.known) else None
            if code != told:
                truth = ~symbol.known if code is None else symbol.known & symbol.value.equals(code)
                lessons.append(self.chosen(solver, self.behind(path)).implies(truth))
        return all_of(lessons) if lessons else None

    def _tell(self, path: str, kind: Kind) -> Symbol:
        known = TRUE if path in ALWAYS_KNOWN else yes_or_no(f"{path}?")
        self.told[path] = self._open(path, path, kind, known)
        return self.told[path]

    def _held(self, path: str, kind: Records) -> Iterable[Slot]:
        """A slot for each record that the list holds now, which may go but not change."""
        records = None if self.event is None else self.event.facts.get(path)
        for number, record in enumerate(records if isinstance(records, list) else ()):
            fields = {
                field: self._as_it_is(scale_of(f"{path}.{field}", of, frozenset(self._named[f"{path}.{field}"])), value)
                for field, of in kind.fields.items()
                for value in (record.get(field),)
            }
            yield Slot(yes_or_no(f"{path}[now {number}]"), fields)

    @staticmethod
    def _as_it_is(of: Scale, value: bool | int | str | None) -> Symbol:
        code = None if value is None else of.code(value)
        return Symbol(of, fixed(code or 0), FALSE if code is None else TRUE)

    def _slot(self, path: str, number: int, kind: Records) -> Slot:
        name = f"{path}[{number}]"
        fields = {
            field: self._open(f"{name}.{field}", f"{path}.{field}", of, yes_or_no(f"{name}.{field}?"))
            for field, of in kind.fields.items()
        }
        return Slot(yes_or_no(name), fields)

    def _open(self, name: str, path: str, kind: Kind, known: Formula) -> Symbol:
        symbol = Symbol(scale_of(path, kind, frozenset(self._named[path])), whole(name), known)
        owner = path if path in FACTS or path == EVENT_DAY else path.rpartition(".")[0]
        self._axioms[owner] += [symbol.value >= symbol.scale.low, symbol.value <= symbol.scale.high]
        return symbol


def ordinary_days(start: date) -> tuple[int, int]:
    """The three years from *start*: examples are sought there first, and bank holidays counted one by one."""
    return start.toordinal(), min(start.toordinal() + 3 * 366, date.max.toordinal())
