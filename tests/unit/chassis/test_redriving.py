"""A record that was parked goes back marked; what proves itself counts, and nothing else does."""

import json
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import ID_KEY, MENDING, OTHER_MENDING, PARKING
from onward.chassis.processing.accounting import BatchOutcomes
from onward.chassis.processing.batch import ProcessedBatch, RecordProcessor
from onward.chassis.processing.parking import Parking, unseal
from onward.chassis.processing.redriving import Headers, Mark, Marks, Standings, mark_headers, name_of
from onward.chassis.record import EncodedRecord
from onward.contracts import topics
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Parked, Published
from onward.contracts.redrive import Redrive
from onward.contracts.referral import Approval

MARKS = Marks(PARKING)
MARK = Mark(name_of("parked.tracking", 0, 17, 1_772_000_000_000), 2)


@dataclass(frozen=True)
class Record:
    """A record as the client library gives it."""

    headers: Headers = ()
    topic: str = "decisions"
    partition: int = 1
    offset: int = 90
    key: bytes | None = b"somebody"
    value: bytes | None = b"{}"
    timestamp: int = 1_772_000_100_000


def marked(mark: Mark = MARK, theirs: Headers = (("ce_type", b"t"), ("n", None))) -> Record:
    return Record((*theirs, *mark_headers(MENDING, mark, "decisions", 1)))


def concluded(record: Record, outcome: Outcome) -> list[EncodedRecord]:
    handled = ProcessedBatch(BatchOutcomes(record.topic))
    RecordProcessor("tracking", ID_KEY, PARKING, failure_limit=10).conclude(record, outcome, handled)
    assert sum(handled.outcomes.by_reason.values()) == 1
    return handled.outputs


def notes(outputs: list[EncodedRecord]) -> list[Redrive]:
    return [Redrive.model_validate_json(each.value) for each in outputs if each.topic == "redrives"]


def an_approval() -> Outgoing[Approval]:
    body = json.loads('{"approved": true, "by": "p01", "role": "r", "at": "2026-03-02T10:00:00Z"}')
    body["referral_id"] = "2f1c0c52-6f0e-5d0a-9f5e-7d3c1b0a9e8d"
    return topics.APPROVALS.message(Approval.model_validate(body), key="k")


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Published((an_approval(),), "opened"), "published", "opened"),
        (Published(), "published", "published"),
        (Ignored("repeat"), "ignored", "repeat"),
        (Parked("schema", "/a", "words"), "parked", "schema"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_how_a_record_that_went_back_is_concluded_goes_to_redrives_with_its_outcome(
    outcome: Outcome, state: str, reason: str
) -> None:
    outputs = concluded(marked(), outcome)
    (note,) = notes(outputs)
    assert (note.parked, note.state, note.reason, note.redrives) == (MARK.parked, state, reason, 2)
    assert (note.topic, note.partition, note.by) == ("decisions", 1, "tracking")
    assert outputs[-1].key == MARK.parked.encode()
    ids = [dict(each.headers)["ce_id"] for each in outputs if "ce_id" in dict(each.headers)]
    assert len({*ids}) == len(ids)


def test_a_message_that_cannot_be_written_is_told_as_what_it_ended_as() -> None:
    large = replace(an_approval(), body=an_approval().body.model_copy(update={"by": "x" * 1_000_001}))
    outputs = concluded(marked(), Published((large,)))
    assert [each.topic for each in outputs] == ["parked.tracking", "redrives"]
    assert [(note.state, note.reason) for note in notes(outputs)] == [("parked", "output_too_large")]


def test_a_record_that_is_parked_again_says_how_often_it_came_back() -> None:
    first = dict(concluded(Record(), Parked("schema"))[0].headers)
    again = dict(concluded(marked(), Parked("schema"))[0].headers)
    assert "redrives" not in first
    assert (again["redrives"], again["redriven"]) == (b"2", MARK.parked.encode())


def test_nothing_is_told_of_a_record_that_never_went_back() -> None:
    assert concluded(Record((("ce_type", b"t"),)), Published((an_approval(),)))[0].topic == "approvals"
    assert notes(concluded(Record(), Ignored("repeat"))) == []


GENUINE = mark_headers(MENDING, MARK, "decisions", 1)


@pytest.mark.parametrize(
    "headers",
    [
        [(name, value if name != "onward_redrive_proof" else b"0" * 128) for name, value in GENUINE],
        [("onward_redriven", b"parked.tracking/0/18/1772000000000"), *GENUINE[1:]],
        [GENUINE[0], ("onward_redrives", b"1"), GENUINE[2]],
        [GENUINE[0], ("onward_redrives", None), GENUINE[2]],
        [GENUINE[0], GENUINE[1], ("onward_redrive_proof", None)],
        GENUINE[:2],
        GENUINE[2:],
        [*GENUINE, ("more", b"")],
        mark_headers(OTHER_MENDING, MARK, "decisions", 1),
        mark_headers(MENDING, MARK, "in.custody", 1),
        mark_headers(MENDING, MARK, "decisions", 2),
    ],
    ids=[
        "no-proof",
        "other-record",
        "other-count",
        "no-count",
        "none",
        "cut",
        "alone",
        "behind",
        "key",
        "topic",
        "part",
    ],
)
def test_whoever_writes_such_headers_himself_mends_nothing(headers: Headers) -> None:
    record = Record(tuple(headers))
    assert MARKS.of(record.headers, record.topic, record.partition) is None
    assert notes(concluded(record, Published())) == []
    assert "redrives" not in dict(concluded(record, Parked("schema"))[0].headers)
    assert MARKS.without(record.headers, record.topic, record.partition) == record.headers


HEADERS = st.lists(
    st.tuples(st.text(max_size=5) | st.sampled_from([name for name, _ in GENUINE]), st.none() | st.binary(max_size=9)),
    max_size=4,
).map(tuple)


@given(HEADERS, st.integers(1, 9), st.integers(0, 40))
def test_a_mark_is_read_as_it_was_made_and_leaves_the_records_own_headers_as_they_were(
    theirs: Headers, redrives: int, partition: int
) -> None:
    mark = Mark("parked.people/0/1/2", redrives)
    headers = (*theirs, *mark_headers(MENDING, mark, "contacts", partition))
    assert MARKS.of(headers, "contacts", partition) == mark
    assert MARKS.without(headers, "contacts", partition) == theirs


def test_no_header_of_a_mark_reaches_what_follows_from_the_record() -> None:
    outputs = concluded(marked(), Published((an_approval(),)))
    assert not [name for each in outputs for name, _ in each.headers if name.startswith("onward_")]


def note(state: str, parked: str = "a", reason: str = "") -> Redrive:
    return Redrive.model_validate(
        {"parked": parked, "state": state, "topic": "t", "partition": 0, "redrives": 1, "reason": reason, "by": "x"}
    )


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ([], "waiting", None),
        (["redriven"], "redriven", ""),
        (["redriven", "published"], "mended", "published"),
        (["redriven", "ignored"], "mended", "ignored"),
        (["redriven", "parked"], "parked again", "parked"),
        # What nobody sent back was not mended by whoever says so; and what is concluded is concluded.
        (["published"], "waiting", None),
        (["published", "redriven"], "redriven", ""),
        (["redriven", "parked", "published"], "parked again", "parked"),
        (["redriven", "published", "redriven"], "mended", "published"),
    ],
)
def test_how_a_parked_record_stands_follows_from_what_was_told_of_it_in_order(
    told: list[str], state: str, reason: str | None
) -> None:
    stand = Standings(note(each, reason="" if each == "redriven" else each) for each in told)
    assert stand.state("a") == state
    found = stand.noted("a")
    assert (None if found is None else found.reason) == reason
    assert stand.state("b") == "waiting"


def test_a_parked_topic_that_was_made_anew_holds_other_records() -> None:
    assert name_of("parked.people", 0, 0, 1) != name_of("parked.people", 0, 0, 2)


def test_a_parked_record_opens_as_it_was_with_the_mark_it_carried() -> None:
    record = marked()
    parked = Parking("tracking", ID_KEY, PARKING[0]).park(record, Parked("schema"), mark=MARK)
    assert unseal([MENDING], parked.topic, parked.value, dict(parked.headers)).headers == tuple(record.headers)
