"""A key keeps its partition, whatever somebody adds on the broker."""

from typing import Any

import pytest

from onward.chassis.errors import TopicsMissingError
from onward.chassis.kafka import producers
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.record import EncodedRecord

PERSONS = [f"person-{number}".encode() for number in range(40)]


class Written:
    """Takes what a producer would send; the broker has so many partitions of every topic."""

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions
        self.batches: dict[int, list[bytes]] = {}

    async def partitions_for(self, topic: str) -> set[int]:  # noqa: ARG002 - as the client's
        return set(range(self._partitions))

    def create_batch(self) -> Any:
        return _Batch()

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:  # noqa: ARG002 - as the client's
        self.batches[partition] = batch.keys

        async def sent() -> None:
            return None

        return sent()


class _Batch:
    def __init__(self) -> None:
        self.keys: list[bytes] = []

    def append(self, *, key: bytes, **_: object) -> object:
        self.keys.append(key)
        return key

    def close(self) -> None:
        pass

    def size(self) -> int:
        return len(self.keys)


async def written(partitions: int, topic: str = "situations") -> dict[int, list[bytes]]:
    producer: Any = Written(partitions)
    await producers.publish(producer, [EncodedRecord(topic, key, b"{}", []) for key in PERSONS])
    batches: dict[int, list[bytes]] = producer.batches
    return batches


async def test_a_person_stays_in_one_partition_when_partitions_are_added_to_a_topic_of_ours() -> None:
    assert await written(3) == await written(7)


async def test_a_topic_without_a_file_is_spread_over_what_the_broker_has() -> None:
    spread = await written(7, "somebody-elses")
    assert {key: number for number, keys in spread.items() for key in keys} == {
        key: partition_of(key, 7) for key in PERSONS
    }


async def test_a_topic_with_fewer_partitions_than_its_file_says_is_not_written() -> None:
    with pytest.raises(TopicsMissingError, match=r"has 2 partitions, and its file says 3: `onward topics` adds them"):
        await written(2)


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_a_key_goes_to_the_partition_that_the_java_client_sends_it_to(key: bytes, hashed: int) -> None:
    """The values are those of Kafka's own test (`UtilsTest.testMurmur2`), signed as in Java."""
    assert partition_of(key, 2**31) == hashed & 0x7FFFFFFF
