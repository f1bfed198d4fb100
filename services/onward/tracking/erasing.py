"""Where persons are erased from the ledger: in the tables of `sql/`, within the transaction of a batch."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
import structlog
from pydantic import TypeAdapter

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.record import Received
from onward.chassis.security import tombstones
from onward.contracts.erasure import CONTACT, PERSON, ErasedPerson, Tombstone
from onward.tracking.adapters import rows_of, strip_referrals
from onward.tracking.domain.erasure import LEDGER, REFERRAL, KeptLedger, LedgerErasure
from onward.tracking.domain.model import Referral

log = structlog.get_logger()

_REFERRALS: TypeAdapter[list[Referral]] = TypeAdapter(list[Referral])
_DONE = "select distinct erasure_id from erased where erasure_id = any(%s)"
_GONE = (
    "delete from referral where referral_id = any(%(referrals)s::uuid[])",
    "delete from question where question_id = any(%(questions)s::uuid[])",
    "delete from raised where person = any(%(persons)s::text[])",
    "update case_opening set reason = '' where case_id = any(%(cases)s::uuid[])",
    "delete from duty_case where case_id = any(%(cases)s::uuid[])",
)


class LedgerErasures:
    """What a batch knows of the persons whom it erases, and what goes."""

    def __init__(self, known: Mapping[UUID, KeptLedger], done: Collection[UUID]) -> None:
        """*known*: by erasure, what the ledger keeps; *done*: the erasures that were carried out before."""
        self.known = known
        self.done = set(done)
        self.gone: dict[UUID, LedgerErasure] = {}
        self.tombstones: list[Tombstone] = []

    def apply(self, told: ErasedPerson, gone: LedgerErasure) -> None:
        """Erase, as the transaction ends."""
        self.done.add(told.erasure_id)
        self.gone[told.erasure_id] = gone
        self.tombstones.extend(gone.tombstones(told))


class PostgresLedgerErasures:
    """The store of erased persons: alone in the schema from its first statement to the end of its transaction."""

    async def load(
        self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[ErasedPerson]]
    ) -> LedgerErasures:
        """What the ledger keeps of each, and which of them were erased before."""
        await tombstones.alone(connection)
        told = {record.body.erasure_id: record.body for record in records}
        cursor = await connection.execute(_DONE, [list(told)])
        done = [erasure_id for (erasure_id,) in await cursor.fetchall()]
        known = {each: await _known(connection, one.persons, one.contacts) for each, one in told.items()}
        return LedgerErasures(known, done)

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: LedgerErasures) -> None:
        """Erase what goes, and remember what named it."""
        for erasure_id, gone in unit.gone.items():
            await _erase(connection, gone, unit.known[erasure_id])
        await tombstones.keep(connection, unit.tombstones)


async def reconcile(connection: psycopg.AsyncConnection[Any], kafka: KafkaConnection, *, within: float) -> int:
    """
    Erase again whom a database from before their erasure has still: the topic `tombstones` says who.

    Only what this service had erased and said so: whom `people` has just erased comes as a message, and their providers
    are withdrawn from then. Those of the others were.

    Returns:
        How many referrals went.

    Raises:
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    found = await tombstones.on_topic(kafka, "onward-tracking", within=within)
    marks = {named: one for named, one in found.items() if named.startswith(f"{LEDGER}:")}
    async with connection.transaction():
        await tombstones.alone(connection)
        missing = {one.erasure_id for one in (await tombstones.missing_in(connection, marks)).values()}
        if not missing:
            return 0
        ours = [one for one in found.values() if one.erasure_id in missing]
        named = [one.named.partition(":") for one in ours]
        known = await _known(
            connection,
            [name for kind, _, name in named if kind == PERSON],
            [UUID(name) for kind, _, name in named if kind == CONTACT],
        )
        for statement in _GONE:
            await connection.execute(statement, _rows(known, list(known.referrals), known.persons))
        at = max(one.at for one in ours)
        went = [Tombstone(named=f"{REFERRAL}:{each}", erasure_id=ours[0].erasure_id, at=at) for each in known.referrals]
        await tombstones.keep(connection, [*ours, *went])
    log.warning("tracking.erased_again", referrals=len(known.referrals), cases=len(known.cases))
    return len(known.referrals)


async def _known(
    connection: psycopg.AsyncConnection[Any], persons: Collection[str], contacts: Collection[UUID]
) -> KeptLedger:
    by = {"persons": sorted(persons), "contacts": sorted(contacts), "referrals": list[UUID](), "parted": list[UUID]()}
    referrals = _REFERRALS.validate_python(await rows_of(connection, "load_referrals", by))
    [row] = await rows_of(connection, "load_erased", by)
    return KeptLedger(
        persons=tuple(sorted(persons)),
        referrals={one.referral_id: one for one in referrals},
        questions=tuple(row["questions"]),
        raised=row["raised"],
        cases={UUID(case): card for case, card in row["cases"].items()},
        openings=row["openings"],
    )


async def _erase(connection: psycopg.AsyncConnection[Any], gone: LedgerErasure, known: KeptLedger) -> None:
    for statement in _GONE:
        await connection.execute(statement, _rows(known, gone.referrals, gone.persons))
    if gone.left:
        await strip_referrals(connection, gone.left)


def _rows(known: KeptLedger, referrals: Sequence[UUID], persons: Sequence[str]) -> dict[str, Any]:
    return {
        "referrals": list(referrals),
        "questions": list(known.questions),
        "persons": list(persons),
        "cases": list(known.cases),
    }
