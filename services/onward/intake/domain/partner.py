"""A partner: how its messages are read, and what it can be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onward.contracts.topics import TopicFile
from onward.intake.domain.catalogue import Catalogue
from onward.intake.domain.partner_message import PartnerMessage, Read


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one partner's messages are read: what its file in `intake/sources/` declares."""

    source: str
    """The partner: the adapter reads the topic `in.<source>`."""
    read: Callable[[PartnerMessage], Read]
    """Never raises, and looks at nothing but the message."""
    catalogue: Catalogue
    """The event types that we know."""
    makes: tuple[str, ...]
    """The types of contact that it makes, in our words."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An adapter with its topic, whose file says which facts the partner can be asked for."""

    adapter: Adapter
    topic: TopicFile


def partners_of(adapters: Mapping[str, Adapter], topics: Mapping[str, TopicFile]) -> dict[str, Partner]:
    """Every partner, by its source, that has both an adapter and a topic."""
    return {
        source: Partner(adapter, topics[f"in.{source}"])
        for source, adapter in adapters.items()
        if f"in.{source}" in topics
    }
