"""Where a lost position is set: after the newest record that an output names, never past one that nobody handled."""

from dataclasses import replace

from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.processing.positions import Continue, Extent, Lost, NewestOutput
from onward.cli.offsets.planning import Kept, PartitionPosition, fault, plan

PLACE = TopicPartition("deliveries", 0)
A_LOG = Extent(10, 30)
IN_ORDER = PartitionPosition("dispatch.deliveries", PLACE, A_LOG, committed=25, named=23)
WITH_STATE = replace(IN_ORDER, keeps_state=True, kept=Kept(25, 40, 40), noted=40, committed=0)

EXTENTS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Extent(pair[0], pair[0] + pair[1]))
KEPT = st.builds(Kept, st.integers(0, 80), st.integers(0, 20), st.integers(0, 20))


@st.composite
def some_standings(draw: st.DrawFn) -> PartitionPosition:
    extent = draw(EXTENTS)
    inside = st.integers(extent.begin, extent.end - 1) if extent.end > extent.begin else st.nothing()
    keeps_state = draw(st.booleans())
    return PartitionPosition(
        "group",
        PLACE,
        extent,
        committed=draw(st.none() | st.integers(0, 80)),
        keeps_state=keeps_state,
        kept=draw(st.none() | KEPT) if keeps_state else None,
        noted=draw(st.none() | st.integers(0, 40)),
        named=draw(st.none() | inside),
    )


@given(some_standings())
def test_a_plan_is_always_within_the_log_and_mends_what_was_wrong(standing: PartitionPosition) -> None:
    made = plan(standing)
    if made is None:
        assert fault(standing) is None
        return
    assert standing.extent.begin <= made.offset <= standing.extent.end
    held = standing.kept.next_sequence if standing.kept else 0
    if standing.keeps_state:
        mended = replace(standing, kept=Kept(made.offset, held, held), noted=min(standing.noted or 0, held))
    else:
        mended = replace(standing, committed=made.offset)
    assert fault(mended) is None


@given(some_standings())
def test_a_plan_passes_over_no_record_after_those_that_outputs_name(standing: PartitionPosition) -> None:
    made = plan(standing)
    if made is not None and not standing.keeps_state:
        assert made.offset == (standing.extent.begin if standing.named is None else standing.named + 1)


def test_what_is_in_order_is_left_alone() -> None:
    assert plan(IN_ORDER) is None
    assert plan(WITH_STATE) is None


def test_records_that_no_output_names_are_handled_rather_than_passed_over() -> None:
    assert plan(replace(IN_ORDER, committed=29)) is None, "ignored records leave no output"
    made = plan(replace(IN_ORDER, committed=None, named=None))
    assert made is not None
    assert (made.offset, made.left) == (10, 20)


def test_a_database_goes_on_from_where_it_stands_whatever_the_outputs_name() -> None:
    older = replace(WITH_STATE, kept=Kept(15, 30, 30))
    made = plan(older)
    assert made is not None
    assert (made.offset, older.repeats, made.fault.needs_repeats) == (15, 10, True)


def test_a_database_that_knows_of_another_log_follows_the_outputs() -> None:
    kept = Kept(25, 40, 40, NewestOutput(24, 1000, 2000))
    made = plan(replace(WITH_STATE, kept=kept))
    assert made is not None
    assert made.offset == 24


def test_an_emptied_database_sees_every_record_again() -> None:
    made = plan(replace(WITH_STATE, kept=None))
    assert made is not None
    assert (made.offset, made.standing.repeats) == (10, 40)


def test_how_far_behind_a_reader_is_is_known_only_while_its_position_holds() -> None:
    assert isinstance(IN_ORDER.verdict, Continue)
    assert IN_ORDER.behind == 5
    lost = replace(IN_ORDER, committed=40)
    assert isinstance(lost.verdict, Lost)
    assert lost.behind is None
