"""JSON from strangers: read within limits, or refused with a reason that says nothing of the content."""

import json
import math
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

MAX_BYTES = 1_048_576
MAX_DEPTH = 64
MAX_INTEGER = 2**63 - 1

_WIDTH = 120
"""Characters of a line of a generated file, its comma included."""

_BOM = "\ufeff"
# A string that never ends is matched to the end of the text, so that no input takes quadratic time.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_ESCAPED_TROUBLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
# Four digits make a number that may be a person's; an @ after the first character makes an e-mail address.
_FIELD_NAME = re.compile(r"(?!(?:\D*\d){4})[A-Za-z_@$][A-Za-z0-9_.:$-]{0,63}")


class Unreadable(Exception):  # noqa: N818 - it names an outcome, not a fault of ours
    """
    The bytes cannot be used as JSON.

    *reason* is one of `empty`, `too_large`, `not_utf8`, `too_deep`, `not_json`, `duplicate_key`,
    `number_out_of_range`, `forbidden_character`; *pointer* is a JSON pointer to the object or value
    (empty: the whole text); *detail* is a sentence without any value of the text.
    """

    def __init__(self, reason: str, pointer: str, detail: str) -> None:
        super().__init__(reason, pointer, detail)
        self.reason = reason
        self.pointer = pointer
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason} at {self.pointer or '/'}: {self.detail}"


class _Suspicious(Exception):  # noqa: N818 - a signal between two passes
    """The quick pass met something to refuse; the slow pass says where."""


class _Mark:
    """Stands in a parsed value for what must be refused."""


_TWICE = _Mark()
_OUT_OF_RANGE = _Mark()


def parse(value: bytes | None, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """
    The JSON value in *value*: dict, list, str, int, float, bool or None.

    Stricter than `json.loads`: UTF-8 only (one leading byte order mark is allowed), at most *max_bytes* long and
    *max_depth* deep, no key twice in one object, no NaN or Infinity, numbers finite and integers within 64 bits,
    no NUL and no half of a surrogate pair in a string, since no database stores those.

    Raises:
        Unreadable: Any of that does not hold.
    """
    if value is None or not value.strip():
        raise Unreadable("empty", "", "there is no content")
    if len(value) > max_bytes:
        raise Unreadable("too_large", "", f"longer than {max_bytes} bytes")
    _check_depth(value, max_depth)
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8", "", f"byte {error.start} is not UTF-8") from None
    text = text.removeprefix(_BOM)
    try:
        parsed = _decoded(text)
    except json.JSONDecodeError as error:
        raise Unreadable("not_json", "", f"not JSON from line {error.lineno}, column {error.colno} on") from None
    except RecursionError:
        raise Unreadable("too_deep", "", f"nested deeper than {max_depth}") from None
    if _ESCAPED_TROUBLE.search(value):
        _refuse(parsed)
    return parsed


def as_file(document: Mapping[str, Any]) -> str:
    """*document* as every generated JSON file has it: the same text for the same content, on as few lines as fit."""
    return _laid_out(document, 0, 0) + "\n"


def _laid_out(value: Any, depth: int, taken: int) -> str:
    """*value*, *depth* levels in, where *taken* characters of its line are taken."""
    line = _on_a_line(value)
    if not isinstance(value, dict | list) or not value or (depth and 2 * depth + taken + len(line) < _WIDTH):
        return line
    if isinstance(value, dict):
        keys = {f"{_on_a_line(key)}: ": value[key] for key in sorted(value)}
        parts, ends = [key + _laid_out(each, depth + 1, len(key)) for key, each in keys.items()], "{}"
    elif any(isinstance(each, dict | list) for each in value):
        parts, ends = [_laid_out(each, depth + 1, 0) for each in value], "[]"
    else:
        parts, ends = list(_filled([_on_a_line(each) for each in value], _WIDTH - 2 * depth - 2)), "[]"
    inner = ",\n".join("  " * (depth + 1) + part for part in parts)
    return f"{ends[0]}\n{inner}\n{'  ' * depth}{ends[1]}"


def _on_a_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _filled(words: Sequence[str], width: int) -> Iterator[str]:
    """*words* on lines of at most *width* characters, each with its comma."""
    line: list[str] = []
    for word in words:
        if line and len(", ".join([*line, word])) >= width:
            yield ", ".join(line)
            line = []
        line.append(word)
    yield ", ".join(line)


def _decoded(text: str) -> Any:
    """*text* as JSON, or a refusal of the first value that cannot be used; it may also turn out to be no JSON."""
    try:
        return _QUICK.decode(text)
    except _Suspicious:
        _refuse(_MARKING.decode(text))
        raise AssertionError("the two passes disagree") from None


def pointer(path: tuple[str | int, ...]) -> str:
    """
    *path* as a JSON pointer, for people and logs.

    A key that does not look like a field's name, such as one that is itself data, is shown as `*`.
    """
    return "".join(f"/{_segment(part)}" for part in path)


def only_names(text: str, names: Container[str]) -> str:
    """
    A JSON pointer of which only *names* and numbers are shown, and anything else as `*`.

    For a document of which nothing is known yet: a key in it may be what a person is called.
    """
    return "".join(f"/{part if part in names or part.isdigit() else '*'}" for part in text.split("/")[1:])


def pointer_parts(text: str) -> tuple[str, ...]:
    """The parts of a JSON pointer (RFC 6901), each as it was before it was escaped; none for the whole document."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def _segment(part: str | int) -> str:
    if isinstance(part, int):
        return str(part)
    return part if _FIELD_NAME.fullmatch(part) else "*"


def _check_depth(value: bytes, max_depth: int) -> None:
    if value.count(b"[") + value.count(b"{") <= max_depth:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(value):
        first = value[match.start()]
        if first in b"[{":
            depth += 1
            if depth > max_depth:
                raise Unreadable("too_deep", "", f"nested deeper than {max_depth}")
        elif first in b"]}":
            depth -= 1


def _decoder(mark: Callable[[_Mark], Any]) -> json.JSONDecoder:
    def an_object(pairs: list[tuple[str, Any]]) -> Any:
        made = dict(pairs)
        return made if len(made) == len(pairs) else mark(_TWICE)

    def an_integer(digits: str) -> Any:
        # int() of very long text is slow, and beyond 4,300 digits an error
        if len(digits) < 19 or (len(digits) <= 20 and abs(int(digits)) <= MAX_INTEGER):
            return int(digits)
        return mark(_OUT_OF_RANGE)

    def a_real(digits: str) -> Any:
        number = float(digits)
        return number if math.isfinite(number) else mark(_OUT_OF_RANGE)

    def a_constant(name: str) -> Any:
        raise json.JSONDecodeError(f"{name} is not JSON", "", 0)

    return json.JSONDecoder(
        object_pairs_hook=an_object, parse_int=an_integer, parse_float=a_real, parse_constant=a_constant
    )


def _raise(_: _Mark) -> Any:
    raise _Suspicious


_QUICK = _decoder(_raise)
_MARKING = _decoder(lambda mark: mark)


def _refuse(parsed: Any) -> None:
    """Say what must be refused in *parsed* and where; nothing, if an escape was harmless."""
    for path, value in _walk(parsed, ()):
        if value is _TWICE:
            raise Unreadable("duplicate_key", pointer(path), "an object names one key twice")
        if value is _OUT_OF_RANGE:
            raise Unreadable("number_out_of_range", pointer(path), "a number is beyond 64 bits")
        if isinstance(value, str) and not _storable(value):
            detail = "a string or a key holds NUL or half of a surrogate pair"
            raise Unreadable("forbidden_character", pointer(path), detail)


def _walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
