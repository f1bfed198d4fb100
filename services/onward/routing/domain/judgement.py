"""
One situation while it is being decided: what its rules do, each in its turn, as plain values.

Words for people, such as which condition held and where it is written, are made of it by `explained`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from onward.contracts.codes import Category, Service
from onward.contracts.decision import LegalBasis, NeedsInformation, Tried
from onward.contracts.situation import Situation
from onward.directory.model import Provider
from onward.routing.domain.asking import Asker
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.explaining import Explainer
from onward.routing.domain.index import RuleRows
from onward.routing.domain.kleene import Known
from onward.routing.domain.language import Approve, Notify, Refer, Role, Rule, Suppress
from onward.routing.domain.suppressing import silences, stops
from onward.routing.domain.waiting import BlockedRule

_End: TypeAlias = Literal["stopped", "referred", "open"]
"""How a referral that a rule makes ends: a suppression stops it, a provider has it, or nobody has it (yet)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made ready once for each rule."""

    explainer: Explainer
    asker: Asker

    @classmethod
    def of(cls, rule: Rule, rows: RuleRows) -> "Prepared":
        """Made ready for *rule*, whose rows the index gives."""
        return cls(Explainer(rule), Asker(rule, rows))


class JudgedReferral(NamedTuple):
    """What a rule refers for, and to whom."""

    rule: Rule
    refer: Refer
    basis: LegalBasis
    provider: Provider
    destinations: tuple[Tried, ...]


class RoleNotice(NamedTuple):
    """What a rule tells a role."""

    rule: Rule
    notify: Notify


class UnservedNeed(NamedTuple):
    """A referral that no provider can take."""

    rule: Rule
    refer: Refer
    destinations: tuple[Tried, ...]


class CoveredReferral(NamedTuple):
    """A referral that an earlier rule makes already."""

    rule: Rule
    refer: Refer
    by: Rule


class BlockedReferral(NamedTuple):
    """A referral, or without a category a notice, that waits for a prerequisite."""

    rule: BlockedRule
    category: Category | None


@dataclass(slots=True)
class Suppression:
    """A suppressing rule that matched, or that might, and the rules that it stopped."""

    rule: Rule
    suppress: Suppress
    stopped: list[str] = field(default_factory=list)

    def stop(self, rule: Rule) -> None:
        """Note that it stopped *rule*."""
        if rule.id not in self.stopped:
            self.stopped.append(rule.id)


@dataclass(slots=True)
class Judgement:
    """
    Collects what the rules do.

    First `suppress` with all rules, then `act` for each rule that matches, then `ask` for each that might, and `wait`
    for each that only a prerequisite keeps from matching; rules come in their order.
    """

    situation: Situation
    facts: dict[str, Any]
    seen: Known
    """The facts, and the day of the event."""
    rows: int
    """What the index found for them; see `Matches.rows`."""
    prepared: Mapping[str, Prepared]
    destinations: Destinations
    referrals: list[JudgedReferral] = field(default_factory=list[JudgedReferral])
    notices: list[RoleNotice] = field(default_factory=list[RoleNotice])
    needs: list[NeedsInformation] = field(default_factory=list[NeedsInformation])
    unserved: list[UnservedNeed] = field(default_factory=list[UnservedNeed])
    blocked: list[BlockedReferral] = field(default_factory=list[BlockedReferral])
    covered: list[CoveredReferral] = field(default_factory=list[CoveredReferral])
    suppressions: list[Suppression] = field(default_factory=list[Suppression])
    """Those that matched."""
    approving: list[Approve] = field(default_factory=list[Approve])
    """Who must agree before anything leaves for the person."""
    _possible: list[Suppression] = field(default_factory=list[Suppression])
    _referred: dict[tuple[Category, Service], Rule] = field(default_factory=dict[tuple[Category, Service], Rule])

    def suppress(self, matched: Iterable[Rule], possible: Iterable[Rule]) -> None:
        """Take note of what stops referrals, for certain or possibly, and of who must approve them first."""
        matched = list(matched)
        self.approving = [rule.approve for rule in matched if rule.approve is not None]
        self.suppressions = [Suppression(rule, rule.suppress) for rule in matched if rule.suppress is not None]
        self._possible = [Suppression(rule, rule.suppress) for rule in possible if rule.suppress is not None]

    def holding(self, rule: Rule) -> Sequence[Approve]:
        """Who must approve whatever *rule* refers, whatever it says of itself: life and safety wait for nobody."""
        return () if rule.theme == "safety" else self.approving

    def approval_of(self, rule: Rule, refer: Refer) -> Role | None:
        """Who must approve a referral before it is sent; None if nobody must."""
        return refer.approval or next((each.by for each in self.holding(rule)), None)

    def act(self, rule: Rule) -> None:
        """Do what a matching rule says."""
        if rule.suppress is None and not rule.refer and self._silenced(rule):
            return
        ends = [self._refer(rule, refer) for refer in rule.refer]
        if ends and all(end == "stopped" for end in ends):
            return  # a notice beside a referral goes the way of the referral
        unmet = "open" in ends
        self.notices += [RoleNotice(rule, notify) for notify in rule.notify if unmet or not notify.if_unmet]

    def ask(self, rule: Rule) -> None:
        """Name what a possible rule lacks, for each referral or notice that the answer could still lead to."""
        if rule.suppress is not None:
            return  # what a suppression lacks is asked for by the referrals it holds up
        asker = self.prepared[rule.id].asker
        missing = asker.missing(self.seen, self.rows)
        for refer in rule.refer:
            taken = self._referred.get((refer.category, refer.service))
            if taken is not None and taken.order < rule.order:
                continue
            if self.suppressions and self._stopping(rule, refer.category):
                continue
            lacking = missing
            if self._possible:
                lacking = (*missing, *self._lacking(self._holding(rule, refer.category)))
            if lacking:
                self.needs.append(asker.needs(refer.category, lacking))
        if not rule.refer and missing and not self._silenced(rule):
            self.needs.append(asker.needs(None, missing))

    def wait(self, blocked: BlockedRule) -> None:
        """Say what a rule waits for: each referral that nothing stops and no earlier rule makes, or its notice."""
        rule = blocked.rule
        for refer in rule.refer:
            taken = self._referred.get((refer.category, refer.service))
            covered = taken is not None and taken.order < rule.order
            if not covered and not self._stopping(rule, refer.category):
                self.blocked.append(BlockedReferral(blocked, refer.category))
        if not rule.refer and not self._silenced(rule):
            self.blocked.append(BlockedReferral(blocked, None))

    def _refer(self, rule: Rule, refer: Refer) -> _End:
        """Make one referral, or say why not."""
        stopping = self._stopping(rule, refer.category)
        if stopping:
            for stop in stopping:
                stop.stop(rule)
            return "stopped"
        holding = self._holding(rule, refer.category)
        taken = self._referred.get((refer.category, refer.service))
        if holding:
            self._need(rule, refer.category, self._lacking(holding))
        elif taken is not None:
            self.covered.append(CoveredReferral(rule, refer, taken))
            return "referred"
        else:
            return self._choose_provider(rule, refer)
        return "open"

    def _choose_provider(self, rule: Rule, refer: Refer) -> _End:
        """Without a provider, ask for what could open one, or say that the need is unmet."""
        basis = rule.legal_basis
        assert basis is not None, "the loader lets no rule refer without one"
        choice = self.destinations.choose(refer, basis.kind, self.facts, self.situation.consents)
        if choice.provider is not None:
            self._referred[refer.category, refer.service] = rule
            self.referrals.append(JudgedReferral(rule, refer, basis, choice.provider, choice.tried))
            return "referred"
        if choice.missing:
            self._need(rule, refer.category, choice.missing)
        else:
            self.unserved.append(UnservedNeed(rule, refer, choice.tried))
        return "open"

    def _stopping(self, rule: Rule, category: Category) -> list[Suppression]:
        return [stop for stop in self.suppressions if stops(stop.suppress, rule, category, certain=True)]

    def _holding(self, rule: Rule, category: Category) -> list[Suppression]:
        """The suppressions that would stop the referral if something not known turned out so."""
        return [stop for stop in self._possible if stops(stop.suppress, rule, category, certain=False)]

    def _lacking(self, holding: Iterable[Suppression]) -> tuple[str, ...]:
        """What is not known about suppressions."""
        askers = (self.prepared[stop.rule.id].asker for stop in holding)
        return tuple(path for asker in askers for path in asker.missing(self.seen, self.rows))

    def _silenced(self, rule: Rule) -> bool:
        """Whether nobody need be told or asked."""
        return any(silences(stop.suppress, rule) for stop in self.suppressions)

    def _need(self, rule: Rule, category: Category, missing: Iterable[str]) -> None:
        self.needs.append(self.prepared[rule.id].asker.needs(category, tuple(sorted(missing))))
