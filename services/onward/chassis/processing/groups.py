"""Which consumer group reads which topics, in a whole deployment, as `schemas/topics/` says."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from onward.chassis.processing.hop import Hop
from onward.contracts import topics
from onward.contracts.services import SERVICES


@dataclass(frozen=True)
class Group:
    """A consumer group, and what it reads."""

    name: str
    reads: Mapping[str, str]
    """Topics, or families as `replies.{provider}`, with what their records are counted as."""

    def counts(self, topic: str) -> str | None:
        """What the records of *topic* are counted as; None if the group does not read it."""
        if topic in self.reads:
            return self.reads[topic]
        families = (name for name in self.reads if "{" in name and topic.startswith(name.partition("{")[0]))
        return next((self.reads[name] for name in families), None)


def of_hop(service: str, hop: Hop) -> Group:
    """The group of a hop of *service*."""
    return Group(f"{service}.{hop.label}", hop.counted_as)


def of_deployment() -> list[Group]:
    """The group of every hop of every service, whichever of them run."""
    reads: dict[str, dict[str, str]] = {}
    for name, file in topics.files().items():
        if not file.compacted:
            label = name.partition(".")[0]
            for service in set(file.consumers) & set(SERVICES):
                reads.setdefault(f"{service}.{label}", {})[name] = label if "{" in name else name
    return [Group(name, reads[name]) for name in sorted(reads)]


def together(*several: Iterable[Group]) -> list[Group]:
    """All of them, each once; of two with one name the first."""
    found: dict[str, Group] = {}
    for group in (each for groups in several for each in groups):
        found.setdefault(group.name, group)
    return list(found.values())


def booked(files: Collection[topics.TopicFile] | None = None) -> frozenset[str]:
    """
    The topics that only services write and some service reads: what is written to them must be handled.

    Not those that partners, providers or people write to: nobody counts what they send.
    """
    mine = set(SERVICES)
    return frozenset(
        file.name
        for file in files or topics.files().values()
        if set(file.producers) <= mine and set(file.consumers) & mine and not file.compacted and "{" not in file.name
    )
