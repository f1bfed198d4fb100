"""The ledger as a batch of records knows it: what was read, and what the changes so far have made of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

from onward.contracts.decision import Decision
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.changes import (
    AnswerContradicted,
    Change,
    DecisionChange,
    QuestionAsked,
    QuestionSettled,
    ReferralChange,
)
from onward.tracking.domain.model import OpenedReferences, OpenQuestion, Referral, SealedReference
from onward.tracking.domain.subject import keys_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntries:
    """What the ledger has that bears on one decision."""

    referrals: tuple[Referral, ...] = ()
    """The person's live referrals, under any of their keys, and any referral that the decision names again."""
    questions: tuple[OpenQuestion, ...] = ()
    """The person's open questions, and every question about the decision's contact or its episode."""
    references_in_use: Collection[str] = frozenset()
    """Phone references that other referrals have."""
    opened: OpenedReferences = field(default_factory=dict)
    """Tells whether two sealed references are one."""


class UnitOfWork:
    """What a batch knows of the ledger, and what its changes have made of it so far."""

    def __init__(
        self,
        referrals: Iterable[Referral] = (),
        questions: Iterable[OpenQuestion] = (),
        raised: Iterable[UUID] = (),
        references_in_use: Iterable[str] = (),
        cases: Iterable[DutyCase] = (),
        *,
        opened: OpenedReferences | None = None,
    ) -> None:
        """Start with what was loaded and nothing changed; *opened* are the partners' references in the clear."""
        self.cases = {case.case_id: case for case in cases}
        """The open cases of the persons concerned."""
        self.erased: frozenset[str] = frozenset()
        """What of the batch names somebody who was erased: marked persons and referrals."""
        self.changed_cases: dict[UUID, DutyCase] = {}
        """New and changed, by id."""
        self.opened: OpenedReferences = opened or {}
        self._referrals: dict[UUID, Referral] = {}
        self._questions: dict[UUID, OpenQuestion] = {}
        self._referrals_of: dict[str, dict[UUID, None]] = defaultdict(dict)
        self._referrals_of_contact: dict[UUID, dict[UUID, None]] = defaultdict(dict)
        self._questions_of: dict[str | UUID, dict[UUID, None]] = defaultdict(dict)
        """By person, contact and episode: a contact's questions stay its own, whoever it turns out to be about."""
        self.raised = set(raised)
        """The escalations that were raised, in this batch or before it."""
        self._references_in_use = set(references_in_use)
        self.changed_referrals: dict[UUID, Referral] = {}
        """New and changed, by id."""
        self.changed_questions: dict[UUID, OpenQuestion] = {}
        """New and changed, by id."""
        self.newly_raised: dict[UUID, str] = {}
        """Each new escalation with its person."""
        for referral in referrals:
            self._index_referral(referral)
        for question in questions:
            self._index_question(question)

    def referral(self, referral_id: UUID) -> Referral | None:
        """A referral, if there is one with this id."""
        return self._referrals.get(referral_id)

    @property
    def sealed_references(self) -> Iterable[SealedReference]:
        """The references under which partners raised its referrals."""
        raised = (partner for referral in self._referrals.values() for partner in referral.raised_by)
        return (SealedReference(partner.person, partner.source, partner.reference) for partner in raised)

    def entries_for(self, decision: Decision) -> LedgerEntries:
        """What a decision must know: its person's referrals and questions, its episode's, and those it names again."""
        named = [item.referral_id for item in decision.referrals if item.referral_id in self._referrals]
        keys = sorted(keys_of(decision))
        own = decision.parted.own if decision.parted else ()
        kept = [one for contact in sorted(own) for one in self._referrals_of_contact.get(contact, ())]
        ids = dict.fromkeys([*(one for key in keys for one in self._referrals_of.get(key, ())), *named, *kept])
        whose: tuple[str | UUID, ...] = (*keys, decision.contact_id, *([decision.episode] if decision.episode else []))
        asked = dict.fromkeys(one for key in whose for one in self._questions_of.get(key, ()))
        return LedgerEntries(
            referrals=tuple(self._referrals[referral_id] for referral_id in ids),
            questions=tuple(self._questions[question] for question in asked),
            references_in_use=self._references_in_use,
            opened=self.opened,
        )

    def apply(
        self, changes: Iterable[Change], raised: Mapping[UUID, str] | None = None, cases: Iterable[DutyCase] = ()
    ) -> None:
        """Make *changes*, remember what was *raised* for whom, so that nothing is twice, and keep the *cases*."""
        for change in changes:
            self._apply(change)
        self.raised.update(raised or {})
        self.newly_raised |= raised or {}
        for case in cases:
            self.cases[case.case_id] = self.changed_cases[case.case_id] = case

    def _apply(self, change: Change) -> None:
        match change:
            case AnswerContradicted() | DecisionChange():
                pass  # people on duty are called: that is remembered as an escalation
            case ReferralChange():
                self._put_referral(change.referral)
            case QuestionAsked() | QuestionSettled():
                self._put_question(change.question)
            case _:
                assert_never(change)

    def _put_referral(self, referral: Referral) -> None:
        self._index_referral(referral)
        self._references_in_use.add(referral.reference)
        self.changed_referrals[referral.referral_id] = referral

    def _put_question(self, question: OpenQuestion) -> None:
        self._index_question(question)
        self.changed_questions[question.question_id] = question

    def _index_referral(self, referral: Referral) -> None:
        self._referrals[referral.referral_id] = referral
        self._referrals_of[referral.person][referral.referral_id] = None
        self._referrals_of_contact[referral.contact_id][referral.referral_id] = None

    def _index_question(self, question: OpenQuestion) -> None:
        self._questions[question.question_id] = question
        self._questions_of[question.person][question.question_id] = None
        self._questions_of[question.contact_id][question.question_id] = None
        self._questions_of[question.episode][question.question_id] = None
