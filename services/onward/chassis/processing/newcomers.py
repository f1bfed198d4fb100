"""Partitions and topics that came while this process watched: they may hold records before anybody has an offset."""

from collections.abc import Iterable, Mapping

from aiokafka.structs import TopicPartition

_SECONDS = 120.0
"""For so long a partition is new. Later, to have no offset means what it always means."""


class Newcomers:
    """
    What this process has seen of the number of partitions of each topic.

    *with_topics*: it watches for topics too, so that one that was not there at an earlier look is new with all its
    partitions.
    """

    def __init__(self, *, with_topics: bool = False) -> None:
        self._with_topics = with_topics
        self._counts: dict[str, int] = {}
        self._seen_at: dict[TopicPartition, float] = {}

    def see(self, assigned: Iterable[TopicPartition], counts: Mapping[str, int], *, now: float) -> None:
        """The process was given *assigned*, and knows of *counts* partitions of each topic, perhaps not of all."""
        highest = dict(counts)
        for topic, number in assigned:
            highest[topic] = max(highest.get(topic, 0), number + 1)
        watched = self._with_topics and bool(self._counts)
        for topic, count in highest.items():
            # What is there at the first look may be as old as the topic.
            for number in range(self._counts.get(topic, 0 if watched else count), count):
                self._seen_at[TopicPartition(topic, number)] = now
            self._counts[topic] = max(count, self._counts.get(topic, 0))

    def is_new(self, partition: TopicPartition, *, now: float) -> bool:
        """Whether *partition* came lately, while this process watched its topic."""
        return now - self._seen_at.get(partition, float("-inf")) < _SECONDS
