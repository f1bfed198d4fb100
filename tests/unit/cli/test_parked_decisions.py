"""Which parked records are listed, which may go back and as what, and what is said of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from installation_keys import ID_KEY, MENDING, OTHER_MENDING, PARKING
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.processing.parking import Parking
from onward.chassis.processing.redriving import Mark, Marks, Standings, State, mark_headers
from onward.cli.parked_text import Sum, document, line
from onward.cli.parked_topic import ParkedRecord, RecordPosition, Wanted, place
from onward.cli.redriving import SEALED, TOO_OFTEN, TOPIC_GONE, WENT_BACK, Going, Left, Opener, judge
from onward.contracts.outcome import Parked
from onward.contracts.redrive import Redrive
from unit.chassis.test_redriving import Record

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MARKS = Marks(PARKING)
COUNTS = {"in.custody": 6, "decisions": 3}


def parked(record: Record | None = None, *, service: str = "tracking", reason: str = "store_error") -> ParkedRecord:
    record = record or Record()
    mark = MARKS.of(record.headers, record.topic, record.partition)
    ready = Parking(service, ID_KEY, PARKING[0]).park(record, Parked(reason, "/a"), mark=mark)
    where = RecordPosition(ready.topic, 0, 17)
    return ParkedRecord(where, int(AT.timestamp() * 1000), ready.value, dict(ready.headers))


def came_back(times: int) -> Record:
    mark = Mark("parked.tracking/0/3/5", times)
    return Record((("a", b"b"), *mark_headers(MENDING, mark, "decisions", 1)))


@pytest.mark.parametrize(
    ("wanted", "is_listed"),
    [
        (Wanted(), True),
        (Wanted(reason="schema"), True),
        (Wanted(reason="store_error"), False),
        (Wanted(partner="custody"), True),
        (Wanted(partner="hmpps"), False),
        (Wanted(partner="custody", reason="store_error"), False),
        (Wanted(since=AT), True),
        (Wanted(since=AT + timedelta(milliseconds=1)), False),
        (Wanted(until=AT), False),
        (Wanted(since=AT, until=AT + timedelta(milliseconds=1)), True),
    ],
)
def test_filters_leave_what_fits_all_of_them(wanted: Wanted, is_listed: bool) -> None:
    record = parked(Record(topic="in.custody"), service="intake", reason="schema")
    assert (record in wanted) == is_listed


def test_a_partner_is_whoever_sent_the_record_a_source_or_a_provider() -> None:
    topics = {"in.custody": "custody", "replies.shelter-one": "shelter-one", "decisions": "", "contacts": ""}
    assert {topic: parked(Record(topic=topic)).partner for topic in topics} == topics


@pytest.mark.parametrize(
    "text", ["", "parked.people", "parked.people/0", "a/b/c", "/0/1", "a/0/-1", "a/0/1/2", "a/0/" + "9" * 30, "a/0/ 1"]
)
def test_what_is_no_place_is_taken_for_none(text: str) -> None:
    assert place(text) is None
    assert place("parked.people/0/17") == RecordPosition("parked.people", 0, 17)


def test_a_record_that_waits_goes_back_to_where_it_came_from() -> None:
    assert judge(parked(), "waiting", COUNTS, however_often=False) == RecordPosition("decisions", 1, 90)


@pytest.mark.parametrize("state", ["redriven", "mended", "parked again"])
def test_a_record_that_went_back_does_not_go_twice(state: State) -> None:
    assert judge(parked(), state, COUNTS, however_often=True) is WENT_BACK


def test_a_record_whose_topic_is_gone_stays() -> None:
    assert judge(parked(Record(topic="replies.closed-down")), "waiting", COUNTS, however_often=False) is TOPIC_GONE
    nowhere = replace(parked(), header_bytes={"reason": b"schema"})
    assert judge(nowhere, "waiting", COUNTS, however_often=False) is TOPIC_GONE


def test_poison_goes_back_three_times_and_then_only_when_somebody_insists() -> None:
    for times, verdict in ((1, RecordPosition), (2, RecordPosition), (3, Left), (7, Left)):
        assert isinstance(judge(parked(came_back(times)), "waiting", COUNTS, however_often=False), verdict), times
    assert judge(parked(came_back(3)), "waiting", COUNTS, however_often=False) is TOO_OFTEN
    assert isinstance(judge(parked(came_back(3)), "waiting", COUNTS, however_often=True), RecordPosition)


def opened(record: ParkedRecord, counts: dict[str, int] | None = None) -> Going:
    origin = record.origin
    assert origin is not None
    going = Opener([MENDING], "j.doe", counts or COUNTS).open(record, origin)
    assert isinstance(going, Going)
    return going


@pytest.mark.parametrize(
    "record",
    [
        Record((("ce_type", b"t"), ("n", None), ("n", b""))),
        Record((), key=None, value=b""),
        Record((), key=b"", value=None),
        Record((), key=None, value=None),
        Record(
            (("onward_redriven", b"parked.people/0/1/2"), ("onward_redrives", b"9"), ("onward_redrive_proof", b"x"))
        ),
    ],
)
def test_a_record_goes_back_byte_for_byte_with_its_mark_behind_its_own_headers(record: Record) -> None:
    going = opened(parked(record))
    assert (going.to, going.key, going.value) == (("decisions", 1), record.key, record.value)
    assert tuple(going.headers[:-3]) == tuple(record.headers)
    name = f"parked.tracking/0/17/{int(AT.timestamp() * 1000)}"
    assert MARKS.of(going.headers, "decisions", 1) == Mark(name, 1)
    assert (going.note.parked, going.note.state, going.note.redrives, going.note.by) == (name, "redriven", 1, "j.doe")


def test_a_record_that_comes_back_again_carries_one_mark_that_counts_one_more() -> None:
    going = opened(parked(came_back(2)))
    assert going.headers[:-3] == [("a", b"b")]
    mark = MARKS.of(going.headers, "decisions", 1)
    assert mark is not None
    assert mark.redrives == going.note.redrives == 3


def test_a_record_whose_partition_is_gone_goes_where_its_key_goes_now() -> None:
    assert opened(parked(), {"decisions": 1}).to == ("decisions", 0)
    assert opened(parked(Record(partition=7, key=None)), {"decisions": 3}).to == ("decisions", 1)
    assert opened(parked(Record(partition=7)), {"decisions": 3}).to.partition == partition_of(b"somebody", 3)


def test_what_does_not_open_stays() -> None:
    record = parked()
    assert Opener([OTHER_MENDING], "j.doe", COUNTS).open(record, RecordPosition("decisions", 1, 90)) is SEALED


def told(state: str, record: ParkedRecord, reason: str = "") -> Redrive:
    where = {"topic": "decisions", "partition": 1, "redrives": 1}
    return Redrive.model_validate({"parked": record.name, "state": state, **where, "reason": reason, "by": "j.doe"})


def test_a_line_says_where_whence_why_and_how_it_stands_and_nothing_of_the_content() -> None:
    record = parked(Record(value=b"canary", key=b"canary", headers=(("canary", b"canary"),)))
    assert line(record, Standings()).split() == [
        "parked.tracking/0/17", "2026-03-02", "10:00:00", "decisions/1/90", "store_error", "at", "/a",
    ]  # fmt: skip
    back = told("redriven", record)
    assert line(record, Standings([back])).endswith("(went back, sent by j.doe; not concluded yet)")
    mended = Standings([back, told("published", record, "opened")])
    assert line(record, mended).endswith("(mended: published as opened)")
    assert line(record, Standings([back, told("parked", record, "schema")])).endswith("(parked again: schema)")
    assert line(parked(came_back(2)), Standings()).endswith("(came back 2 times)")
    assert "canary" not in line(record, mended) + json.dumps(document(record, mended))


def test_a_program_reads_the_same() -> None:
    record = parked(Record(topic="in.custody"), service="intake")
    assert document(record, Standings([told("redriven", record), told("ignored", record, "repeat")])) == {
        "record": "parked.intake/0/17",
        "service": "intake",
        "parked_at": "2026-03-02T10:00:00.000+00:00",
        "reason": "store_error",
        "pointer": "/a",
        "origin": "in.custody/1/90",
        "partner": "custody",
        "redrives": 0,
        "state": "mended",
        "outcome": "ignored",
        "outcome_reason": "repeat",
    }


@pytest.mark.parametrize(("days", "is_said"), [(82, False), (83, False), (84, True), (89, True), (95, True)])
def test_it_is_said_when_the_oldest_that_waits_is_deleted_within_a_week(days: int, is_said: bool) -> None:
    counted, record = Sum(), parked()
    counted.add(record, Standings())
    said = [*counted.lines(kept=timedelta(days=90), now=AT + timedelta(days=days))]
    assert said[:2] == ["       1  tracking   store_error", "1 waiting"]
    assert bool(said[2:]) == is_said
    mended = Sum()
    mended.add(record, Standings([told("redriven", record), told("published", record)]))
    assert [*mended.lines(kept=timedelta(days=90), now=AT + timedelta(days=89))] == ["0 waiting, 1 mended"]
