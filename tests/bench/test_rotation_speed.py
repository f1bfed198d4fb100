"""What it takes to wrap a person's key anew on PostgreSQL, and what that would come to at a million people."""

import time

import psycopg
import pytest

from bench import measuring
from installation_keys import MASTER, REFERENCE
from onward.chassis.security import keyring, sealing
from onward.chassis.security.changing import rewrap
from onward.chassis.security.envelope import Use
from onward.chassis.security.wrapping import LocalKeys

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

PEOPLE = 50_000
MILLION = 1_000_000


async def test_the_keys_of_many_people_are_wrapped_anew(database: str) -> None:
    both = LocalKeys(Use.PERSON_KEY, (b"n" * 32, *MASTER.held))
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await keyring.prepare(connection)
        for start in range(0, PEOPLE, 5000):
            keys = {f"{number:032x}": sealing.new_key() for number in range(start, start + 5000)}
            await keyring.keep(connection, keys, master=MASTER, reference=REFERENCE)
        began, worked = time.perf_counter(), time.process_time()
        made = await rewrap(connection, "master-key", both)
        took, worked = time.perf_counter() - began, time.process_time() - worked
    assert (made.anew, made.already, made.damaged) == (PEOPLE, 0, 0)
    measuring.table(
        f"A master key is changed for {PEOPLE:,} people; a million is multiplied, not run: a table of that size and "
        "its index cost more for each row where they do not fit into memory",
        [(f"{1e6 * took / PEOPLE:.0f}", f"{1e6 * worked / PEOPLE:.0f}", f"{MILLION * took / PEOPLE:.0f}")],
        ("µs each", "of it CPU here", "s at a million"),
    )
