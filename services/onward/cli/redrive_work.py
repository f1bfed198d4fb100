"""
Parked records on their way back to the input of the hop that parked them, each exactly once.

A transaction holds some records and the notes that they went back. So whoever goes on after a crash finds noted what is
done and nothing else, and a record that is noted is left alone. Every service has one transactional id: whoever begins
ends what another left open, and stops another that is still at it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from onward.chassis.processing.parking import topic_of
from onward.chassis.processing.redriving import Standings
from onward.chassis.security.mending import MendingKey
from onward.cli import whole_topic
from onward.cli.parked_topic import ParkedRecord, RecordPosition, Wanted, parked_at, parked_by, standings
from onward.cli.redrive_writing import Writer
from onward.cli.redriving import WENT_BACK, Going, Left, Opener, RedriveReport, judge
from onward.contracts import topics

_MOST_RECORDS = 200
_MOST_BYTES = 4 * 1024 * 1024


class NoNotesError(Exception):
    """There is no topic on which to note what went back."""


class NotParkedError(Exception):
    """Nothing is parked at a place that was named."""


@dataclass(frozen=True, slots=True)
class RedriveRequest:
    """What somebody wants sent back."""

    services: Sequence[str]
    """In the order of the flow."""
    wanted: Wanted = field(default_factory=Wanted)
    records: Sequence[RecordPosition] | None = None
    """These only, each parked by one of the services; None for all that are wanted."""
    however_often: bool = False


async def plan(bootstrap: str, asked: RedriveRequest) -> RedriveReport:
    """
    What would go back now.

    Raises:
        NotParkedError: One of the records that are named is not there.
        UnreadableNoteError: What was done before cannot be told.
        KafkaError, TimeoutError: The broker is away.
    """
    await _check(bootstrap, asked)
    counts = await whole_topic.counts(bootstrap)
    stand = await standings(bootstrap) if topics.REDRIVES.name in counts else Standings()
    told = RedriveReport()
    for service in asked.services:
        async for record, verdict in _judged(bootstrap, service, asked, stand, counts):
            if isinstance(verdict, Left):
                told.stays(record, verdict)
            else:
                told.went(record, verdict.topic)
    return told


async def redrive(bootstrap: str, asked: RedriveRequest, *, keys: Sequence[MendingKey], by: str) -> RedriveReport:
    """
    Send back what is *asked*, on behalf of the user *by*; *keys* open what is parked, and the first signs.

    The service nearest the end of the flow comes first: what comes out of one before it must not overtake.

    Raises:
        NoNotesError: There is no topic `redrives`.
        NotParkedError: One of the records that are named is not there.
        UnreadableNoteError: What was done before cannot be told.
        ProducerFenced: Somebody else has begun to send back what one of these services parked.
        KafkaError, TimeoutError: The broker is away or refuses. What went back is noted: do it again.
    """
    await _check(bootstrap, asked)
    counts = await whole_topic.counts(bootstrap)
    notes = counts.get(topics.REDRIVES.name)
    if not notes:
        raise NoNotesError
    opener, told = Opener(keys, by, counts), RedriveReport()
    async with AsyncExitStack() as stack:
        writers: dict[str, Writer] = {}
        for service in asked.services:
            writers[service] = await stack.enter_async_context(Writer(bootstrap, service, notes))
        # Only now: nobody else can send back anything of these services any more.
        stand = await standings(bootstrap, with_open=True)
        for service in reversed(asked.services):
            judged = _judged(bootstrap, service, asked, stand, counts)
            await _send_back(judged, opener, writers[service], told)
    return told


async def _send_back(
    judged: AsyncIterator[tuple[ParkedRecord, RecordPosition | Left]],
    opener: Opener,
    writer: Writer,
    told: RedriveReport,
) -> None:
    going: list[Going] = []
    size = 0
    async for record, verdict in judged:
        opened = verdict if isinstance(verdict, Left) else opener.open(record, verdict)
        if isinstance(opened, Left):
            told.stays(record, opened)
            continue
        going.append(opened)
        size += len(record.value)
        if len(going) == _MOST_RECORDS or size > _MOST_BYTES:
            await writer.write(going, told)
            going, size = [], 0
    await writer.write(going, told)


async def _judged(
    bootstrap: str, service: str, asked: RedriveRequest, stand: Standings, counts: Mapping[str, int]
) -> AsyncIterator[tuple[ParkedRecord, RecordPosition | Left]]:
    """Each record that is asked for, and where it may go; those that went back only if they are named."""
    async for record in _found(bootstrap, service, asked):
        verdict = judge(record, stand.state(record.name), counts, however_often=asked.however_often)
        if verdict is not WENT_BACK or asked.records is not None:
            yield record, verdict


async def _found(bootstrap: str, service: str, asked: RedriveRequest) -> AsyncIterator[ParkedRecord]:
    if asked.records is None:
        async for record in parked_by(bootstrap, service, asked.wanted):
            yield record
        return
    theirs = {where for where in asked.records if where.topic == topic_of(service)}
    for where in sorted(theirs, key=lambda one: (one.partition, one.offset)):
        named = await parked_at(bootstrap, where)
        if named is not None:
            yield named


async def _check(bootstrap: str, asked: RedriveRequest) -> None:
    """Nothing is sent back if one of those that are named is not there."""
    for where in asked.records or ():
        if await parked_at(bootstrap, where) is None:
            raise NotParkedError(f"nothing is parked at {where}")
