"""From what the groups' offsets say to the books of all topics at one moment."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from aiokafka.structs import TopicPartition

from onward.chassis.kafka.looking import Committed
from onward.chassis.observability import balance
from onward.chassis.observability.balance import BalanceSheet
from onward.chassis.postgres import outbox
from onward.chassis.processing import counts
from onward.chassis.processing.counts import Counts
from onward.chassis.processing.groups import Group


def notes_of(groups: Iterable[Group]) -> list[str]:
    """The groups whose offsets hold what *groups* have published from their outboxes."""
    return [outbox.position_group(group.name) for group in groups]


def rows(committed: Committed) -> dict[TopicPartition, Counts]:
    """The counts that stand beside a group's offsets."""
    found = ((place, counts.read(noted.metadata)) for place, noted in committed.items())
    return {place: row for place, row in found if row is not None}


def sheet(
    at: float, positions: Mapping[str, Committed], groups: Sequence[Group], booked: Collection[str]
) -> BalanceSheet:
    """The books of the *booked* topics *at* a moment, in seconds since 1970, from every group's *positions*."""
    readers: dict[str, list[Counts]] = {topic: [] for topic in booked}
    writers: list[Counts] = []
    for group in groups:
        own = rows(positions.get(group.name, {}))
        for place, row in own.items():
            if place.topic in readers and group.counts(place.topic) is not None:
                readers[place.topic].append(row)
        writers += _writing(own, rows(positions.get(outbox.position_group(group.name), {})))
    return balance.sheet(at, readers, writers)


def _writing(own: Mapping[TopicPartition, Counts], relayed: Mapping[TopicPartition, Counts]) -> Iterable[Counts]:
    """
    What each partition's hop wrote: a stateful one says so with its outbox's position, exactly, and once more.

    The broker forgets a position that nobody has moved for days; the copy stays, and is as good by then.
    """
    for place in own.keys() | relayed.keys():
        known = [each[place] for each in (own, relayed) if place in each]
        yield max(known, key=_total)


def _total(row: Counts) -> int:
    return sum(row.written.values())
