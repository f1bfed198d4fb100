"""A judgement in the words of the contract: each part with the conditions that held, and where they are written."""

from datetime import date
from typing import Final

from onward.contracts import ids
from onward.contracts.decision import (
    Covered,
    MetCondition,
    Notice,
    ProposedReferral,
    Suppressed,
    Unmet,
    Waiting,
)
from onward.contracts.fact_kinds import DataClass
from onward.contracts.facts import FACTS
from onward.contracts.plans import PlanKind
from onward.directory.special_data import ONLY_WITH_A_RELEASE
from onward.routing.domain.judgement import JudgedReferral, Judgement
from onward.routing.domain.language import Rule
from onward.routing.domain.planning import scheme_of

_OF_A_FINDING: Final = frozenset[DataClass](("need", "health", "risk", "safeguarding"))
"""The classes of facts that somebody found, of whom or what happened to them; the rest is who they are, and where."""


_OF_TWO_WORDS: Final = "victim_and_suspect"
"""Put together of what several contacts said: that a victim is accused is no new word of what was done to her."""


class Explained:
    """The parts of a decision that follow from a judgement."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self._scheme = scheme_of(judgement)
        self._conditions: dict[str, tuple[MetCondition, ...]] = {}
        """By rule: worked out once for all its referrals and notices."""

    def referrals(self) -> tuple[ProposedReferral, ...]:
        """The referrals, each with those of its linked rules that were made too, and the plan that it belongs to."""
        made = {referral.rule.id for referral in self._judgement.referrals}
        return tuple([self._proposed(referral, made) for referral in self._judgement.referrals])

    def notices(self) -> tuple[Notice, ...]:
        """What roles are told."""
        return tuple(
            [
                Notice(
                    kind=notify.kind,
                    to=notify.to,
                    rule=rule.id,
                    why=rule.why,
                    urgency=notify.urgency,
                    leads=rule.plan.kind if rule.plan and rule.plan.lead and not rule.refer else None,
                    conditions=self._held(rule),
                )
                for rule, notify in self._judgement.notices
            ]
        )

    def suppressed(self) -> tuple[Suppressed, ...]:
        """Every suppression that matched, with what it stopped."""
        return tuple(
            [
                Suppressed(
                    rule=each.rule.id,
                    reason=each.suppress.reason,
                    stopped=tuple(each.stopped),
                    closes=each.suppress.closes,
                    closure_reason=each.suppress.closure_reason,
                    conditions=self._held(each.rule),
                )
                for each in self._judgement.suppressions
            ]
        )

    def covered(self) -> tuple[Covered, ...]:
        """What an earlier rule refers for already."""
        covered = [(rule, refer, by.id) for rule, refer, by in self._judgement.covered]
        if (scheme := self._scheme) is not None:
            unserved = ((rule, refer) for rule, refer, _ in self._judgement.unserved)
            covered += [(rule, refer, scheme.rule.id) for rule, refer in unserved if scheme.meets(rule, refer)]
        return tuple(
            [
                Covered(rule=rule.id, category=refer.category, service=refer.service, by=by)
                for rule, refer, by in covered
            ]
        )

    def unmet(self) -> tuple[Unmet, ...]:
        """What no provider can take, and no scheme meets."""
        return tuple(
            [
                Unmet(rule=rule.id, category=refer.category, urgency=refer.urgency, destinations=destinations)
                for rule, refer, destinations in self._judgement.unserved
                if self._scheme is None or not self._scheme.meets(rule, refer)
            ]
        )

    def waiting(self) -> tuple[Waiting, ...]:
        """What a prerequisite keeps from being made."""
        seen = self._judgement.seen
        return tuple([blocked.waiting(category, seen) for blocked, category in self._judgement.blocked])

    def _proposed(self, referral: JudgedReferral, made: set[str]) -> ProposedReferral:
        rule, refer, basis, provider, destinations = referral
        held = self._judgement.holding(rule)
        return ProposedReferral(
            referral_id=ids.referral_id(self._judgement.situation.contact_id, rule.id, refer.category),
            rule=rule.id,
            why=rule.why,
            category=refer.category,
            service=refer.service,
            provider=provider.id,
            urgency=refer.urgency,
            legal_basis=basis,
            approval=self._judgement.approval_of(rule, refer),
            disclosed=self._disclosed(provider.profile, release=rule.is_release),
            conditions=self._held(rule),
            destinations=destinations,
            linked=tuple([name for name, _ in refer.linked if name in made]),
            advice=refer.advice,
            linked_advice=refer.linked_advice if any(name in made for name, _ in refer.linked) else "",
            warning=_sentences(*(each.advice for each in held)),
            plan=self._plan_of(rule),
            leads=rule.plan is not None and rule.plan.lead,
            release=rule.is_release,
            said_on=self._said_on(rule),
        )

    def _plan_of(self, rule: Rule) -> PlanKind | None:
        """Its rule's; else, unless it is of life and safety, that of the rule that leads a plan of such referrals."""
        if rule.plan is not None:
            return rule.plan.kind
        if rule.theme == "safety":
            return None
        led: list[PlanKind] = [
            each.rule.plan.kind for each in self._judgement.referrals if each.rule.plan and each.rule.plan.lead
        ]
        if led:
            return led[0]
        return "release" if rule.is_release else None

    def _said_on(self, rule: Rule) -> date | None:
        """The last day on which what the rule found was said, if nothing of it was said in the contact."""
        observed = self._judgement.situation.observed
        said = (each.field for each in self._held(rule) if each.actual != _OF_TWO_WORDS)
        named = dict.fromkeys(field for field in said if field in FACTS)
        found = [field for field in named if FACTS[field].data_class in _OF_A_FINDING]
        if not found or not all(field in observed for field in found):
            return None
        return max(observed[field] for field in found)

    def _disclosed(self, profile: str, *, release: bool) -> tuple[str, ...]:
        """The names of the fields that the profile allows and that are known; some with a release referral alone."""
        judgement = self._judgement
        found = judgement.destinations.directory.profiles[profile]
        facts, identity = judgement.facts, judgement.situation.identity_fields
        named = [name for name in found.fields if name in facts or name in identity]
        if not release:
            named = [name for name in named if name not in ONLY_WITH_A_RELEASE]
        return tuple([name for name in named if found.shows(name, facts.get(name))] if found.only else named)

    def _held(self, rule: Rule) -> tuple[MetCondition, ...]:
        held = self._conditions.get(rule.id)
        if held is None:
            explainer = self._judgement.prepared[rule.id].explainer
            held = self._conditions[rule.id] = explainer.held(self._judgement.seen)
        return held


def _sentences(*texts: str) -> str:
    return ". ".join(dict.fromkeys(filter(None, texts)))
