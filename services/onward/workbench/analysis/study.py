"""What all parts of the analysis look at: the rules, the engine to ask, and the examples found so far."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, cycle, islice, product
from random import Random
from typing import TypeAlias

from onward.contracts.codes import Category, Service
from onward.contracts.decision import Decision
from onward.directory.model import Directory
from onward.routing.domain.bits import numbers_in
from onward.routing.domain.decide import Router
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import group_holds, rule_holds
from onward.routing.domain.language import Group, Has, Refer, Rule, RuleSet, Suppress
from onward.routing.domain.offices import offices_of
from onward.routing.domain.precedence import Precedence
from onward.routing.domain.suppressing import stops
from onward.workbench.analysis.cells import Box, Cells, Meetings, meet
from onward.workbench.analysis.takers import taken
from onward.workbench.logic import Answer, Formula, Space, Witness, all_of, any_of
from onward.workbench.logic.ordinary import is_odd
from onward.workbench.logic.space import conditions_of
from onward.workbench.logic.witness import Check, as_received, smallest

Target: TypeAlias = tuple[Category, Service]
"""What a referral is for, and to which kind of service."""

_SEED = 1
_FIRST, _MIXED = 4, 24
"""How many situations are tried before the solver is asked: it is exact, and a hundred times slower."""


@dataclass(frozen=True, slots=True)
class ProviderOffer:
    """One referral that a rule makes."""

    rule: Rule
    refer: Refer

    @property
    def target(self) -> Target:
        """Of two offers with the same target, only the earlier rule's is made."""
        return self.refer.category, self.refer.service


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engine makes of one situation: rules by number."""

    matching: frozenset[int]
    asking: frozenset[int]
    """Those that need information."""


class Study:
    """
    One rule set with one directory, while it is analysed.

    Every example given has been judged by `kleene` for the rules it is about, from the facts that the service itself
    would derive.
    """

    def __init__(self, rules: RuleSet, directory: Directory, *groups: Group, start: date | None = None) -> None:
        self.rules = rules.rules
        self.rule_set = rules
        self.directory = directory
        self.number = {rule.id: number for number, rule in enumerate(rules.rules)}
        self.precedence = Precedence({rule.id: rule for rule in rules.rules})
        self.index = Index(rules.rules)
        conditions = [each for rule in rules.rules for each in conditions_of(rule)]
        offices = offices_of(directory)
        self.cells = Cells([*conditions, *(each for group in groups for each in group)], offices)
        self.boxes = [self.cells.boxes(number, rule) for number, rule in enumerate(rules.rules)]
        self.space = Space([*conditions, *(each for group in groups for each in group)], start=start, offices=offices)
        self.stopping = [(rule, rule.suppress) for rule in rules.rules if rule.suppress is not None]
        self.covered: set[tuple[str, Target]] = set()
        """The referrals that an earlier rule is proved to make always, by rule and target."""
        self._meeting: list[int] | None = None
        self._points: dict[str, Answer] = {}
        self._made: dict[tuple[str, Target], Formula] = {}
        self._seen: defaultdict[str, list[tuple[Witness, Judged]]] = defaultdict(list)

    def offers(self) -> Iterator[ProviderOffer]:
        """Every referral of every rule that can match at all."""
        for rule in self.rules:
            if self.point(rule).outcome != "impossible":
                yield from (ProviderOffer(rule, refer) for refer in rule.refer)

    def point(self, rule: Rule) -> Answer:
        """An example in which a rule matches, or the proof that it never does."""
        answer = self._points.get(rule.id)
        if answer is None:
            answer = self._points[rule.id] = self.together(rule)
            if answer.witness is not None:
                self.remember(rule, answer.witness)
        return answer

    def judge(self, witness: Witness) -> Judged:
        """What every rule makes of a situation."""
        matches = self.index.match(witness.known())
        return Judged(frozenset(matches.definite), frozenset(matches.possible))

    def remember(self, rule: Rule, witness: Witness) -> None:
        """Keep an example in which a rule matches: it refutes much that is asked later, at no cost."""
        self._seen[rule.id].append((witness, self.judge(witness)))

    def refuted(self, rule: Rule, other: Rule) -> bool:
        """Whether an example is known in which *rule* matches and *other* does not."""
        number = self.number[other.id]
        return any(number not in judged.matching for _, judged in self._seen[rule.id])

    def seen(self, rule: Rule) -> list[tuple[Witness, Judged]]:
        """The examples known in which a rule matches."""
        return self._seen[rule.id]

    def within(self, rule: Rule, other: Rule) -> bool:
        """Whether algebra alone proves that *other* matches wherever *rule* does."""
        number = self.number[other.id]
        return self._plain[number] and all(
            self.cells.within(box, self.boxes[number][0]) for box in self.boxes[self.number[rule.id]]
        )

    @cached_property
    def _plain(self) -> list[bool]:
        """Whether a rule is one box and nothing else, so that the box says all that there is to say of it."""
        return [
            len(self.boxes[number]) == 1
            and not rule.unless
            and not any(isinstance(condition.test, Has) for condition in conditions_of(rule))
            for number, rule in enumerate(self.rules)
        ]

    def together(self, *rules: Rule, more: Group = (), without: Sequence[Rule] = (), small: bool = True) -> Answer:
        """
        An example in which *rules* match, *more* holds and none of *without* matches, or the proof of none.

        With *small* the example has no fact that it does not need.
        """
        if any(self.within(rule, each) for rule in rules for each in without):
            return Answer("impossible")
        boxes = [self.boxes[self.number[rule.id]] for rule in rules]
        if not all(boxes):
            return Answer("impossible")

        def shown(witness: Witness) -> bool:
            known = witness.known()
            return (
                all(rule_holds(rule, known) is True for rule in rules)
                and group_holds(more, known) is True
                and not any(rule_holds(rule, known) is True for rule in without)
            )

        met = [box for each in product(*boxes) if (box := meet((*each, self.cells.group(-1, more)))) is not None]
        if not met:
            return Answer("impossible")
        for candidate in chain(self._candidates(met, several=bool(without)), self._blended(rules, met)):
            if shown(candidate):
                return Answer("found", smallest(candidate, shown) if small else candidate)
        space = self.space
        wanted = (*map(space.matches, rules), space.group(more).definite, *(~space.matches(each) for each in without))
        return space.find(*wanted, check=shown)

    def guess(self, *rules: Rule, more: Group, check: Check) -> Witness | None:
        """
        An example of *rules* matching with *more* that *check* accepts, of the few that algebra offers.

        Each is tried on top of what else is known in examples of the first rule, where nothing may be held up. None
        proves nothing.
        """
        boxes = [self.boxes[self.number[rule.id]] for rule in rules]
        met = (meet((*each, self.cells.group(-1, more))) for each in product(*boxes))
        backgrounds = [{}, *(witness.facts for witness, _ in self._seen[rules[0].id][-1:])]
        for candidate in self._candidates([box for box in islice(met, _MIXED) if box is not None], several=True):
            for facts in backgrounds:
                witness = replace(candidate, facts={**facts, **candidate.facts})
                if check(witness):
                    return smallest(witness, check)
        return None

    def _candidates(self, boxes: Sequence[Box], *, several: bool) -> Iterator[Witness]:
        """A few situations from boxes; with *several*, more of them, mixed."""
        random = Random(_SEED) if several else None  # noqa: S311 - examples, no secrets
        for box in islice(cycle(boxes), _MIXED) if several else boxes[:_FIRST]:
            candidate = self.cells.example(box, random)
            if candidate is not None:
                yield candidate

    def _blended(self, rules: Sequence[Rule], boxes: Sequence[Box]) -> Iterator[Witness]:
        """Situations in which two rules may match: what is known where each does by itself, as the boxes ask."""
        examples = [answer.witness for rule in rules if (answer := self._points.get(rule.id)) and answer.witness]
        if len(examples) != 2:
            return
        for (one, other), box in product((examples, examples[::-1]), boxes[:_FIRST]):
            lists = {
                path: [*value, *records]
                for path, value in one.facts.items()
                if isinstance(value, list) and isinstance(records := other.facts.get(path), list)
            }
            both = {**one.facts, **other.facts, **lists}
            yield self.cells.onto(box, replace(other, facts=both, assumed={**one.assumed, **other.assumed}))

    def implies(self, rule: Rule, others: Sequence[Rule]) -> Answer:
        """An example in which *rule* matches and none of *others*, or the proof that one of them always does."""
        if not others:
            return self.point(rule)
        numbers = {self.number[other.id] for other in others}
        for witness, judged in self._seen[rule.id]:
            if not numbers & judged.matching:
                return Answer("found", witness)
        answer = self.together(rule, without=others)
        if answer.witness is not None:
            self.remember(rule, answer.witness)
        return answer

    def samples(self, rule: Rule) -> Iterator[Witness]:
        """Situations in which a rule may match, mixed; the same every time."""
        yield from self._candidates(self.boxes[self.number[rule.id]], several=True)

    def meeting(self, rule: Rule) -> Iterator[Rule]:
        """The other rules that algebra does not prove apart from this one, in their order."""
        if self._meeting is None:
            self._meeting = meeting_rules(self.boxes)
        number = self.number[rule.id]
        for place in numbers_in(self._meeting[number]):
            if place != number:
                yield self.rules[place]

    @cached_property
    def by_target(self) -> Mapping[Target, list[ProviderOffer]]:
        """All offers with the same target, in the order of rules."""
        found: defaultdict[Target, list[ProviderOffer]] = defaultdict(list)
        for offer in self.offers():
            found[offer.target].append(offer)
        return found

    def takers(self, offer: ProviderOffer) -> list[Group]:
        """What must be known of somebody for a provider to take the referral, for each; full or not."""
        return list(taken(self.directory, offer.refer))

    def made(self, offer: ProviderOffer) -> Formula:
        """When its rule matches, nothing stops the referral or holds it up, and a provider takes the person."""
        key = offer.rule.id, offer.target
        found = self._made.get(key)
        if found is None:
            space = self.space
            stopping = self.stops_of(offer)
            against = (space.possible(rule) if held else space.matches(rule) for rule, _, held in stopping)
            takes = any_of(space.group(group).definite for group in self.takers(offer))
            found = self._made[key] = all_of((space.matches(offer.rule), *(~each for each in against), takes))
        return found

    def decide(self, witness: Witness) -> Decision:
        """The decision of the routing service on a situation, if no provider were full."""
        return self._router.decide(as_received(witness))

    def provider(self, offer: ProviderOffer, witness: Witness) -> str | None:
        """The id of the provider that would take the referral of a situation, if none were full."""
        basis = offer.rule.legal_basis
        if basis is None:
            return None
        chosen = self._destinations.choose(offer.refer, basis.kind, witness.known(), ()).provider
        return None if chosen is None else chosen.id

    @cached_property
    def _destinations(self) -> Destinations:
        return Destinations(self._all_open)

    @cached_property
    def _router(self) -> Router:
        return Router(self.rule_set, self._all_open)

    @cached_property
    def _all_open(self) -> Directory:
        everybody = self.directory.providers.items()
        open_ = {name: provider.model_copy(update={"accepting": True}) for name, provider in everybody}
        return self.directory.model_copy(update={"providers": open_})

    def stops_of(self, offer: ProviderOffer) -> list[tuple[Rule, Suppress, bool]]:
        """Each rule that may stop an offer, and whether it does so even while it needs information."""
        category = offer.refer.category
        return [
            (rule, suppress, stops(suppress, offer.rule, category, certain=False))
            for rule, suppress in self.stopping
            if stops(suppress, offer.rule, category, certain=True)
        ]


def meeting_rules(boxes: Sequence[Sequence[Box]]) -> list[int]:
    """For each rule, as bits, the rules (itself too) that algebra does not prove apart from it."""
    firsts = [alternatives[0] if alternatives else Box(number, {}) for number, alternatives in enumerate(boxes)]
    others = [box for alternatives in boxes for box in alternatives[1:]]
    meetings = Meetings([*firsts, *others])
    able = sum(1 << number for number, alternatives in enumerate(boxes) if alternatives)
    found = [0] * len(boxes)
    for box in (*(box for box in firsts if boxes[box.rule]), *others):
        met = meetings.of(box)
        found[box.rule] |= met & able  # the place of a rule's first box is the rule's own number
        for place in numbers_in(met >> len(boxes)):
            found[box.rule] |= 1 << others[place].rule
    return found


def holds(group: Group, witness: Witness) -> bool:
    """Whether all conditions of a group hold for certain."""
    return group_holds(group, witness.known()) is True


_TRIED = 4
"""So many sorts of provider are tried by algebra before the solver is asked."""


def made_beside(
    study: Study, offers: Sequence[ProviderOffer], other: Rule, earlier: Sequence[ProviderOffer] = ()
) -> Answer:
    """
    An example in which one of *offers* is made and none of *earlier*, though *other* matches too.

    Providers that are full just now count as open; what the person said of single providers does not count.
    """
    target = offers[0].target
    names = {each.rule.id for each in offers}
    numbers = {study.number[name] for name in names}
    number = study.number[other.id]

    def shown(witness: Witness) -> bool:
        matching = study.judge(witness).matching
        if number not in matching or not numbers & matching:
            return False
        made = [each for each in study.decide(witness).referrals if (each.category, each.service) == target]
        return any(each.rule in names for each in made)

    guessed: Witness | None = None
    for offer in offers:
        for group in study.takers(offer)[:_TRIED]:
            witness = study.guess(offer.rule, other, more=group, check=shown)
            if witness is not None and not is_odd(witness):
                return Answer("found", witness)
            guessed = guessed or witness
    wanted = [any_of(study.made(each) for each in offers), *(~study.made(each) for each in earlier)]
    answer = study.space.find(study.space.matches(other), *wanted, check=shown)
    return answer if guessed is None or answer.witness is not None else Answer("found", guessed)
