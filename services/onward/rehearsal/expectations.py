"""What must hold after a step: the shapes that authors write, and what of it does not hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pydantic import Field

from onward.contracts.base import Written
from onward.contracts.codes import (
    Category,
    ClosureReason,
    LegalBasisKind,
    NoticeUrgency,
    ReferralStatus,
    Service,
    Urgency,
)
from onward.contracts.feedback import FeedbackOutcome
from onward.contracts.matches import Detail
from onward.contracts.plans import PlanKind
from onward.contracts.referral import WithdrawalReason
from onward.rehearsal.effects import StepEffects

Steps: TypeAlias = tuple[str | int, ...]
"""Which way through the document leads to what is told of."""

UNKNOWN: Final = "unknown"
"""What is written for a fact that must not be known."""


class ExpectedReferral(Written):
    """A referral that a provider received in this step."""

    category: Category | None = None
    provider: str | None = None
    service: Service | None = None
    urgency: Urgency | None = None
    basis: LegalBasisKind | None = None
    """The kind of its legal basis."""
    rule: str | None = None
    fields: tuple[str, ...] | None = None
    """The names of all fields that the provider was told, in any order."""
    shows: dict[str, Any] | None = None
    """Fields that it was told, and with which value."""
    hides: tuple[str, ...] | None = None
    """Fields that it was not told."""
    plan: PlanKind | None = None
    """The kind of plan that it belongs to, as far as its provider may know."""
    leads: bool | None = None
    """Whether the provider is told that it leads the plan."""
    beside: tuple[Service, ...] | None = None
    """The kinds of service in the plan that the provider was told of, in any order."""
    follows: bool | None = None
    """Whether it names an earlier referral that the same provider had for the need."""


class ExpectedWithdrawal(Written):
    """A referral that its provider was told to stop."""

    category: Category | None = None
    provider: str | None = None
    reason: WithdrawalReason | None = None


class ExpectedStanding(Written):
    """How a referral stands after this step, whenever it was made."""

    category: Category | None = None
    provider: str | None = None
    status: ReferralStatus | None = None


class ExpectedEscalation(Written):
    """A call of people on duty."""

    kind: str | None = None
    to: str | None = None
    """The role."""
    urgency: NoticeUrgency | None = None
    rule: str | None = None
    news: bool | None = None
    """Whether it is news to a case that is open already."""


class ExpectedQuestion(Written):
    """A question to a partner."""

    to: str | None = None
    asks: tuple[str, ...] | None = None
    """Facts that are among those asked for."""


class ExpectedMatch(Written):
    """A question to a person, whether two people are one."""

    agree: tuple[Detail, ...] | None = None
    """Details that agree, among others."""
    differ: tuple[Detail, ...] | None = None
    """Details that differ, among others."""


class ExpectedStatus(Written):
    """What a partner was told of a referral."""

    to: str | None = None
    category: Category | None = None
    status: ReferralStatus | None = None
    closure_reason: ClosureReason | None = None


class ExpectedFeedback(Written):
    """What a partner was told of a message of its own."""

    to: str | None = None
    outcome: FeedbackOutcome | None = None
    reasons: tuple[str, ...] | None = None
    """Codes that are among those it was told."""


class ExpectedSuppression(Written):
    """What kept referrals from being made."""

    reason: str | None = None
    rule: str | None = None


class ExpectedUnmet(Written):
    """A need that nobody can take, or one that waits for another referral."""

    category: Category | None = None
    rule: str | None = None


class ExpectedOutcome(Written):
    """A record that a service ignored or parked."""

    service: str | None = None
    reason: str | None = None


class ExpectedEffects(Written):
    """What a step leads to, by kind. A kind that is not named is not looked at; an empty list is none of that kind."""

    sent: tuple[ExpectedReferral, ...] | None = None
    withdrawals: tuple[ExpectedWithdrawal, ...] | None = None
    referrals: tuple[ExpectedStanding, ...] | None = None
    escalations: tuple[ExpectedEscalation, ...] | None = None
    questions: tuple[ExpectedQuestion, ...] | None = None
    matches: tuple[ExpectedMatch, ...] | None = None
    statuses: tuple[ExpectedStatus, ...] | None = None
    feedback: tuple[ExpectedFeedback, ...] | None = None
    suppressed: tuple[ExpectedSuppression, ...] | None = None
    unmet: tuple[ExpectedUnmet, ...] | None = None
    waiting: tuple[ExpectedUnmet, ...] | None = None
    ignored: tuple[ExpectedOutcome, ...] | None = None
    parked: tuple[ExpectedOutcome, ...] | None = None

    def kinds(self) -> Iterator[tuple[str, Sequence[Written]]]:
        """Each kind that is named, with what is said of it."""
        for kind in type(self).model_fields:
            wanted = getattr(self, kind)
            if wanted is not None:
                yield kind, wanted


class StepExpectation(Written):
    """What must hold after a step."""

    only: ExpectedEffects | None = None
    """Exactly these of the kinds that are named, no more and no fewer."""
    some: ExpectedEffects | None = None
    """These among others."""
    never: ExpectedEffects | None = None
    """None that fits."""
    contacts: int | None = Field(default=None, ge=0)
    """How many contacts were made of it."""
    people: int | None = Field(default=None, ge=0)
    """How many people are known by now."""
    facts: dict[str, Any] | None = None
    """Facts that every decision of this step stood on; `unknown` for one that must not be known."""


def faults(expected: StepExpectation, seen: StepEffects) -> Iterator[tuple[Steps, str]]:
    """What does not hold, each with the way to it from the expectation's own place; no value of a fact is told."""
    if expected.only is not None:
        yield from _only(expected.only, seen)
    if expected.some is not None:
        yield from _some(expected.some, seen)
    if expected.never is not None:
        yield from broken_bans(expected.never, seen)
    for counted in ("contacts", "people"):
        wanted, found = getattr(expected, counted), getattr(seen, counted)
        if wanted is not None and wanted != found:
            yield (counted,), f"expected {wanted} {counted}, found {found}"
    for path, value in (expected.facts or {}).items():
        yield from _fact(path, value, seen)


def broken_bans(never: ExpectedEffects, seen: StepEffects) -> Iterator[tuple[Steps, str]]:
    """Each thing that must never happen and did."""
    for kind, unwanted in never.kinds():
        things = seen.of(kind)
        for number, pattern in enumerate(unwanted):
            found = sum(fits(pattern, thing) for thing in things)
            if found:
                yield ("never", kind, number), f"{kind}: must never happen, and did: {in_short(pattern)}"


def _only(only: ExpectedEffects, seen: StepEffects) -> Iterator[tuple[Steps, str]]:
    for kind, wanted in only.kinds():
        things = seen.of(kind)
        missing, left = _matched(wanted, things)
        for number in missing:
            yield ("only", kind, number), f"{kind}: expected and not found: {in_short(wanted[number])}"
        for number in left:
            yield ("only", kind), f"{kind}: not expected: {described(things[number])}"


def _some(some: ExpectedEffects, seen: StepEffects) -> Iterator[tuple[Steps, str]]:
    for kind, wanted in some.kinds():
        missing, _ = _matched(wanted, seen.of(kind))
        for number in missing:
            yield ("some", kind, number), f"{kind}: expected and not found: {in_short(wanted[number])}"


def _fact(path: str, value: Any, seen: StepEffects) -> Iterator[tuple[Steps, str]]:
    if not seen.facts:
        yield ("facts", path), f"`{path}` is expected, and nothing was decided in this step"
    for facts in seen.facts:
        known = facts.get(path)
        if value == UNKNOWN and known is not None:
            yield ("facts", path), f"`{path}` is known, and must not be"
        elif value != UNKNOWN and known is None:
            yield ("facts", path), f"`{path}` is not known"
        elif value not in (UNKNOWN, known):
            yield ("facts", path), f"`{path}` has another value"


def fits(pattern: Written, thing: Mapping[str, Any]) -> bool:
    """Whether *thing* is as *pattern* says, in all that it says."""
    return all(_holds(name, getattr(pattern, name), thing) for name in pattern.model_fields_set)


def _holds(name: str, wanted: Any, thing: Mapping[str, Any]) -> bool:
    match name:
        case "fields":
            return set(wanted) == set(thing["disclosed"])
        case "beside":
            return set(wanted) == set(thing["beside"])
        case "shows":
            return all(field in thing["disclosed"] and thing["disclosed"][field] == wanted[field] for field in wanted)
        case "hides":
            return not set(wanted) & set(thing["disclosed"])
        case "asks" | "reasons" | "agree" | "differ":
            return set(wanted) <= set(thing[name])
        case _:
            return bool(thing.get(name) == wanted)


def _matched(wanted: Sequence[Written], things: Sequence[Mapping[str, Any]]) -> tuple[list[int], list[int]]:
    """
    As many of *wanted* as can be, each with a thing of its own: which have none, and which things are left.

    Two that look alike do not take each other's thing: paths are augmented, as for any bipartite matching.
    """
    takes: dict[int, int] = {}

    def find(pattern: int, tried: set[int]) -> bool:
        for number, thing in enumerate(things):
            if number in tried or not fits(wanted[pattern], thing):
                continue
            tried.add(number)
            if number not in takes or find(takes[number], tried):
                takes[number] = pattern
                return True
        return False

    missing = [pattern for pattern in range(len(wanted)) if not find(pattern, set())]
    return missing, [number for number in range(len(things)) if number not in takes]


def in_short(pattern: Written) -> str:
    """What an author expects, in a line, without the values of fields."""
    said: list[str] = []
    for name in type(pattern).model_fields:
        if name in pattern.model_fields_set:
            value = getattr(pattern, name)
            shown = ", ".join(value) if isinstance(value, tuple | dict) else str(value)
            said.append(f"{name} {shown}" if shown else f"no {name}")
    return "; ".join(said) or "any"


_SHOWN: Final = (
    "category", "provider", "status", "kind", "to", "urgency", "basis", "service", "reason", "rule", "asks", "outcome",
    "reasons", "agree", "differ",
)  # fmt: skip


def described(thing: Mapping[str, Any]) -> str:
    """What happened, in a line, without the values of fields."""
    said: list[str] = []
    for name in _SHOWN:
        value = thing.get(name)
        if value:
            said.append(f"{name} {', '.join(value) if isinstance(value, list) else value}")
    if "disclosed" in thing:
        said.append(f"fields {', '.join(thing['disclosed']) or 'none'}")
    return "; ".join(said)
