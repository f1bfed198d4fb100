"""
What a decision does, without why, and what two bundles do with the same situation.

Made for replaying millions of situations: only the judgement is made and not its words, and what two bundles have in
common is judged once. `outcome_of` says the same of a whole decision.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple, TypeAlias

from onward.contracts.decision import Decision
from onward.contracts.situation import Situation
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Directory
from onward.routing.domain.derived import complete
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.index import Index, Matches
from onward.routing.domain.judgement import Judgement, Prepared
from onward.routing.domain.language import EVENT_DAY, Rule, RuleSet
from onward.routing.domain.planning import scheme_of
from onward.routing.domain.waiting import BlockedRule, PrerequisiteIndex

Missing: TypeAlias = tuple[str, ...]


class ReferralOutcome(NamedTuple):
    """A referral."""

    category: str
    rule: str
    service: str
    provider: str
    urgency: str
    approval: str | None
    basis: str


class NoticeOutcome(NamedTuple):
    """A notice to a role."""

    kind: str
    rule: str
    to: str
    urgency: str


class QuestionOutcome(NamedTuple):
    """A question; without a category it is about a notice."""

    category: str | None
    rule: str
    missing: Missing


class UnmetOutcome(NamedTuple):
    """A need that no provider can take."""

    category: str
    rule: str


class WaitingOutcome(NamedTuple):
    """A referral that must wait for another; without a category a notice must."""

    category: str | None
    rule: str
    names: tuple[str, ...]
    """Of the prerequisites that are not met."""


class ClosureOutcome(NamedTuple):
    """Referrals made before that end: all of them, or those of releases."""

    which: str
    rule: str
    reason: str
    """The closure reason."""


class Outcome(NamedTuple):
    """What a decision does, in the order in which its rules act."""

    referred: tuple[ReferralOutcome, ...]
    told: tuple[NoticeOutcome, ...]
    asked: tuple[QuestionOutcome, ...]
    unmet: tuple[UnmetOutcome, ...]
    waits: tuple[WaitingOutcome, ...]
    closed: tuple[ClosureOutcome, ...]


def outcome_of(decision: Decision) -> Outcome:
    """What a decision does."""
    return Outcome(
        tuple(
            [
                ReferralOutcome(
                    each.category,
                    each.rule,
                    each.service,
                    each.provider,
                    each.urgency,
                    each.approval,
                    each.legal_basis.name,
                )
                for each in decision.referrals
            ]
        ),
        tuple([NoticeOutcome(notice.kind, notice.rule, notice.to, notice.urgency) for notice in decision.notices]),
        tuple([QuestionOutcome(need.category, need.rule, need.missing) for need in decision.needs_information]),
        tuple([UnmetOutcome(each.category, each.rule) for each in decision.unmet]),
        tuple([WaitingOutcome(each.category, each.rule, each.prerequisites) for each in decision.waiting]),
        tuple(
            [
                ClosureOutcome(each.closes, each.rule, each.closure_reason)
                for each in decision.suppressed
                if each.closure_reason
            ]
        ),
    )


def _outcome(judgement: Judgement) -> Outcome:
    """The same of a judgement."""
    scheme = scheme_of(judgement)
    return Outcome(
        tuple(
            [
                ReferralOutcome(
                    refer.category,
                    rule.id,
                    refer.service,
                    provider.id,
                    refer.urgency,
                    judgement.approval_of(rule, refer),
                    basis.name,
                )
                for rule, refer, basis, provider, _ in judgement.referrals
                if scheme is None or not scheme.meets(rule, refer)
            ]
        ),
        tuple([NoticeOutcome(notify.kind, rule.id, notify.to, notify.urgency) for rule, notify in judgement.notices]),
        tuple([QuestionOutcome(need.category, need.rule, need.missing) for need in judgement.needs]),
        tuple(
            [
                UnmetOutcome(refer.category, rule.id)
                for rule, refer, _ in judgement.unserved
                if scheme is None or not scheme.meets(rule, refer)
            ]
        ),
        tuple(
            [
                WaitingOutcome(category, blocked.rule.id, tuple([each.name for each in blocked.unmet(judgement.seen)]))
                for blocked, category in judgement.blocked
            ]
        ),
        tuple(
            [
                ClosureOutcome(each.suppress.closes, each.rule.id, each.suppress.closure_reason)
                for each in judgement.suppressions
                if each.suppress.closure_reason
            ]
        ),
    )


class BundleComparison:
    """Two bundles, each with its directory, made ready to decide on the same situations."""

    def __init__(self, before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory]) -> None:
        joined = _joined(before[0].rules, after[0].rules)
        self._rules = tuple(rule for rule, _, _ in joined)
        self._index = Index(self._rules)
        self._prerequisites = PrerequisiteIndex(self._rules)
        prepared = [Prepared.of(rule, self._index.rows_of(number)) for number, rule in enumerate(self._rules)]
        self._before = _Side(joined, prepared, before[1], 1)
        self._after = _Side(joined, prepared, after[1], 2)
        self._same_offices = self._before.destinations.offices == self._after.destinations.offices
        same_directory = before[1] == after[1]
        self._shared = frozenset(
            number for number, (_, old, new) in enumerate(joined) if old and new and same_directory
        )

    def outcomes(self, situation: Situation) -> tuple[Outcome, Outcome]:
        """What the decision on *situation* does under the first bundle and under the second: one value if the same."""
        found = self._found(situation, self._before)
        before = self._outcome(found, self._before)
        if self._same_offices and found.concerns <= self._shared:
            return before, before
        if not self._same_offices:
            found = self._found(situation, self._after)
        return before, self._outcome(found, self._after)

    def _found(self, situation: Situation, side: "_Side") -> "_Found":
        known, day = complete(situation, side.destinations.offices)
        seen = {**known, EVENT_DAY: day}
        matches = self._index.match(seen)
        return _Found(situation, known, seen, matches, tuple(self._prerequisites.keeps(seen, matches)))

    def _outcome(self, found: "_Found", side: "_Side") -> Outcome:
        rules, has = self._rules, side.has
        matches = found.matches
        judgement = Judgement(found.situation, found.known, found.seen, matches.rows, side.prepared, side.destinations)
        matched = [rules[number] for number in matches.definite if number in has]
        possible = [rules[number] for number in matches.possible if number in has]
        judgement.suppress(matched, possible)
        for rule in matched:
            judgement.act(rule)
        for rule in possible:
            judgement.ask(rule)
        for blocked in found.blocked:
            if blocked.number in has:
                judgement.wait(blocked)
        return _outcome(judgement)


@dataclass(slots=True)
class _Found:
    """What one situation means to the rules of both bundles."""

    situation: Situation
    known: dict[str, Any]
    seen: dict[str, Any]
    matches: Matches
    blocked: tuple[BlockedRule, ...]

    @property
    def concerns(self) -> set[int]:
        """Every rule that has any part in the decision."""
        return {*self.matches.definite, *self.matches.possible, *[each.number for each in self.blocked]}


_Joined: TypeAlias = tuple[Rule, bool, bool]
"""A rule, and whether the first and the second bundle have it."""


class _Side:
    """One bundle of a comparison."""

    def __init__(
        self, joined: tuple[_Joined, ...], prepared: Sequence[Prepared], directory: Directory, place: int
    ) -> None:
        self.has = frozenset(number for number, each in enumerate(joined) if each[place])
        self.prepared = {joined[number][0].id: prepared[number] for number in sorted(self.has)}
        self.destinations = Destinations(directory)


def _joined(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> tuple[_Joined, ...]:
    """Every rule of both, in the order of rules; those that do the same are one."""
    old = {meaning(rule): rule for rule in before}
    new = {meaning(rule): rule for rule in after}
    joined = [(rule, True, key in new) for key, rule in old.items()]
    joined += [(rule, False, True) for key, rule in new.items() if key not in old]
    return tuple(sorted(joined, key=lambda each: each[0].order))


_WORDS = frozenset({"place", "where", "expected", "named", "why", "owner", "tests", "widens", "instead_of"})
"""
The parts of a rule that change no outcome: where it stands in its file, and what it says to people. Of `instead_of` the
`order` speaks.
"""


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
