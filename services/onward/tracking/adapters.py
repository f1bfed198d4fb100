"""The ledger in PostgreSQL, and one in memory that keeps the same promises."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.rows import dict_row
from pydantic import TypeAdapter

from onward.chassis.record import Received
from onward.chassis.security import keyring
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking.domain.lifecycle import ENDS
from onward.tracking.domain.model import Asked, Referral, keys_of
from onward.tracking.domain.reference import candidates
from onward.tracking.ports import Book, Wanted
from onward.tracking.references import open_all

M = TypeVar("M", bound=Message)

MIGRATIONS = "onward.tracking:sql"
"""The package resource folder with the schema's SQL."""

_REFERRALS: TypeAdapter[list[Referral]] = TypeAdapter(list[Referral])
_QUESTIONS: TypeAdapter[list[Asked]] = TypeAdapter(list[Asked])


@cache
def _query(name: str) -> bytes:
    return (resources.files("onward.tracking") / "sql" / "queries" / f"{name}.sql").read_bytes()


class PostgresLedger:
    """
    The ledger in the tables of `sql/`, within the caller's transaction.

    At most four queries to look up and three to write, whatever the size of the batch.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """A ledger that reads and writes over *connection*, whose search path leads to the tables."""
        self._connection = connection

    async def _rows(self, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        async with self._connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_query(query), parameters)
            return await cursor.fetchall()

    async def look_up(self, wanted: Wanted) -> Book:
        """See `Ledger.look_up`."""
        persons = sorted(wanted.persons)
        found = await self._rows("load_referrals", {"persons": persons, "referrals": sorted(wanted.referrals)})
        referrals = _REFERRALS.validate_python(found)
        questions: list[dict[str, Any]] = []
        if persons:
            questions = await self._rows("load_questions", {"persons": persons, "contacts": sorted(wanted.contacts)})
        concerned = sorted(wanted.persons.union(referral.person for referral in referrals))
        raised = await self._rows("load_raised", {"persons": concerned})
        taken: list[dict[str, Any]] = []
        if wanted.references:
            taken = await self._rows("load_references", {"references": sorted(wanted.references)})
        return Book(
            referrals,
            _QUESTIONS.validate_python(questions),
            (row["escalation_id"] for row in raised),
            (row["reference"] for row in taken),
        )

    async def write(self, book: Book) -> None:
        """
        See `Ledger.write`.

        Raises:
            SerializationFailure: another batch gave out one of our phone references meanwhile; done again, this batch
                sees that and takes the next.
        """
        async with self._connection.cursor() as cursor:
            if book.changed_referrals:
                rows = _REFERRALS.dump_json(_in_order(book.changed_referrals)).decode()
                try:
                    await cursor.execute(_query("write_referrals"), {"rows": rows})
                except errors.UniqueViolation as error:
                    raise errors.SerializationFailure("a phone reference was given out twice at once") from error
            if book.changed_questions:
                rows = _QUESTIONS.dump_json(_in_order(book.changed_questions)).decode()
                await cursor.execute(_query("write_questions"), {"rows": rows})
            if book.newly_raised:
                ids = sorted(book.newly_raised)
                parameters = {"escalations": ids, "persons": [book.newly_raised[one] for one in ids]}
                await cursor.execute(_query("write_raised"), parameters)


T = TypeVar("T")


def _in_order(changed: Mapping[UUID, T]) -> list[T]:
    return [changed[one] for one in sorted(changed)]


class MemoryLedger:
    """The same ledger in memory, for trying out and for tests."""

    def __init__(self) -> None:
        """An empty ledger."""
        self._referrals: dict[UUID, Referral] = {}
        self._questions: dict[UUID, Asked] = {}
        self._raised: dict[UUID, str] = {}

    async def look_up(self, wanted: Wanted) -> Book:
        """See `Ledger.look_up`."""
        over = ENDS | {"REJECTED"}
        referrals = [
            referral
            for referral in self._referrals.values()
            if referral.referral_id in wanted.referrals
            or (referral.person in wanted.persons and referral.status not in over)
        ]
        questions = [
            question
            for question in self._questions.values()
            if (question.person in wanted.persons and question.outstanding) or question.contact_id in wanted.contacts
        ]
        concerned = wanted.persons.union(referral.person for referral in referrals)
        return Book(
            referrals,
            questions,
            (one for one, person in self._raised.items() if person in concerned),
            wanted.references.intersection(referral.reference for referral in self._referrals.values()),
        )

    async def write(self, book: Book) -> None:
        """See `Ledger.write`."""
        self._referrals |= book.changed_referrals
        self._questions |= book.changed_questions
        self._raised |= book.newly_raised


def wanted_by_decisions(decisions: Sequence[Decision]) -> Wanted:
    """What a batch of decisions must know."""
    proposals = [proposal for decision in decisions for proposal in decision.referrals]
    return Wanted(
        persons=frozenset(key for decision in decisions for key in keys_of(decision)),
        referrals=frozenset(proposal.referral_id for proposal in proposals),
        contacts=frozenset(decision.contact_id for decision in decisions),
        references=frozenset(
            candidate for proposal in proposals for candidate in candidates(proposal.referral_id, proposal.category)
        ),
        sealed=frozenset(
            (decision.person, reference) for decision in decisions for reference in decision.references.values()
        ),
    )


def wanted_by_answers(answers: Sequence[Reply] | Sequence[Receipt] | Sequence[Approval]) -> Wanted:
    """What a batch of replies, receipts or approvals must know."""
    return Wanted(referrals=frozenset(answer.referral_id for answer in answers))


class LedgerStore(Generic[M]):
    """
    The chassis's view of the ledger for one kind of record; *wanted* says what a batch of them must know.

    It opens the partners' references that the batch may have to be told under, with keys that are read for this batch
    alone: a key destroyed now opens nothing a second later.
    """

    def __init__(self, wanted: Callable[[Sequence[M]], Wanted], *, master: bytes) -> None:
        """A store for the records that *wanted* understands, over a keyring under *master*."""
        self._wanted = wanted
        self._master = master

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[M]]) -> Book:
        """What *records* need to know, locked."""
        wanted = self._wanted([record.body for record in records])
        book = await PostgresLedger(connection).look_up(wanted)
        sealed = wanted.sealed.union(book.sealed)
        if sealed:
            keys = await keyring.keys_for(connection, {person for person, _ in sealed}, master=self._master)
            book.opened = open_all(sealed, keys)
        return book

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: Book) -> None:
        """Write what *unit* changed."""
        await PostgresLedger(connection).write(unit)
