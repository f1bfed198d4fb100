"""How long the oldest record waits is known from when the partition ended where."""

from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.observability.waiting import EndOffsets


def test_a_record_waits_at_most_since_the_last_moment_at_which_it_was_not_there() -> None:
    waiting = EndOffsets()
    for moment, end in ((0.0, 5), (10.0, 5), (20.0, 9), (30.0, 12)):
        waiting.saw(moment, end)
    assert waiting.since(5) == 10.0
    assert waiting.since(8) == 10.0
    assert waiting.since(9) == 20.0
    assert waiting.since(12) == 30.0


def test_of_what_was_there_before_anybody_looked_nothing_is_known_until_the_broker_is_asked() -> None:
    waiting = EndOffsets()
    waiting.saw(100.0, 50)
    assert waiting.since(20) is None
    waiting.learned([(90.0, 40), (60.0, 15)])
    assert waiting.since(20) == 60.0
    assert waiting.since(45) == 90.0


def test_a_topic_that_was_made_anew_begins_anew() -> None:
    waiting = EndOffsets()
    waiting.saw(0.0, 100)
    waiting.saw(10.0, 3)
    assert waiting.since(2) is None
    assert waiting.since(3) == 10.0


@given(st.lists(st.integers(0, 9), min_size=1, max_size=1500), st.data())
def test_it_is_never_said_to_wait_less_than_it_does(appended: list[int], data: st.DataObject) -> None:
    waiting, arrived, position = EndOffsets(), list[float](), 0
    waiting.saw(0.0, 0)
    for number, count in enumerate(appended):
        moment = (number + 1) * 10.0
        arrived += [moment - 0.001] * count
        waiting.saw(moment, len(arrived))
        position = data.draw(st.integers(position, len(arrived))) if number % 97 == 0 else position
        since = waiting.since(position)
        assert since is not None
        if position < len(arrived):
            assert since < arrived[position]
