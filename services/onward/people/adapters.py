"""Where contacts are remembered: in the tables of `sql/`, within the transaction of a batch."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from onward.chassis.record import Received
from onward.chassis.security import keyring, tombstones
from onward.chassis.security.wrapping import WrappingKeys
from onward.contracts.contact_types import ERASED
from onward.contracts.erasure import CONTACT
from onward.contracts.matches import MatchDecision
from onward.people import rows
from onward.people.clusters import ClusterAssignment, assign_clusters
from onward.people.domain.erasure import brings_back
from onward.people.domain.groups import Node
from onward.people.domain.join import person_key
from onward.people.domain.likeness import TOO_MANY_FROM, keys
from onward.people.domain.matches import remember_decision
from onward.people.domain.remembered import RememberedContact, nodes_of, remember
from onward.people.known_clusters import KeptClusters, KnownCluster
from onward.people.likenesses import Likenesses, LikenessWanted, said_anew
from onward.people.unit_of_work import Envelopes, RecordPosition, UnitOfWork, position_of

MIGRATIONS = "onward.people:sql"
"""The package resource folder with the schema's SQL."""


@cache
def _query(name: str) -> bytes:
    return (resources.files("onward.people") / "sql" / "queries" / f"{name}.sql").read_bytes()


class PostgresPeople:
    """
    Contacts in the tables of `sql/`, person keys in the keyring, within the caller's transaction.

    About ten statements per batch, whatever its size. Everything connected with the batch stays locked until the end
    of the transaction, which must be READ COMMITTED: a statement after a wait sees what it waited for.
    """

    def __init__(self, *, pepper: bytes, id_key: bytes, master: WrappingKeys, reference: WrappingKeys) -> None:
        """A store that makes pseudonyms with *pepper*, names with *id_key*, and keeps keys under the two others."""
        self._pepper = pepper
        self._id_key = id_key
        self._reference = reference
        self._master = master
        self._kept = KeptClusters()

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[Any]]) -> UnitOfWork:
        """
        All that is connected with the contacts of *records*, and the keys of all persons they may be about.

        A record holds a contact, or a person's decision who is who.
        """
        said = contacts_said(records, self._pepper)
        if any(one.type == ERASED for one in said.values()):
            # What is found by what a deleted record said is taken away, and nobody may be finding it just now.
            await tombstones.alone(connection)
        # First of all, and left out of what follows: not even a number of theirs may be placed again.
        erased = await _of_the_erased(connection, said)
        batch = {where: one for where, one in said.items() if where not in erased}
        async with connection.cursor(row_factory=tuple_row) as cursor:
            batch, clusters, too_common, versions = await _hold(cursor, batch)
            kept = {one: there for one, version in versions.items() if (there := self._kept.take(one, version))}
            found = await _read(cursor, set(clusters.values()) - kept.keys())
            await cursor.execute(_query("number"))
            (recorded,) = await cursor.fetchone() or (1,)
            concerned = _persons_concerned(found, clusters, id_key=self._id_key)
            concerned.update(person for there in kept.values() for person in there.persons)
            held = await keyring.keys_for(connection, concerned, master=self._master)
            if shut := {one for one, there in kept.items() if not there.is_open(held)}:
                found += await _read(cursor, shut)
        envelopes = Envelopes(held)
        known = {one: KnownCluster.of(contacts) for one, contacts in rows.read(found, envelopes).items()}
        known |= {one: there for one, there in kept.items() if one not in shut}
        return UnitOfWork(
            known,
            batch,
            clusters=clusters,
            recorded=recorded,
            envelopes=envelopes,
            too_common=too_common,
            likenesses=await self._likenesses(connection, said_anew(batch.values(), clusters, known, self._pepper)),
            erased=erased,
        )

    async def _likenesses(
        self, connection: psycopg.AsyncConnection[Any], said: Mapping[UUID, LikenessWanted]
    ) -> Likenesses:
        """
        Who says what is like it, with all that is known of them; what is said now is found from now on.

        Whoever says something like it at the same time waits for us here, and then finds us.
        """
        if not said:
            return Likenesses()
        async with connection.cursor(row_factory=tuple_row) as cursor:
            by_key = [(key, contact) for contact, one in said.items() for key in one.keys]
            told: dict[str, Any] = {
                "likenesses": " ".join(key for key, _ in by_key),
                "contacts": [contact for _, contact in by_key],
                "too_many": TOO_MANY_FROM,
            }
            await cursor.execute(_query("alike"), told)
            under = {key.hex: [one for one in theirs if one not in said] for key, theirs in await cursor.fetchall()}
            ids = {one for theirs in under.values() for one in theirs}
            if not ids:
                return Likenesses(said)
            await cursor.execute(_query("elsewhere"), {"contacts": list(ids)})
            found = [rows.row_of(row) for row in await cursor.fetchall()]
        persons = {row.person for row in found}
        envelopes = Envelopes(await keyring.keys_for(connection, persons, master=self._master))
        clusters = {row.contact_id: row.cluster for row in found if row.contact_id in ids}
        return Likenesses(said, under, clusters, rows.read(found, envelopes))

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: UnitOfWork) -> None:
        """Remember what was said, and what it changed of what was said before."""
        # Rows are sealed as they are written, which may make a key for a person too.
        added = rows.added(unit.added.values(), clusters=unit.clusters, envelopes=unit.envelopes)
        concerned = {unit.clusters[contact] for contact in unit.added}
        changed = rows.changed(unit.changed.values(), envelopes=unit.envelopes)
        if unit.envelopes.made:
            await keyring.keep(connection, unit.envelopes.made, master=self._master, reference=self._reference)
        async with connection.cursor() as cursor:
            if unit.added:
                version: dict[str, Any] = {"version": unit.first_recorded, "clusters": list(concerned)}
                await cursor.execute(_query("add"), {"rows": added, **version})
            if unit.changed:
                await cursor.execute(_query("change"), {"rows": changed})
            if unit.reassigned:
                await cursor.execute(_query("rekey"), rows.reassigned(unit.reassigned))
            if too_common := unit.newly_too_common():
                await cursor.execute(_query("crowd"), {"numbers": too_common})
            if unit.forgotten:
                await self._forget(cursor, unit)
        self._keep(unit, concerned)

    async def _forget(self, cursor: psycopg.AsyncCursor[Any], unit: UnitOfWork) -> None:
        """Take away by what contacts whose record was deleted at its source could be found, but for their numbers."""
        found_by = {UUID(key) for one in unit.forgotten.values() for key in keys(one, self._pepper)}
        heirs = unit.heirs()
        gone: dict[str, Any] = {"likenesses": sorted(found_by), "gone": list(heirs), "heirs": list(heirs.values())}
        await cursor.execute(_query("unlike"), gone)
        await cursor.execute(_query("unlink"), {"numbers": unit.unplaced()})

    def _keep(self, unit: UnitOfWork, concerned: Collection[UUID]) -> None:
        """
        Remember what is known now; before the transaction ends, since its number is nobody else's.

        Where the transaction fails, nothing in the store has that number, and it is read anew.
        """
        for cluster in concerned:
            known = unit.known_clusters[cluster]
            changed = [one for contact in (*unit.added, *unit.changed) if (one := known.contacts.get(contact))]
            if known.keep(changed, version=unit.first_recorded, keys=unit.envelopes.keys):
                self._kept.put(cluster, known)


async def _of_the_erased(
    connection: psycopg.AsyncConnection[Any], said: Mapping[RecordPosition, RememberedContact]
) -> frozenset[RecordPosition]:
    """The contacts of a batch that would bring back somebody who was erased."""
    contacts = {where: [node for node in nodes_of(one) if isinstance(node, UUID)] for where, one in said.items()}
    named = {number for one in said.values() for number in one.numbers}
    named.update(f"{CONTACT}:{contact}" for nodes in contacts.values() for contact in nodes)
    erased = await tombstones.erased_among(connection, named)
    return frozenset(
        where
        for where, one in said.items()
        if erased and brings_back(one.numbers, contacts[where], min(one.occurred_at, one.received_at), erased)
    )


async def _hold(
    cursor: psycopg.AsyncCursor[Any], batch: dict[RecordPosition, RememberedContact]
) -> tuple[dict[RecordPosition, RememberedContact], Mapping[UUID, UUID], frozenset[str], Mapping[UUID, int]]:
    """
    Find where the batch belongs, make what is missing, and lock it; with the version of what was there as it is.

    Goes round again when another batch made or merged any of it meanwhile; each round waits for one that is done.
    """
    ours: set[UUID] = set()
    while True:
        found, too_common = await _find(cursor, batch.values())
        if too_common:
            batch = {where: _without(one, too_common) for where, one in batch.items()}
        assigned = assign_clusters(connections(batch), found)
        await cursor.execute(_query("lock"), {"clusters": list(assigned.existing)})
        versions = dict(await cursor.fetchall())
        if len(versions) < len(assigned.existing):
            continue
        if await _make(cursor, assigned, ours):
            grown = {*assigned.merged, *assigned.merged.values()}
            unchanged = {cluster: version for cluster, version in versions.items() if cluster not in grown}
            return batch, assigned.of, too_common, unchanged
        ours.update(assigned.made)


async def _read(cursor: psycopg.AsyncCursor[Any], clusters: Collection[UUID]) -> list[rows.PeopleRow]:
    if not clusters:
        return []
    await cursor.execute(_query("load"), {"clusters": sorted(clusters)})
    return [rows.row_of(row) for row in await cursor.fetchall()]


async def _find(
    cursor: psycopg.AsyncCursor[Any], batch: Iterable[RememberedContact]
) -> tuple[dict[Node, UUID], frozenset[str]]:
    nodes = {node for one in batch for node in nodes_of(one)}
    # One text each, which the driver passes on as it is: both are made of hexadecimal digits.
    wanted = {
        "numbers": " ".join(node for node in nodes if isinstance(node, str)),
        "contacts": " ".join(str(node) for node in nodes if isinstance(node, UUID)),
    }
    await cursor.execute(_query("find"), wanted)
    found: dict[Node, UUID] = {}
    too_common: set[str] = set()
    for number, contact, cluster, is_crowded in await cursor.fetchall():
        if is_crowded:
            too_common.add(number)
        else:
            found[contact or number] = cluster
    return found, frozenset(too_common)


async def _make(cursor: psycopg.AsyncCursor[Any], assigned: ClusterAssignment, ours: set[UUID]) -> bool:
    """Make clusters but *ours*, place numbers and merge; False when another batch was first with any of it."""
    if assigned.made or assigned.numbers:
        made = [cluster for cluster in assigned.made if cluster not in ours]
        new: dict[str, Any] = {
            "clusters": made,
            "numbers": " ".join(assigned.numbers),
            "places": list(assigned.numbers.values()),
        }
        await cursor.execute(_query("place"), new)
        if await cursor.fetchone() != (len(made), len(assigned.numbers)):
            return False
    if assigned.merged:
        merged: dict[str, list[Any]] = {"merged": list(assigned.merged), "kept": list(assigned.merged.values())}
        await cursor.execute(_query("merge"), merged)
    return True


def contacts_said(
    records: Sequence[Received[Any]], pepper: bytes, too_common: frozenset[str] = frozenset()
) -> dict[RecordPosition, RememberedContact]:
    """What the contacts of a batch say, by the place of their record; references that are *too_common* join nobody."""
    return {
        position_of(record): remember_decision(record.body, recorded=0, received_at=record.appended_at)
        if isinstance(record.body, MatchDecision)
        else remember(record.body, recorded=0, pepper=pepper, too_common=too_common)
        for record in records
    }


def connections(batch: Mapping[RecordPosition, RememberedContact]) -> dict[UUID, tuple[Node, ...]]:
    """What connects each contact of the batch: of two with one id, what connects either."""
    nodes: dict[UUID, tuple[Node, ...]] = {}
    for one in batch.values():
        nodes[one.contact_id] = (*nodes.get(one.contact_id, ()), *nodes_of(one))
    return nodes


def _without(contact: RememberedContact, too_common: frozenset[str]) -> RememberedContact:
    return replace(contact, numbers=tuple(number for number in contact.numbers if number not in too_common))


def _persons_concerned(known: Collection[rows.PeopleRow], batch: Iterable[UUID], *, id_key: bytes) -> set[str]:
    """
    Every person that has a key and that taking a batch can lead to, whoever turns out to be whom.

    A person's name follows from the first of their contacts, which keeps it (`gave_key`) when an older one takes its
    place. Where bookings were moved or records linked, any contact may have been the first: there all are asked for.

    Args:
        known: Each contact that is connected with the batch.
        batch: The contacts to be taken.
        id_key: The secret that persons' names are made with.
    """
    persons = {person_key(contact, id_key) for contact in batch}
    persons.update(row.person for row in known)
    if any(map(rows.is_linked, known)):
        persons.update(person_key(row.contact_id, id_key) for row in known)
    else:
        persons.update(rows.keys_given(known))
    return persons
