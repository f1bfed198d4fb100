"""A service begins with what a followed topic says, or not at all."""

from typing import Any, cast

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from onward.chassis.kafka.following import Contents, Following, NotYet
from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.ruleset import Ruleset


class Empty:
    """The client of a topic that holds nothing."""

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def stop(self) -> None:
        """Nothing to stop."""


class Faulty:
    """A view with a fault of ours, for as long as it has it."""

    def __init__(self) -> None:
        self.has_fault = True
        self.settled = 0

    def take(self, record: Received[Ruleset]) -> None:  # noqa: ARG002 - as the port names it
        raise AssertionError("there are no records here")

    async def settle(self, contents: Contents[Ruleset]) -> None:  # noqa: ARG002 - as the port names it
        if self.has_fault:
            raise RuntimeError("a fault of ours")
        self.settled += 1

    def refused(self, reason: str) -> None:
        raise AssertionError(reason)


async def test_a_fault_of_ours_has_no_service_begin_with_what_it_was_shipped_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def connected(_: Following[Any]) -> AIOKafkaConsumer:
        return cast("AIOKafkaConsumer", Empty())

    monkeypatch.setattr(Following, "_connected", connected)
    view = Faulty()
    following = Following(topics.RULESETS, view)
    with pytest.raises(NotYet, match="`rulesets` was read"):
        await following.catch_up()
    view.has_fault = False
    await following.catch_up()
    assert view.settled == 1
