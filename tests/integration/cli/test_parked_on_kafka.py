"""`onward parked` on a real broker: what is listed, what goes back and in which order, also when it is killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from typer.testing import CliRunner, Result

from installation_keys import ENVIRONMENT, ID_KEY, MENDING, OTHER_KEY, PARKING
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.processing.parking import Parking
from onward.chassis.processing.redriving import Mark, Marks, mark_headers, name_of
from onward.cli.main import app
from onward.cli.whole_topic import partitions
from onward.contracts.outcome import Parked
from onward.contracts.redrive import Redrive
from onward.contracts.services import SERVICES
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

MENDING_KEY = {"ONWARD_MENDING_KEY": ENVIRONMENT["ONWARD_MENDING_KEY"]}
MARKS = Marks(PARKING)
PARTITIONS = 3


@dataclass(frozen=True)
class Original:
    """A record as a service fetched it before it parked it."""

    topic: str
    partition: int = 0
    offset: int = 0
    key: bytes | None = b"canary-key"
    value: bytes | None = b"canary-value"
    headers: Sequence[tuple[str, bytes | None]] = (("ce_type", b"canary-header"), ("n", None))
    timestamp: int = 1_772_000_000_000


Seen = ConsumerRecord[bytes, bytes]


class Broker:
    """A broker of this module's own: the topics of parked records have fixed names."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        topics = {f"parked.{service}": TopicSpec(1, {"max.message.bytes": "2097152"}) for service in SERVICES}
        asyncio.run(create_topics(bootstrap, {**topics, "redrives": TopicSpec(1), "audit-acts": TopicSpec(1)}))

    def make(self, *topics: str, partitions: int = PARTITIONS, **config: str) -> None:
        spec = TopicSpec(partitions, {name.replace("_", "."): value for name, value in config.items()})
        asyncio.run(create_topics(self.bootstrap, dict.fromkeys(topics, spec)))

    def park(self, service: str, originals: Iterable[Original], reason: str = "store_error") -> None:
        asyncio.run(self._park(service, originals, reason))

    async def _park(self, service: str, originals: Iterable[Original], reason: str) -> None:
        parking = Parking(service, ID_KEY, PARKING[0])
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, max_request_size=2_097_152)
        await producer.start()
        try:
            for one in originals:
                mark = MARKS.of(one.headers, one.topic, one.partition)
                ready = parking.park(one, Parked(reason, "/a"), mark=mark)
                await producer.send(ready.topic, ready.value, key=ready.key, headers=list(ready.headers))
            await producer.flush()
        finally:
            await producer.stop()

    def read(self, topic: str, *, at_least: int = 0) -> list[Seen]:
        """Every committed record of a topic, once there are so many: a commit is seen a moment after it was made."""
        deadline = time.monotonic() + 10
        while len(found := asyncio.run(self._read(topic))) < at_least and time.monotonic() < deadline:
            pass
        return found

    async def _read(self, topic: str) -> list[Seen]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in await partitions(self.bootstrap, topic)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: list[Seen] = []
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for batch in (await consumer.getmany(timeout_ms=100)).values():
                    found += batch
            return found
        finally:
            await consumer.stop()

    def notes(self, topic: str) -> list[Redrive]:
        """What was noted of records that went back to *topic*."""
        notes = [Redrive.model_validate_json(record.value or b"") for record in self.read("redrives")]
        return [note for note in notes if note.topic == topic]

    def onward(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(app, ["parked", *arguments, "--bootstrap", self.bootstrap], env=env or MENDING_KEY)

    def process(self, *arguments: str) -> "subprocess.Popen[str]":
        """The same as a process of its own, which can be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", "onward.cli", "parked", *arguments, "--bootstrap", self.bootstrap],
            env={**os.environ, **MENDING_KEY},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def broker() -> Generator[Broker]:
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    with Stack(postgres=False, environ=environ) as stack:
        yield Broker(stack.kafka_bootstrap)


def went_back(broker: Broker, topic: str, *, at_least: int = 0) -> list[Seen]:
    return [
        record for record in broker.read(topic, at_least=at_least) if MARKS.of(record.headers, topic, record.partition)
    ]


def mark_of(record: Seen) -> Mark:
    mark = MARKS.of(record.headers, record.topic, record.partition)
    assert mark is not None
    return mark


def numbered(topic: str, count: int) -> list[Original]:
    """Records of 40 people, each in a partition of theirs, in the order of their numbers."""
    people = [f"person-{number:02}".encode() for number in range(40)]
    return [
        Original(topic, partition_of(who, PARTITIONS), number, who, str(number).encode())
        for number, who in ((number, people[number * 7 % 40]) for number in range(count))
    ]


def in_order(records: list[Seen]) -> bool:
    """Whether each partition holds its records in the order of their numbers."""
    by_partition: dict[int, list[int]] = {}
    for record in records:
        by_partition.setdefault(record.partition, []).append(int(record.value or b""))
    return all(numbers == sorted(numbers) for numbers in by_partition.values())


def test_what_all_services_parked_is_listed_and_filtered_and_counted(broker: Broker) -> None:
    broker.park("people", [Original("contacts", 1, 5), Original("contacts", 1, 6)], "unknown_question")
    broker.park("tracking", [Original("replies.shelter-one", 0, 8)], "unknown_referral")

    def listed(*arguments: str) -> list[dict[str, object]]:
        told = broker.onward("list", *arguments, "--json")
        assert told.exit_code == 0, told.output
        assert "canary" not in told.output
        return [json.loads(line) for line in told.stdout.splitlines()]

    assert [each["origin"] for each in listed()] == ["contacts/1/5", "contacts/1/6", "replies.shelter-one/0/8"]
    assert {each["state"] for each in listed()} == {"waiting"}
    assert [each["origin"] for each in listed("tracking")] == ["replies.shelter-one/0/8"]
    assert [each["origin"] for each in listed("--partner", "shelter-one")] == ["replies.shelter-one/0/8"]
    assert len(listed("--reason", "unknown_question")) == 2
    assert listed("--reason", "schema") == []
    first, second, _ = listed()
    at = str(second["parked_at"])
    assert first["record"] == "parked.people/0/0"
    assert [each["record"] for each in listed("people", "--since", at) if each["parked_at"] == at] != []
    assert listed("--since", "2100-01-01T00:00:00Z") == listed("--until", "2000-01-01T00:00:00Z") == []
    words = broker.onward("list")
    assert "       2  people     unknown_question" in words.stderr
    assert words.stderr.splitlines()[-1] == "3 waiting"
    assert broker.onward("list", "--since", "yesterday").exit_code == 2


def test_a_dry_run_says_what_would_go_and_does_nothing(broker: Broker) -> None:
    broker.make("dry")
    broker.park("routing", numbered("dry", 3), "schema")
    told = broker.onward("redrive", "routing", env={"ONWARD_MENDING_KEY": ""})
    assert told.exit_code == 0
    assert told.stdout.split() == ["3", "routing", "schema", "to", "dry", "3", "would", "go", "back,", "0", "stay"]
    assert "--apply" in told.stderr
    assert (broker.read("dry"), broker.notes("dry")) == ([], [])
    refused = broker.onward("redrive", "routing", "--apply", env={"ONWARD_MENDING_KEY": ""})
    assert (refused.exit_code, "ONWARD_MENDING_KEY" in refused.stderr) == (2, True)


def test_records_go_back_as_they_were_to_their_own_partition_and_twice_does_nothing(broker: Broker) -> None:
    broker.make("back")
    forged = mark_headers(MENDING, Mark("parked.people/0/1/2", 1), "back", 0)
    originals = [
        Original("back", 2, 10),
        Original("back", 2, 11, key=None, value=b""),
        Original("back", 0, 12, key=b"", value=None, headers=()),
        Original("back", 1, 13, key=None, value=None, headers=(("\u2603", b"\xff"),)),
        Original("back", 1, 14, value=b"x" * 900_000, headers=tuple(forged)),
    ]
    broker.park("dispatch", originals, "handler_error")
    told = broker.onward("redrive", "dispatch", "--apply", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["back"] == [
        {"service": "dispatch", "reason": "handler_error", "topic": "back", "records": 5}
    ]
    found = {mark_of(record).parked: record for record in broker.read("back", at_least=5)}
    assert len(found) == 5
    for number, original in enumerate(originals):
        (record,) = [each for name, each in found.items() if name.startswith(f"parked.dispatch/0/{number}/")]
        assert (record.partition, record.key, record.value) == (original.partition, original.key, original.value)
        assert tuple(record.headers[:-3]) == tuple(original.headers)
    again = broker.onward("redrive", "dispatch", "--apply")
    assert again.stdout == "0 went back, 0 stay\n"
    assert len(broker.read("back")) == 5
    stands = broker.onward("list", "dispatch", "--json").stdout.splitlines()
    assert [json.loads(line)["state"] for line in stands] == ["redriven"] * 5
    named = broker.onward("redrive", "--record", "parked.dispatch/0/1", "--apply")
    assert "stays: went back already" in named.stdout
    shown = broker.onward("show", "parked.dispatch/0/1")
    assert "not concluded yet" in shown.stdout


def test_single_records_go_back_and_none_if_one_that_is_named_is_not_there(broker: Broker) -> None:
    broker.make("single")
    first = len(broker.read("parked.routing"))
    broker.park("routing", numbered("single", 4), "schema")
    places = [f"parked.routing/0/{first + number}" for number in (2, 0)]
    wrong = broker.onward("redrive", "--record", places[0], "--record", "parked.routing/0/999", "--apply")
    assert (wrong.exit_code, "parked.routing/0/999" in wrong.stderr) == (2, True)
    assert broker.read("single") == []
    assert broker.onward("redrive", "--record", places[0], "--reason", "schema").exit_code == 2
    done = broker.onward("redrive", "--record", places[0], "--record", places[1], "--apply")
    assert done.exit_code == 0, done.output
    assert sorted(int(each.value or b"") for each in broker.read("single", at_least=2)) == [0, 2]


def test_killed_in_the_middle_and_begun_again_nothing_goes_back_twice_or_out_of_order(broker: Broker) -> None:
    broker.make("killed")
    total = 3_000
    broker.park("tracking", numbered("killed", total))
    filters = ("redrive", "tracking", "--reason", "store_error", "--apply")
    killed = broker.process(*filters)
    try:
        _wait_for_a_note(broker, killed)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    again = broker.onward(*filters)

    assert again.exit_code == 0, again.output
    back = went_back(broker, "killed", at_least=total)
    # The fault landed in the middle: the second run had some to do, and not all.
    left = int(again.stdout.split()[0])
    assert 0 < left < total
    assert sorted(int(record.value or b"") for record in back) == [*range(total)]
    assert in_order(back)
    assert len(broker.notes("killed")) == total
    assert broker.onward(*filters).stdout == "0 went back, 0 stay\n"


def _wait_for_a_note(broker: Broker, process: "subprocess.Popen[str]") -> None:
    """Until the first records went back."""

    async def wait() -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=broker.bootstrap, isolation_level="read_committed", auto_offset_reset="latest"
        )
        await consumer.start()
        try:
            place = TopicPartition("redrives", 0)
            consumer.assign([place])
            await consumer.seek_to_end(place)
            while process.poll() is None and not await consumer.getmany(timeout_ms=5):
                pass
        finally:
            await consumer.stop()

    asyncio.run(wait())
    assert process.poll() is None, process.communicate()


def test_of_two_at_once_the_first_stops_and_every_record_goes_back_once(broker: Broker) -> None:
    broker.make("at-once")
    total = 3_000
    broker.park("people", numbered("at-once", total), "store_error")
    filters = ("redrive", "people", "--reason", "store_error", "--apply")
    first = broker.process(*filters)
    try:
        _wait_for_a_note(broker, first)
        second = broker.onward(*filters)
        _, told = first.communicate(timeout=60)
    finally:
        first.kill()
        first.wait()
    assert second.exit_code == 0, second.output
    assert 0 < int(second.stdout.split()[0]) < total
    assert (first.returncode, "somebody else has begun" in told) == (1, True)
    back = went_back(broker, "at-once", at_least=total)
    assert sorted(int(record.value or b"") for record in back) == [*range(total)]
    assert in_order(back)


def test_a_note_behind_somebody_elses_open_transaction_is_waited_for(broker: Broker) -> None:
    """A hop that is about to note an outcome holds back what a committed reader sees of the whole topic."""
    broker.make("open", partitions=1)
    broker.park("intake", [Original("open", 0, number) for number in range(3)], "odd")
    first = broker.read("parked.intake")[-3]
    name = name_of("parked.intake", 0, first.offset, first.timestamp)
    note = Redrive(parked=name, state="redriven", topic="open", partition=0, redrives=1, by="j.doe")

    async def beside() -> tuple[bool, str]:
        hop = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id="a-hop")
        earlier = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id="onward.redrive.intake")
        await asyncio.gather(hop.start(), earlier.start())
        try:
            await hop.begin_transaction()
            await hop.send_and_wait("redrives", b"{}", key=b"never committed")
            async with earlier.transaction():
                await earlier.send_and_wait("redrives", note.model_dump_json().encode(), key=name.encode())
            running = broker.process("redrive", "intake", "--apply")
            telling = asyncio.create_task(asyncio.to_thread(running.communicate))
            waited = not (await asyncio.wait({telling}, timeout=3))[0]
            await hop.abort_transaction()
            return waited, (await telling)[0]
        finally:
            await asyncio.gather(hop.stop(), earlier.stop())

    waited, told = asyncio.run(beside())
    assert waited, "what stands behind an open transaction was not waited for"
    assert told.splitlines()[-1] == "2 went back, 0 stay"
    assert {mark_of(record).parked for record in broker.read("open")}.isdisjoint({name})


def test_what_cannot_go_back_stays_and_holds_up_nothing_else(broker: Broker) -> None:
    broker.make("narrow", partitions=1, max_message_bytes="20000")
    start = len(broker.read("parked.dispatch"))
    large = Original("narrow", 0, 2, value=b"x" * 19_900)
    broker.park(
        "dispatch",
        [Original("narrow", 0, 1), large, Original("narrow", 0, 3), Original("gone", 0, 4), Original("narrow", 5, 5)],
        "narrow",
    )
    often = (*Original("narrow").headers, *mark_headers(MENDING, Mark("parked.dispatch/0/0/1", 3), "narrow", 0))
    broker.park("dispatch", [Original("narrow", 0, 6, headers=often)], "narrow")
    other = {"ONWARD_MENDING_KEY": OTHER_KEY}
    refused = broker.onward("redrive", "dispatch", "--reason", "narrow", "--apply", env=other)
    assert (refused.exit_code, "another ONWARD_MENDING_KEY" in refused.stdout) == (1, True)
    assert broker.read("narrow") == []

    told = broker.onward("redrive", "dispatch", "--reason", "narrow", "--apply", "--json")

    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document["back"] == [{"service": "dispatch", "reason": "narrow", "topic": "narrow", "records": 3}]
    assert sorted(each["why"].split()[0] for each in document["left"]) == ["its", "the", "went"]
    assert [record.key for record in went_back(broker, "narrow")] == [b"canary-key"] * 3
    insisted = broker.onward("redrive", "--record", f"parked.dispatch/0/{start + 5}", "--however-often", "--apply")
    assert insisted.exit_code == 0, insisted.output
    assert mark_of(went_back(broker, "narrow")[-1]).redrives == 4


def test_a_note_that_cannot_be_read_stops_what_could_do_something_twice(broker: Broker) -> None:
    """The last one here: nothing else can be done on this broker afterwards."""
    broker.make("unread")
    broker.park("intake", numbered("unread", 2))

    async def write() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
        await producer.start()
        await producer.send_and_wait("redrives", b'{"state": "something later"}', key=b"k")
        await producer.stop()

    asyncio.run(write())
    told = broker.onward("redrive", "--apply")
    assert (told.exit_code, "cannot be read by this release" in told.stderr) == (1, True)
    assert broker.read("unread") == []
