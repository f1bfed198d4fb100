"""The keyring on a real PostgreSQL: made once, agreed on, read in one query, really forgotten."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from installation_keys import MASTER, OTHER_MASTER, REFERENCE
from onward.chassis.errors import SecretsDifferError
from onward.chassis.record import Received
from onward.chassis.security import keyring, sealing
from onward.chassis.security.changing import rewrap
from onward.chassis.security.envelope import UnsealableError, Use
from onward.chassis.security.fingerprints import Secrets
from onward.chassis.security.wrapping import LocalKeys
from onward.contracts.contact import Identity
from onward.contracts.decision import LegalBasis
from onward.contracts.referral import Delivery
from onward.dispatch.adapters import KeyringLookup

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
async def connection(database: str) -> AsyncGenerator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await keyring.prepare(connection)
        await connection.commit()
        yield connection


def a_record(person: str, *, sealed: str) -> Received[Delivery]:
    delivery = Delivery(
        referral_id=UUID(int=1),
        reference="QX4829AC",
        person=person,
        provider="test-housing",
        category="ACCOMMODATION",
        urgency="immediate",
        rule="test",
        reason="test",
        legal_basis=LegalBasis(name="test", kind="consent", purpose="test", article_6="6(1)(a)", citation="test"),
        made_at=NOW,
        respond_by=NOW,
        sealed=sealed,
    )
    return Received(delivery, "deliveries", person, NOW, offset=0, partition=0)


async def made_for(connection: psycopg.AsyncConnection[Any], persons: list[str]) -> dict[str, bytes]:
    """New keys, kept."""
    keys = {person: sealing.new_key() for person in persons}
    await keyring.keep(connection, keys, master=MASTER, reference=REFERENCE)
    return keys


async def test_a_key_is_kept_and_stays(connection: psycopg.AsyncConnection[Any]) -> None:
    made = await made_for(connection, ["a", "b", "c"])
    assert len(set(made.values())) == 3
    assert await keyring.keys_for(connection, ["a", "c", "nobody"], master=MASTER) == {"a": made["a"], "c": made["c"]}


async def test_what_is_stored_is_not_the_key(connection: psycopg.AsyncConnection[Any]) -> None:
    made = await made_for(connection, ["a"])
    cursor = await connection.execute("select wrapped from keyring.person_key")
    ((stored,),) = await cursor.fetchall()
    assert made["a"] not in stored


async def test_a_forgotten_key_is_gone_and_its_envelopes_stay_shut(connection: psycopg.AsyncConnection[Any]) -> None:
    made = await made_for(connection, ["a", "b"])
    sealed = sealing.seal(made["a"], "a", Identity(name="Test Person-0001"))
    assert await keyring.forget(connection, "a") is True
    assert await keyring.forget(connection, "a") is False
    assert set(await keyring.keys_for(connection, ["a", "b"], master=MASTER)) == {"b"}
    again = await made_for(connection, ["a"])
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(again["a"], "a", sealed)


async def test_a_forgotten_key_is_not_left_in_the_table_file(connection: psycopg.AsyncConnection[Any]) -> None:
    await made_for(connection, ["a"])
    await keyring.forget(connection, "a")
    await connection.commit()
    await connection.set_autocommit(True)
    await connection.execute("vacuum keyring.person_key")
    cursor = await connection.execute("select pg_relation_size('keyring.person_key')")
    assert await cursor.fetchone() == (0,)


async def test_of_two_that_give_one_person_a_key_at_once_the_second_is_told_to_do_it_again(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    persons = [f"person-{number}" for number in range(50)]

    async def make(order: list[str]) -> dict[str, bytes] | None:
        async with await psycopg.AsyncConnection.connect(database) as own:
            try:
                return await made_for(own, order)
            except errors.SerializationFailure:
                await own.rollback()
                return None

    made = await asyncio.gather(*(make(persons if number % 2 else persons[::-1]) for number in range(6)))
    (kept,) = [one for one in made if one is not None]
    assert await keyring.keys_for(connection, persons, master=MASTER) == kept


async def test_services_that_start_together_can_all_make_the_schema(database: str) -> None:
    async def prepare() -> None:
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as own:
            await keyring.prepare(own)

    await asyncio.gather(*(prepare() for _ in range(6)))


async def test_dispatch_makes_the_keyring_when_it_starts_first(database: str) -> None:
    lookup = KeyringLookup(database, master=MASTER)
    try:
        await lookup.prepare()
        assert await lookup([a_record("a", sealed="v1.x")]) == {}
    finally:
        await lookup.close()


async def test_dispatch_needs_no_right_but_to_read_once_the_keyring_is_there(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    made = await made_for(connection, ["a"])
    role = f"reader_{conninfo_to_dict(database)['dbname']}"
    await connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    try:
        await connection.execute(sql.SQL("grant usage on schema keyring to {}").format(sql.Identifier(role)))
        await connection.execute(sql.SQL("grant select on keyring.person_key to {}").format(sql.Identifier(role)))
        await connection.commit()
        lookup = KeyringLookup(make_conninfo(database, options=f"-c role={role}"), master=MASTER)
        await lookup.prepare()
        assert await lookup([a_record("a", sealed="v1.x")]) == made
        await lookup.close()
    finally:
        await connection.rollback()
        await connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
        await connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
        await connection.commit()


async def test_who_may_open_references_cannot_open_an_identity_with_what_the_keyring_holds(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    made = await made_for(connection, ["a"])
    opened = await keyring.reference_keys_for(connection, ["a"], reference=REFERENCE)
    assert opened == {"a": sealing.reference_key(made["a"])}
    for column, by in (("wrapped", REFERENCE), ("reference_wrapped", MASTER)):
        found = await connection.execute(f"select {column} from keyring.person_key")
        (wrapped,) = await found.fetchone() or (b"",)
        with pytest.raises(UnsealableError, match="does_not_open"):
            by.unwrapped("a", wrapped)


async def test_another_master_key_opens_nothing_and_says_so(connection: psycopg.AsyncConnection[Any]) -> None:
    await made_for(connection, ["a"])
    with pytest.raises(UnsealableError, match="does_not_open"):
        await keyring.keys_for(connection, ["a"], master=OTHER_MASTER)


async def note(connection: psycopg.AsyncConnection[Any], master: LocalKeys) -> None:
    record = Secrets({"master-key": master.held}).first_note("master-key").model_dump_json()
    await connection.execute(
        "insert into keyring.secret_fingerprint (secret, record) values ('master-key', %s)", [record]
    )
    await connection.commit()


async def test_dispatch_goes_no_further_with_a_database_that_was_made_with_another_master_key(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    await made_for(connection, ["a"])
    await note(connection, MASTER)
    lookup = KeyringLookup(database, master=OTHER_MASTER)
    try:
        with pytest.raises(SecretsDifferError, match="this process's ONWARD_MASTER_KEY is not the one"):
            await lookup([a_record("a", sealed="v1.x")])
    finally:
        await lookup.close()


async def test_a_damaged_key_holds_up_nobody_but_its_person(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    made = await made_for(connection, ["a", "b"])
    await connection.execute("update keyring.person_key set wrapped = '\\x00' || wrapped where person = 'a'")
    await connection.commit()
    lookup = KeyringLookup(database, master=MASTER)
    records = [a_record("a", sealed="v1.x"), a_record("b", sealed="v1.x")]
    try:
        with pytest.raises(UnsealableError):
            await lookup(records)  # nobody has said that this is the right master key
        await note(connection, MASTER)
        keys = await lookup(records)
    finally:
        await lookup.close()
    assert keys["b"] == made["b"]
    with pytest.raises(UnsealableError, match="bad_key"):
        sealing.open_sealed(keys["a"], "a", sealing.seal(made["a"], "a", Identity(name="Test Person-0001")))


async def test_dispatch_sees_at_once_that_a_key_was_destroyed(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    made = await made_for(connection, ["a", "b"])
    await connection.commit()
    lookup = KeyringLookup(database, master=MASTER)
    records = [a_record("a", sealed="v1.x"), a_record("b", sealed="v1.x"), a_record("c", sealed="")]
    try:
        assert await lookup(records) == made
        await keyring.forget(connection, "a")
        await connection.commit()
        assert await lookup(records) == {"b": made["b"]}
    finally:
        await lookup.close()


async def test_dispatch_connects_again_after_the_database_dropped_it(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    made = await made_for(connection, ["a"])
    await connection.commit()
    lookup = KeyringLookup(database, master=MASTER)
    records = [a_record("a", sealed="v1.x")]
    try:
        await lookup(records)
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        with pytest.raises(psycopg.Error):
            await lookup(records)
        assert await lookup(records) == made
    finally:
        await lookup.close()


async def test_a_master_key_is_changed_while_persons_keys_are_read_made_and_destroyed(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    made = await made_for(connection, [f"{number:05}" for number in range(2500)])
    await connection.commit()
    new = LocalKeys(Use.PERSON_KEY, (b"n" * 32,))
    both = LocalKeys(Use.PERSON_KEY, (*new.held, *MASTER.held))
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
        rewrapping = asyncio.create_task(rewrap(other, "master-key", both))
        for round_ in range(20):
            read = await keyring.keys_for(connection, [*made], master=both)
            assert read == made
            late = {f"late-{round_:02}": sealing.new_key()}
            await keyring.keep(connection, late, master=both if round_ % 2 else MASTER, reference=REFERENCE)
            made |= late
            gone = next(iter(made))
            del made[gone]
            await keyring.forget(connection, gone)
            await connection.commit()
        await rewrapping
        await rewrap(other, "master-key", both)
        again = await rewrap(other, "master-key", both)
    assert (again.anew, again.already, again.damaged) == (0, len(made), 0)
    assert await keyring.keys_for(connection, [*made], master=new) == made
    opened = await keyring.reference_keys_for(connection, [*made], reference=REFERENCE)
    assert opened == {person: sealing.reference_key(key) for person, key in made.items()}


async def test_what_opens_with_neither_key_is_counted_and_left_as_it_is(
    database: str, connection: psycopg.AsyncConnection[Any]
) -> None:
    await made_for(connection, ["a", "b"])
    await connection.execute("update keyring.person_key set wrapped = '\\x00' || wrapped where person = 'a'")
    await connection.commit()
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
        made = await rewrap(other, "master-key", LocalKeys(Use.PERSON_KEY, (b"n" * 32, *MASTER.held)))
    assert (made.anew, made.already, made.damaged) == (1, 0, 1)
