"""A store, and batches of contacts taken with it as the chassis takes them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import resources
from typing import Any, cast

import psycopg

from installation_keys import MASTER, REFERENCE
from onward.chassis.record import Received
from onward.chassis.security import keyring
from onward.chassis.security.sealing import PersonEnvelopes
from onward.contracts.contact import Contact
from onward.contracts.outcome import Outcome, Published
from onward.contracts.situation import Situation
from onward.people.adapters import PostgresPeople
from onward.people.handlers import handle_contact
from onward.people.unit_of_work import UnitOfWork
from onward.rehearsal.memory_people import MemoryPeople
from unit.people.people_builders import PEPPER

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)


def received(contacts: Sequence[Contact]) -> list[Received[Contact]]:
    """Contacts as the chassis hands them over."""
    return [Received(contact, "contacts", "key", NOW, offset, 0) for offset, contact in enumerate(contacts)]


class Shard:
    """One owner of a store, taking batches one after the other."""

    def __init__(self, store: Any, url: str | None) -> None:
        self.store = store
        self.url = url
        self.keys: dict[str, bytes] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[psycopg.AsyncConnection[Any] | None]:
        """What a batch is taken in."""
        if self.url is None:
            yield None
            return
        async with await psycopg.AsyncConnection.connect(self.url, options="-c search_path=people") as connection:
            yield connection

    async def load(self, connection: Any, contacts: Sequence[Contact]) -> UnitOfWork:
        """The first half of a batch."""
        return cast("UnitOfWork", await self.store.load(connection, received(contacts)))

    def decide(self, contacts: Sequence[Contact], unit: UnitOfWork) -> list[Outcome]:
        """The middle of a batch."""
        outcomes = [handle_contact(record, unit, id_key=PEPPER) for record in received(contacts)]
        self.keys |= unit.envelopes.keys
        return outcomes

    async def take(self, *contacts: Contact, at_once: int = 500) -> list[Outcome]:
        """Take contacts in batches; what became of each."""
        outcomes: list[Outcome] = []
        for start in range(0, len(contacts), at_once):
            batch = contacts[start : start + at_once]
            async with self.transaction() as connection:
                unit = await self.load(connection, batch)
                outcomes += self.decide(batch, unit)
                await self.store.save(connection, unit)
        return outcomes

    def references(self, situation: Situation) -> dict[str, str]:
        """How each partner refers to the person, opened."""
        return {
            source: PersonEnvelopes(self.keys[situation.person], situation.person).references.open(source, sealed)
            for source, sealed in situation.references.items()
        }


def in_memory() -> Shard:
    """A shard that remembers in memory."""
    return Shard(MemoryPeople(pepper=PEPPER), None)


def on(url: str) -> Shard:
    """A shard that remembers in the database at *url*."""
    return Shard(PostgresPeople(pepper=PEPPER, id_key=PEPPER, master=MASTER, reference=REFERENCE), url)


def migrate(url: str) -> None:
    """Make the schema of `people` and the keyring."""
    folder = resources.files("onward.people") / "sql"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    scripts = [(folder / name).read_bytes() for name in names if not name.endswith(".rollback.sql")]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema people")
        connection.execute("set search_path to people")
        for script in scripts:
            connection.execute(script)


async def make_keyring(url: str) -> None:
    """Make the schema of the keyring."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await keyring.prepare(connection)


def situations(outcome: Outcome) -> list[Situation]:
    """What was published of people; questions who is who are of pairs."""
    assert isinstance(outcome, Published), outcome
    return [message.body for message in outcome.messages if isinstance(message.body, Situation)]
