"""The books, read from a broker."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from onward.chassis import clock
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.looking import Looker
from onward.chassis.observability import books, openings
from onward.chassis.observability.balance import Opening
from onward.chassis.processing import groups

_TRIES = 12
_PAUSE_SECONDS = 5.0


class BooksNotQuietError(Exception):
    """Records are on their way all the time."""


@dataclass(frozen=True)
class BooksPage:
    """One topic's page, now."""

    topic: str
    written: int
    handled: int
    began_with: int
    waiting: int
    """Offsets between what the readers have committed and the ends of the partitions."""
    since: datetime | None


async def look_once(bootstrap: str) -> list[BooksPage]:
    """
    The page of every topic between services.

    Raises:
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    looker = Looker(KafkaConnection.of_environment(bootstrap), "onward-books")
    try:
        return await _pages(looker)
    finally:
        await looker.close()


async def begin_anew(bootstrap: str, topic: str) -> int:
    """
    Note the difference that stands on *topic*, when nothing is on its way; what it is.

    Raises:
        NotQuietError: There was no such moment within a minute.
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    looker = Looker(KafkaConnection.of_environment(bootstrap), "onward-books")
    try:
        before: BooksPage | None = None
        for _ in range(_TRIES):
            page = next(each for each in await _pages(looker) if each.topic == topic)
            # Twice the same: a stateful reader's counts come some seconds after its work.
            if page == before and not page.waiting:
                difference = page.written - page.handled
                await openings.note(looker, topic, Opening(clock.epoch(), difference, clock.epoch()))
                return difference
            before = page
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await looker.close()
    raise BooksNotQuietError(
        f"{topic} was not quiet for {_PAUSE_SECONDS:.0f} s within a minute; try again when fewer records come, or stop "
        "what reads the partners' topics for a moment: `intake`"
    )


async def _pages(looker: Looker) -> list[BooksPage]:
    deployment, booked = groups.of_deployment(), sorted(groups.booked())
    names = [group.name for group in deployment]
    look = await looker.look(lambda topic: topic in booked, names, notes=[*books.notes_of(deployment), openings.GROUP])
    sheet = books.sheet(clock.epoch(), look.committed, deployment, booked)
    opened = openings.read(look.committed.get(openings.GROUP, {}))
    waiting = dict.fromkeys(booked, 0)
    for group in deployment:
        for place, end in look.ends.items():
            if group.counts(place.topic) is not None:
                noted = look.committed.get(group.name, {}).get(place)
                reached = noted.offset if noted is not None else look.beginnings.get(place, 0)
                waiting[place.topic] += max(0, end - reached)
    return [
        BooksPage(
            topic,
            entry.written,
            entry.handled,
            opened[topic].difference if topic in opened else 0,
            waiting[topic],
            clock.moment(int(entry.since * 1000)) if entry.since else None,
        )
        for topic, entry in sheet.topics.items()
    ]
