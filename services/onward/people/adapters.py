"""Where contacts are remembered: in the tables of `sql/`, within the transaction of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from onward.chassis.record import Received
from onward.chassis.security import keyring
from onward.contracts.contact import Contact
from onward.people import rows
from onward.people.domain.groups import Node
from onward.people.domain.said import Said, nodes_of, said_in
from onward.people.keys import persons_concerned
from onward.people.places import Places, place
from onward.people.unit import Place, Unit, place_of

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

    def __init__(self, *, pepper: bytes, master: bytes) -> None:
        """A store that makes pseudonyms with *pepper* and keeps keys under *master*."""
        self._pepper = pepper
        self._master = master

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[Contact]]) -> Unit:
        """All that is connected with the contacts of *records*, and the keys of all persons they may be about."""
        batch = contacts_said(records, self._pepper)
        async with connection.cursor(row_factory=tuple_row) as cursor:
            batch, clusters, crowded = await _hold(cursor, batch)
            await cursor.execute(_query("load"), {"clusters": sorted(set(clusters.values()))})
            found = [rows.Row(*row) for row in await cursor.fetchall()]
            await cursor.execute(_query("number"))
            (recorded,) = await cursor.fetchone() or (1,)
        before = ((row.person, row.contact_id) for row in found)
        concerned = persons_concerned(before, clusters, pepper=self._pepper)
        keys = await keyring.keys_for(connection, concerned, master=self._master)
        known = rows.read(found, keys)
        return Unit(known, batch, clusters=clusters, recorded=recorded, keys=keys, crowded=crowded)

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: Unit) -> None:
        """Remember what was said, and what it changed of what was said before."""
        # Rows are sealed as they are written, which may make a key for a person too.
        added = rows.added(unit.added.values(), clusters=unit.clusters, envelopes=unit.envelopes)
        changed = rows.changed(unit.changed.values(), envelopes=unit.envelopes)
        if unit.envelopes.made:
            await keyring.keep(connection, unit.envelopes.made, master=self._master)
        async with connection.cursor() as cursor:
            if unit.added:
                await cursor.execute(_query("add"), {"rows": added})
            if unit.changed:
                await cursor.execute(_query("change"), {"rows": changed})
            if unit.reassigned:
                await cursor.execute(_query("rekey"), rows.reassigned(unit.reassigned))
            if crowded := unit.newly_crowded():
                await cursor.execute(_query("crowd"), {"numbers": crowded})


async def _hold(
    cursor: psycopg.AsyncCursor[Any], batch: dict[Place, Said]
) -> tuple[dict[Place, Said], Mapping[UUID, UUID], frozenset[str]]:
    """
    Find where the batch belongs, make what is missing, and lock it.

    Goes round again when another batch made or merged any of it meanwhile; each round waits for one that is done.
    """
    ours: set[UUID] = set()
    while True:
        found, crowded = await _find(cursor, batch.values())
        if crowded:
            batch = {where: _without(one, crowded) for where, one in batch.items()}
        places = place(connections(batch), found)
        await cursor.execute(_query("lock"), {"clusters": list(places.existing)})
        if len(await cursor.fetchall()) < len(places.existing):
            continue
        if await _make(cursor, places, ours):
            return batch, places.of, crowded
        ours.update(places.made)


async def _find(cursor: psycopg.AsyncCursor[Any], batch: Iterable[Said]) -> tuple[dict[Node, UUID], frozenset[str]]:
    nodes = {node for one in batch for node in nodes_of(one)}
    # One text each, which the driver passes on as it is: both are made of hexadecimal digits.
    wanted = {
        "numbers": " ".join(node for node in nodes if isinstance(node, str)),
        "contacts": " ".join(str(node) for node in nodes if isinstance(node, UUID)),
    }
    await cursor.execute(_query("find"), wanted)
    found: dict[Node, UUID] = {}
    crowded: set[str] = set()
    for number, contact, cluster, is_crowded in await cursor.fetchall():
        if is_crowded:
            crowded.add(number)
        else:
            found[contact or number] = cluster
    return found, frozenset(crowded)


async def _make(cursor: psycopg.AsyncCursor[Any], places: Places, ours: set[UUID]) -> bool:
    """Make clusters but *ours*, place numbers and merge; False when another batch was first with any of it."""
    if places.made or places.numbers:
        made = [cluster for cluster in places.made if cluster not in ours]
        new: dict[str, Any] = {
            "clusters": made,
            "numbers": " ".join(places.numbers),
            "places": list(places.numbers.values()),
        }
        await cursor.execute(_query("place"), new)
        if await cursor.fetchone() != (len(made), len(places.numbers)):
            return False
    if places.merged:
        merged: dict[str, list[Any]] = {"merged": list(places.merged), "kept": list(places.merged.values())}
        await cursor.execute(_query("merge"), merged)
    return True


def contacts_said(
    records: Sequence[Received[Contact]], pepper: bytes, crowded: frozenset[str] = frozenset()
) -> dict[Place, Said]:
    """What the contacts of a batch say, by the place of their record; references that are *crowded* join nobody."""
    return {place_of(record): said_in(record.body, recorded=0, pepper=pepper, crowded=crowded) for record in records}


def connections(batch: Mapping[Place, Said]) -> dict[UUID, tuple[Node, ...]]:
    """What connects each contact of the batch: of two with one id, what connects either."""
    nodes: dict[UUID, tuple[Node, ...]] = {}
    for one in batch.values():
        nodes[one.contact_id] = (*nodes.get(one.contact_id, ()), *nodes_of(one))
    return nodes


def _without(said: Said, crowded: frozenset[str]) -> Said:
    return replace(said, numbers=tuple(number for number in said.numbers if number not in crowded))
