"""Cases for whoever is on duty: which are open, what one is about, and that it is done. Each look is on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onward.chassis.postgres.database import Connection
from onward.chassis.security import keyring
from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.sealing import open_sealed
from onward.chassis.security.wrapping import WrappingKeys
from onward.contracts.contact import Identity
from onward.tracking.adapters import CASES, note_opening, rows_of, write_cases
from onward.tracking.domain import cases
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.model import SealedReference
from onward.tracking.partner_references import open_all


class UnknownCaseError(Exception):
    """There is no such case for this role; whether there is one for another, it does not say."""


class CaseClosedError(Exception):
    """Somebody closed it before, or its cause is over."""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with what its card says in the clear."""

    case: DutyCase
    identity: Identity | None
    """None: nothing is known, or the person's key was destroyed."""
    references: dict[str, str]
    """How each partner refers to the person."""


async def open_cases(
    connection: Connection, *, role: str | None, area: str | None, digest: bool = False
) -> Sequence[DutyCase]:
    """
    The cases that nobody has closed, of one role and area or of all, what is due first first. Without cards.

    With *digest* those for which nobody is called, and only those.
    """
    rows = await rows_of(connection, "open_cases", {"role": role, "area": area, "digest": digest})
    return CASES.validate_python([{**row, "card": None} for row in rows])


async def look_into(
    connection: Connection,
    case_id: UUID,
    *,
    role: str,
    by: str,
    reason: str,
    master: WrappingKeys,
    reference: WrappingKeys,
    now: datetime,
) -> OpenedCase:
    """
    The case with its card opened; that *by* looked into it as *role*, and why, is on record before anything is shown.

    Raises:
        UnknownCaseError: there is none for this role.
        UnsealableError: the master key or the reference key is not the installation's.
    """
    async with connection.transaction():
        case = await _found(connection, case_id, role)
        opening = {"case_id": case_id, "at": now, "by": by, "role": role, "reason": reason}
        async with connection.cursor() as cursor:
            await note_opening(cursor, opening)
    card = case.card
    if card is None:
        return OpenedCase(case, None, {})
    person = card.sealed_for or case.person
    keys = await keyring.keys_for(connection, {person}, master=master)
    to_references = await keyring.reference_keys_for(connection, {person}, reference=reference)
    opened = open_all((SealedReference(person, *each) for each in card.references.items()), to_references)
    references = {source: text for (source, _), text in opened.items()}
    return OpenedCase(case, _identity(card.sealed, person, keys), references)


async def close(connection: Connection, case_id: UUID, *, role: str, by: str, because: str, now: datetime) -> DutyCase:
    """
    Close a case; what its card held is forgotten.

    Raises:
        UnknownCaseError: there is none for this role.
        CaseClosedError: it is closed.
    """
    async with connection.transaction():
        case = await _found(connection, case_id, role)
        if case.closed_at is not None:
            raise CaseClosedError(
                f"closed by {case.closed_by} at {case.closed_at:%Y-%m-%d %H:%M}: {case.closed_because}"
            )
        done = cases.closed(case, by=by, because=because, now=now)
        async with connection.cursor() as cursor:
            await write_cases(cursor, [done])
        return done


async def _found(connection: Connection, case_id: UUID, role: str) -> DutyCase:
    rows = await rows_of(connection, "one_case", {"case_id": case_id})
    if not rows or rows[0]["role"] != role:
        raise UnknownCaseError
    [case] = CASES.validate_python(rows)
    return case


def _identity(sealed: str, person: str, keys: dict[str, bytes]) -> Identity | None:
    key = keys.get(person)
    if not sealed or key is None:
        return None
    try:
        return open_sealed(key, person, sealed)
    except UnsealableError:
        return None  # sealed under a key that was destroyed since
