"""Where persons are erased: in the tables of `sql/` and the keyring, within the transaction of a batch."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg.rows import tuple_row

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.record import Received
from onward.chassis.security import keyring, tombstones
from onward.contracts.erasure import CONTACT, PERSON, Erasure, Tombstone
from onward.people.domain.erasure import (
    KeptContact,
    KeptPersons,
    PersonErasure,
    ReassignedContact,
    everything_of,
    without,
)

log = structlog.get_logger()

_CLUSTERS = """
    select cluster from link where number = any(%(numbers)s::text[])
    union select cluster from contact where contact_id = any(%(contacts)s::uuid[])
    union select cluster from contact where person = any(%(persons)s::text[])
    union select contact.cluster from rekeyed join contact using (contact_id) where was = any(%(persons)s::text[])
"""
_LOCK = "select id from cluster where id = any(%s) order by id for update"
_CONTACTS = "select contact_id, cluster, person, sealed is not null, said from contact where cluster = any(%s)"
_LINKS = "select number, cluster from link where cluster = any(%s)"
_REKEYED = "select contact_id, person, was from rekeyed where contact_id = any(%s)"
_ERASURES = "select distinct erasure_id from erased where erasure_id = any(%s)"
_GONE = (
    # What is kept in memory of a cluster is not what is here any more.
    """update cluster set version = nextval('recorded') << 20
    where id in (select cluster from contact where contact_id = any(%(contacts)s::uuid[]))""",
    """update alike set contacts = array(
        select one from unnest(contacts) with ordinality as each (one, place)
        where one <> all(%(contacts)s::uuid[]) order by place
    ) where contacts && %(contacts)s::uuid[]""",
    "delete from alike where contacts = '{}'",
    "delete from contact where contact_id = any(%(contacts)s::uuid[])",
    "delete from link where number = any(%(numbers)s::text[])",
    "delete from cluster where id = any(%(clusters)s::uuid[])",
    """delete from rekeyed where contact_id = any(%(contacts)s::uuid[]) or person = any(%(persons)s::text[])
    or was = any(%(persons)s::text[])""",
)


class ErasureUnit:
    """What a batch of erasures knows, and what it erases."""

    def __init__(self, known: KeptPersons, done: Collection[UUID]) -> None:
        """*known*: everybody whom the batch may name; *done*: the erasures of it that were carried out before."""
        self.known = known
        self.done = set(done)
        self.gone: list[PersonErasure] = []
        self.tombstones: list[Tombstone] = []

    def apply(self, erasure_id: UUID, gone: PersonErasure, kept: Sequence[Tombstone]) -> None:
        """Erase, as the transaction ends."""
        self.done.add(erasure_id)
        self.gone.append(gone)
        self.tombstones.extend(kept)
        without(self.known, gone)


class PostgresErasures:
    """The store of erasures: alone in the schema from its first statement to the end of its transaction."""

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[Erasure]]) -> ErasureUnit:
        """Everybody whom *records* may name, locked, and which of them were carried out before."""
        await tombstones.alone(connection)
        named = [record.body.statement.whom for record in records]
        ids = [record.body.statement.erasure_id for record in records]
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_ERASURES, [ids])
            done = [erasure_id for (erasure_id,) in await cursor.fetchall()]
        return ErasureUnit(await known_of(connection, named), done)

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: ErasureUnit) -> None:
        """Erase what goes, and remember what named it."""
        for gone in unit.gone:
            await _erase(connection, gone)
        await tombstones.keep(connection, unit.tombstones)


async def reconcile(connection: psycopg.AsyncConnection[Any], kafka: KafkaConnection, *, within: float) -> int:
    """
    Erase again whom a database from before their erasure has still: the topic `tombstones` says who.

    Returns:
        How many contacts went.

    Raises:
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    found = await tombstones.on_topic(kafka, "onward-people", within=within)
    async with connection.transaction():
        await tombstones.alone(connection)
        missing = await tombstones.missing_in(connection, found)
        if not missing:
            return 0
        known = await known_of(connection, missing)
        persons = {named.partition(":")[2] for named in missing if named.startswith(f"{PERSON}:")}
        contacts = {UUID(named.partition(":")[2]) for named in missing if named.startswith(f"{CONTACT}:")}
        # Of their numbers those that somebody has by now are somebody new's.
        gone = everything_of(persons, contacts, known)
        await _erase(connection, gone)
        for person in persons - set(gone.keys):
            await keyring.forget(connection, person)
        await tombstones.keep(connection, missing.values())
    log.warning("people.erased_again", contacts=len(gone.contacts), keys=len(gone.keys), tombstones=len(missing))
    return len(gone.contacts)


async def known_of(connection: psycopg.AsyncConnection[Any], named: Collection[str]) -> KeptPersons:
    """What is kept of everybody in the clusters of what is *named*; locked until the transaction ends."""
    by: dict[str, list[Any]] = {"numbers": [], "contacts": [], "persons": []}
    for each in named:
        kind, _, name = each.partition(":")
        where = {CONTACT: "contacts", PERSON: "persons"}.get(kind, "numbers")
        by[where].append(UUID(name) if kind == CONTACT else name if kind == PERSON else each)
    known = KeptPersons()
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_CLUSTERS, by)
        clusters = [cluster for (cluster,) in await cursor.fetchall()]
        await cursor.execute(_LOCK, [clusters])
        await cursor.execute(_CONTACTS, [clusters])
        known.contacts = {row[0]: _contact(*row) for row in await cursor.fetchall()}
        await cursor.execute(_LINKS, [clusters])
        known.links = dict(await cursor.fetchall())
        await cursor.execute(_REKEYED, [list(known.contacts)])
        known.rekeyed = [ReassignedContact(*row) for row in await cursor.fetchall()]
        persons = {one.person for one in known.contacts.values()} | {each.was for each in known.rekeyed}
        persons |= {one.gave_key for one in known.contacts.values()} | set(by["persons"])
        await cursor.execute("select person from keyring.person_key where person = any(%s)", [sorted(persons)])
        known.keys = {person for (person,) in await cursor.fetchall()}
    return known


def _contact(contact_id: UUID, cluster: UUID, person: str, sealed: bool, said: Mapping[str, Any]) -> KeptContact:
    numbers = tuple(said.get("numbers", ()))
    declared = (number for link in said.get("declared", ()) for number in link[1:3])
    return KeptContact(
        contact_id, cluster, person, said.get("gave", ""), numbers, frozenset((*numbers, *declared)), sealed
    )


async def _erase(connection: psycopg.AsyncConnection[Any], gone: PersonErasure) -> None:
    rows = {
        "contacts": list(gone.contacts),
        "numbers": list(gone.numbers),
        "clusters": list(gone.clusters),
        "persons": list(gone.persons),
    }
    for statement in _GONE:
        await connection.execute(statement, rows)
    for person in gone.keys:
        await keyring.forget(connection, person)
