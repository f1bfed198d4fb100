"""A person is erased from real tables: what is theirs goes, what is others' stays, and nothing brings them back."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from installation_keys import MASTER, REFERENCE
from integration.people.people_stores import make_keyring, migrate, on, situations
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.postgres import migrations
from onward.chassis.postgres.database import connect
from onward.chassis.record import Received
from onward.chassis.security import keyring, sealing, tombstones
from onward.contracts.codes import ReferralStatus
from onward.contracts.contact import Contact
from onward.contracts.erasure import ErasedPerson, Erasure, ErasureReport, ErasureStatement, Tombstone
from onward.contracts.outcome import Ignored, Outcome, Published
from onward.people import erasing
from onward.people.erasing import PostgresErasures
from onward.people.handlers import handle_erasure
from onward.people.subject import UnknownSubjectError, record_of
from onward.releases.erasure_signing import sign_erasure
from onward.releases.signing import TrustedKey, TrustedKeys
from onward.tracking import erasing as from_ledger
from onward.tracking.adapters import (
    MIGRATIONS,
    PostgresLedger,
    load_unit,
    query_for_answers,
    query_for_decisions,
    save_unit,
)
from onward.tracking.erasing import PostgresLedgerErasures
from onward.tracking.handlers import handle_decision, handle_erased_person, handle_reply
from onward.tracking.subject import ledger_of, waiting_for_providers
from unit.people.people_builders import PEPPER, a_contact, a_release, named
from unit.tracking import ledger_builders
from unit.tracking.ledger_builders import MONDAY_9AM, PARTNERS, PERSON, a_decision, a_proposal, a_reply

AT = datetime(2026, 3, 21, 9, tzinfo=UTC)
ONE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
NOMS = "NOMS A0001AA"


def trusted() -> TrustedKeys:
    found: dict[str, TrustedKey] = {}
    for name, private in (("eraser-1", ONE), ("eraser-2", OTHER)):
        public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
        key = TrustedKey.model_validate({"name": name, "role": "eraser", "public": public})
        found[key.id] = key
    return found


def agreed(whom: str) -> Erasure:
    statement = ErasureStatement.of(whom=whom, ground="objection", reason="request 1", by="officer.one", at=AT)
    signatures = (sign_erasure(statement, "officer.one", ONE), sign_erasure(statement, "officer.two", OTHER))
    return Erasure(statement=statement, signatures=signatures)


async def erase(url: str, erasure: Erasure) -> Outcome:
    """As the chassis takes an erasure: loaded, decided and saved in one transaction."""
    record: Received[Erasure] = Received(erasure, "erasures", "k", AT, 0, 0)
    store = PostgresErasures()
    async with await connect(url, "people", purpose="test") as connection, connection.transaction():
        unit = await store.load(connection, [record])
        outcome = handle_erasure(record, unit, trusted=trusted())
        await store.save(connection, unit)
    return outcome


def told(outcome: Outcome, kind: type[Any]) -> list[Any]:
    assert isinstance(outcome, Published), outcome
    return [message.body for message in outcome.messages if isinstance(message.body, kind)]


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def url(database: str) -> str:
    migrate(database)
    asyncio.run(make_keyring(database))
    return database


async def take(url: str, *contacts: Contact) -> Sequence[Outcome]:
    return await on(url).take(*contacts)


async def test_everything_of_the_person_goes_what_is_others_stays_and_a_return_is_a_new_person(url: str) -> None:
    arrest = a_contact("arrest", NOMS, name="Anne Test-One", facts={"accommodation.status": "homeless"})
    other = a_contact("another", "NOMS A0002AA", reference="C/2", name="Ben Test-Two")
    first, *_ = await take(url, arrest, a_release("release", NOMS, day=3), other)
    (situation,) = situations(first)
    async with await connect(url, "people", purpose="test") as connection:
        shown = await record_of(connection, f"PERSON:{situation.person}", master=MASTER)
        assert len(shown.contacts) == 2
        assert "Anne Test-One" in shown.words
    outcome = await erase(url, agreed(f"PERSON:{situation.person}"))
    (report,) = told(outcome, ErasureReport)
    assert report.erased["person keys"] == 1
    assert report.erased["contacts with facts"] == 2
    (gone,) = told(outcome, ErasedPerson)
    assert set(gone.contacts) == {named("arrest"), named("release")}
    assert (count(url, "people.contact"), count(url, "people.cluster"), count(url, "keyring.person_key")) == (1, 1, 1)
    assert await erase(url, agreed(f"PERSON:{situation.person}")) == Ignored("repeat")

    again = await take(url, arrest, a_release("sent under another id", NOMS, day=3))
    assert again == [Ignored("erased"), Ignored("erased")]
    assert (count(url, "people.contact"), count(url, "people.cluster")) == (1, 1)

    later = a_contact("back", NOMS, day=25).model_copy(update={"received_at": AT + timedelta(days=9)})
    (returned,) = await take(url, later)
    (new,) = situations(returned)
    assert new.person != situation.person
    assert "accommodation.status" not in new.facts
    async with await connect(url, "people", purpose="test") as connection:
        with pytest.raises(UnknownSubjectError):
            await record_of(connection, f"PERSON:{situation.person}", master=MASTER)


@pytest.mark.parametrize("at_once", [1, 9])
async def test_of_a_record_that_was_deleted_at_its_source_nobody_is_found_by_what_it_said(
    url: str, at_once: int
) -> None:
    told: dict[str, Any] = {"name": "Test Person-0001", "date_of_birth": date(1990, 5, 17), "phone": "07700900123"}
    assessed = a_contact("assessed", "CRN X123456", source="probation", type="probation.needs-assessed", **told)
    arrested = a_contact("arrested", "CRN X123456", day=2, **told)
    moved = a_contact("arrested again", "CRN X123456", day=2, **{**told, "phone": "07700900124"})
    deleted = a_contact("deleted", "CRN X123456", day=3, source="hmpps", type="person.erased")
    await on(url).take(assessed, arrested, moved, deleted, at_once=at_once)
    with psycopg.connect(url) as connection:
        found = connection.execute("select distinct unnest(contacts) from people.alike").fetchall()
        numbers = connection.execute("select number from people.link where number like 'MATCH:%'").fetchall()
    assert {one for (one,) in found} == {named("arrested"), named("arrested again")}
    assert len(numbers) == 2
    before = count(url, "people.alike")
    late = a_contact("late", "CRN X999999", source="probation", type="probation.needs-assessed", **told)
    gone = a_contact("gone", "CRN X999999", day=3, source="hmpps", type="person.erased")
    await on(url).take(gone, late, at_once=at_once)
    assert count(url, "people.alike") == before


async def test_a_restored_database_loses_them_again_and_only_them(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = await take(url, a_contact("arrest", NOMS), a_contact("another", "NOMS A0002AA", reference="C/2"))
    (situation,) = situations(first)
    with psycopg.connect(url, autocommit=True) as plain:
        before = {
            table: plain.execute(f"select one::text from {table} as one".encode()).fetchall()
            for table in ("people.cluster", "people.link", "people.contact", "keyring.person_key")
        }
    outcome = await erase(url, agreed(f"PERSON:{situation.person}"))
    kept = {one.named: one for one in told(outcome, Tombstone)}
    with psycopg.connect(url, autocommit=True) as plain:
        plain.execute("truncate people.cluster, people.link, people.contact, people.erased, keyring.person_key")
        for table, rows in before.items():
            for (row,) in rows:
                plain.execute(f"insert into {table} select (%s::{table}).*".encode(), [row])

    async def on_topic(*_: Any, **__: Any) -> dict[str, Tombstone]:
        return kept

    monkeypatch.setattr(tombstones, "on_topic", on_topic)
    async with await connect(url, "people", purpose="test") as connection:
        assert await erasing.reconcile(connection, KafkaConnection(""), within=1) == 1
        assert await erasing.reconcile(connection, KafkaConnection(""), within=1) == 0
    assert (count(url, "people.contact"), count(url, "keyring.person_key")) == (1, 1)
    assert await take(url, a_contact("arrest", NOMS)) == [Ignored("erased")]


async def test_the_ledger_keeps_what_a_withdrawal_needs_until_the_provider_has_acknowledged_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(migrations.apply, database, "tracking", [MIGRATIONS])
    proposal = a_proposal()
    decision = a_decision(
        proposal, a_proposal("needs-a-yes", category="FINANCE_DEBT", approval="approving-practitioner")
    )
    gone = ErasedPerson(erasure_id=UUID(int=5), persons=(PERSON,), contacts=(decision.contact_id,), at=AT)
    told_of = Received(gone, "erased-persons", "k", AT, 0, 0)
    async with await connect(database, "tracking", purpose="test") as connection:
        await keyring.prepare(connection)
        await keyring.keep(connection, {PERSON: sealing.new_key()}, master=MASTER, reference=REFERENCE)
        unit = await load_unit(connection, query_for_decisions([decision]))
        ledger_builders.decide(decision, unit, now=MONDAY_9AM)
        await save_unit(connection, unit)
        await connection.execute("update referral set status = 'SENT', receipt = 'sent' where held is null")
        shown = await ledger_of(connection, [PERSON], [decision.contact_id])
        assert len(shown["referrals"]) == 2

        store = PostgresLedgerErasures()
        async with connection.transaction():
            erasures = await store.load(connection, [told_of])
            outcome = handle_erased_person(told_of, erasures)
            await store.save(connection, erasures)
        assert await waiting_for_providers(connection, gone.erasure_id) == 1
        cursor = await connection.execute("select status, withdrawal, raised_by, contact_id, area from referral")
        expected: tuple[ReferralStatus, str, list[Any], UUID, None] = ("WITHDRAWN", "due", [], UUID(int=0), None)
        assert await cursor.fetchall() == [expected]
        async with connection.transaction():
            assert handle_erased_person(told_of, await store.load(connection, [told_of])) == Ignored("repeat")

        heard = a_reply(proposal.referral_id, "WITHDRAWAL_ACKNOWLEDGED")
        reply = Received(heard, f"replies.{proposal.provider}", "k", AT, 1, 0)
        answers: PostgresLedger[Any] = PostgresLedger(query_for_answers, reference=REFERENCE)
        for expected_outcome in ("changed", "erased"):
            async with connection.transaction():
                book = await answers.load(connection, [reply])
                made = handle_reply(reply, book, id_key=PEPPER)
                await answers.save(connection, book)
            assert getattr(made, "result", getattr(made, "reason", "")) == expected_outcome
        assert await waiting_for_providers(connection, gone.erasure_id) == 0

        late = Received(decision, "decisions", "k", AT, 2, 0)
        decisions: PostgresLedger[Any] = PostgresLedger(query_for_decisions, reference=REFERENCE)
        async with connection.transaction():
            book = await decisions.load(connection, [late])
            assert handle_decision(late, book, partners=PARTNERS, id_key=PEPPER) == Ignored("erased")

        unit = await load_unit(connection, query_for_decisions([decision]))
        ledger_builders.decide(decision, unit, now=MONDAY_9AM)
        await save_unit(connection, unit)
        await connection.execute("truncate erased")
        marks = {one.named: one for one in told(outcome, Tombstone)}
        marks[f"PERSON:{PERSON}"] = Tombstone(named=f"PERSON:{PERSON}", erasure_id=gone.erasure_id, at=AT)

        async def on_topic(*_: Any, **__: Any) -> dict[str, Tombstone]:
            return marks

        monkeypatch.setattr(tombstones, "on_topic", on_topic)
        assert await from_ledger.reconcile(connection, KafkaConnection(""), within=1) == 2
        assert await from_ledger.reconcile(connection, KafkaConnection(""), within=1) == 0
        assert (await ledger_of(connection, [PERSON], []))["referrals"] == []
