"""The stages of a batch and of a relay, each of which can be told to bring an outage about."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from aiokafka import AIOKafkaProducer

from chaos.outages.proxy import Failure, Proxy
from chaos.services.stateful import Steps
from onward.chassis.kafka import producers
from onward.chassis.postgres import outbox, shard
from onward.chassis.processing import stateful, stateless
from onward.chassis.processing.batch import RecordProcessor

When = Literal["before", "after"]

STATEFUL: dict[str, tuple[Any, str]] = {
    "connecting to the database": (stateful.StatefulFlow, "_open"),
    "taking the shard": (shard, "acquire"),
    "locking the shard": (shard, "hold"),
    "loading the state": (Steps, "load"),
    "saving the state": (Steps, "save"),
    "writing the outbox": (shard, "advance"),
    "starting the outbox's producers": (producers.Producers, "start"),
    "beginning the transaction": (AIOKafkaProducer, "begin_transaction"),
    "writing the messages": (producers, "publish"),
    "noting the position": (AIOKafkaProducer, "send_offsets_to_transaction"),
    "committing the transaction": (AIOKafkaProducer, "commit_transaction"),
    "publishing from the outbox": (outbox.Relay, "_publish"),
}
STATELESS: dict[str, tuple[Any, str]] = {
    "taking the partition": (stateless.StatelessFlow, "acquire"),
    "starting the producers": (producers.Producers, "start"),
    "handling the batch": (RecordProcessor, "handle"),
    "beginning the transaction": (AIOKafkaProducer, "begin_transaction"),
    "writing the messages": (producers, "publish"),
    "committing the position": (AIOKafkaProducer, "send_offsets_to_transaction"),
    "committing the transaction": (AIOKafkaProducer, "commit_transaction"),
}


@dataclass
class Trap:
    """Makes *proxy* fail at the next passing of a stage, once, for so long."""

    stage: str
    when: When
    proxy: Proxy
    failure: Failure
    seconds: float
    sprung: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def spring(self) -> None:
        """The outage begins, and its end is arranged."""
        if not self.sprung.is_set():
            self.sprung.set()
            self.proxy.fail(self.failure)
            asyncio.get_running_loop().call_later(self.seconds, lambda: asyncio.ensure_future(self._mend()))

    async def _mend(self) -> None:
        await self.proxy.mend()
        self.over.set()


class Traps:
    """Watches every stage of a kind of hop; `armed` is what the next passing of one springs."""

    def __init__(self, stages: dict[str, tuple[Any, str]], monkeypatch: pytest.MonkeyPatch) -> None:
        self.armed: Trap | None = None
        self.passed: set[str] = set()
        for stage, (owner, name) in stages.items():
            monkeypatch.setattr(owner, name, self._watched(stage, getattr(owner, name)))

    def _watched(self, stage: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            self.passed.add(stage)
            self._reach(stage, "before")
            result = await work(*args, **kwargs)
            self._reach(stage, "after")
            return result

        return watched

    def _reach(self, stage: str, when: When) -> None:
        if self.armed is not None and (self.armed.stage, self.armed.when) == (stage, when):
            self.armed.spring()
