"""JSON from strangers is read within limits or refused with a reason that says nothing of the content."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.diagnostics import json_text
from onward.diagnostics.json_text import Unreadable, parse, pointer

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


def refusal(value: bytes | None) -> tuple[str, str]:
    with pytest.raises(Unreadable) as raised:
        parse(value)
    return raised.value.reason, raised.value.pointer


@given(JSON)
def test_good_json_reads_as_the_standard_library_reads_it(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(value: bytes) -> None:
    with contextlib.suppress(Unreadable):
        parse(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ("empty", "")),
        (b"", ("empty", "")),
        (b"  \n", ("empty", "")),
        (b"{", ("not_json", "")),
        (b"{} trailing", ("not_json", "")),
        (b"NaN", ("not_json", "")),
        (b'{"a": -Infinity}', ("not_json", "")),
        (b'"\x01"', ("not_json", "")),
        (b'{"a": "\xff"}', ("not_utf8", "")),
        ('{"a": 1}'.encode("utf-16"), ("not_utf8", "")),
        (b'"' + b"x" * json_text.MAX_BYTES + b'"', ("too_large", "")),
        (b"[" * 65 + b"]" * 65, ("too_deep", "")),
        (b"[" * 500_000, ("too_deep", "")),
        (b'{"a":' * 100_000, ("too_deep", "")),
        (b'{"a": {"b": 1, "b": 2}}', ("duplicate_key", "/a")),
        (b'{"a": [1, 1e999]}', ("number_out_of_range", "/a/1")),
        (b'{"a": 9223372036854775808}', ("number_out_of_range", "/a")),
        (b'{"a": ' + b"9" * 100_000 + b"}", ("number_out_of_range", "/a")),
        (b'{"a": "\\u0000"}', ("forbidden_character", "/a")),
        (b'{"a": "\\ud800"}', ("forbidden_character", "/a")),
        (b'{"a": {"\\u0000": 1}}', ("forbidden_character", "/a")),
    ],
)
def test_each_hostile_shape_has_its_own_reason(value: bytes | None, expected: tuple[str, str]) -> None:
    assert refusal(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b'"' + b"[" * 1000 + b'"', "[" * 1000),
        (b'"' + b'\\"[' * 1000 + b'"', '"[' * 1000),
        (b"[" + b"[]," * 99 + b"[]]", [[]] * 100),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\u0000"', "\\u0000"),
        (b"-9223372036854775807", -(2**63) + 1),
    ],
)
def test_what_only_looks_hostile_is_read(value: bytes, expected: Any) -> None:
    read = parse(value)
    assert expected is None or read == expected


def test_a_string_that_never_ends_takes_no_quadratic_time() -> None:
    assert refusal(b"[" * 65 + b'"' + b'\\"' * 500_000) == ("too_deep", "")
    assert refusal(b"[[" + b"[]," * 70 + b'"' + b'\\"' * 400_000)[0] == "not_json"


def test_a_refusal_shows_no_key_that_could_be_data() -> None:
    assert refusal(b'{"Jane Doe 1970": {"x": 1, "x": 2}}') == ("duplicate_key", "/*")


@pytest.mark.parametrize(
    "key", ["A1234BC", "X123456", "Test Person-0001", "test.person@example.org", "943 476 5919", "1"]
)
def test_a_pointer_shows_no_key_that_may_name_a_person(key: str) -> None:
    assert refusal(json.dumps({key: {"a": 1}}).replace('"a": 1', '"a": 1, "a": 2').encode()) == ("duplicate_key", "/*")


@pytest.mark.parametrize("key", ["eventType", "@type", "$ref", "event.s136_minutes", "ce:id", "addressLine1", "x-y_z"])
def test_a_pointer_shows_the_names_of_fields(key: str) -> None:
    assert pointer((key, 12)) == f"/{key}/12"


@pytest.mark.parametrize("later", [b"Infinity", b"{", b"nonsense"])
def test_what_is_no_json_behind_a_number_out_of_range_is_refused_as_no_json(later: bytes) -> None:
    assert refusal(b"[9223372036854775808, " + later + b"]") == ("not_json", "")


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_a_file_says_what_its_document_says_in_one_order(document: dict[str, Any]) -> None:
    written = json_text.as_file(document)
    assert json.loads(written) == document
    assert json_text.as_file(dict(reversed(document.items()))) == written


def test_what_fits_on_a_line_of_a_file_stands_on_one() -> None:
    words = [f"word-number-{number}" for number in range(20)]
    document = {"short": {"type": "string", "enum": ["a", "b"]}, "long": words, "empty": [], "nested": [{"a": 1}]}
    lines = json_text.as_file(document).splitlines()
    assert '  "short": {"enum": ["a", "b"], "type": "string"}' in lines
    assert '  "nested": [{"a": 1}],' in lines
    assert [line.startswith('    "word-number-') for line in lines].count(True) == 4
    assert max(map(len, lines)) <= 120
