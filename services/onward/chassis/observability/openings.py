"""
What the books of a topic began with, where that is not nothing: `onward books begin` notes it at the broker.

It is the metadata of an offset of a group that nobody is a member of. The broker forgets such offsets after days, so
whoever watches notes it again each day.
"""

import json
from collections.abc import Mapping

from aiokafka.structs import TopicPartition

from onward.chassis.kafka.looking import Committed, Looker
from onward.chassis.observability.balance import Opening

GROUP = "onward.books"
_PARTITION = 0


async def note(looker: Looker, topic: str, opening: Opening) -> None:
    """
    Note it.

    Raises:
        KafkaError, OSError, TimeoutError: It was not noted, or the broker did not say so.
    """
    await looker.commit(GROUP, TopicPartition(topic, _PARTITION), json.dumps(vars(opening)))


def read(committed: Committed) -> Mapping[str, Opening]:
    """The openings that the group's offsets hold, by topic."""
    found: dict[str, Opening] = {}
    for place, noted in committed.items():
        try:
            kept = json.loads(noted.metadata)
            found[place.topic] = Opening(float(kept["at"]), int(kept["difference"]), float(kept["noted_at"]))
        except (ValueError, TypeError, KeyError):
            continue
    return found
