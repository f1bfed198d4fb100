"""One situation while it is being decided: what its rules do, each in its turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onward.contracts import ids
from onward.contracts.codes import Category, Service
from onward.contracts.decision import (
    Covered,
    Held,
    NeedsInformation,
    Notice,
    ProposedReferral,
    Suppressed,
    Unmet,
    Waiting,
)
from onward.contracts.situation import Situation
from onward.routing.domain.asking import Asker
from onward.routing.domain.destinations import Choice, Destinations
from onward.routing.domain.explaining import Explainer
from onward.routing.domain.index import RuleRows
from onward.routing.domain.kleene import Known
from onward.routing.domain.language import Notify, Refer, Rule, Suppress
from onward.routing.domain.suppressing import silences, stops
from onward.routing.domain.waiting import Waiter


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made ready once for each rule."""

    explainer: Explainer
    asker: Asker

    @classmethod
    def of(cls, rule: Rule, rows: RuleRows) -> "Prepared":
        """Made ready for *rule*, whose rows the index gives."""
        return cls(Explainer(rule), Asker(rule, rows))


@dataclass(slots=True)
class _Stop:
    """A suppressing rule that matched, or that might."""

    rule: Rule
    suppress: Suppress
    stopped: list[str] = field(default_factory=list)

    def note(self, rule: Rule) -> None:
        if rule.id not in self.stopped:
            self.stopped.append(rule.id)


@dataclass(slots=True)
class Case:
    """
    Collects the parts of one decision.

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
    referrals: list[tuple[ProposedReferral, Refer]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    needs: list[NeedsInformation] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    _certain: list[_Stop] = field(default_factory=list)
    _uncertain: list[_Stop] = field(default_factory=list)
    _taken: dict[tuple[Category, Service], Rule] = field(default_factory=dict)
    _conditions: dict[str, tuple[Held, ...]] = field(default_factory=dict)

    def suppress(self, matched: Iterable[Rule], possible: Iterable[Rule]) -> None:
        """Take note of what stops referrals, for certain or possibly."""
        self._certain = [_Stop(rule, rule.suppress) for rule in matched if rule.suppress is not None]
        self._uncertain = [_Stop(rule, rule.suppress) for rule in possible if rule.suppress is not None]

    def act(self, rule: Rule) -> None:
        """Do what a matching rule says."""
        if rule.suppress is None and not rule.refer and self._silenced(rule):
            return
        stopped = [self._refer(rule, refer) for refer in rule.refer]
        if stopped and all(stopped):
            return  # a notice beside a referral goes the way of the referral
        self.notices += [self._notice(rule, notify) for notify in rule.notify]

    def ask(self, rule: Rule) -> None:
        """Name what a possible rule lacks, for each referral or notice that the answer could still lead to."""
        if rule.suppress is not None:
            return  # what a suppression lacks is asked for by the referrals it holds up
        asker = self.prepared[rule.id].asker
        missing = asker.missing(self.seen, self.rows)
        for refer in rule.refer:
            taken = self._taken.get((refer.category, refer.service))
            if taken is not None and taken.order < rule.order:
                continue
            if self._certain and self._stopping(rule, refer.category):
                continue
            lacking = missing
            if self._uncertain:
                lacking = (*missing, *self._lacking(self._holding(rule, refer.category)))
            if lacking:
                self.needs.append(asker.needs(refer.category, lacking))
        if not rule.refer and missing and not self._silenced(rule):
            self.needs.append(asker.needs(None, missing))

    def wait(self, waiter: Waiter) -> None:
        """Say what a rule waits for: each referral that nothing stops and no earlier rule makes, or its notice."""
        rule = waiter.rule
        for refer in rule.refer:
            taken = self._taken.get((refer.category, refer.service))
            covered = taken is not None and taken.order < rule.order
            if not covered and not self._stopping(rule, refer.category):
                self.waiting.append(self._waits(waiter, refer.category))
        if not rule.refer and not self._silenced(rule):
            self.waiting.append(self._waits(waiter, None))

    def _refer(self, rule: Rule, refer: Refer) -> bool:
        """Make one referral, or say why not; whether a suppression stopped it."""
        stopping = self._stopping(rule, refer.category)
        if stopping:
            for stop in stopping:
                stop.note(rule)
            return True
        holding = self._holding(rule, refer.category)
        taken = self._taken.get((refer.category, refer.service))
        if holding:
            self._need(rule, refer.category, self._lacking(holding))
        elif taken is not None:
            self.covered.append(Covered(rule=rule.id, category=refer.category, service=refer.service, by=taken.id))
        else:
            self._place(rule, refer)
        return False

    def _place(self, rule: Rule, refer: Refer) -> None:
        """Find a provider; without one, ask for what could open one, or say that the need is unmet."""
        assert rule.legal_basis is not None, "the loader lets no rule refer without one"
        choice = self.destinations.choose(refer, rule.legal_basis.kind, self.facts, self.situation.consents)
        if choice.provider is not None:
            self._taken[refer.category, refer.service] = rule
            self.referrals.append((self._proposal(rule, refer, choice), refer))
        elif choice.missing:
            self._need(rule, refer.category, choice.missing)
        else:
            self.unmet.append(Unmet(rule=rule.id, category=refer.category, destinations=choice.tried))

    def _proposal(self, rule: Rule, refer: Refer, choice: Choice) -> ProposedReferral:
        assert choice.provider is not None
        assert rule.legal_basis is not None
        return ProposedReferral(
            referral_id=ids.referral_id(self.situation.contact_id, rule.id, refer.category),
            rule=rule.id,
            why=rule.why,
            category=refer.category,
            service=refer.service,
            provider=choice.provider.id,
            urgency=refer.urgency,
            legal_basis=rule.legal_basis,
            approval=refer.approval,
            disclosed=self._disclosed(choice.provider.profile),
            conditions=self._held(rule),
            destinations=choice.tried,
            advice=refer.advice,
            release=rule.is_release,
        )

    def _notice(self, rule: Rule, notify: Notify) -> Notice:
        return Notice(
            kind=notify.kind,
            to=notify.to,
            rule=rule.id,
            why=rule.why,
            urgency=notify.urgency,
            conditions=self._held(rule),
        )

    def _waits(self, waiter: Waiter, category: Category | None) -> Waiting:
        return waiter.waiting(category, self.seen)

    def _held(self, rule: Rule) -> tuple[Held, ...]:
        """The conditions of a rule that matches; worked out once for all its referrals and notices."""
        held = self._conditions.get(rule.id)
        if held is None:
            held = self._conditions[rule.id] = self.prepared[rule.id].explainer.held(self.seen)
        return held

    def _disclosed(self, profile: str) -> tuple[str, ...]:
        """The names of the fields that the profile allows and that are known."""
        allowed = self.destinations.directory.profiles[profile].fields
        identity = self.situation.identity_fields
        return tuple(name for name in allowed if name in self.facts or name in identity)

    def _stopping(self, rule: Rule, category: Category) -> list[_Stop]:
        return [stop for stop in self._certain if stops(stop.suppress, rule, category, certain=True)]

    def _holding(self, rule: Rule, category: Category) -> list[_Stop]:
        """The suppressions that would stop the referral if something not known turned out so."""
        return [stop for stop in self._uncertain if stops(stop.suppress, rule, category, certain=False)]

    def _lacking(self, holding: Iterable[_Stop]) -> tuple[str, ...]:
        """What is not known about suppressions."""
        askers = (self.prepared[stop.rule.id].asker for stop in holding)
        return tuple(path for asker in askers for path in asker.missing(self.seen, self.rows))

    def _silenced(self, rule: Rule) -> bool:
        """Whether nobody need be told or asked."""
        return any(silences(stop.suppress, rule) for stop in self._certain)

    def _need(self, rule: Rule, category: Category, missing: Iterable[str]) -> None:
        self.needs.append(self.prepared[rule.id].asker.needs(category, tuple(sorted(missing))))

    def suppressions(self) -> tuple[Suppressed, ...]:
        """Every suppression that matched, with what it stopped."""
        return tuple(
            Suppressed(
                rule=stop.rule.id,
                reason=stop.suppress.reason,
                stopped=tuple(stop.stopped),
                closes=stop.suppress.closes,
                closure_reason=stop.suppress.closure_reason,
                conditions=self._held(stop.rule),
            )
            for stop in self._certain
        )

    def closing(self) -> list[tuple[str, Suppress]]:
        """The suppressions that matched and end referrals that the person has already, each with its rule."""
        return [(stop.rule.id, stop.suppress) for stop in self._certain if stop.suppress.closes != "none"]

    def linked_referrals(self) -> tuple[ProposedReferral, ...]:
        """The referrals, each with those of its linked rules that were made too."""
        made = {referral.rule for referral, _ in self.referrals}
        return tuple(
            referral.model_copy(update={"linked": links})
            if (links := tuple(name for name, _ in refer.linked if name in made))
            else referral
            for referral, refer in self.referrals
        )
