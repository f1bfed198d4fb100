"""What one more contact costs, by how many the person has already: loading, deciding and keeping, in PostgreSQL."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import psycopg
import pytest

from bench import measuring
from integration.people.people_stores import Shard, make_keyring, migrate, on
from onward.contracts.contact import Contact
from unit.people.people_builders import FIRST_DAY, a_contact, a_release, a_screening

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

SIZES = (1, 5, 50, 500)
PEOPLE = 20
"""Of each size; their next contacts come in one batch, as they do when many partners tell of many people."""
ROUNDS = 5


def _number(size: int, person: int) -> str:
    return f"NOMS A{size:03}{person % 10}{'BCDEFGHJ'[person // 10]}A"


def _history(size: int, person: int) -> Iterator[Contact]:
    """Screenings, arrests and releases, one a day, of somebody about whom nothing contradicts."""
    number, name = _number(size, person), f"{size}-{person}"
    makers = (
        lambda day: a_screening(f"s{name}-{day}", number, day=day, name=f"Test Person-{person}"),
        lambda day: a_contact(
            f"c{name}-{day}", number, day=day, facts={"risk.self_harm": 1}, reference=f"{name}/{day}"
        ),
        lambda day: a_release(f"r{name}-{day}", number, day=day),
    )
    for day in range(1, size + 1):
        yield makers[day % 3](day)


def _next(size: int, day: int) -> list[Contact]:
    return [
        a_contact(
            f"n{size}-{person}-{day}",
            _number(size, person),
            at=FIRST_DAY + timedelta(days=size + day),
            facts={"needs.substance_drugs": 3},
        )
        for person in range(PEOPLE)
    ]


async def _seconds(shard: Shard, connection: psycopg.AsyncConnection[object], batch: Sequence[Contact]) -> float:
    began = time.perf_counter()
    unit = await shard.load(connection, batch)
    shard.decide(batch, unit)
    await shard.store.save(connection, unit)
    await connection.commit()
    return time.perf_counter() - began


async def test_what_one_more_contact_costs_by_how_many_there_are(database: str) -> None:
    migrate(database)
    await make_keyring(database)
    shard = on(database)
    for size in SIZES:
        for person in range(PEOPLE):
            await shard.take(*_history(size, person))
    took: dict[int, list[float]] = {size: [] for size in SIZES}
    async with await psycopg.AsyncConnection.connect(database, options="-c search_path=people") as connection:
        for day in range(1, ROUNDS + 1):
            for size in SIZES:
                took[size].append(await _seconds(shard, connection, _next(size, day)))
    best = {size: min(times) / PEOPLE for size, times in took.items()}
    measuring.table(
        "one more contact of a person (aim: with 500 at most 3 times as long as with 5)",
        [(size, f"{seconds * 1e6:,.0f}", f"{seconds / best[5]:.1f}") for size, seconds in best.items()],
        ("contacts before", "µs for the next", "times that of 5"),
    )
