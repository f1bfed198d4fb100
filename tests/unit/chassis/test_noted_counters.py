"""A service declares what it counts, a decision says what is to be counted, the chassis counts at the commit."""

from dataclasses import dataclass, replace

from installation_keys import ID_KEY, PARKING
from onward.chassis import clock
from onward.chassis.observability.metrics import Counted, Metrics
from onward.chassis.processing.accounting import BatchOutcomes, OutcomeAccounting
from onward.chassis.processing.batch import ProcessedBatch, RecordProcessor
from onward.contracts.base import Message
from onward.contracts.outcome import Ignored, Noted, Outcome, Outgoing, Parked, Published


@dataclass
class Record:
    """A record as the client library gives it."""

    value: bytes | None = b"original"
    key: bytes | None = b"key"
    headers: tuple[tuple[str, bytes | None], ...] = ()
    topic: str = "t"
    partition: int = 0
    offset: int = 0
    timestamp: int = 1_760_000_000_123


THINGS = Counted("onward_test_things", "Things that a test counts, and nobody else does.", ("kind", "name"))


def test_what_decisions_note_is_counted_when_the_batch_is_durable_however_the_record_ended() -> None:
    metrics = Metrics("svc", [replace(THINGS, begins=(("a", "other"),))])
    metrics.create({"t": "t"})
    accounting, processor = OutcomeAccounting(metrics), RecordProcessor("svc", ID_KEY, PARKING, failure_limit=10)
    batch = ProcessedBatch(BatchOutcomes("t"))
    noted = (Noted("onward_test_things", ("a", "x")),)
    unwritable = Outgoing("t", "\ud800", Message(), "onward.test.v1")
    outcomes: tuple[Outcome, ...] = (
        Published(noted=noted),
        Published((unwritable,), noted=noted),
        Ignored("i", noted),
        Parked("p", noted=noted),
    )
    records = [Record(offset=number) for number in range(len(outcomes))]
    for record, outcome in zip(records, outcomes, strict=True):
        processor.conclude(record, outcome, batch)

    assert 'onward_test_things_total{kind="a",name="other",service="svc"} 0.0' in metrics.text().decode()
    assert 'name="x"' not in metrics.text().decode()
    accounting.record_commit(batch.outcomes, records, began=clock.monotonic())
    assert 'onward_test_things_total{kind="a",name="x",service="svc"} 4.0' in metrics.text().decode()


def test_of_what_comes_and_goes_only_the_newest_series_stay() -> None:
    """Each publication of rules would leave a series behind."""
    metrics = Metrics("svc", [replace(THINGS, newest=2)])
    for release in ("one", "two", "three", "one"):
        metrics.noted(Noted("onward_test_things", ("rules", release)), 1)
    told = [line for line in metrics.text().decode().splitlines() if line.startswith("onward_test_things_total{")]
    assert sorted(told) == [
        'onward_test_things_total{kind="rules",name="one",service="svc"} 1.0',
        'onward_test_things_total{kind="rules",name="three",service="svc"} 1.0',
    ]


def test_values_beyond_any_that_can_be_meant_are_counted_as_other() -> None:
    metrics = Metrics("svc", [THINGS])
    for number in range(250):
        metrics.noted(Noted("onward_test_things", ("a", f"n{number}")), 1)
        metrics.noted(Noted("onward_test_things", ("b", "x")), 1)
    told = [line for line in metrics.text().decode().splitlines() if line.startswith("onward_test_things_total{")]
    assert len(told) == 102
    assert 'onward_test_things_total{kind="a",name="other",service="svc"} 150.0' in told
    assert 'onward_test_things_total{kind="b",name="x",service="svc"} 250.0' in told
