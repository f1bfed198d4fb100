"""An input partition in the hands of this process: ours, still missing, or standing still."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord, TopicPartition

from onward.chassis.processing.awaiting import HeldBack

Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]


@dataclass(slots=True, eq=False)
class OwnedPartition:
    """An input partition that is ours."""

    partition: TopicPartition
    next_offset: int
    """The first offset that no commit covers."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    abandoned: bool = False
    claimed: bool = False
    """A batch was handed out and has not ended in a commit."""
    claimed_at: float = 0.0
    """When it was, by the monotonic clock."""
    told: str = ""
    """What the broker was last told of it for information, where it is not told by its commits."""
    handed_to: int = 0
    """Just after the newest record that the client handed over."""
    held_back: HeldBack | None = None
    """Why nothing more is read of it for now; None when it is read."""


H = TypeVar("H", bound=OwnedPartition)
Claim: TypeAlias = tuple[H, list[Record]]


@dataclass(slots=True, eq=False)
class Missing(Generic[H]):
    """A partition that is assigned to us and that we do not hold."""

    since: float
    due: float
    """When to try to take it, by the monotonic clock."""
    former: H | None = None
    """What it was held as before, still to be closed."""
    why: str = "not taken over yet"
    acquiring: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """A partition that is assigned to us and on which nothing happens although something should."""

    partition: TopicPartition
    seconds: float
    why: str


class Subscriber(Protocol):
    """What we need of FastStream's subscriber: its consumer, present from its start to its stop."""

    consumer: AIOKafkaConsumer | None


@dataclass(frozen=True)
class Timing:
    """How long an owner waits for what, in seconds."""

    heartbeat: float
    release: float
    """For the batch in hand when a partition is taken away; less than the group's rebalance timeout."""
    acquire: float = 20.0
    """For a partition to be taken over: a server that never answers must not hold it up for longer."""
