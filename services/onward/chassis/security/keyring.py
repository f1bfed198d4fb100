"""The person keys: made by `people`, read by `dispatch` and `tracking`, and really gone when they are forgotten.

They live in a PostgreSQL schema of their own, `keyring`: under the master key, which `dispatch` has too, those that
open who somebody is; under the reference key, which `tracking` has, those that open how partners refer to them. See
docs/adr/0009-keys-and-sealing.md and docs/adr/0050-no-key-that-is-not-needed.md.
Every function runs in the caller's transaction and names its tables in full, so the search path does not matter.
"""

from collections.abc import Collection, Mapping
from importlib import resources
from typing import Any, Literal, TypeAlias

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from onward.chassis.security.sealing import reference_key
from onward.chassis.security.wrapping import WrappingKeys

MIGRATIONS = "onward.chassis.security:keyring_sql"
"""The package resource folder with the schema's SQL."""

Connection: TypeAlias = psycopg.AsyncConnection[Any]

# Any fixed number of our own: two services that start together make the schema one after the other.
_MAKING = 0x6B657972


async def prepare(connection: Connection) -> None:
    """
    Make the `keyring` schema if it is not there. Safe to call by several services at once.

    Where it is there nothing is done, so that whoever calls it needs no right to make anything.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select to_regclass('keyring.person_key') is not null"
            " and to_regclass('keyring.secret_fingerprint') is not null"
        )
        if await cursor.fetchone() == (True,):
            return
    folder = resources.files("onward.chassis.security") / "keyring_sql"
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute("select pg_advisory_xact_lock(%s)", [_MAKING])
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".sql"):
                await cursor.execute(file.read_bytes())


async def is_there(connection: Connection) -> bool:
    """Whether the `keyring` schema has been made."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select to_regclass('keyring.person_key') is not null")
        return await cursor.fetchone() == (True,)


async def keys_for(
    connection: Connection, persons: Collection[str], *, master: WrappingKeys, unreadable: bytes | None = None
) -> dict[str, bytes]:
    """
    The keys of *persons*; one whose key was never made, or was forgotten, is absent.

    One query, whatever the number of persons.

    Args:
        connection: Any, in or outside a transaction.
        persons: Their pseudonyms.
        master: What they are wrapped under.
        unreadable: What stands for a key that does not open; None to raise.

    Raises:
        UnsealableError: a key was changed, or wrapped under another master key.
        OSError: the key service is away.
    """
    return await _keys(connection, "wrapped", persons, master, unreadable)


async def reference_keys_for(
    connection: Connection, persons: Collection[str], *, reference: WrappingKeys
) -> dict[str, bytes]:
    """
    The keys to partners' references for *persons*, as `keys_for`: they open no identity.

    Raises:
        UnsealableError: a key was changed, or wrapped under another reference key.
        OSError: the key service is away.
    """
    return await _keys(connection, "reference_wrapped", persons, reference, None)


async def _keys(
    connection: Connection,
    column: Literal["wrapped", "reference_wrapped"],
    persons: Collection[str],
    by: WrappingKeys,
    unreadable: bytes | None,
) -> dict[str, bytes]:
    query = SQL("select person, {} from keyring.person_key where person = any(%s)").format(Identifier(column))
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(query, [sorted(set(persons))])
        rows: list[tuple[str, bytes]] = await cursor.fetchall()
    found: dict[str, bytes] = {}
    for person, key in (await by.unwrap(dict(rows)) if rows else {}).items():
        if isinstance(key, bytes):
            found[person] = key
        elif unreadable is None:
            raise key
        else:
            found[person] = unreadable
    return found


async def keep(
    connection: Connection, keys: Mapping[str, bytes], *, master: WrappingKeys, reference: WrappingKeys
) -> None:
    """
    Keep the *keys* of persons that had none, as `keys_for` said in this transaction; and those that follow from them.

    Raises:
        SerializationFailure: another transaction gave one of them a key meanwhile. Done again, this one finds it.
        UnsealableError: a key does not have 32 bytes.
        OSError: the key service is away.
    """
    # Sorted: transactions that make overlapping sets of keys take their locks in one order.
    persons = sorted(keys)
    wrapped = await master.wrap(keys)
    references = await reference.wrap({person: reference_key(key) for person, key in keys.items()})
    async with connection.cursor() as cursor:
        await cursor.execute(
            "insert into keyring.person_key (person, wrapped, reference_wrapped)"
            " select * from unnest(%s::text[], %s::bytea[], %s::bytea[]) on conflict (person) do nothing",
            [persons, [wrapped[person] for person in persons], [references[person] for person in persons]],
        )
        if cursor.rowcount < len(persons):
            raise errors.SerializationFailure("a person was given two keys at once")


async def open_oldest(connection: Connection, *, master: WrappingKeys) -> None:
    """
    Open the oldest person's key, if there is any.

    Raises:
        UnsealableError: it was changed, or wrapped under another master key.
        OSError: the key service is away.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select person from keyring.person_key order by made_at, person limit 1")
        oldest: list[tuple[str]] = await cursor.fetchall()
    await keys_for(connection, [person for (person,) in oldest], master=master)


async def forget(connection: Connection, person: str) -> bool:
    """
    Destroy *person*'s key, and with it every envelope under it, in every topic and backup.

    Returns:
        Whether there was a key. What PostgreSQL itself still holds of it goes with the next vacuum.
    """
    async with connection.cursor() as cursor:
        await cursor.execute("delete from keyring.person_key where person = %s", [person])
        return cursor.rowcount > 0
