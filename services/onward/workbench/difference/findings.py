"""What a comparison found: rule by rule, and for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from onward.contracts.codes import Category, Service
from onward.contracts.decision import Decision
from onward.routing.domain.kleene import Truth
from onward.routing.domain.language import Rule
from onward.routing.domain.outcomes import outcome_of
from onward.routing.domain.rule_tests import OUTCOMES
from onward.workbench.difference.directories import DirectoryChange
from onward.workbench.difference.promises import PromiseChange
from onward.workbench.logic import Witness

Direction = Literal["gains", "loses", "moves", "asks", "asks no longer", "waits", "waits no longer"]
"""
`gains`: matches after the change and not before; `loses`: the reverse; `moves`: matches before and after and does
otherwise. `asks`: asks for something that it did not ask for; `waits`: a prerequisite alone keeps it from acting.
"""

Status = Literal["unchanged", "words", "changed", "renamed", "added", "removed", "not proved"]
"""`words`: written otherwise, proved to mean the same. `not proved`: no difference was found, nor excluded."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One way in which a rule differs, with a situation in which the engine confirmed it under both bundles."""

    direction: Direction
    witness: Witness
    before: Truth
    """What the rule says of it before the change."""
    after: Truth
    words: tuple[str, ...] = ()
    """What is done otherwise, or what is asked for."""
    because: str | None = None
    """A fact that decides what the rule says after the change, as a rule test names it; None for a match."""
    decisions: tuple[Decision, ...] = ()
    """For `moves`: what the service decides under each bundle."""

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "direction": self.direction,
            "what": list(self.words),
            "given": self.witness.given(),
            "before": OUTCOMES[self.before],
            "after": OUTCOMES[self.after],
            "because": self.because,
            "decisions": [done(each) for each in self.decisions],
        }


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a rule that was added or removed concerns."""

    witness: Witness | None
    """Somebody for whom it acts, though no other rule of its bundle did so before it; None if nobody was found."""
    words: str
    """What it does for them, or why it is proved that it never does anything."""
    proved: bool = True
    """False where neither anybody was found nor excluded."""

    def document(self) -> dict[str, Any]:
        """For programs."""
        given = None if self.witness is None else self.witness.given()
        return {"what": self.words, "given": given, "proved": self.proved}


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule, in both bundles or in one of them."""

    status: Status
    before: Rule | None
    after: Rule | None
    words: tuple[str, ...] = ()
    """What changed of its words: `why`, `tests`, `file`…"""
    written: tuple[str, ...] = ()
    """What is written otherwise of what it asks and does."""
    shown: tuple[Shown, ...] = ()
    not_proved: tuple[Direction, ...] = ()
    """Ways in which it may differ: neither shown nor excluded."""
    concern: Concern | None = None
    """Set for a rule that was added or removed."""

    @property
    def rule(self) -> Rule:
        """As it is now, or was last."""
        rule = self.after or self.before
        assert rule is not None
        return rule

    @property
    def same(self) -> bool:
        """Proved to mean the same, under the same id."""
        return self.status in ("unchanged", "words")

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "rule": self.rule.id,
            "formerly": self.before.id if self.before and self.before.id != self.rule.id else None,
            "status": self.status,
            "where": str(self.rule.place),
            "words": list(self.words),
            "written": list(self.written),
            "differences": [each.document() for each in self.shown],
            "not_proved": list(self.not_proved),
            "concerns": self.concern.document() if self.concern else None,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """What the change as a whole does for people, of one category and service."""

    category: Category
    service: Service
    direction: Literal["gains", "loses"]
    """`loses`: somebody whom some rule referred before is referred by none after."""
    witness: Witness | None
    """None: it is not proved that there is nobody."""
    before: Decision | None = None
    after: Decision | None = None

    def document(self) -> dict[str, Any]:
        """For programs; what was decided as `done` gives it."""
        return {
            "category": self.category,
            "service": self.service,
            "direction": self.direction,
            "given": None if self.witness is None else self.witness.given(),
            "before": None if self.before is None else done(self.before),
            "after": None if self.after is None else done(self.after),
        }


@dataclass(frozen=True, slots=True)
class RecipientChange:
    """Somebody who is sent to another provider for the same need, because the directories differ."""

    category: Category
    service: Service
    provider_before: str
    """By its present id."""
    provider_after: str
    witness: Witness | None
    """None: it is not proved that there is nobody."""
    before: Decision | None = None
    after: Decision | None = None

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "category": self.category,
            "service": self.service,
            "from": self.provider_before,
            "to": self.provider_after,
            "given": None if self.witness is None else self.witness.given(),
            "before": None if self.before is None else done(self.before),
            "after": None if self.after is None else done(self.after),
        }


def done(decision: Decision) -> dict[str, Any]:
    """What a decision does, without its reasons, but with what was stopped and what waits."""
    outcome = outcome_of(decision)
    return {
        "referred": [each._asdict() for each in outcome.referred],
        "told": [each._asdict() for each in outcome.told],
        "asked": [each._asdict() for each in outcome.asked],
        "unmet": [each._asdict() for each in outcome.unmet],
        "stopped": [{"rule": name, "by": each.rule} for each in decision.suppressed for name in each.stopped],
        "covered": [{"rule": each.rule, "by": each.by} for each in decision.covered],
        "waiting": [{"rule": each.rule, "category": each.category} for each in decision.waiting],
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two bundles."""

    rules: tuple[RuleDifference, ...]
    """Every rule of either bundle: changed ones first."""
    people: tuple[Effect, ...]
    besides: tuple[str, ...] = ()
    """What differs besides rules and can matter: the directory, promises of a file."""
    remarks: tuple[str, ...] = ()
    """What differs and cannot matter to any decision: comments, words."""
    moves: tuple[RecipientChange, ...] = ()
    """Who is sent elsewhere because the directories differ."""
    directory: tuple[DirectoryChange, ...] = ()
    """What the directories say otherwise; in short it is among `besides`, too."""
    promises: tuple[PromiseChange, ...] = ()
    """Which goals (`cover`) are other ones."""

    @property
    def equal(self) -> bool:
        """Proved: every situation leads to the same, whatever the words."""
        return not self.besides and all(each.same for each in self.rules)

    @property
    def promises_less(self) -> bool:
        """A goal is gone, or speaks of fewer people than it did, and no other makes up for it."""
        return any(each.weaker for each in self.promises)

    def of(self, *statuses: Status) -> Sequence[RuleDifference]:
        """The rules that came out so."""
        return [each for each in self.rules if each.status in statuses]

    def document(self) -> dict[str, Any]:
        """For programs; rules that are unchanged are only counted."""
        return {
            "ok": self.equal and not self.promises_less,
            "proved_equal": self.equal,
            "unchanged": len(self.of("unchanged")),
            "rules": [each.document() for each in self.rules if each.status != "unchanged"],
            "people": [each.document() for each in self.people],
            "moves": [each.document() for each in self.moves],
            "directory": [each.document() for each in self.directory],
            "promises": [each.document() for each in self.promises],
            "besides": list(self.besides),
            "remarks": list(self.remarks),
        }
