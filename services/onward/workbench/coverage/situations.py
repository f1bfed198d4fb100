"""Every situation that a test of one rule could give: is there one that shows something, and which is the nearest?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from onward.contracts.fact_kinds import FactValue
from onward.contracts.facts import FACTS
from onward.routing.domain.derived import sources_of
from onward.routing.domain.kleene import Truth, holds
from onward.routing.domain.language import EVENT_DAY, Rule, RuleTest
from onward.routing.domain.rule_tests import known_on, ordinary_day
from onward.workbench.coverage.clauses import Clause, Literal, meets
from onward.workbench.coverage.obligations import Parts
from onward.workbench.logic import Answer, Formula, Space, Witness, all_of, any_of
from onward.workbench.logic.derivations import given_directly
from onward.workbench.logic.formulas import EFFORT, Solver
from onward.workbench.logic.nearest import CountingSolver, FactChanges, UndecidedError, apart
from onward.workbench.logic.symbols import KnownEvent

Facts: TypeAlias = Mapping[str, FactValue]
Truths: TypeAlias = Mapping[int, Truth]
"""How each condition of a rule comes out, by its number."""

_DIRECT = given_directly().keys()
_FAMILIAR: Facts = {
    "person.area": "E08000025",
    "accommodation.chosen_authority": "W06000015",
    "person.interpreter": "pl",
}
"""Codes that an author would recognise as examples."""


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """Facts of an event on a day, and how far they are from a test's."""

    facts: Facts
    day: date
    changes: int


class Situations:
    """Every situation that a rule can tell from another."""

    def __init__(self, rule: Rule, effort: int = EFFORT) -> None:
        """The situations of *rule*; *effort* is the most work on one question, see `Space.find`."""
        self.parts = Parts.of(rule)
        self._effort = effort
        self._rule = rule
        self._usual = ordinary_day(rule)
        self._space = self._told_apart({})
        self._spaces: list[tuple[Facts, Space]] = [({}, self._space)]
        """What can be told apart beside the facts of each test that was asked about: much is made once for all gaps."""

    def truths(self, known: Facts) -> Truths:
        """How each condition comes out, by its number."""
        return {number: holds(condition, known) for number, condition in self.parts.conditions.items()}

    def find(self, clauses: Sequence[Clause]) -> Answer:
        """Facts that meet every clause, or the proof that none do."""

        def shown(witness: Witness) -> bool:
            return meets(clauses, self.truths(known_on(_facts(witness), witness.day)))

        return self._space.find(*self._wanted(clauses, self._space), check=shown, effort=self._effort)

    def nearest(self, clauses: Sequence[Clause], near: RuleTest | None) -> GivenFacts | None:
        """
        Facts that meet every clause, the nearest to those of a test (or the fewest), on its day if that can be.

        None if there are none, or none are found that the engine agrees with. A value that is left out is further away
        than one that is changed, and another day further than either.
        """
        base: Facts = near.given if near else {}
        usual = (near.day if near else None) or self._usual
        space = self._beside(base)
        wanted = all_of(self._wanted(clauses, space))
        symbols = space.symbols
        now = {**known_on({}, usual), **base}
        changes = FactChanges(symbols, wanted.about, now, usual)
        axioms = (*symbols.axioms(wanted.about), *symbols.exactly(wanted.about), *changes.axioms)
        asking = CountingSolver(Solver((*axioms, wanted), self._effort))
        try:
            if not asking.can():
                return None
            other_day, _ = apart(symbols.day.value, usual.toordinal())
            asking.least(other_day)
            price = asking.least(changes.how_many() * 2 + changes.left_out())
            asking.least(changes.distance())
            changes.settle(asking)
        except UndecidedError:
            return None
        day = date.fromordinal(asking.solver.number(symbols.day.value))
        made = _with(base, changes.chosen(asking.solver), wanted.about)
        if not meets(clauses, self.truths(known_on(made, day))):
            return None
        return GivenFacts(made, day, price + 2 * (day != usual))

    def _beside(self, base: Facts) -> Space:
        for facts, space in self._spaces:
            if facts == base:
                return space
        self._spaces.append((base, self._told_apart(base)))
        return self._spaces[-1][1]

    def _told_apart(self, base: Facts) -> Space:
        conditions = self.parts.conditions.values()
        return Space(conditions, start=self._usual, event=KnownEvent({**_FAMILIAR, **base}), of_tests=True)

    def _wanted(self, clauses: Iterable[Clause], space: Space) -> list[Formula]:
        return [
            any_of(all_of(self._so(space, literal) for literal in alternative) for alternative in clause)
            for clause in clauses
        ]

    def _so(self, space: Space, literal: Literal) -> Formula:
        number, allowed = literal
        definite, possible = space.condition(self.parts.conditions[number])
        ways = {True: definite, False: ~possible, None: possible & ~definite}
        return any_of(ways[truth] for truth in allowed)


def _facts(witness: Witness) -> dict[str, Any]:
    return {path: value for path, value in witness.given().items() if path != EVENT_DAY}


def _with(base: Facts, changes: Mapping[str, Any], about: frozenset[str]) -> dict[str, FactValue]:
    """The facts of a test with changes made; what follows from facts that matter follows anew."""
    kept = {
        path: value
        for path, value in base.items()
        if path in _DIRECT or not (_follows(path) and about.intersection((path, *sources_of(path))))
    }
    return {path: value for path, value in {**kept, **changes}.items() if value is not None}


def _follows(path: str) -> bool:
    return FACTS[path].derived and not FACTS[path].counted
