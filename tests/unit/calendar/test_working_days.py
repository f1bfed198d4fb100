"""Working days: weekends, bank holidays, the afternoon cut-off and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.calendar.times import LONDON
from onward.calendar.working_days import add_working_days, clock_start, is_working_day, working_days_between


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_a_referral_made_on_thursday_morning_is_due_five_working_days_later() -> None:
    assert add_working_days(london("2026-03-05T10:30"), 5) == london("2026-03-12T10:30")


def test_a_weekend_and_easter_do_not_count() -> None:
    assert add_working_days(london("2026-04-02T10:00"), 1) == london("2026-04-07T10:00")


def test_from_one_o_clock_the_clock_starts_at_nine_on_the_next_working_day() -> None:
    assert clock_start(london("2026-03-06T12:59")) == london("2026-03-06T12:59")
    assert clock_start(london("2026-03-06T13:00")) == london("2026-03-09T09:00")
    assert add_working_days(london("2026-03-06T13:00"), 2) == london("2026-03-11T09:00")


def test_what_arrives_on_a_bank_holiday_counts_from_the_next_morning() -> None:
    assert clock_start(london("2026-12-25T08:00")) == london("2026-12-29T09:00")


def test_the_london_hour_stays_the_same_across_the_clock_change() -> None:
    end = add_working_days(london("2026-03-27T09:30"), 1)
    assert end == datetime(2026, 3, 30, 8, 30, tzinfo=UTC)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        add_working_days(datetime(2026, 3, 5, 10), 1)  # noqa: DTZ001 - the point of the test


def test_days_are_never_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(london("2026-03-05T10:30"), -1)


@given(st.dates(date(1990, 1, 1), date(2110, 1, 1)), st.integers(-10, 900))
def test_working_days_between_agrees_with_counting_each_day(a: date, days: int) -> None:
    b = a + timedelta(days=days)
    counted = sum(is_working_day(a + timedelta(days=day)) for day in range(1, days + 1))
    assert working_days_between(a, b) == counted


def test_very_far_days_are_counted_at_once() -> None:
    assert working_days_between(date.min, date.max) > 2_600_000 - 2_000
