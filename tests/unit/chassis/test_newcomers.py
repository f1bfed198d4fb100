"""A partition is new only if it came while this process watched its topic, and only for a while."""

from aiokafka.structs import TopicPartition

from onward.chassis.processing.newcomers import Newcomers
from onward.chassis.processing.positions import Begin, Extent, Lost, decide

FIRST, ADDED = TopicPartition("in.custody", 0), TopicPartition("in.custody", 1)


def watching() -> Newcomers:
    seen = Newcomers()
    seen.see([FIRST], {"in.custody": 1}, now=0)
    return seen


def test_what_was_there_at_the_first_look_is_not_new() -> None:
    assert not watching().is_new(FIRST, now=1)


def test_what_came_while_the_process_watched_is_new_for_two_minutes() -> None:
    seen = watching()
    seen.see([FIRST, ADDED], {"in.custody": 2}, now=100)
    assert seen.is_new(ADDED, now=101)
    assert not seen.is_new(ADDED, now=221)
    assert not seen.is_new(FIRST, now=101)


def test_a_partition_that_a_better_informed_member_handed_out_counts_as_seen() -> None:
    seen = watching()
    seen.see([ADDED], {"in.custody": 1}, now=100)
    assert seen.is_new(ADDED, now=101)


def test_being_handed_the_same_partitions_again_makes_nothing_new() -> None:
    seen = watching()
    seen.see([FIRST], {"in.custody": 1}, now=100)
    assert not seen.is_new(FIRST, now=101)


def test_a_new_partition_is_begun_whatever_was_written_first_and_one_that_lost_records_is_not() -> None:
    assert decide(None, Extent(0, 3), is_new=True) == Begin(0)
    assert isinstance(decide(None, Extent(2, 3), is_new=True), Lost)


def test_a_topic_that_came_while_the_process_watches_for_topics_is_new_with_all_its_partitions() -> None:
    seen = Newcomers(with_topics=True)
    seen.see([FIRST], {"in.custody": 1}, now=0)
    assert not seen.is_new(FIRST, now=1)
    added = TopicPartition("replies.night-shelter", 1)
    seen.see([added], {"in.custody": 1, "replies.night-shelter": 2}, now=100)
    assert seen.is_new(added, now=101)
    assert not seen.is_new(added, now=221)


def test_an_old_topic_that_comes_from_another_process_is_not_new() -> None:
    seen = Newcomers(with_topics=True)
    seen.see([FIRST], {"in.custody": 1, "replies.hostel": 1}, now=0)
    handed_over = TopicPartition("replies.hostel", 0)
    seen.see([handed_over], {"replies.hostel": 1}, now=100)
    assert not seen.is_new(handed_over, now=101)
