"""Everything that the ledger keeps of one person, for that person to have."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from onward.chassis.postgres.database import Connection
from onward.tracking.adapters import rows_of


async def ledger_of(connection: Connection, persons: Collection[str], contacts: Collection[UUID]) -> dict[str, Any]:
    """Referrals, questions, cases, and who opened their cards, as JSON values."""
    [row] = await rows_of(connection, "subject", {"persons": sorted(persons), "contacts": sorted(contacts)})
    return row


async def waiting_for_providers(connection: Connection, erasure_id: UUID) -> int:
    """How many referrals of an erased person stay until their provider has acknowledged the withdrawal."""
    cursor = await connection.execute("select count(*) from referral where erasure = %s", [erasure_id])
    row = await cursor.fetchone()
    return row[0] if row else 0
