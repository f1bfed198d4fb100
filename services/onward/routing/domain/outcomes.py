"""
What a decision does, without why, and what two bundles do with the same situation.

Made for replaying millions of situations: every judgement is `Case`'s own, only the words around it are left out, and
what two bundles have in common is judged once. `outcome_of` says the same of a whole decision.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NamedTuple, TypeAlias

from onward.contracts.codes import Category
from onward.contracts.decision import (
    Decision,
    Held,
    NeedsInformation,
    Notice,
    ProposedReferral,
    Unmet,
    Waiting,
)
from onward.contracts.situation import Situation
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Directory
from onward.routing.domain.case import Case, Prepared
from onward.routing.domain.derived import complete
from onward.routing.domain.destinations import Choice, Destinations
from onward.routing.domain.index import Index, Matches
from onward.routing.domain.language import EVENT_DAY, Notify, Refer, Rule, RuleSet
from onward.routing.domain.waiting import Waiter, WaitingRoom

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


class Waits(NamedTuple):
    """A referral that must wait for another; without a category a notice must."""

    category: str | None
    rule: str
    names: tuple[str, ...]
    """Of the prerequisites that are not met."""


class Closed(NamedTuple):
    """Referrals made before that end: all of them, or those of releases."""

    which: str
    rule: str
    reason: str
    """The closure reason."""


class Outcome(NamedTuple):
    """What a decision does, in the order in which its rules act."""

    referred: tuple[Referred, ...]
    told: tuple[Told, ...]
    asked: tuple[Asked, ...]
    unmet: tuple[Unserved, ...]
    waits: tuple[Waits, ...]
    closed: tuple[Closed, ...]


def outcome_of(decision: Decision) -> Outcome:
    """What a decision does."""
    return _outcome(
        decision.referrals,
        decision.notices,
        decision.needs_information,
        decision.unmet,
        decision.waiting,
        tuple(
            [Closed(each.closes, each.rule, each.closure_reason) for each in decision.suppressed if each.closure_reason]
        ),
    )


def _outcome(  # noqa: PLR0917 - one for each part of an outcome
    referrals: Iterable[ProposedReferral],
    notices: Iterable[Notice],
    needs: Iterable[NeedsInformation],
    unmet: Iterable[Unmet],
    waiting: Iterable[Waiting],
    closed: tuple[Closed, ...],
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
        tuple([Waits(each.category, each.rule, each.prerequisites) for each in waiting]),
        closed,
    )


# Nothing is checked again: every value comes from a rule or a provider that was checked when it was loaded.
_plain_referral: Callable[..., ProposedReferral] = ProposedReferral.model_construct
_plain_notice: Callable[..., Notice] = Notice.model_construct
_plain_waiting: Callable[..., Waiting] = Waiting.model_construct


@dataclass(slots=True)
class _Said:
    """What one side has said: without words it depends on nothing but what it is kept by."""

    referrals: dict[tuple[str, int, str], ProposedReferral] = field(default_factory=dict)
    """By rule, `Refer` and provider."""
    notices: dict[tuple[str, int], Notice] = field(default_factory=dict)
    """By rule and `Notify`."""


@dataclass(slots=True)
class _Terse(Case):
    """A case that leaves the explanations out; it judges nothing itself."""

    said: _Said = field(default_factory=_Said)

    def _held(self, rule: Rule) -> tuple[Held, ...]:
        del rule
        return ()

    def _proposal(self, rule: Rule, refer: Refer, choice: Choice) -> ProposedReferral:
        assert choice.provider is not None
        key = rule.id, id(refer), choice.provider.id
        proposal = self.said.referrals.get(key)
        if proposal is None:
            proposal = self.said.referrals[key] = _plain_referral(
                rule=rule.id,
                category=refer.category,
                service=refer.service,
                provider=choice.provider.id,
                urgency=refer.urgency,
                legal_basis=rule.legal_basis,
                approval=refer.approval,
            )
        return proposal

    def _notice(self, rule: Rule, notify: Notify) -> Notice:
        key = rule.id, id(notify)
        notice = self.said.notices.get(key)
        if notice is None:
            notice = self.said.notices[key] = _plain_notice(
                kind=notify.kind, to=notify.to, rule=rule.id, urgency=notify.urgency
            )
        return notice

    def _waits(self, waiter: Waiter, category: Category | None) -> Waiting:
        names = tuple([each.name for each in waiter.unmet(self.seen)])
        return _plain_waiting(rule=waiter.rule.id, category=category, prerequisites=names)


class Comparison:
    """Two bundles, each with its directory, made ready to decide on the same situations."""

    def __init__(self, before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory]) -> None:
        joined = _joined(before[0].rules, after[0].rules)
        self._rules = tuple(rule for rule, _, _ in joined)
        self._index = Index(self._rules)
        self._waiting = WaitingRoom(self._rules)
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
        return _Found(situation, known, seen, matches, tuple(self._waiting.keeps(seen, matches)))

    def _outcome(self, found: "_Found", side: "_Side") -> Outcome:
        rules, has = self._rules, side.has
        matches = found.matches
        case = _Terse(
            found.situation, found.known, found.seen, matches.rows, side.prepared, side.destinations, said=side.said
        )
        matched = [rules[number] for number in matches.definite if number in has]
        possible = [rules[number] for number in matches.possible if number in has]
        case.suppress(matched, possible)
        for rule in matched:
            case.act(rule)
        for rule in possible:
            case.ask(rule)
        for waiter in found.waiting:
            if waiter.number in has:
                case.wait(waiter)
        return _outcome(
            [made for made, _ in case.referrals],
            case.notices,
            case.needs,
            case.unmet,
            case.waiting,
            tuple(
                [Closed(stop.closes, rule, stop.closure_reason) for rule, stop in case.closing() if stop.closure_reason]
            ),
        )


@dataclass(slots=True)
class _Found:
    """What one situation means to the rules of both bundles."""

    situation: Situation
    known: dict[str, Any]
    seen: dict[str, Any]
    matches: Matches
    waiting: tuple[Waiter, ...]

    @property
    def concerns(self) -> set[int]:
        """Every rule that has any part in the decision."""
        return {*self.matches.definite, *self.matches.possible, *[waiter.number for waiter in self.waiting]}


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
        self.said = _Said()


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
