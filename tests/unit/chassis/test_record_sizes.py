"""How long a record may be, and how long it is when it is parked."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import ID_KEY, PARKING
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.processing.parking import Parking
from onward.chassis.record import RawRecord, size
from onward.contracts.outcome import Ignored, Outcome, Parked
from onward.contracts.topics import REPLIES


@dataclass
class Given:
    """A record as the client library hands it over."""

    value: bytes | None
    topic: str = "in.custody"
    key: bytes | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    partition: int = 0
    offset: int = 0
    timestamp: int = 0


@dataclass
class Watching:
    """A decision that notes what it was asked."""

    asked: list[Any] = field(default_factory=list[Any])

    def __call__(self, record: Any) -> Outcome:
        self.asked.append(record)
        return Ignored("seen")


LIMIT = 262_144
TOO_LONG = [
    Given(b"x" * (LIMIT + 1)),
    Given(b"{}", key=b"k" * LIMIT),
    Given(b"{}", headers=(("h", b"y" * LIMIT),)),
    Given(b"{}", headers=(("h" * LIMIT, None),)),
]


@pytest.mark.parametrize("record", TOO_LONG, ids=["value", "key", "header", "name of a header"])
async def test_a_record_that_is_too_long_is_parked_before_anybody_looks_into_it(record: Given) -> None:
    decide = Watching()
    processor = RecordProcessor("intake", ID_KEY, PARKING, failure_limit=10)
    handled = await processor.handle(StatelessHop.of_raw(("in.custody",), decide), [record])
    assert handled.outcomes.by_reason == {("parked", "too_large"): 1}
    assert decide.asked == []


async def test_a_record_of_just_the_longest_length_is_decided_on() -> None:
    decide = Watching()
    processor = RecordProcessor("intake", ID_KEY, PARKING, failure_limit=10)
    await processor.handle(StatelessHop.of_raw(("in.custody",), decide), [Given(b"x" * LIMIT)])
    assert [type(each) for each in decide.asked] == [RawRecord]


def test_the_same_holds_for_a_topic_whose_messages_are_decoded_and_the_bound_is_said() -> None:
    hop = StatelessHop(REPLIES, lambda _: Ignored("unused"))
    too_long = Given(b"{" * 65_537, topic="replies.somebody")
    read = RecordProcessor("tracking", ID_KEY, PARKING, failure_limit=10).read(hop.read, too_long)
    assert isinstance(read, Parked)
    assert (read.reason, read.pointer) == ("too_large", "")
    assert "65536" in read.detail


NAMES = st.text(st.characters(codec="utf-8"), max_size=6)
HEADERS = st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=8)), max_size=40).map(tuple)


@given(st.none() | st.binary(max_size=50), st.none() | st.binary(max_size=50), HEADERS)
def test_no_record_grows_more_than_sixfold_when_it_is_parked(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    record = Given(value, key=key, headers=headers)
    parked = Parking("intake", ID_KEY, PARKING[0]).park(record, Parked("not_json"))
    assert len(parked.value) <= 6 * size(record) + 200
