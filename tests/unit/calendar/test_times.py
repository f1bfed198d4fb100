"""Times are read as partners write them, or not at all."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.calendar.times import read_day, read_moment


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-06-11T15:14:46+01:00", datetime(2024, 6, 11, 14, 14, 46, tzinfo=UTC)),
        ("2024-06-11T18:32:50.965579271Z", datetime(2024, 6, 11, 18, 32, 50, 965579, tzinfo=UTC)),
        ("2023-11-20T09:30:00.00000000+01:00", datetime(2023, 11, 20, 8, 30, tzinfo=UTC)),
        ("2024-06-13T17:52:26.5564705+01:00", datetime(2024, 6, 13, 16, 52, 26, 556470, tzinfo=UTC)),
        ("2023-07-31T09:26:39.362Z+01:00", datetime(2023, 7, 31, 8, 26, 39, 362000, tzinfo=UTC)),
        ("2024-06-11T15:14+0100", datetime(2024, 6, 11, 14, 14, tzinfo=UTC)),
        ("2024-06-11 15:14:46Z", datetime(2024, 6, 11, 15, 14, 46, tzinfo=UTC)),
        ("2024-06-11T15:14:46+01:00[Europe/London]", datetime(2024, 6, 11, 14, 14, 46, tzinfo=UTC)),
        ("Fri Jun 14 00:00:00 BST 2024", datetime(2024, 6, 13, 23, tzinfo=UTC)),
        ("Thu Feb 20 00:08:57 GMT 2020", datetime(2020, 2, 20, 0, 8, 57, tzinfo=UTC)),
        ("2012-01-05T10:00:00Z", datetime(2012, 1, 5, 10, tzinfo=UTC)),
    ],
)
def test_every_form_that_partners_send_is_one_instant(written: str, instant: datetime) -> None:
    assert read_moment(written) == instant
    assert read_moment(f"  {written} ") == instant


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-06-11T15:14:46", datetime(2024, 6, 11, 14, 14, 46, tzinfo=UTC)),
        ("2024-12-11T15:14:46", datetime(2024, 12, 11, 15, 14, 46, tzinfo=UTC)),
        ("2024-10-27T01:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_london_time(written: str, instant: datetime) -> None:
    assert read_moment(written) == instant


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "",
        None,
        1718115286,
        True,
        "2024-02-30T10:00:00Z",
        "2024-06-11T25:00:00Z",
        "2024-06-11T15:14:46+99:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "Fri Jun 14 00:00:00 PST 2024",
        "Fri Xyz 14 00:00:00 BST 2024",
        "2024-06-11",
        "2024-06-11T15:14:46Z" + "0" * 500,
    ],
)
def test_what_is_not_a_time_is_none(written: object) -> None:
    assert read_moment(written) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1990-05-01", date(1990, 5, 1)),
        ("01/05/1990", date(1990, 5, 1)),
        ("01-05-1990", date(1990, 5, 1)),
        ("1.5.1990", date(1990, 5, 1)),
        ("1990/05/01", date(1990, 5, 1)),
        ("1990.05.01", date(1990, 5, 1)),
        ("1990-05-01T00:00:00+01:00", date(1990, 5, 1)),
        ("Fri Jun 14 00:00:00 BST 2024", date(2024, 6, 14)),
        ("1990-02-30", None),
        ("30/02/1990", None),
        ("1066-10-14", None),
        ("", None),
        (19900501, None),
    ],
)
def test_a_day_is_the_day_as_written(written: object, day: date | None) -> None:
    assert read_day(written) == day


@given(st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_every_instant_is_read_back_as_it_was_written(instant: datetime) -> None:
    assert read_moment(instant.isoformat()) == instant


@given(st.text())
def test_no_text_makes_reading_raise(text: str) -> None:
    read_moment(text)
    read_day(text)
