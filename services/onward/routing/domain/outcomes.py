"""
What a decision does, without why, and what two bundles do with the same situation.

Made for replaying millions of situations: every judgement is `Case`'s own, only the words around it are left out, and
what two bundles have in common is judged once. `outcome_of` says the same of a whole decision.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NamedTuple, TypeAlias

from onward.contracts.decision import (
    Decision,
    Held,
    NeedsInformation,
    Notice,
    ProposedReferral,
    Unmet,
)
from onward.contracts.directory import Directory
from onward.contracts.situation import Situation
from onward.routing.domain.case import Case, Prepared
from onward.routing.domain.derived import complete
from onward.routing.domain.destinations import Choice, Destinations
from onward.routing.domain.diagnostics import Place
from onward.routing.domain.index import Index
from onward.routing.domain.language import EVENT_DAY, Refer, Rule, RuleSet

Missing: TypeAlias = tuple[str, ...]


class Referred(NamedTuple):
    """A referral."""

    category: str
    rule: str
    service: str
    provider: str
    urgency: str
    approval: str | None
    basis: str


class Told(NamedTuple):
    """A notice to a role."""

    kind: str
    rule: str
    to: str
    urgency: str


class Asked(NamedTuple):
    """A question; without a category it is about a notice."""

    category: str | None
    rule: str
    missing: Missing


class Unserved(NamedTuple):
    """A need that no provider can take."""

    category: str
    rule: str


class Outcome(NamedTuple):
    """What a decision does, in the order in which its rules act."""

    referred: tuple[Referred, ...]
    told: tuple[Told, ...]
    asked: tuple[Asked, ...]
    unmet: tuple[Unserved, ...]


def outcome_of(decision: Decision) -> Outcome:
    """What a decision does."""
    return _outcome(decision.referrals, decision.notices, decision.needs_information, decision.unmet)


def _outcome(
    referrals: Iterable[ProposedReferral],
    notices: Iterable[Notice],
    needs: Iterable[NeedsInformation],
    unmet: Iterable[Unmet],
) -> Outcome:
    return Outcome(
        tuple(
            [
                Referred(
                    made.category,
                    made.rule,
                    made.service,
                    made.provider,
                    made.urgency,
                    made.approval,
                    made.legal_basis.name,
                )
                for made in referrals
            ]
        ),
        tuple([Told(notice.kind, notice.rule, notice.to, notice.urgency) for notice in notices]),
        tuple([Asked(need.category, need.rule, need.missing) for need in needs]),
        tuple([Unserved(found.category, found.rule) for found in unmet]),
    )


# Nothing is checked again: every value comes from a rule or a provider that was checked when it was loaded.
_without_words: Callable[..., ProposedReferral] = ProposedReferral.model_construct


@dataclass(slots=True)
class _Terse(Case):
    """A case that leaves the explanations out; it judges nothing itself."""

    made: dict[tuple[str, int, str], ProposedReferral] = field(default_factory=dict)
    """Every proposal of one side, by rule, `Refer` and provider: without words, it depends on nothing else."""

    def _held(self, rule: Rule) -> tuple[Held, ...]:
        del rule
        return ()

    def _proposal(self, rule: Rule, refer: Refer, choice: Choice) -> ProposedReferral:
        assert choice.provider is not None
        key = rule.id, id(refer), choice.provider.id
        proposal = self.made.get(key)
        if proposal is None:
            proposal = self.made[key] = _without_words(
                rule=rule.id,
                category=refer.category,
                service=refer.service,
                provider=choice.provider.id,
                urgency=refer.urgency,
                legal_basis=rule.legal_basis,
                approval=refer.approval,
            )
        return proposal


class Comparison:
    """Two bundles, each with its directory, made ready to decide on the same situations."""

    def __init__(self, before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory]) -> None:
        rules = _joined(before[0].rules, after[0].rules)
        index = Index([rule for rule, _, _ in rules])
        self._index = index
        self._rules = tuple(rule for rule, _, _ in rules)
        same_directory = before[1] == after[1]
        self._before = _Side(rules, index, before[1], 1)
        self._after = _Side(rules, index, after[1], 2)
        self._shared = frozenset(number for number, (_, old, new) in enumerate(rules) if old and new and same_directory)

    def outcomes(self, situation: Situation) -> tuple[Outcome, Outcome]:
        """What the decision on *situation* does under the first bundle and under the second: one value if the same."""
        known, day = complete(situation)
        seen = {**known, EVENT_DAY: day}
        matches = self._index.match(seen)
        shared = self._shared
        same = shared.issuperset(matches.definite) and shared.issuperset(matches.possible)
        found: list[Outcome] = []
        for side in (self._before,) if same else (self._before, self._after):
            case = _Terse(situation, known, seen, matches.rows, side.prepared, side.destinations, made=side.made)
            matched = [self._rules[number] for number in matches.definite if number in side.has]
            possible = [self._rules[number] for number in matches.possible if number in side.has]
            case.suppress(matched, possible)
            for rule in matched:
                case.act(rule)
            for rule in possible:
                case.ask(rule)
            found.append(_outcome([made for made, _ in case.referrals], case.notices, case.needs, case.unmet))
        return found[0], found[-1]


_Joined: TypeAlias = tuple[Rule, bool, bool]
"""A rule, and whether the first and the second bundle have it."""


class _Side:
    """One bundle of a comparison."""

    def __init__(self, rules: tuple[_Joined, ...], index: Index, directory: Directory, place: int) -> None:
        self.has = frozenset(number for number, joined in enumerate(rules) if joined[place])
        self.prepared = {
            rules[number][0].id: Prepared.of(rules[number][0], index.rows_of(number)) for number in sorted(self.has)
        }
        self.destinations = Destinations(directory)
        self.made: dict[tuple[str, int, str], ProposedReferral] = {}


def _joined(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> tuple[_Joined, ...]:
    """Every rule of both, in the order of rules; those that do the same are one."""
    old = {meaning(rule): rule for rule in before}
    new = {meaning(rule): rule for rule in after}
    joined = [(rule, True, key in new) for key, rule in old.items()]
    joined += [(rule, False, True) for key, rule in new.items() if key not in old]
    return tuple(sorted(joined, key=lambda each: each[0].order))


_WORDS = frozenset({"place", "where", "expected", "why", "owner", "tests", "widens"})
"""The parts of a rule that change no outcome: where it stands in its file, and what it says to people."""


def meaning(rule: Rule) -> Hashable:
    """All that a rule does, comparable: two rules that mean the same have the same outcome in every situation."""
    return _meaning(rule)


def _meaning(value: Any) -> Hashable:
    if isinstance(value, Place):
        return ""
    if is_dataclass(value):
        named = (each.name for each in fields(value) if each.name not in _WORDS)
        return (type(value).__name__, *((name, _meaning(getattr(value, name))) for name in named))
    if isinstance(value, tuple):
        return tuple(map(_meaning, value))
    if isinstance(value, frozenset):
        return frozenset((type(each).__name__, each) for each in value)
    return value if isinstance(value, Hashable) else repr(value)
