"""When a broker needs fencing before it starts again, and when the controller has done it."""

from pathlib import Path

from onward.local.fencing import crashed, is_settled

DEBUG = "DEBUG QuorumController - [QuorumController id=1]"
FENCING = (
    "2374 INFO ReplicationControlManager - Fencing broker 1 at epoch 11 because its session has timed out.\n"
    f"2375 {DEBUG} Read-write operation maybeFenceStaleBroker(187) will be completed when the log reaches offset 99.\n"
)
COMMITTED = f"2401 {DEBUG} Processed maybeFenceStaleBroker(187) in 90 us\n"
PROCESSED = f"2401 {DEBUG} Processed maybeFenceStaleBroker(42) in 90 us\n"


def _ran(data: Path) -> None:
    (data / "__cluster_metadata-0").mkdir(parents=True)


def test_a_data_directory_that_no_broker_used_needs_no_fencing(tmp_path: Path) -> None:
    assert not crashed(tmp_path)


def test_a_broker_that_ended_with_care_has_left_its_partitions_itself(tmp_path: Path) -> None:
    _ran(tmp_path)
    (tmp_path / ".kafka_cleanshutdown").touch()
    assert not crashed(tmp_path)


def test_a_broker_that_ended_without_care_needs_fencing(tmp_path: Path) -> None:
    _ran(tmp_path)
    assert crashed(tmp_path)


def test_a_fencing_counts_only_once_it_is_committed() -> None:
    assert not is_settled(PROCESSED * 3 + FENCING)
    assert is_settled(PROCESSED * 3 + FENCING + COMMITTED)


def test_a_look_that_began_before_the_fencing_and_ends_after_it_does_not_count_for_it() -> None:
    assert not is_settled(FENCING + PROCESSED)
    assert is_settled(FENCING + PROCESSED + COMMITTED)


def test_two_sessions_without_a_broker_to_fence_say_that_there_is_none() -> None:
    assert not is_settled(PROCESSED * 15)
    assert is_settled(PROCESSED * 16)


def test_a_fencing_that_is_under_way_is_waited_for_however_long_it_takes() -> None:
    assert not is_settled(PROCESSED * 40 + FENCING)
