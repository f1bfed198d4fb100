"""What one service wrote is held against what the next one handled."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.observability.balance import (
    IN_HAND_SECONDS,
    BalanceSheet,
    Opening,
    TopicBalance,
    kept,
    sheet,
    unaccounted,
)
from onward.chassis.processing.counts import Counts

LATER = IN_HAND_SECONDS + 10


def at(moment: float, written: int, handled: int) -> BalanceSheet:
    return BalanceSheet(moment, {"contacts": TopicBalance(written, handled, 0.0)})


def found(*sheets: BalanceSheet, openings: Mapping[str, Opening] | None = None) -> int:
    return unaccounted(sheets, openings or {})["contacts"]


def test_what_is_on_its_way_is_accounted_for() -> None:
    assert found(at(0, 100, 90), at(LATER, 130, 100)) == 0


def test_a_record_that_nobody_handled_is_missed_after_two_minutes() -> None:
    assert found(at(0, 100, 99), at(IN_HAND_SECONDS - 1, 100, 99)) == 0
    assert found(at(0, 100, 99), at(LATER, 100, 99)) == 1


def test_a_stuck_partition_is_missed_although_others_go_on() -> None:
    assert found(at(0, 100, 60), at(LATER, 200, 80)) == 20


def test_a_record_that_was_handled_twice_shows_below_nothing() -> None:
    assert found(at(0, 100, 103), at(LATER, 100, 103)) == -3


def test_a_reader_that_is_looked_up_before_its_writer_is_no_double() -> None:
    assert found(at(0, 100, 100), at(5, 100, 103)) == 0
    assert found(at(0, 100, 100), at(5, 100, 103), at(15, 103, 103)) == 0


def test_what_the_books_began_with_is_not_missed() -> None:
    opened = {"contacts": Opening(0.0, 40)}
    assert found(at(0, 140, 100), at(LATER, 150, 110), openings=opened) == 0
    assert found(at(0, 140, 99), at(LATER, 140, 99), openings=opened) == 1
    assert found(at(0, 140, 101), at(LATER, 140, 101), openings=opened) == -1


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=60),
    st.integers(-1000, 1000),
    st.floats(1, 40),
)
def test_a_hop_that_handles_all_it_gets_within_two_minutes_is_never_accused(
    steps: list[tuple[int, int]], difference: int, every: float
) -> None:
    written = handled = 0
    sheets: list[BalanceSheet] = []
    waiting: list[tuple[float, int]] = []
    for number, (writes, handles) in enumerate(steps):
        moment = number * every
        written += writes
        waiting.append((moment, written))
        handled = max(min(written, handled + handles), *(w for m, w in waiting if m <= moment - IN_HAND_SECONDS), 0)
        sheets = kept([*sheets, at(moment, written + difference, handled)])
        assert found(*sheets, openings={"contacts": Opening(0.0, difference)}) == 0


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 500))
def test_a_loss_and_a_double_are_never_silent(lost: int, doubled: int, before: int) -> None:
    assert found(at(0, before + lost, before), at(LATER, before + lost, before)) == lost
    assert found(at(0, before, before + doubled), at(LATER, before, before + doubled)) == -doubled


def test_a_sheet_adds_up_partitions_and_leaves_out_what_was_put_back() -> None:
    readers = {"contacts": [Counts(1000, 0, received=5, again=1), Counts(2000, 0, received=3)]}
    writers = [Counts(3000, 7, written={"contacts": 4, "parked": 1}), Counts(9000, 0, written={"decisions": 9})]
    assert sheet(7.0, readers, writers).topics["contacts"] == TopicBalance(4, 7, since=3.0)


def test_only_sheets_that_may_still_be_needed_are_kept() -> None:
    sheets: list[BalanceSheet] = []
    for number in range(100):
        sheets = kept([*sheets, at(number * 10.0, 0, 0)])
    assert len(sheets) == IN_HAND_SECONDS / 10 + 1


def test_a_partition_that_gets_its_first_record_does_not_make_the_books_younger() -> None:
    """A partner that begins to use a partition is no loss of counts."""
    old, began_now = Counts(1000, 0, received=5), Counts(9_000_000, 0, received=1)
    assert sheet(9001.0, {"contacts": [old, began_now]}, []).topics["contacts"].since == 1.0
    lost_its_counts = Counts(8_000_000, 500)
    assert sheet(9001.0, {"contacts": [old, lost_its_counts]}, []).topics["contacts"].since == 8000.0
