"""
Why not? The smallest change of facts that would have led to a referral for a category.

The judge is the real `Router`: whatever is answered here has been decided again with the change made. Only told facts
are changed; derived ones follow. What the person said of single providers stays.

Smallest: the fewest facts; of these the fewest that nobody can change; then telling what is not known before correcting
what is known; then a correction before taking back what was said; then the shortest way, in days, years or steps; then
the order of paths and values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from re import fullmatch
from typing import Any

from onward.calendar.times import LONDON, london_day
from onward.contracts.codes import Category
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.decide import Router
from onward.routing.domain.derived import At
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Condition, OneOf, Refer, Rule, RuleSet
from onward.routing.domain.offices import offices_of
from onward.workbench.difference.referring import Offer, stops_against
from onward.workbench.explaining.base_facts import changed, known_of, unchangeable
from onward.workbench.explaining.openings import openings
from onward.workbench.logic import Formula, Space, any_of
from onward.workbench.logic.formulas import EFFORT, Solver
from onward.workbench.logic.nearest import MOST_QUESTIONS, OTHER_CODES, CountingSolver, FactChanges, UndecidedError
from onward.workbench.logic.symbols import KnownEvent

_ATTEMPTS = 6
_TOGETHER = "what it asks and what stops it cannot be had together"


@dataclass(frozen=True, slots=True)
class Closed:
    """A rule of the category that no change of facts can bring to refer this person."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class AnsweredChange:
    """One told fact and what it would have to be."""

    path: str
    now: Any
    then: Any
    """None, as in `now`, is not known."""

    @property
    def unchangeable(self) -> bool:
        """Whether nobody could bring this change about."""
        return unchangeable(self.path, self.now)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A set of changes, and what would be decided then."""

    changes: tuple[AnsweredChange, ...]
    """By path."""
    referrals: tuple[ProposedReferral, ...]
    """Those of the category."""
    situation: Situation
    """With the changes made."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer to "why not this category?"."""

    category: Category
    already: tuple[ProposedReferral, ...]
    """The referrals of the category that there are: then nothing is searched."""
    smallest: Counterfactual | None
    """The smallest change at all."""
    mendable: Counterfactual | None
    """The smallest change of facts that somebody can tell or mend, where that is another one."""
    closed: tuple[Closed, ...]
    """The rules of the category that no change of facts brings to refer this person."""
    at_least: int
    """Where the search gave up: every set that leads there changes at least so many facts. Else 0."""
    looked_at: int
    """How many questions were put to the solver."""


def why_not(
    situation: Situation,
    category: Category,
    rules: RuleSet,
    directory: Directory,
    *,
    router: Router | None = None,
    most: int = MOST_QUESTIONS,
) -> WhyNot:
    """
    The smallest change of told facts that would have led to a referral for *category*.

    Args:
        situation: What was decided on.
        category: The one asked about.
        rules: The rule set.
        directory: The providers.
        router: Made of both, if there is one already.
        most: How many questions to put to the solver before giving up.
    """
    return _Inquiry(situation, category, rules, directory, router or Router(rules, directory)).answer(most)


@dataclass(slots=True)
class _Search:
    """How a search ended."""

    changes: dict[str, Any] | None = None
    at_least: int = 0
    """Every set that leads there changes as many facts; 0 when it is known that there is none, or one was found."""
    asked: int = 0


@dataclass(slots=True)
class _Offers:
    """What the rules of a category would refer for, and the rules that no fact brings to it."""

    open: list[Offer] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)


class _Inquiry:
    def __init__(
        self, situation: Situation, category: Category, rules: RuleSet, directory: Directory, router: Router
    ) -> None:
        self._situation = situation
        self._category: Category = category
        self._router = router
        self._offers = _offers(category, situation, rules, directory)
        offices = offices_of(directory)
        self._known = known_of(situation, offices)
        event = _event_of(situation, self._known)
        assert event.day is not None
        self._day = event.day
        conditions = [condition for offer in self._offers.open for condition in offer.conditions()]
        self._space = Space([*conditions, *_other_codes(conditions)], start=event.day, offices=offices, event=event)

    def answer(self, most: int) -> WhyNot:
        already = _of(self._router.decide(self._situation), self._category)
        if already:
            return WhyNot(self._category, already, None, None, (), 0, 0)
        found = self._search(lambda _: True, most)
        smallest, asked = self._told(found), found.asked
        mendable = None
        if found.at_least or (smallest is not None and any(change.unchangeable for change in smallest.changes)):
            second = self._search(self._mendable, most)
            mendable, asked = self._told(second), asked + second.asked
        closed = (*self._offers.closed, *self._hopeless())
        return WhyNot(self._category, (), smallest, mendable, closed, found.at_least, asked)

    def _search(self, may_change: Callable[[str], bool], most: int) -> _Search:
        wanted = any_of(offer.made(self._space) for offer in self._offers.open)
        lessons: list[Formula] = []
        search = _Search()
        for _ in range(_ATTEMPTS):
            changes, asking = self._asking(wanted, *lessons, may_change=may_change, most=most - search.asked)
            search.at_least = 1
            try:
                if not asking.can():
                    return _Search(asked=search.asked + asking.asked)
                self._settle(changes, asking, search)
            except UndecidedError as error:
                return _Search(None, max(search.at_least, error.at_least), search.asked + asking.asked)
            search.asked += asking.asked
            made = changes.chosen(asking.solver)
            if self._leads_there(made):
                return _Search(made, asked=search.asked)
            lessons.append(self._lesson(changes, asking.solver, wanted))
        return search

    def _settle(self, changes: FactChanges, asking: CountingSolver, search: _Search) -> None:
        """Make the changes as small as they can be, as the head of this module says."""
        search.at_least = asking.least(changes.how_many(), 1)
        asking.least(changes.how_many(lambda path: unchangeable(path, self._known.get(path))))
        asking.least(changes.how_many(lambda path: path in self._known))
        asking.least(changes.left_out())
        asking.least(changes.distance())
        changes.settle(asking)

    def _asking(
        self, *wanted: Formula, may_change: Callable[[str], bool] = lambda _: True, most: int = MOST_QUESTIONS
    ) -> tuple[FactChanges, CountingSolver]:
        symbols = self._space.symbols
        about = frozenset[str]().union(*(each.about for each in wanted))
        changes = FactChanges(
            symbols,
            about,
            self._known,
            self._day,
            may_change=lambda path: not FACTS[path].counted and may_change(path),
        )
        axioms = (*symbols.axioms(about), *symbols.exactly(about), *changes.axioms)
        return changes, CountingSolver(Solver((*axioms, *wanted), EFFORT), most)

    def _lesson(self, changes: FactChanges, solver: Solver, wanted: Formula) -> Formula:
        """What was wrong with changes that the engine does not agree with."""
        symbols = self._space.symbols
        witness = symbols.witness(solver, wanted.about)
        return symbols.lesson(solver, witness, wanted.about) or ~changes.same(solver)

    def _mendable(self, path: str) -> bool:
        return not unchangeable(path, self._known.get(path))

    def _leads_there(self, changes: Mapping[str, Any]) -> bool:
        return bool(_of(self._router.decide(changed(self._situation, changes)), self._category))

    def _told(self, found: _Search) -> Counterfactual | None:
        if found.changes is None:
            return None
        then = found.changes
        changes = tuple(AnsweredChange(path, self._known.get(path), then[path]) for path in sorted(then))
        situation = changed(self._situation, then)
        return Counterfactual(changes, _of(self._router.decide(situation), self._category), situation)

    def _hopeless(self) -> Iterator[Closed]:
        """The rules that nothing brings to refer: what they ask, or what stops them, cannot be so."""
        by_rule: dict[str, list[Offer]] = {}
        for offer in self._offers.open:
            by_rule.setdefault(offer.rule.id, []).append(offer)
        if not by_rule:
            return
        every = [offer.made(self._space) for offer in self._offers.open]
        _, asking = self._asking(any_of((*every, *(~each for each in every))))
        for rule, offers in by_rule.items():
            try:
                if not asking.can(any_of(offer.made(self._space) for offer in offers)):
                    yield Closed(rule, self._why(offers[0], asking))
            except UndecidedError:
                return

    def _why(self, offer: Offer, asking: CountingSolver) -> str:
        """The first reason why an offer is never made."""
        space, rule = self._space, offer.rule
        so: list[Formula] = []
        for condition in (*rule.when, *(rule.any_of[0] if rule.any_of else ())):
            holds = space.condition(condition).definite
            if not asking.can(holds):
                wanted = f"{condition.path} would have to be {condition.expected}"
                return f"{wanted}, which no fact that is told can bring about"
            if not asking.can(*so, holds):
                return f"{condition.path} cannot be {condition.expected} as well"
            so.append(holds)
        if not asking.can(*so, any_of(space.group(group).definite for group in offer.takers)):
            return "what its providers ask cannot be so as well"
        for stop in offer.stops:
            if not asking.can(~(space.possible(stop.rule) if stop.held else space.matches(stop.rule))):
                return f"stopped by {stop.rule.id}, whatever else were known"
        return _TOGETHER


def _offers(category: Category, situation: Situation, rules: RuleSet, directory: Directory) -> _Offers:
    day = london_day(situation.occurred_at)
    in_effect = [rule for rule in rules.rules if check_holds(rule.effective.test, day)]
    suppressing = [rule for rule in in_effect if rule.suppress is not None]
    found = _Offers()
    for rule, refer in _referring(rules, category):
        if not check_holds(rule.effective.test, day):
            why = f"not in effect on {day}; in effect {rule.effective.expected}"
            found.closed.append(Closed(rule.id, why))
            continue
        opened = openings(rule, refer, situation, directory)
        if opened.takers:
            stops = tuple(stops_against(rule, category, suppressing))
            found.open.append(Offer(rule, refer, stops, opened.takers))
        else:
            tried = "; ".join(f"{name}: {why}" for name, why in opened.closed) or f"no provider offers {refer.service}"
            found.closed.append(Closed(rule.id, f"no provider can take it ({tried})"))
    return found


def _referring(rules: RuleSet, category: Category) -> Iterator[tuple[Rule, Refer]]:
    return ((rule, refer) for rule in rules.rules for refer in rule.refer if refer.category == category)


def _event_of(situation: Situation, known: Mapping[str, Any]) -> KnownEvent:
    at = At.of(situation.occurred_at, situation.received_at)
    local = situation.occurred_at.astimezone(LONDON)
    return KnownEvent(
        facts={path: value for path, value in known.items() if not FACTS[path].derived or FACTS[path].counted},
        day=at.day,
        minute=local.hour * 60 + local.minute,
        late=at.minutes_since,
        days_late=max(0, (london_day(situation.received_at) - at.day).days),
    )


def _other_codes(conditions: list[Condition]) -> Iterator[Condition]:
    """Codes to stand for all that no rule names, where a code is asked for."""
    for path in {condition.path for condition in conditions}:
        kind = FACTS[path].kind if path in FACTS else None
        if isinstance(kind, Code):
            others = frozenset[bool | int | str](code for code in OTHER_CODES if fullmatch(kind.pattern, code))
            yield Condition(path, OneOf(others), "", "")


def _of(decision: Decision, category: Category) -> tuple[ProposedReferral, ...]:
    return tuple(referral for referral in decision.referrals if referral.category == category)
