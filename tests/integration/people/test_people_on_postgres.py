"""What only a database has: two owners at once, what is at rest, a key destroyed, and how many statements it takes."""

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from installation_keys import MASTER
from integration.people.people_stores import Shard, make_keyring, migrate, on, situations
from onward.chassis.security import keyring, sealing
from onward.contracts.contact import Contact, Identity
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, born, named, number, on_day

NOMS = "NOMS A1234BC"
PNC = "PNC 2002/0073319Z"


@pytest.fixture
async def url(database: str) -> str:
    migrate(database)
    await make_keyring(database)
    return database


def rows(url: str, query: Any) -> list[Any]:
    with psycopg.connect(url, options="-c search_path=people") as connection:
        return connection.execute(query).fetchall()


async def take_until_done(shard: Shard, batches: Sequence[Sequence[Contact]]) -> int:
    """Take batches as the chassis does, which does a batch again that was the victim of a deadlock; how often."""
    again = 0
    for batch in batches:
        while True:
            try:
                await shard.take(*batch)
                break
            except (errors.DeadlockDetected, errors.SerializationFailure):
                again += 1
    return again


async def test_two_owners_of_one_person_neither_lose_a_fact_nor_wait_for_ever(url: str) -> None:
    """Each tells of the same twenty people under other numbers, in another order, with contacts that join the two."""
    police = [
        [a_contact(f"arrest {round} {n}", f"PNC P{n}", day=round + 1, facts={"person.sex": "male"}) for n in range(20)]
        for round in range(10)  # noqa: A001 - a round of contacts
    ]
    prison = [
        [
            a_screening(
                f"screening {turn} {n}",
                f"NOMS N{n}",
                *([f"PNC P{n}"] if turn == 4 else []),
                needs={"accommodation": turn % 5},
                day=turn + 1,
            )
            for n in reversed(range(20))
        ]
        for turn in range(10)
    ]
    async with asyncio.timeout(120):
        await asyncio.gather(take_until_done(on(url), police), take_until_done(on(url), prison))
    last = [a_release(f"release {n}", f"NOMS N{n}", day=20) for n in range(20)]
    for outcome in await on(url).take(*last):
        (situation,) = situations(outcome)
        assert situation.facts["needs.accommodation"] == 4
        assert situation.facts["person.sex"] == "male"
    assert rows(url, "select count(*), count(distinct person), count(distinct cluster) from contact") == [(420, 20, 20)]
    assert rows(url, "select count(*) from cluster") == [(20,)]


async def test_two_owners_who_meet_a_stranger_at_the_same_moment_make_one_person(url: str) -> None:
    first, second = on(url), on(url)
    one, other = a_contact("one", NOMS), a_contact("other", NOMS, day=2)
    async with first.transaction() as connection, asyncio.timeout(60):
        unit = await first.load(connection, [one])
        waiting = asyncio.create_task(second.take(other))
        await has_to_wait(url)
        first.decide([one], unit)
        await first.store.save(connection, unit)
        assert connection is not None
        await connection.commit()
        await waiting
    assert rows(url, "select count(*), count(distinct person) from contact") == [(2, 1)]


async def has_to_wait(url: str) -> None:
    """Until somebody waits for a lock in this database."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    while rows(url, waiting) == [(0,)]:  # noqa: ASYNC110 - a database has no event to wait for
        await asyncio.sleep(0.01)


async def test_nothing_at_rest_names_anybody(url: str) -> None:
    await on(url).take(
        a_contact(
            "arrest",
            NOMS,
            PNC,
            reference="A1234BC",
            name="Test Person-0001",
            date_of_birth=born("1990-05-17"),
            phone="01632 960001",
        ),
        a_link("number added", "same", NOMS, "CRN X123456", day=2),
        a_contact("mistyped", reference="A9999??", day=3),  # no number of ours, and a name for somebody all the same
    )
    tables = [
        name for (name,) in rows(url, "select table_name from information_schema.tables where table_schema = 'people'")
    ]
    assert {"contact", "link", "rekeyed", "cluster"} <= set(tables)
    for table in tables:
        text = str(rows(url, sql.SQL("select one::text from {} one").format(sql.Identifier(table))))
        for value in ("A1234BC", "A9999", "0073319", "X123456", "Test Person-0001", "1990-05-17", "960001"):
            assert value not in text, table


async def test_a_partner_that_refers_to_people_by_their_number_is_still_answered_under_it(url: str) -> None:
    await on(url).take(a_contact("arrest", NOMS, reference="A1234BC", source="hmpps"))
    shard = on(url)
    (outcome,) = await shard.take(a_screening("screening", NOMS, day=2, reference="LD/7"))
    (situation,) = situations(outcome)
    assert shard.references(situation) == {"hmpps": "A1234BC", "liaison": "LD/7"}
    assert not any(value in situation.model_dump_json() for value in ("A1234BC", "LD/7"))


async def test_the_sealed_identity_opens_under_the_person_s_key_and_follows_them_through_a_merge(url: str) -> None:
    shard = on(url)
    await shard.take(a_contact("one", "CRN X111111", day=1, name="Test Person-0001"))
    await shard.take(a_contact("other", "CRN X222222", day=2, phone="01632 960002"))
    await shard.take(a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3))
    (outcome,) = await shard.take(a_contact("visit", "CRN X222222", day=4))
    (situation,) = situations(outcome)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        keys = await keyring.keys_for(connection, [situation.person], master=MASTER)
    assert sealing.open_sealed(keys[situation.person], situation.person, situation.sealed) == Identity(
        name="Test Person-0001", phone="01632 960002", identifiers=(number("CRN X111111"), number("CRN X222222"))
    )
    assert rows(url, "select count(distinct was), count(distinct person) from rekeyed") == [(1, 1)]


async def test_who_was_forgotten_comes_back_without_a_past_identity(url: str) -> None:
    shard = on(url)
    (outcome,) = await shard.take(a_contact("arrest", NOMS, name="Test Person-0001", reference="CR/1"))
    person = situations(outcome)[0].person
    async with await psycopg.AsyncConnection.connect(url) as connection:
        assert await keyring.forget(connection, person)
    for event, day in (("release", 2), ("second release", 3)):
        (outcome,) = await shard.take(a_release(event, NOMS, day=day))
        (situation,) = situations(outcome)
        assert situation.identity_fields == ("identifiers.NOMS",)
        assert shard.references(situation) == {}


async def test_a_reference_does_not_take_a_stranger_for_who_was_forgotten(url: str) -> None:
    """What told the two apart is gone with the key: nobody may be taken for the other then."""
    shard = on(url)
    (outcome, _) = await shard.take(
        a_contact("anne", reference="CR/1", name="Anne Test-One", date_of_birth=born("1990-05-01")),
        a_contact("anne again", reference="CR/1", day=2, name="Anne Test-One"),
    )
    anne = situations(outcome)[0].person
    async with await psycopg.AsyncConnection.connect(url) as connection:
        assert await keyring.forget(connection, anne)
    bert, again = await shard.take(
        a_contact("bert", reference="CR/1", day=3, name="Bert Test-Two", date_of_birth=born("1971-01-09")),
        a_contact("bert again", reference="CR/1", day=4, name="Bert Test-Two"),
    )
    assert situations(bert)[0].person == situations(again)[0].person != anne
    assert rows(url, "select count(*) from contact where person = '" + anne + "'") == [(2,)]
    assert rows(url, "select count(*) from rekeyed") == [(0,)]


class Counting(psycopg.AsyncCursor[Any]):
    """Counts what is sent to the database."""

    statements = 0

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        Counting.statements += 1
        return await super().execute(*args, **kwargs)


async def test_a_batch_takes_as_many_statements_as_a_single_contact(url: str) -> None:
    async def statements(*contacts: Contact) -> int:
        shard = on(url)
        Counting.statements = 0
        async with shard.transaction() as connection:
            assert connection is not None
            connection.cursor_factory = Counting
            unit = await shard.load(connection, contacts)
            shard.decide(contacts, unit)
            await shard.store.save(connection, unit)
        return Counting.statements

    one = await statements(a_contact("arrest", NOMS))
    many = await statements(*(a_contact(f"arrest {n}", f"NOMS N{n}", reference=f"CR/{n}") for n in range(300)))
    again = await statements(*(a_release(f"release {n}", f"NOMS N{n}", day=3) for n in range(300)))
    assert one == many <= 10
    assert again <= 7


async def test_a_new_owner_goes_on_where_the_last_one_left_off(url: str) -> None:
    told = [
        a_screening("screening", "CRN X123456", day=3),
        a_release("release", NOMS, day=5),
        a_link("number added", "same", "CRN X123456", NOMS, day=6),
        a_contact("late", NOMS, at=on_day(2), facts={"person.sex": "female"}),
    ]
    outcomes = [outcome for contact in told for outcome in await on(url).take(contact)]
    file = File()
    assert [[one.situation_id for one in situations(outcome)] for outcome in outcomes] == [
        [draft.situation.situation_id for draft in file.take(contact).drafts] for contact in told
    ]
    assert named("late") in {one.contact_id for one in situations(outcomes[-1])}


async def test_two_owners_who_record_at_the_same_moment_use_no_place_twice(url: str) -> None:
    """Each has drawn its places in the order of arrival before either writes."""
    first, second = on(url), on(url)
    ours = [a_contact(f"ours {n}", f"PNC O{n}") for n in range(5)]
    theirs = [a_contact(f"theirs {n}", f"PNC T{n}") for n in range(5)]
    async with first.transaction() as one, second.transaction() as other:
        ours_unit, theirs_unit = await first.load(one, ours), await second.load(other, theirs)
        first.decide(ours, ours_unit)
        second.decide(theirs, theirs_unit)
        await first.store.save(one, ours_unit)
        await second.store.save(other, theirs_unit)
    assert rows(url, "select count(*), count(distinct recorded) from contact") == [(10, 10)]
