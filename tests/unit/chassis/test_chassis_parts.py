"""The chassis's small parts, each by its rule."""

import io
import json
import logging
from collections.abc import Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
import structlog
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import ID_KEY, MENDING, OTHER_MENDING, PARKING
from onward.chassis import clock
from onward.chassis.errors import DatabaseBehindError, FailureLimitError, SealBrokenError
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.observability import logs
from onward.chassis.observability.metrics import Metrics
from onward.chassis.postgres.outbox import reconcile
from onward.chassis.postgres.shard import Shard, unpacked
from onward.chassis.processing.accounting import BatchOutcomes, OutcomeAccounting
from onward.chassis.processing.batch import FailureLimit, ProcessedBatch, RecordProcessor
from onward.chassis.processing.parking import Parking, unseal
from onward.chassis.record import EncodedRecord
from onward.contracts.outcome import Ignored, Outcome, Parked, Published


@dataclass
class Record:
    """A record as the client library gives it."""

    value: bytes | None = b"original"
    key: bytes | None = b"secret key"
    headers: tuple[tuple[str, bytes | None], ...] = (("a", b"b"), ("n", None))
    topic: str = "in.custody"
    partition: int = 3
    offset: int = 41
    timestamp: int = 1_760_000_000_123


@given(st.binary(max_size=60), st.integers(1, 200))
def test_a_key_goes_to_the_partition_that_every_kafka_client_sends_it_to(key: bytes, partitions: int) -> None:
    everywhere = list(range(partitions))
    assert partition_of(key, partitions) == DefaultPartitioner()(key, everywhere, everywhere)


@given(
    st.none() | st.binary(max_size=50),
    st.none() | st.binary(max_size=50),
    st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=9)), max_size=3),
)
def test_a_parked_record_opens_as_it_was(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    parked = Parking("intake", ID_KEY, PARKING[0]).park(Record(value, key, tuple(headers)), Parked("schema", "/a", "x"))

    original = unseal([MENDING], parked.topic, parked.value, dict(parked.headers))

    assert (original.key, original.value, original.headers) == (key, value, tuple(headers))


def test_a_parked_record_tells_where_it_came_from_and_nothing_of_what_it_held() -> None:
    parked = Parking("intake", ID_KEY, PARKING[0]).park(Record(), Parked("schema", "/a", "it is wrong"), attempts=2)
    told = dict(parked.headers)

    assert parked.topic == "parked.intake"
    assert (told["reason"], told["pointer"], told["service"]) == (b"schema", b"/a", b"intake")
    assert (told["origin"], told["attempts"], told["origin_key"]) == (b"in.custody/3/41", b"2", parked.key)
    for held in (b"original", b"secret key", b"it is wrong"):
        assert held not in b"".join([parked.key, parked.value, *told.values()])


def test_a_parked_record_opens_only_with_its_key_in_its_place_and_unchanged() -> None:
    parked = Parking("intake", ID_KEY, PARKING[0]).park(Record(), Parked("schema"))
    headers = dict(parked.headers)
    changed = parked.value[:-1] + bytes([parked.value[-1] ^ 1])
    for key, topic, value, beside in (
        (OTHER_MENDING, parked.topic, parked.value, headers),
        (MENDING, parked.topic, changed, headers),
        (MENDING, parked.topic, b"", headers),
        (MENDING, parked.topic, b"\x04" + parked.value[1:], headers),
        (MENDING, "parked.people", parked.value, headers),
        (MENDING, parked.topic, parked.value, {**headers, "more": b""}),
        *((MENDING, parked.topic, parked.value, {**headers, name: b"another"}) for name in headers),
        *((MENDING, parked.topic, parked.value, {k: v for k, v in headers.items() if k != name}) for name in headers),
    ):
        with pytest.raises(SealBrokenError):
            unseal([key], topic, value, beside)


def test_while_the_mending_key_is_changed_what_was_parked_before_and_since_opens() -> None:
    before, since = (
        Parking("intake", ID_KEY, key.parking_key).park(Record(), Parked("schema")) for key in (MENDING, OTHER_MENDING)
    )
    for parked in (before, since):
        opened = unseal([OTHER_MENDING, MENDING], parked.topic, parked.value, dict(parked.headers))
        assert opened.value == Record().value


def test_what_an_earlier_release_parked_is_refused_and_the_error_says_so() -> None:
    parked = Parking("intake", ID_KEY, PARKING[0]).park(Record(), Parked("schema"))
    with pytest.raises(SealBrokenError, match="an earlier release sealed it"):
        unseal([MENDING], parked.topic, b"\x01" + parked.value[1:], dict(parked.headers))


def test_the_same_record_parked_twice_tells_by_its_key_only_that_it_is_the_same() -> None:
    first, second = (Parking("intake", ID_KEY, PARKING[0]).park(Record(), Parked("schema")) for _ in range(2))
    assert first.key == second.key
    assert first.value != second.value


def test_the_failure_limit_counts_only_failures_in_a_row() -> None:
    limit = FailureLimit(3)
    for _ in range(5):
        limit.failed()
        limit.failed()
        limit.succeeded()
    limit.failed()
    limit.failed()
    with pytest.raises(FailureLimitError, match="3 records in a row"):
        limit.failed()


def test_each_outcome_is_counted_once() -> None:
    metrics = Metrics("svc")
    metrics.create({"in.custody": "in.custody"})
    accounting, processor = OutcomeAccounting(metrics), RecordProcessor("svc", ID_KEY, PARKING, failure_limit=10)
    batch = ProcessedBatch(BatchOutcomes("in.custody"))
    records = [Record(offset=number) for number in range(4)]
    outcomes: tuple[Outcome, ...] = (Published(), Published(result="kept"), Ignored("old"), Parked("schema"))
    for record, outcome in zip(records, outcomes, strict=True):
        processor.conclude(record, outcome, batch)

    accounting.record_commit(batch.outcomes, records, began=clock.monotonic())

    assert dict(batch.outcomes.by_reason) == {
        ("published", "published"): 1,
        ("published", "kept"): 1,
        ("ignored", "old"): 1,
        ("parked", "schema"): 1,
    }
    text = metrics.text().decode()
    assert 'onward_event_outcomes_total{outcome="parked",reason="schema",service="svc",topic="in.custody"} 1.0' in text


def test_reasons_beyond_any_that_can_be_meant_are_counted_as_other() -> None:
    metrics = Metrics("svc")
    for number in range(200):
        metrics.outcome("t", "ignored", f"reason-{number}", 1)
    series = [line for line in metrics.text().decode().splitlines() if line.startswith("onward_event_outcomes_total{")]
    assert len(series) == 61
    assert any('reason="other"' in line and line.endswith(" 140.0") for line in series)


def test_the_time_that_records_waited_is_a_histogram_like_any_other() -> None:
    metrics = Metrics("svc")
    metrics.create({"t": "t"})
    metrics.waited("t", 0.03, 4)
    metrics.waited("t", -1.0, 1)
    metrics.waited("t", 5000.0, 2)
    values = {
        (sample.name, sample.labels.get("le")): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name.startswith("onward_record_seconds")
    }
    assert [values["onward_record_seconds_bucket", le] for le in ("0.01", "0.025", "0.05", "3600.0", "+Inf")] == [
        1, 1, 5, 5, 7,
    ]  # fmt: skip
    assert (values["onward_record_seconds_count", None], values["onward_record_seconds_sum", None]) == (7, 10000.12)


def test_every_metric_has_the_prefix_and_a_help_that_says_more_than_its_name() -> None:
    metrics = Metrics("svc")
    metrics.create({"t": "t"})
    for family in metrics.registry.collect():
        assert family.name.startswith("onward_")
        assert len(family.documentation.split()) >= 6, family.name


def test_the_pause_between_tries_grows_to_five_seconds_and_is_spread() -> None:
    pauses = list(islice(clock.pauses(), 12))
    assert 0.1 <= pauses[0] <= 0.2
    assert all(2.5 <= pause <= 5 for pause in pauses[-3:])
    assert len(set(pauses)) == len(pauses)


PLACE = TopicPartition("contacts", 2)


@pytest.mark.parametrize(
    ("published", "noted", "goes_on"),
    [(0, None, 0), (0, 4, 4), (4, 4, 4), (3, 5, 5), (5, None, 5), (10, 10, 10)],
)
def test_the_outbox_goes_on_where_the_broker_says_or_the_database_when_the_broker_forgot(
    published: int, noted: int | None, goes_on: int
) -> None:
    assert reconcile(PLACE, published, noted, stored=10) == goes_on


def test_a_database_that_holds_less_than_was_published_is_refused_with_what_to_do() -> None:
    with pytest.raises(DatabaseBehindError, match=r"older than the topics.*restore one"):
        reconcile(PLACE, 3, 11, stored=10)


def test_a_shard_keeps_what_the_relay_needs_next_and_drops_it_when_it_falls_behind() -> None:
    shard, row = Shard(PLACE, 0), EncodedRecord("t", b"k", b"v", [])
    shard.keep([row] * 3)
    assert len(shard.kept(10)) == 3
    shard.passed(2)
    assert (len(shard.kept(10)), shard.published, shard.next_sequence) == (1, 2, 3)
    shard.keep([row] * 6000)
    assert (shard.kept(10), shard.next_sequence) == ([], 6003)
    shard.passed(6003)
    shard.keep([row])
    assert len(shard.kept(10)) == 1


def test_headers_come_out_of_the_outbox_as_they_went_in() -> None:
    assert unpacked(json.dumps([["ce_id", "ä"]]).encode()) == [("ce_id", "ä".encode())]


@pytest.fixture
def stream() -> Generator[io.StringIO]:
    handlers, level = logging.root.handlers[:], logging.root.level
    written = io.StringIO()
    logs.configure("svc", "info", written)
    yield written
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


CANARY = "Test Person-0001"


def test_a_log_line_has_only_keys_of_the_list(stream: io.StringIO) -> None:
    structlog.get_logger().info("batch.committed", records=3, name=CANARY, body={"x": CANARY}, topic="contacts")
    (line,) = lines(stream)
    assert line.keys() <= logs.ALLOWED
    assert (line["event"], line["records"], line["service"]) == ("batch.committed", 3, "svc")
    assert CANARY not in stream.getvalue()


def test_an_exception_is_told_by_type_and_frames_never_by_its_text(stream: io.StringIO) -> None:
    def fails() -> None:
        try:
            dict[str, str]()[CANARY]
        except KeyError as cause:
            raise ValueError(f"no {CANARY}") from cause

    try:
        fails()
    except ValueError as error:
        structlog.get_logger().error("record.handler_failed", exc_info=error)
    (line,) = lines(stream)
    assert (line["error"], line["caused_by"]) == ("ValueError", ["KeyError"])
    assert Path(__file__).name in str(line["frames"])
    assert CANARY not in stream.getvalue()


def test_the_text_of_a_library_is_kept_only_if_we_know_that_it_holds_no_record(stream: io.StringIO) -> None:
    logging.getLogger("aiokafka.consumer").warning("Heartbeat failed for group %s", "people.contacts")
    logging.getLogger("asyncio").error("Task exception was never retrieved: %s", CANARY)
    logging.getLogger("aiokafka.producer").debug("Sending value=%s", CANARY)
    known, unknown = lines(stream)
    assert known["text"] == "Heartbeat failed for group people.contacts"
    assert "text" not in unknown
    assert CANARY not in stream.getvalue()


def test_what_the_framework_says_of_every_start_is_no_news(stream: io.StringIO) -> None:
    logging.getLogger("faststream").warning("Auto create topics is disabled. Make sure the topics exist.")
    logging.getLogger("faststream").warning("something else")
    assert [line["text"] for line in lines(stream)] == ["something else"]


def test_an_outage_does_not_flood_the_log(stream: io.StringIO) -> None:
    for _ in range(500):
        logging.getLogger("aiokafka").error("Unable connect to node with id %s: %s", 1, "refused")
        structlog.get_logger().warning("broker.away", error="KafkaConnectionError")
    assert len(lines(stream)) <= 10
