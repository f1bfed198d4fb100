"""Every situation at once, and what rules make of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from onward.contracts.fact_kinds import Day, Records
from onward.contracts.facts import FACTS
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Group, Has, OneOf, Presence, Rule
from onward.routing.domain.offices import NO_OFFICES, Offices
from onward.workbench.logic.derivations import derivations, given_directly
from onward.workbench.logic.formulas import EFFORT, TRUE, Formula, Solver, Status, all_of, any_of
from onward.workbench.logic.ordinary import usual
from onward.workbench.logic.symbols import TIME, KnownEvent, Slot, Symbol, Symbols, ordinary_days
from onward.workbench.logic.witness import NOON, Check, Witness, smallest

Outcome = Literal["found", "impossible", "not confirmed", "not decided"]

_ATTEMPTS = 6
"""How many examples that the engine does not confirm are tried before that is said."""
_USUAL_START = date(2026, 3, 2)
"""Where examples begin for rules that have always been in force."""


class Truths(NamedTuple):
    """When something definitely holds, and when it holds or may hold; between the two lies "needs information"."""

    definite: Formula
    possible: Formula

    def __invert__(self) -> "Truths":
        return Truths(~self.possible, ~self.definite)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question."""

    outcome: Outcome
    """
    `found`: the witness shows it, and the engine agrees. `impossible`: proven of every situation. `not confirmed`:
    examples were found, and the engine agreed with none. `not decided`: too much work.
    """
    witness: Witness | None = None
    """Set where, and only where, the outcome is `found`."""

    @property
    def open(self) -> bool:
        """Neither shown nor disproved."""
        return self.outcome in ("not confirmed", "not decided")

    @property
    def why_open(self) -> str:
        """Why an open answer is neither."""
        return "too much work" if self.outcome == "not decided" else "no example stood up to the engine"


class Space:
    """
    All situations, as far as some conditions can tell them apart.

    Only rules, groups and conditions that it was made with may be asked about.
    """

    def __init__(
        self,
        conditions: Iterable[Condition],
        *,
        start: date | None = None,
        offices: Offices = NO_OFFICES,
        event: KnownEvent | None = None,
        of_tests: bool = False,
    ) -> None:
        """
        The situations that *conditions* can tell apart.

        Args:
            conditions: All that will be asked about.
            start: Begins the years where examples are sought first; by default when the last rule came into force.
            offices: Where the directory places the housing authorities; without them no distance is known.
            event: What is known of the event beforehand.
            of_tests: As tests of rules are: of an event at noon that is told at once, with what only the event's time
                or the directory decides given like any other fact.
        """
        asked = tuple(conditions)
        self._start = start or _latest_start(asked)
        derived = {**derivations(self._start), **(given_directly() if of_tests else {})}
        self._symbols = Symbols(asked, derived, offices, event or (KnownEvent({}) if of_tests else None))
        self._truths: dict[tuple[str, object], Truths] = {}
        self._rules: dict[int, tuple[Rule, Truths]] = {}

    @classmethod
    def of(
        cls, rules: Iterable[Rule], *groups: Group, start: date | None = None, offices: Offices = NO_OFFICES
    ) -> "Space":
        """The situations that *rules* and *groups* can tell apart."""
        conditions = [condition for rule in rules for condition in conditions_of(rule)]
        return cls([*conditions, *(each for group in groups for each in group)], start=start, offices=offices)

    def condition(self, condition: Condition) -> Truths:
        """When a condition holds."""
        key = (condition.path, condition.test)
        found = self._truths.get(key)
        if found is None:
            path, test = condition.path, condition.test
            truths = self._records(path, test) if isinstance(test, Has) else self._scalar(path, test)
            about = self._symbols.behind(path)
            found = self._truths[key] = Truths(*(Formula(each.ref, about) for each in truths))
        return found

    def group(self, group: Group) -> Truths:
        """When all conditions of a group hold."""
        return both(self.condition(each) for each in group)

    def rule(self, rule: Rule) -> Truths:
        """When a rule matches, and when it matches or needs information."""
        if id(rule) in self._rules:
            return self._rules[id(rule)][1]
        parts = [self.condition(rule.effective), self.group(rule.when)]
        if rule.any_of:
            parts.append(either(map(self.group, rule.any_of)))
        if rule.unless:
            parts.append(~either(map(self.group, rule.unless)))
        # The entry keeps `rule` alive, so that its id stays its own.
        self._rules[id(rule)] = (rule, both(parts))
        return self._rules[id(rule)][1]

    def matches(self, rule: Rule) -> Formula:
        """The rule matches for certain."""
        return self.rule(rule).definite

    def possible(self, rule: Rule) -> Formula:
        """The rule matches, or needs information."""
        return self.rule(rule).possible

    def find(self, *wanted: Formula, check: Check, effort: int = EFFORT) -> Answer:
        """
        A situation in which all of *wanted* holds, as small as it can be, or the proof that there is none.

        Args:
            wanted: Made from this space.
            check: Says of a situation, by the engine, whether it shows what was wanted. No witness is given that it
                does not accept.
            effort: The most work to spend, in the solver's own count; equal everywhere, whatever the machine.
        """
        about = all_of(wanted).about
        solver = Solver((*self._symbols.axioms(about), *wanted), effort)
        exact = True
        for attempt in range(_ATTEMPTS):
            status = self._most_usual(solver, about)
            if status == "undecided":
                return Answer("not decided")
            if status == "impossible":
                return Answer("impossible" if exact else "not confirmed")
            witness = self._symbols.witness(solver, about)
            if check(witness):
                return Answer("found", smallest(witness, check))
            lesson = self._symbols.lesson(solver, witness, about)
            exact = exact and lesson is not None
            solver.add(lesson or ~self._symbols.chosen(solver, about))
            if attempt == 0:
                solver.add(*self._symbols.exactly(about))
        return Answer("not confirmed")

    @property
    def symbols(self) -> Symbols:
        """The facts that its formulas are about."""
        return self._symbols

    def _most_usual(self, solver: Solver, about: frozenset[str]) -> Status:
        """Look for ordinary people first, on ordinary days; else for anybody."""
        somebody = all_of(usual(self._symbols.told, about))
        if solver.check(somebody) == "possible":
            return self._at_usual_times(solver, about, somebody)
        return self._at_usual_times(solver, about, TRUE)

    def _at_usual_times(self, solver: Solver, about: frozenset[str], somebody: Formula) -> Status:
        """Look for something that happens on ordinary days, at noon, and is told at once; else for less of that."""
        symbols = self._symbols
        first, last = ordinary_days(self._start)
        told = ((path, each) for path, each in symbols.told.items() if path in about or path == EVENT_DAY)
        days = [each.value for _, each in told if isinstance(each.scale.kind, Day)]
        within = all_of((somebody, *(all_of((each >= first, each <= last)) for each in days)))
        if TIME in about:
            noon = symbols.minute.equals(NOON)
            at_once = symbols.days_late.equals(0) & symbols.arrival.equals(symbols.minute)
            for usual in ((within, at_once, noon), (within, at_once), (within, noon)):
                if solver.check(*usual) == "possible":
                    return "possible"
        return "possible" if solver.check(within) == "possible" else solver.check(somebody)

    def _scalar(self, path: str, test: OneOf | Between | Presence) -> Truths:
        if isinstance(FACTS[path].kind if path in FACTS else None, Records):
            known = self._symbols.records(path).known
            assert isinstance(test, Presence), "the loader lets nothing else be asked of a list"
            return _presence(known, test)
        return _single(self._symbols.fact(path), test)

    def _records(self, path: str, test: Has) -> Truths:
        records = self._symbols.records(path)
        fitting = [
            both((Truths(slot.present, slot.present), *(_field(slot, each) for each in test.fields)))
            for slot in records.slots
        ]
        found = either(fitting)
        truths = ~found if test.negated else found
        return Truths(records.known & truths.definite, ~records.known | truths.possible)


def both(truths: Iterable[Truths]) -> Truths:
    """All of them hold."""
    listed = tuple(truths)
    return Truths(all_of(each.definite for each in listed), all_of(each.possible for each in listed))


def either(truths: Iterable[Truths]) -> Truths:
    """At least one of them holds."""
    listed = tuple(truths)
    return Truths(any_of(each.definite for each in listed), any_of(each.possible for each in listed))


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Everything a rule asks, `effective` included."""
    yield rule.effective
    for group in rule.groups:
        yield from group


def _latest_start(conditions: Iterable[Condition]) -> date:
    starts = [each.test.low for each in conditions if each.path == EVENT_DAY and isinstance(each.test, Between)]
    return max((day for day in starts if isinstance(day, date) and day > _USUAL_START), default=_USUAL_START)


def _field(slot: Slot, condition: Condition) -> Truths:
    assert not isinstance(condition.test, Has), "records hold no lists"
    return _single(slot.fields[condition.path], condition.test)


def _presence(known: Formula, test: Presence) -> Truths:
    truth = known if test.known else ~known
    return Truths(truth, truth)


def _single(symbol: Symbol, test: OneOf | Between | Presence) -> Truths:
    match test:
        case Presence():
            return _presence(symbol.known, test)
        case OneOf(values, negated):
            codes = sorted(code for code in map(symbol.scale.code, values) if code is not None)
            among = any_of(symbol.value.equals(code) for code in codes)
            holds = ~among if negated else among
        case Between(low, high):
            edges = (None if low is None else symbol.scale.code(low), None if high is None else symbol.scale.code(high))
            holds = all_of(
                (
                    TRUE if edges[0] is None else symbol.value >= edges[0],
                    TRUE if edges[1] is None else symbol.value <= edges[1],
                )
            )
    return Truths(symbol.known & holds, ~symbol.known | holds)
