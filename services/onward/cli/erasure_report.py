"""What a data-protection officer files of an erasure: what went where, what stays, why, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onward.cli.erasures_topics import ErasureStanding
from onward.cli.parked_topic import parked_at, place
from onward.cli.person_topics import TopicRecords, parked_ends, records_about


@dataclass(frozen=True, slots=True)
class WholeReport:
    """All of it."""

    progress: ErasureStanding
    waiting_for_providers: int
    """Referrals that stay until their provider has acknowledged the withdrawal."""
    topics: Sequence[TopicRecords]
    parked: Sequence[tuple[str, datetime]]
    """Parked originals that hold something of the person and are there still, and when each ends."""


async def report_on(bootstrap: str, found: ErasureStanding, waiting: int, *, id_key: bytes) -> WholeReport:
    """
    The report on an erasure as of now. Topics are read whole.

    Raises:
        KafkaError, TimeoutError: the broker is away.
    """
    left: Sequence[TopicRecords] = ()
    if found.erased is not None:
        left = await records_about(bootstrap, found.erased.persons, found.erased.contacts, id_key=id_key)
    parked: list[tuple[str, datetime]] = []
    for named in found.erasure.statement.parked:
        where = place(named)
        record = None if where is None else await parked_at(bootstrap, where)
        if record is not None:
            parked.append((named, parked_ends(record)))
    return WholeReport(found, waiting, left, parked)
