"""Everything that is kept of one person here, opened, for that person to have; and for whoever erases them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.rows import tuple_row

from onward.chassis.postgres.database import Connection
from onward.chassis.security import keyring
from onward.chassis.security.wrapping import WrappingKeys
from onward.contracts.contact import Identity
from onward.people import rows
from onward.people.domain.erasure import KeptPersons, erasure_of
from onward.people.domain.remembered import RememberedContact
from onward.people.erasing import known_of
from onward.people.unit_of_work import Envelopes


class UnknownSubjectError(Exception):
    """Nobody is known by that, or several people are."""

    def __init__(self, reason: str, persons: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.persons = persons
        """The pseudonyms of all whom it names, where it names several."""


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """What `people` keeps of a person."""

    persons: tuple[str, ...]
    """Every pseudonym that they have or had."""
    contacts: tuple[RememberedContact, ...]
    """In the order of events."""
    shared_numbers: int

    @property
    def words(self) -> frozenset[str]:
        """All that names the person, as it was told: names, numbers, references, ways to reach them."""
        told: set[str] = set()
        for one in self.contacts:
            told.update(identifier.value for identifier in one.identity.identifiers)
            told.update(filter(None, (one.reference, *_named(one.identity))))
        return frozenset(told)


def _named(identity: Identity) -> tuple[str | None, ...]:
    return identity.name, identity.phone, identity.email, identity.address


async def record_of(connection: Connection, whom: str, *, master: WrappingKeys) -> SubjectRecord:
    """
    What is kept of the person whom *whom* names.

    Raises:
        UnknownSubjectError: `nobody_known`, or `several_people`.
        UnsealableError: the master key is not the installation's.
    """
    known = await known_of(connection, [whom])
    found = erasure_of(whom, known)
    if isinstance(found, str):
        raise UnknownSubjectError(found, _all_of(whom, known) if found == "several_people" else ())
    keys = await keyring.keys_for(connection, found.persons, master=master)
    envelopes = Envelopes(keys)
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said::text"
            " from contact where contact_id = any(%s)",
            [list(found.contacts)],
        )
        read = rows.read([rows.row_of(row) for row in await cursor.fetchall()], envelopes)
    contacts = [one for theirs in read.values() for one in theirs]
    return SubjectRecord(found.persons, tuple(sorted(contacts, key=lambda one: one.order)), found.shared_numbers)


def _all_of(whom: str, known: KeptPersons) -> tuple[str, ...]:
    return tuple(sorted({one.person for one in known.contacts.values() if whom in one.numbers}))


def document_of(one: RememberedContact) -> Mapping[str, Any]:
    """One contact, for people and programs to read: what was said, by whom, when."""
    return {
        "contact_id": str(one.contact_id),
        "told_by": one.source,
        "type": one.type,
        "happened_at": one.occurred_at.isoformat(),
        "received_at": one.received_at.isoformat(),
        "their_reference": one.reference or None,
        "identity": one.identity.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
        "facts": dict(one.facts),
        "consents": [consent.model_dump(mode="json", exclude_none=True) for consent in one.consents],
        "withdrawn": list(one.withdrawn),
        "entries_in_registers": [
            {"kind": entry.kind, "code": entry.code, "stage": entry.stage} for entry in one.entries
        ],
    }
