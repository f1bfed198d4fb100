"""Partitions and topics that came while this process watched: they may hold records before anybody has an offset."""

from collections.abc import Collection, Iterable, Mapping

from aiokafka import AIOKafkaConsumer
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

    def look(self, assigned: Collection[TopicPartition], consumer: AIOKafkaConsumer, *, now: float) -> None:
        """The process was given *assigned*: see how many partitions *consumer* knows of."""
        # Of a family also what others were given: else it would look new when it comes to us.
        topics = consumer.subscription() if self._with_topics else {topic for topic, _ in assigned}
        counts = {topic: len(consumer.partitions_for_topic(topic) or ()) for topic in topics}
        self.see(assigned, {topic: count for topic, count in counts.items() if count}, now=now)

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
