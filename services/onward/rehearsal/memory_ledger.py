"""The ledger of `tracking` in memory; a conformance test holds it to the one in PostgreSQL."""

from uuid import UUID

from onward.tracking.adapters import LedgerQuery
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import OpenQuestion, Referral


class MemoryLedger:
    """Every referral, question and raised escalation."""

    def __init__(self) -> None:
        self._referrals: dict[UUID, Referral] = {}
        self._questions: dict[UUID, OpenQuestion] = {}
        self._raised: dict[UUID, str] = {}
        self._cases: dict[UUID, DutyCase] = {}

    async def load(self, query: LedgerQuery) -> UnitOfWork:
        """As `load_unit`."""
        referrals = [
            referral
            for referral in self._referrals.values()
            if referral.referral_id in query.referrals
            or referral.person in query.persons
            or referral.contact_id in query.parted
        ]
        questions = [
            question
            for question in self._questions.values()
            if (question.person in query.persons and question.outstanding)
            or question.contact_id in query.contacts
            or question.episode in query.episodes
        ]
        concerned = query.persons.union(referral.person for referral in referrals)
        return UnitOfWork(
            referrals,
            questions,
            (one for one, person in self._raised.items() if person in concerned),
            query.references.intersection(referral.reference for referral in self._referrals.values()),
            (
                case
                for case in self._cases.values()
                if case.closed_at is None and (case.person in concerned or case.contact_id in query.parted)
            ),
        )

    async def save(self, unit: UnitOfWork) -> None:
        """As `save_unit`."""
        self._referrals |= unit.changed_referrals
        self._questions |= unit.changed_questions
        self._raised |= unit.newly_raised
        self._cases |= unit.changed_cases
