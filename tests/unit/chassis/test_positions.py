"""Where an owner goes on: never at the beginning because somebody forgot, never past records that nobody read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.processing.positions import Begin, Continue, Extent, Lost, NewestOutput, Reason, decide, explain

EXTENTS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: Extent(pair[0], pair[0] + pair[1]))


def test_an_empty_partition_that_was_never_written_is_a_beginning() -> None:
    assert decide(None, Extent(0, 0)) == Begin(0)


@pytest.mark.parametrize("extent", [Extent(0, 1), Extent(7, 12), Extent(12, 12)])
def test_without_an_offset_a_partition_that_was_ever_written_is_not_begun(extent: Extent) -> None:
    assert decide(None, extent) == Lost(Reason.FORGOTTEN, None, extent)


@given(EXTENTS, st.integers(0, 120))
def test_a_position_is_kept_if_and_only_if_the_log_has_it(extent: Extent, position: int) -> None:
    verdict = decide(position, extent)
    if extent.begin <= position <= extent.end:
        assert verdict == Continue(position)
    else:
        assert isinstance(verdict, Lost)
        past = position > extent.end
        assert verdict.reason is (Reason.BEYOND_THE_END if past else Reason.BEFORE_THE_BEGINNING)


def test_records_that_were_removed_unread_are_numbered() -> None:
    verdict = decide(14, Extent(26, 40))
    assert isinstance(verdict, Lost)
    assert verdict.removed_unread == 12
    assert "14" in explain("deliveries/0", verdict)
    assert "12 records" in explain("deliveries/0", verdict)


@pytest.mark.parametrize("found", [None, 1001])
def test_other_records_where_the_handled_ones_stood_are_another_log(found: int | None) -> None:
    verdict = decide(10, Extent(0, 20), newest=NewestOutput(9, 1000, found))
    assert isinstance(verdict, Lost)
    assert verdict.reason is Reason.ANOTHER_LOG


def test_a_handled_record_that_retention_took_since_proves_nothing() -> None:
    assert decide(10, Extent(10, 20), newest=NewestOutput(9, 1000, None)) == Continue(10)


@given(st.none() | st.integers(0, 120), EXTENTS)
def test_every_refusal_names_the_partition_and_what_the_log_holds(position: int | None, extent: Extent) -> None:
    verdict = decide(position, extent)
    if isinstance(verdict, Lost):
        told = explain("deliveries/3", verdict)
        assert "deliveries/3" in told
        assert str(extent.end) in told or str(extent.begin) in told
