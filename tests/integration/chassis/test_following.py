"""A compacted topic followed into a value, on a real broker."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from conftest import Kafka
from integration.chassis.living import Note, make_topics, notes, until, writing
from onward.chassis import codec
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.following import Contents, Following, NotYet, Refused
from onward.chassis.record import ConsumedRecord, Received
from onward.contracts.topics import Topic
from onward.local.stack import Stack


class Seen:
    """Keeps what it was given, and refuses what it is told to."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.refusals: list[str] = []
        self.settled: list[int] = []
        self.latest: dict[str, Received[Note] | None] = {}

    def take(self, record: Received[Note]) -> None:
        if record.body.text == "refuse":
            raise Refused("unwanted", "said so")
        if record.body.text == "raise":
            raise ZeroDivisionError
        self.taken.append(record.body.number)

    async def settle(self, contents: Contents[Note]) -> None:
        self.settled.append(len(self.taken))
        for key in ("a", "b", "c"):
            self.latest[key] = await contents.latest(key)

    def refused(self, reason: str) -> None:
        self.refusals.append(reason)

    def numbers(self) -> dict[str, int | None]:
        return {key: found.body.number if found else None for key, found in self.latest.items()}


async def put(bootstrap: str, topic: str, *sent: Note | tuple[str, bytes | None], commit: bool | None = None) -> None:
    """Write notes, or keys with values; in a transaction that is committed or not if *commit* says so."""
    transactional = None if commit is None else f"{topic}-writer"
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=transactional)
    await producer.start()
    try:
        if commit is not None:
            await producer.begin_transaction()
        for each in sent:
            key, value = (each.key, each.model_dump_json().encode()) if isinstance(each, Note) else each
            await producer.send_and_wait(topic, value, key=key.encode())
        if commit is not None:
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    finally:
        await producer.stop()


async def delete_and_make(bootstrap: str, topic: str) -> None:
    """Empty *topic*, as somebody does who makes it anew."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        async with asyncio.timeout(30):
            while topic in await admin.list_topics():
                pass
    finally:
        await admin.close()
    await make_topics(bootstrap, topic, partitions=1)


def several(*numbers: int) -> Sequence[Note]:
    return [Note(key="a", number=number) for number in numbers]


async def test_everything_that_is_there_is_taken_in_order_before_it_settles_once(
    kafka: Kafka, unique: Callable[[str], str]
) -> None:
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    await put(kafka.bootstrap, name, *several(1, 2))
    await put(kafka.bootstrap, name, *several(3), commit=True)
    await put(kafka.bootstrap, name, *several(99), commit=False)
    await put(kafka.bootstrap, name, Note(key="b", number=4), Note(key="c", number=5), ("c", None))
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    try:
        await following.catch_up()
        assert (view.taken, view.settled) == ([1, 2, 3, 4, 5], [5])
        assert view.numbers() == {"a": 3, "b": 4, "c": None}
        await put(kafka.bootstrap, name, *several(6), commit=True)
        await following.catch_up()
        assert (view.taken[5:], view.numbers()["a"]) == ([6], 6)
    finally:
        await following.close()


async def test_a_bad_record_is_refused_and_the_next_one_counts(kafka: Kafka, unique: Callable[[str], str]) -> None:
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    await put(
        kafka.bootstrap,
        name,
        ("a", b"\xff"),
        ("a", b'{"key": "a"}'),
        Note(key="a", number=1, text="refuse"),
        Note(key="a", number=2, text="raise"),
        Note(key="a", number=3),
    )
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    await following.catch_up()
    await following.close()
    assert view.refusals == ["unreadable", "unreadable", "unwanted", "handler_error"]
    assert view.taken == [3]


async def test_a_refused_record_does_not_stand_in_for_the_one_before_it(
    kafka: Kafka, unique: Callable[[str], str]
) -> None:
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    refused = (("a", b"\xff"), Note(key="a", number=2, text="refuse"), Note(key="a", number=3, text="raise"))
    await put(kafka.bootstrap, name, Note(key="a", number=1), *refused)
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    await following.catch_up()
    await following.close()
    assert view.numbers()["a"] == 1


async def test_a_record_that_makes_reading_it_fail_is_passed_over(
    kafka: Kafka, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = codec.decode

    def fails(topic: Topic[Note], record: ConsumedRecord) -> Received[Note]:
        if record.key == b"b":
            raise OverflowError
        return real(topic, record)

    monkeypatch.setattr(codec, "decode", fails)
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    await put(kafka.bootstrap, name, Note(key="b", number=1), *several(2))
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    await following.catch_up()
    await following.close()
    assert (view.refusals, view.taken) == (["handler_error"], [2])


@pytest.mark.parametrize("running", [True, False])
async def test_a_topic_that_was_made_anew_is_said_and_read_from_its_beginning(
    kafka: Kafka, unique: Callable[[str], str], *, running: bool
) -> None:
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    await put(kafka.bootstrap, name, *several(1, 2, 3), Note(key="b", number=4))
    task: asyncio.Task[None] | None = None
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    try:
        await following.catch_up()
        if running:
            task = asyncio.create_task(following.follow())
        await delete_and_make(kafka.bootstrap, name)
        await put(kafka.bootstrap, name, *several(5))
        if running:
            await until(lambda: view.numbers() == {"a": 5, "b": None, "c": None}, within=40)
        else:
            await following.catch_up()
        assert (view.refusals, view.taken[4:], view.numbers()) == (["made_anew"], [5], {"a": 5, "b": None, "c": None})
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await following.close()


async def test_a_view_that_must_not_begin_is_asked_again(kafka: Kafka, unique: Callable[[str], str]) -> None:
    class Choosy(Seen):
        async def settle(self, contents: Contents[Note]) -> None:
            if 2 not in self.taken:
                raise NotYet("number 2 is not there")
            await super().settle(contents)

    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    await put(kafka.bootstrap, name, *several(1))
    view = Choosy()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    for _ in range(2):
        with pytest.raises(NotYet, match="number 2"):
            await following.catch_up()
    await put(kafka.bootstrap, name, *several(2))
    await following.catch_up()
    await following.close()
    assert (view.taken, view.settled) == ([1, 2], [2])


async def test_an_empty_topic_is_read_at_once(kafka: Kafka, unique: Callable[[str], str]) -> None:
    name = unique("followed")
    await make_topics(kafka.bootstrap, name, partitions=1)
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(kafka.bootstrap), "test")
    await following.catch_up()
    await following.close()
    assert (view.taken, view.settled) == ([], [0])


async def test_it_goes_on_after_the_broker_was_killed(
    private_stack: Callable[..., Stack], unique: Callable[[str], str]
) -> None:
    stack, name = private_stack(kafka=True, postgres=False), unique("followed")
    await make_topics(stack.kafka_bootstrap, name, partitions=1)
    await put(stack.kafka_bootstrap, name, *several(1))
    view = Seen()
    following = Following(notes(name), view)
    following.open(KafkaConnection(stack.kafka_bootstrap), "test")
    await following.catch_up()
    task = asyncio.create_task(following.follow())
    try:
        await asyncio.to_thread(stack.kafka.kill)
        await asyncio.to_thread(stack.kafka.start)
        async with writing(stack.kafka_bootstrap) as producer:
            await producer.send_and_wait(name, several(2)[0].model_dump_json().encode(), key=b"a")
        await until(lambda: view.numbers().get("a") == 2, within=40)
        assert view.taken == [1, 2]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await following.close()
