"""The ledger in PostgreSQL: the tables of `sql/`, read and written within the transaction of a batch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.rows import dict_row
from pydantic import TypeAdapter

from onward.chassis.record import Received
from onward.chassis.security import keyring, tombstones
from onward.chassis.security.wrapping import WrappingKeys
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.erasure import PERSON, Tombstone
from onward.contracts.ids import referral_id_anew
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.erasure import REFERRAL, finished
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import OpenQuestion, Referral, SealedReference
from onward.tracking.domain.phone_references import candidates
from onward.tracking.domain.subject import keys_of
from onward.tracking.partner_references import open_all

M = TypeVar("M", bound=Message)
T = TypeVar("T")

MIGRATIONS = "onward.tracking:sql"
"""The package resource folder with the schema's SQL."""

_REFERRALS: TypeAdapter[list[Referral]] = TypeAdapter(list[Referral])
_QUESTIONS: TypeAdapter[list[OpenQuestion]] = TypeAdapter(list[OpenQuestion])
CASES: TypeAdapter[list[DutyCase]] = TypeAdapter(list[DutyCase])
"""Rows of `duty_case`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuery:
    """What a batch must know."""

    persons: frozenset[str] = frozenset()
    """Everything live of these persons, and what was asked about `contacts`."""
    referrals: frozenset[UUID] = frozenset()
    parted: frozenset[UUID] = frozenset()
    """The referrals of these contacts, and the cases, whoever they are kept with: two people were taken for one."""
    contacts: frozenset[UUID] = frozenset()
    episodes: frozenset[UUID] = frozenset()
    """Everything that was asked in these, of the first contacts of which they have the ids."""
    references: frozenset[str] = frozenset()
    """Phone references that the batch may give out."""
    sealed_references: frozenset[SealedReference] = frozenset()
    """The partners' references that the batch brings."""


def query_for_decisions(decisions: Sequence[Decision]) -> LedgerQuery:
    """What a batch of decisions must know."""
    proposals = [proposal for decision in decisions for proposal in decision.referrals]
    proposals += [
        proposal.model_copy(update={"referral_id": referral_id_anew(proposal.referral_id)})
        for decision in decisions
        if decision.parted
        for proposal in decision.referrals
    ]
    return LedgerQuery(
        persons=frozenset(key for decision in decisions for key in keys_of(decision)),
        referrals=frozenset(proposal.referral_id for proposal in proposals),
        parted=frozenset(contact for decision in decisions if decision.parted for contact in decision.parted.own),
        contacts=frozenset(decision.contact_id for decision in decisions),
        episodes=frozenset(decision.episode for decision in decisions if decision.episode),
        references=frozenset(
            candidate for proposal in proposals for candidate in candidates(proposal.referral_id, proposal.category)
        ),
        sealed_references=frozenset(
            SealedReference(decision.person, source, sealed)
            for decision in decisions
            for source, sealed in decision.references.items()
        ),
    )


def query_for_answers(answers: Sequence[Reply] | Sequence[Receipt] | Sequence[Approval]) -> LedgerQuery:
    """What a batch of replies, receipts or approvals must know."""
    return LedgerQuery(referrals=frozenset(answer.referral_id for answer in answers))


class PostgresLedger(Generic[M]):
    """
    The store of one kind of record: reads what a batch of them must know, and writes what it changed.

    It opens the partners' references that the batch may have to be told under, with keys that are read for this batch
    alone: a key destroyed now opens nothing a second later.
    """

    def __init__(self, query_for: Callable[[Sequence[M]], LedgerQuery], *, reference: WrappingKeys) -> None:
        """*query_for* says what a batch must know; *reference* wraps the keys to references."""
        self.query_for = query_for
        self._reference = reference

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[M]]) -> UnitOfWork:
        """What *records* need to know, locked."""
        query = self.query_for([record.body for record in records])
        named = [*(f"{PERSON}:{one}" for one in query.persons), *(f"{REFERRAL}:{one}" for one in query.referrals)]
        # First of all: until this transaction ends, nobody is erased.
        erased = await tombstones.erased_among(connection, named)
        unit = await load_unit(connection, query)
        unit.erased = frozenset(erased)
        sealed = query.sealed_references.union(unit.sealed_references)
        if sealed:
            persons = {each.person for each in sealed}
            keys = await keyring.reference_keys_for(connection, persons, reference=self._reference)
            unit.opened = open_all(sealed, keys)
        return unit

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: UnitOfWork) -> None:
        """Write what *unit* changed."""
        await save_unit(connection, unit)


@cache
def _query(name: str) -> bytes:
    return (resources.files("onward.tracking") / "sql" / "queries" / f"{name}.sql").read_bytes()


async def load_unit(connection: psycopg.AsyncConnection[Any], query: LedgerQuery) -> UnitOfWork:
    """
    Read what *query* asks for, locked until the transaction ends; at most five queries, whatever the size of the batch.

    Of a person: every referral, the open cases, the open questions with all those about `contacts` and of
    `episodes`, and the escalations that were raised. Referrals asked for by id are anybody's.
    """
    persons = sorted(query.persons)
    by = {"persons": persons, "referrals": sorted(query.referrals), "parted": sorted(query.parted)}
    referrals = _REFERRALS.validate_python(await rows_of(connection, "load_referrals", by))
    questions: list[dict[str, Any]] = []
    if persons:
        by = {"persons": persons, "contacts": sorted(query.contacts), "episodes": sorted(query.episodes)}
        questions = await rows_of(connection, "load_questions", by)
    concerned = sorted(query.persons.union(referral.person for referral in referrals))
    raised = await rows_of(connection, "load_raised", {"persons": concerned})
    parted = sorted(query.parted)
    cases = await rows_of(connection, "load_cases", {"persons": concerned, "parted": parted}) if concerned else []
    in_use: list[dict[str, Any]] = []
    if query.references:
        in_use = await rows_of(connection, "load_references", {"references": sorted(query.references)})
    return UnitOfWork(
        referrals,
        _QUESTIONS.validate_python(questions),
        (row["escalation_id"] for row in raised),
        (row["reference"] for row in in_use),
        CASES.validate_python(cases),
    )


async def save_unit(connection: psycopg.AsyncConnection[Any], unit: UnitOfWork) -> None:
    """
    Write what *unit* changed, and nothing else; at most four statements, whatever the size of the batch.

    Raises:
        SerializationFailure: another batch gave out one of our phone references meanwhile; done again, this batch
            sees that and takes the next.
    """
    async with connection.cursor() as cursor:
        if unit.changed_referrals:
            rows = _REFERRALS.dump_json(_in_order(unit.changed_referrals)).decode()
            try:
                await cursor.execute(_query("write_referrals"), {"rows": rows})
            except errors.UniqueViolation as error:
                raise errors.SerializationFailure("a phone reference was given out twice at once") from error
        if unit.changed_questions:
            rows = _QUESTIONS.dump_json(_in_order(unit.changed_questions)).decode()
            await cursor.execute(_query("write_questions"), {"rows": rows})
        if unit.changed_cases:
            await write_cases(cursor, _in_order(unit.changed_cases))
        if over := finished(unit.changed_referrals.values()):
            await _forget(connection, over)
        if unit.newly_raised:
            ids = sorted(unit.newly_raised)
            parameters = {"escalations": ids, "persons": [unit.newly_raised[one] for one in ids]}
            await cursor.execute(_query("write_raised"), parameters)


async def strip_referrals(connection: psycopg.AsyncConnection[Any], left: Sequence[Referral]) -> None:
    """Reduce the referrals of an erased person to what is left of them."""
    await connection.execute(_query("strip_referrals"), {"rows": _REFERRALS.dump_json(list(left)).decode()})


async def _forget(connection: psycopg.AsyncConnection[Any], over: Sequence[Referral]) -> None:
    """The last of erased persons: their providers have stopped."""
    await connection.execute("delete from referral where referral_id = any(%s)", [[one.referral_id for one in over]])
    gone = [
        Tombstone(named=f"{REFERRAL}:{one.referral_id}", erasure_id=one.erasure, at=one.changed_at)
        for one in over
        if one.erasure
    ]
    await tombstones.keep(connection, gone)


async def rows_of(
    connection: psycopg.AsyncConnection[Any], query: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What the query of this name in `sql/queries` finds."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_query(query), parameters)
        return await cursor.fetchall()


async def write_cases(cursor: psycopg.AsyncCursor[Any], changed: list[DutyCase]) -> None:
    """Write new and changed cases, in one statement."""
    await cursor.execute(_query("write_cases"), {"rows": CASES.dump_json(changed).decode()})


async def note_opening(cursor: psycopg.AsyncCursor[Any], opening: Mapping[str, Any]) -> None:
    """Put on record who looked into a case: its `case_id`, `at`, `by`, `role` and `reason`."""
    await cursor.execute(_query("note_opening"), opening)


def _in_order(changed: Mapping[UUID, T]) -> list[T]:
    return [changed[one] for one in sorted(changed)]
