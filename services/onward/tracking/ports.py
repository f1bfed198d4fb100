"""What the ledger must be able to do, whatever keeps it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from onward.contracts.decision import Decision
from onward.contracts.referral import Escalation
from onward.tracking.domain.model import Asked, Known, Opened, Referral, Step, keys_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a batch must know."""

    persons: frozenset[str] = frozenset()
    """Everything live of these persons, and what was asked about `contacts`."""
    referrals: frozenset[UUID] = frozenset()
    contacts: frozenset[UUID] = frozenset()
    references: frozenset[str] = frozenset()
    """Phone references that the batch may give out."""
    sealed: frozenset[tuple[str, str]] = frozenset()
    """The partners' references that the batch brings, each after the person whose key opens it."""


class Book:
    """The unit of work: what a batch knows of the ledger, and what its steps have changed so far."""

    def __init__(
        self,
        referrals: Iterable[Referral] = (),
        questions: Iterable[Asked] = (),
        raised: Iterable[UUID] = (),
        taken: Iterable[str] = (),
        *,
        opened: Opened | None = None,
    ) -> None:
        """A book with what was loaded and nothing changed; *opened* are the partners' references in the clear."""
        self.opened: Opened = opened or {}
        self._referrals: dict[UUID, Referral] = {}
        self._questions: dict[UUID, Asked] = {}
        self._referrals_of: dict[str, dict[UUID, None]] = defaultdict(dict)
        self._questions_of: dict[str | UUID, dict[UUID, None]] = defaultdict(dict)
        """By person and by contact: a contact's questions stay its own, whoever it turns out to be about."""
        self._raised = set(raised)
        self._taken = set(taken)
        self.changed_referrals: dict[UUID, Referral] = {}
        """New and changed, by id."""
        self.changed_questions: dict[UUID, Asked] = {}
        """New and changed, by id."""
        self.newly_raised: dict[UUID, str] = {}
        """Each new escalation with its person."""
        for referral in referrals:
            self._keep(referral)
        for question in questions:
            self._keep_question(question)

    def _keep(self, referral: Referral) -> None:
        self._referrals[referral.referral_id] = referral
        self._referrals_of[referral.person][referral.referral_id] = None

    def _keep_question(self, question: Asked) -> None:
        self._questions[question.question_id] = question
        self._questions_of[question.person][question.question_id] = None
        self._questions_of[question.contact_id][question.question_id] = None

    def referral(self, referral_id: UUID) -> Referral | None:
        """A referral, if there is one with this id."""
        return self._referrals.get(referral_id)

    @property
    def sealed(self) -> Iterable[tuple[str, str]]:
        """The references under which partners raised its referrals, each after the person whose key opens it."""
        raised = (partner for referral in self._referrals.values() for partner in referral.raised_by)
        return ((partner.person, partner.reference) for partner in raised)

    def known_to(self, decision: Decision) -> Known:
        """What a decision must know: its person's referrals and questions, its contact's, and those it names again."""
        named = [item.referral_id for item in decision.referrals if item.referral_id in self._referrals]
        keys = sorted(keys_of(decision))
        ids = dict.fromkeys([*(one for key in keys for one in self._referrals_of.get(key, ())), *named])
        whose: tuple[str | UUID, ...] = (*keys, decision.contact_id)
        asked = dict.fromkeys(one for key in whose for one in self._questions_of.get(key, ()))
        return Known(
            referrals=tuple(self._referrals[referral_id] for referral_id in ids),
            questions=tuple(self._questions[question] for question in asked),
            raised=self._raised,
            taken=self._taken,
            opened=self.opened,
        )

    @property
    def known(self) -> Known:
        """What a reply or a receipt must know: the escalations that were raised before."""
        return Known(raised=self._raised)

    def apply(self, step: Step) -> None:
        """Change the book by *step*."""
        for referral in step.referrals:
            self._keep(referral)
            self._taken.add(referral.reference)
            self.changed_referrals[referral.referral_id] = referral
        for question in step.questions:
            self._keep_question(question)
            self.changed_questions[question.question_id] = question
        for message in step.messages:
            if isinstance(message.body, Escalation):
                self._raised.add(message.body.escalation_id)
                self.newly_raised[message.body.escalation_id] = message.body.person


class Ledger(Protocol):
    """Keeps every referral, question and raised escalation."""

    async def look_up(self, wanted: Wanted) -> Book:
        """
        What is *wanted*, locked until the transaction ends.

        Of a person: the referrals that are not over, the open questions with all those about `contacts`, and the
        escalations that were raised. Referrals asked for by id come in any state.
        """
        ...

    async def write(self, book: Book) -> None:
        """Keep what *book* changed, and nothing else."""
        ...
