"""
A hop: what a service does with the records of a topic, declared as a decision.

There are two kinds. A stateless hop's outputs and input offset become visible together in a Kafka transaction; a
stateful hop's state, input offset and outputs are written in one PostgreSQL transaction.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast, overload

import psycopg

from onward.chassis import codec
from onward.chassis.processing.awaiting import Awaits
from onward.chassis.record import ConsumedRecord, M, RawRecord, Received, raw
from onward.contracts.base import Message
from onward.contracts.outcome import Outcome, Published
from onward.contracts.topics import Topic

L = TypeVar("L")
U = TypeVar("U")
L_co = TypeVar("L_co", covariant=True)


class Lookup(Protocol[M, L_co]):
    """Fetches, in one go, what the decisions on a batch need."""

    async def __call__(self, records: Sequence[Received[M]]) -> L_co:
        """What is needed for *records*. May raise when its store is away: the batch is then tried again."""
        ...


class Store(Protocol[M, U]):
    """
    The state of a stateful hop, asked twice per batch, both times within one PostgreSQL transaction.

    `U` is the unit of work: what the batch knows and may change, in memory.
    Lock what is read, in sorted order: records of one person can be in two partitions.
    """

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[M]]) -> U:
        """What *records* need to know."""
        ...

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: U) -> None:
        """Write what the decisions changed in *unit*."""
        ...


class FeedbackHook(Protocol):
    """Says to whoever sent a record what became of it, in the transaction in which that becomes durable."""

    def __call__(self, record: ConsumedRecord, outcome: Outcome, *, redriven: bool) -> Published | None:
        """
        The messages to write beside those of *outcome*, in which *record* ended, with what is to be counted; or None.

        *redriven* says that it had been parked before, and went back.
        """
        ...


class _Hop:
    """What both kinds have: the topics, how a record of them is read, and the decision."""

    pattern: str | None = None
    """Where the whole of a family is read: a regular expression of the names that its topics have."""

    feedback: FeedbackHook | None = None

    def __init__(
        self, topic: Topic[Any], decide: Callable[..., Outcome], names: Sequence[str] | None, awaits: Awaits | None
    ) -> None:
        self.awaits = awaits
        self.names = tuple(names or (topic.name,))
        self.label = topic.name.partition(".{")[0]
        """By which the consumer group is named after the service."""
        self.counted_as = dict.fromkeys(self.names, self.label if "{" in topic.name else topic.name)
        """
        What the records of each topic are counted as. A family such as `replies.{provider}` is one name, or every
        provider would bring a hundred series of its own.
        """
        self.read: Callable[[ConsumedRecord], Any] = partial(codec.decode, topic)
        self.decide = decide


class StatelessHop(_Hop):
    """
    Decisions that remember nothing.

    *names* are the real topics when *topic* is a family such as `replies.{provider}`. With a *lookup*, a decision is
    also given what one fetch for its batch brought. *awaits* says what a record has to wait for before it can be
    decided: its partition is then held back.
    """

    @overload
    def __init__(
        self, topic: Topic[M], decide: Callable[[Received[M]], Outcome], *, names: Sequence[str] | None = None
    ) -> None: ...

    @overload
    def __init__(
        self,
        topic: Topic[M],
        decide: Callable[[Received[M], L], Outcome],
        *,
        names: Sequence[str] | None = None,
        lookup: Lookup[M, L],
        awaits: Awaits | None = None,
    ) -> None: ...

    def __init__(
        self,
        topic: Topic[Any],
        decide: Callable[..., Outcome],
        *,
        names: Sequence[str] | None = None,
        lookup: Lookup[Any, Any] | None = None,
        awaits: Awaits | None = None,
    ) -> None:
        super().__init__(topic, decide, names, awaits)
        self.lookup = lookup

    @classmethod
    def of_raw(
        cls, names: Sequence[str], decide: Callable[[RawRecord], Outcome], *, feedback: FeedbackHook | None = None
    ) -> "StatelessHop":
        """A hop over records as the broker had them: partners write what they like, and each is counted by itself."""
        family = Topic(names[0].partition(".")[0] + ".{source}", "", Message)
        hop = cls(family, cast("Callable[[Received[Message]], Outcome]", decide), names=names)
        hop.read, hop.counted_as, hop.feedback = raw, {name: name for name in names}, feedback
        return hop


class StatefulHop(_Hop, Generic[M, U]):
    """
    Decisions that know and change what is remembered, in record order.

    *decide* may read and change the unit of work; where it raises, the record is parked and it must have left the unit
    as it was (change the unit last). *names* and *awaits* as for a stateless hop. Of a *whole_family* every topic is
    read that the broker has, also one that is made while the service runs; *names* are then those without which the
    service does not start.
    """

    def __init__(
        self,
        topic: Topic[M],
        decide: Callable[[Received[M], U], Outcome],
        *,
        store: Store[M, U],
        names: Sequence[str] | None = None,
        whole_family: bool = False,
        awaits: Awaits | None = None,
        feedback: FeedbackHook | None = None,
    ) -> None:
        super().__init__(topic, decide, names, awaits)
        self.store, self.feedback = store, feedback
        if whole_family:
            self.pattern = re.escape(topic.name.partition("{")[0]) + ".+"
            self.counted_as = {topic.name: self.label}


Hop: TypeAlias = StatelessHop | StatefulHop[Any, Any]
