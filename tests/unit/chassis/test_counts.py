"""What became of a partition's records is kept beside its position, and outlives the process."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.processing import counts
from onward.chassis.processing.counts import Counts
from onward.chassis.processing.redriving import REDRIVEN
from onward.chassis.record import EncodedRecord

MOST_BYTES = 4096
"""Of a note beside an offset, as brokers come."""


@dataclass(frozen=True)
class Record:
    """One as the client hands it over."""

    headers: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    topic: str = "contacts"
    partition: int = 0
    offset: int = 0
    key: bytes | None = None
    value: bytes | None = None
    timestamp: int = 0


def to(topic: str) -> EncodedRecord:
    return EncodedRecord(topic, b"k", b"v", [])


def test_every_record_ends_in_an_outcome_or_is_missing_from_the_counts() -> None:
    some = Counts(0, 0).after([Record()] * 4, {"published": 1, "ignored": 2, "parked": 1})
    assert (some.received, some.uncounted) == (4, 0)
    assert some.after([Record()] * 2, {"published": 1}).uncounted == 1


def test_a_record_that_was_put_back_is_counted_as_received_again() -> None:
    back = Record([("ce_id", b"1"), (REDRIVEN, b"parked.people/0/3")])
    found = Counts(0, 0).after([Record(), back], {"published": 2})
    assert (found.received, found.again, found.uncounted) == (2, 1, 0)


def test_messages_are_counted_by_topic_or_family() -> None:
    found = Counts(0, 0).wrote([to("receipts"), to("referrals.a"), to("referrals.b")]).wrote([to("receipts")])
    assert found.written == {"receipts": 2, "referrals": 2}


@given(
    st.integers(0, 2**62),
    st.integers(0, 2**62),
    st.dictionaries(st.sampled_from(["contacts", "parked"]), st.integers(0, 2**62)),
)
def test_counts_come_back_as_they_were_kept(since: int, many: int, written: dict[str, int]) -> None:
    kept = Counts(since, many, received=many, published=many, written=written)
    assert counts.read(kept.text()) == kept


def test_a_note_that_is_absent_or_of_another_release_is_no_counts() -> None:
    newer = Counts(0, 0).text().replace('"v":1', '"v":2')
    unknown = Counts(0, 0).text().replace('"again"', '"deferred"')
    assert [counts.read(text) for text in (None, "", "x", "[]", "7", "{}", newer, unknown)] == [None] * 8


def test_the_largest_counts_that_a_hop_can_have_fit_beside_an_offset() -> None:
    families = ("deliveries", "status", "questions", "escalations", "referral-events", "parked", "redrives", "feedback")
    most = 2**63
    full = Counts(most, most, most, most, most, most, most, dict.fromkeys(families, most))
    assert len(full.text().encode()) < MOST_BYTES / 4
