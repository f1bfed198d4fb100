"""What a stranger writes does not steer whoever reads it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.diagnostics.plain_text import plain, plain_values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Zoë O'Brien-N\u00fa\u00f1ez", "Zoë O'Brien-N\u00fa\u00f1ez"),
        ("A\x1b[31mB", "A[31mB"),
        ("A\u202eB", "AB"),
        ("A\u2066B\u2069", "AB"),
        ("1 High Street\r\nAnytown\tAnyshire", "1 High Street Anytown Anyshire"),
        ("A\u2028B", "A B"),
        ("A\ufeff\u200bB", "AB"),
        ("A\x9bB\x7f", "AB"),
        (
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("", ""),
    ],
)
def test_what_steers_goes_and_what_a_name_needs_stays(written: str, read: str) -> None:
    assert plain(written) == read


@given(st.text())
def test_nothing_that_steers_is_left_and_nothing_that_is_shown_is_lost(text: str) -> None:
    read = plain(text)
    kinds = {unicodedata.category(each) for each in read if not 0xE0000 <= ord(each) <= 0xE007F}
    assert not kinds & {"Cc", "Zl", "Zp"}
    assert not set(read) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    assert [each for each in text if each.isprintable() and not each.isspace()] == [
        each for each in read if each.isprintable() and not each.isspace()
    ]
    assert plain(read) == read


def test_every_text_of_a_value_is_cleaned_and_nothing_else_is_touched() -> None:
    value = {"a": ["x\x00", 1, None, True, {"b\u202e": "y\u202e"}], "c": 1.5}
    assert plain_values(value) == {"a": ["x", 1, None, True, {"b\u202e": "y"}], "c": 1.5}
