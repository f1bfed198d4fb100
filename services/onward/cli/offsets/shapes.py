"""What a service reads and writes, as the topic files say."""

from collections.abc import Iterable
from dataclasses import dataclass

from onward.chassis.processing.parking import topic_of
from onward.contracts import topics
from onward.contracts.services import SERVICES, STATEFUL_SERVICES


@dataclass(frozen=True)
class HopTopics:
    """A service, seen from its topics."""

    service: str
    inputs: tuple[str, ...]
    """What it reads in a consumer group."""
    outputs: tuple[str, ...]
    """What it writes, what it parks left out."""
    keeps_state: bool = False
    """Its positions are in PostgreSQL, not in Kafka."""

    @property
    def parked(self) -> str:
        """Where it parks."""
        return topic_of(self.service)

    def group(self, topic: str) -> str:
        """The consumer group in which it reads *topic*."""
        return topics.group_of(self.service, topic)


def shape_of(service: str, providers: Iterable[str]) -> HopTopics:
    """The shape of one of our services."""
    files = topics.expand(providers, SERVICES)
    return HopTopics(
        service,
        inputs=tuple(name for name, file in files.items() if service in file.consumers and not file.compacted),
        outputs=tuple(name for name, file in files.items() if service in file.producers),
        keeps_state=service in STATEFUL_SERVICES,
    )
