"""What became of what a rule does, as a decision tells it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal, TypeAlias

from onward.contracts.codes import Category
from onward.contracts.decision import Decision, Tried
from onward.routing.domain.language import Rule

What: TypeAlias = Literal["referred", "told", "suppresses", "stopped", "covered", "asks", "unmet", "waits", "silenced"]


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one referral or notice of a rule."""

    what: What
    category: Category | None = None
    to: str = ""
    """The provider referred to, or the role told."""
    by: str = ""
    """The rule that stopped it, or whose referral covers it."""
    why: str = ""
    """The reason it was stopped; what it waits for; what kind of notice it is."""
    approval: str | None = None
    """The role that must approve first."""
    missing: tuple[str, ...] = ()
    """What it asks for."""
    tried: tuple[Tried, ...] = ()
    """Each provider considered, and why it was chosen or not."""


class Endings:
    """The parts of one decision, by rule."""

    def __init__(self, decision: Decision, *, other_rules: bool) -> None:
        self._other_rules = other_rules
        self._by_rule: dict[str, list[Ending]] = defaultdict(list)
        for made in decision.referrals:
            self._note(
                made.rule,
                Ending("referred", made.category, made.provider, approval=made.approval, tried=made.destinations),
            )
        for need in decision.needs_information:
            self._note(need.rule, Ending("asks", need.category, missing=need.missing))
        for unmet in decision.unmet:
            self._note(unmet.rule, Ending("unmet", unmet.category, tried=unmet.destinations))
        for waiting in decision.waiting:
            self._note(waiting.rule, Ending("waits", waiting.category, why=waiting.why))
        self._note_stopped(decision)
        for covered in decision.covered:
            self._note(covered.rule, Ending("covered", by=covered.by))
        for notice in decision.notices:
            self._note(notice.rule, Ending("told", to=notice.to, why=notice.kind))

    def of(self, rule: Rule, *, matched: bool) -> tuple[Ending, ...]:
        """
        What became of a rule; of one that matched there is always something to say.

        Unless the decision was made with other rules: what it does not tell of a rule may not have been there then.
        """
        found = self._by_rule.get(rule.id)
        if found:
            return tuple(found)
        return (Ending("silenced"),) if matched and not self._other_rules else ()

    def asked_for(self, rule: Rule) -> tuple[str, ...]:
        """Everything that is asked for because of a rule, sorted."""
        endings = self._by_rule.get(rule.id, ())
        return tuple(sorted({path for ending in endings for path in ending.missing}))

    def _note(self, rule: str, ending: Ending) -> None:
        self._by_rule[rule].append(ending)

    def _note_stopped(self, decision: Decision) -> None:
        for stop in decision.suppressed:
            self._note(stop.rule, Ending("suppresses", why=stop.reason))
            for rule in stop.stopped:
                self._note(rule, Ending("stopped", by=stop.rule, why=stop.reason))
