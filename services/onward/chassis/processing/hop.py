"""A hop: what a service does with the records of a topic, declared as a decision. There is no fifth kind."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import psycopg

from onward.chassis.record import M, Raw, Received
from onward.contracts.outcome import Outcome
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


def counted_as(hop: "AnyHop") -> dict[str, str]:
    """
    What the records of each of *hop*'s topics are counted as.

    A family such as `replies.{provider}` is one name, or every provider would bring a hundred series of its own.
    """
    if isinstance(hop, RawHop):
        return {name: name for name in hop.names}
    return dict.fromkeys(hop.names, hop.label if "{" in hop.topic.name else hop.topic.name)


def _label(topic: Topic[Any]) -> str:
    return topic.name.partition(".{")[0]


class Hop(Generic[M]):
    """
    A stateless hop: each record's outputs and its input offset become visible together, exactly once.

    *names* are the real topics when *topic* is a family such as `replies.{provider}`.
    """

    def __init__(
        self, topic: Topic[M], decide: Callable[[Received[M]], Outcome], *, names: Sequence[str] | None = None
    ) -> None:
        self.topic = topic
        self.decide = decide
        self.names = tuple(names or (topic.name,))
        self.label = _label(topic)


class RawHop:
    """A stateless hop over undecoded records: for topics on which partners send their own formats."""

    def __init__(self, names: Sequence[str], decide: Callable[[Raw], Outcome]) -> None:
        self.decide = decide
        self.names = tuple(names)
        self.label = self.names[0].partition(".")[0]


class LookupHop(Generic[M, L]):
    """A stateless hop whose decisions need something that one fetch per batch brings."""

    def __init__(self, topic: Topic[M], decide: Callable[[Received[M], L], Outcome], *, lookup: Lookup[M, L]) -> None:
        self.topic = topic
        self.decide = decide
        self.lookup = lookup
        self.names = (topic.name,)
        self.label = _label(topic)


class StatefulHop(Generic[M, U]):
    """
    A stateful hop: state, input offset and outputs of a batch are written in one PostgreSQL transaction.

    *decide* runs in record order. It may read and change the unit of work; where it raises, the record is parked
    and it must have left the unit as it was (change the unit last).
    """

    def __init__(
        self,
        topic: Topic[M],
        decide: Callable[[Received[M], U], Outcome],
        *,
        store: Store[M, U],
        names: Sequence[str] | None = None,
    ) -> None:
        self.topic = topic
        self.decide = decide
        self.store = store
        self.names = tuple(names or (topic.name,))
        self.label = _label(topic)


StatelessHop: TypeAlias = Hop[Any] | RawHop | LookupHop[Any, Any]
AnyHop: TypeAlias = StatelessHop | StatefulHop[Any, Any]
