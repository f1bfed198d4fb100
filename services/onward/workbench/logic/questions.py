"""What a rule that needs information asks for, as formulas, and as the engine says it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from onward.contracts.facts import FACTS
from onward.routing.domain.asking import Asker, asked
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import Known
from onward.routing.domain.language import Condition, Group, Presence, Rule
from onward.workbench.logic.formulas import FALSE, TRUE, Formula, all_of, any_of
from onward.workbench.logic.space import Space, Truths


class Questions:
    """What one rule asks for, by the engine."""

    def __init__(self, rule: Rule) -> None:
        self._index = Index([rule])
        self._asker = Asker(rule, self._index.rows_of(0))

    def asked(self, known: Known) -> frozenset[str]:
        """What partners are asked for; nothing where the rule's outcome is known."""
        matches = self._index.match(known)
        return frozenset(asked(self._asker.missing(known, matches.rows))) if matches.possible else frozenset()


def paths(rule: Rule) -> frozenset[str]:
    """The facts that a rule asks about."""
    return frozenset(condition.path for group in rule.groups for condition in group)


def conditions(rule: Rule) -> Iterator[Condition]:
    """What must be part of a space for `formulas` of the rule."""
    for path in paths(rule):
        yield from (_known(source) for source in (FACTS[path].ask, FACTS[path].also) if source in FACTS)


def may_go_unasked(rule: Rule) -> bool:
    """Whether the rule may need information that nobody can be asked for, since it follows from what is known."""
    return any(FACTS[path].ask in FACTS for path in paths(rule))


def formulas(space: Space, rule: Rule) -> Mapping[str, Formula]:
    """When the rule asks for what; see `onward.routing.domain.asking.Asker.missing`."""
    asks = space.possible(rule) & ~space.matches(rule)
    parts: defaultdict[str, list[Formula]] = defaultdict(list)
    for path, is_open in _open(space, rule):
        fact = FACTS[path]
        if fact.ask not in FACTS:
            parts[fact.asked_as].append(is_open)
            continue
        source = space.condition(_known(fact.ask)).definite
        parts[fact.asked_as].append(is_open & ~source)
        if fact.also:
            also = space.condition(_known(fact.also)).definite
            parts[FACTS[fact.also].asked_as].append(is_open & source & ~also)
    return {name: asks & any_of(found) for name, found in parts.items()}


def _open(space: Space, rule: Rule) -> Iterator[tuple[str, Formula]]:
    yield from _unknown(space, rule.when, TRUE)
    for groups in (rule.any_of, rule.unless):
        truths = [space.group(group) for group in groups]
        settled = any_of(each.definite for each in truths)
        for group, truth in zip(groups, truths, strict=True):
            yield from _unknown(space, group, _neither(truth) & ~settled)


def _unknown(space: Space, group: Group, within: Formula) -> Iterator[tuple[str, Formula]]:
    for condition in group:
        if not isinstance(condition.test, Presence):
            yield condition.path, all_of((within, _neither(space.condition(condition))))


def _neither(truths: Truths) -> Formula:
    """Not known."""
    return FALSE if truths.possible is truths.definite else truths.possible & ~truths.definite


def _known(path: str) -> Condition:
    return Condition(path, Presence(known=True), "", "")
