"""Whether a text could give away whom a message is about, so that it is not repeated to anybody."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast, get_args

from onward.contracts.identifiers import IdentifierType, read_identifier

_ABOUT: Final = ("person", "personReference", "additionalInformation", "hearing")
"""Where a message says who it is about."""
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
"""What of a particular would give it away: a name, a street."""
_SHORT_WORD: Final = re.compile(r"[^\W\d_]{2,3}")
"""What of a name would, standing by itself: Ng, Ali."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DIGITS: Final = 8
"""So many digits of it do too: a telephone number, a day of birth. Fewer are in many a case number."""
_SUBSCRIBER: Final = 10
"""The digits of a telephone number that it has in every country, behind 0 or +44."""
_COMPACT: Final = 5
"""Letters and digits of the shortest particular that is known without what stands between them, such as M1 1AA."""

_SHORTEST_NAME: Final = 4
"""Letters of the shortest name that is known so."""


def gives_away(text: str, body: Mapping[str, Any], *, at: tuple[str, ...] = ()) -> bool:
    """
    Whether *text*, which stands at the place *at* in *body*, names the person whom the message *body* is about.

    It is an identifier, or part of what is said of the person elsewhere in the message, or has such a part in it,
    however it is spaced, accented or dated. Too often is safe.
    """
    if any(read_identifier(kind, text) is not None for kind in get_args(IdentifierType)):
        return True
    plain = _plain(text)
    return any(
        place != at and (plain in said or _holds_part(plain, said) or _holds_short_name(plain, place, said))
        for name in _ABOUT
        for place, said in _texts(body.get(name), (name,))
    )


def _holds_part(text: str, said: str) -> bool:
    digits, compact = _digits(text), _compact(said)
    return (
        any(number in digits for number in _numbers(said))
        or (len(compact) >= _COMPACT and not compact.isdecimal() and compact in _compact(text))
        or any(word in text for word in _WORD.findall(said))
    )


def _numbers(said: str) -> list[str]:
    """Its digits as they may be written elsewhere: a day in any order, a telephone number without its beginning."""
    number = _digits(said)
    if len(number) < _DIGITS:
        return []
    day = _DAY.match(said)
    turned = [day[3] + day[2] + day[1], day[2] + day[3] + day[1]] if day else []
    return [number[-_SUBSCRIBER:] if not day else day[1] + day[2] + day[3], *turned]


def _holds_short_name(text: str, place: tuple[str, ...], said: str) -> bool:
    if not any("name" in part.lower() for part in place):
        return False
    words = _WORDS.findall(text)
    compact = _compact(said)
    return any(short in words for short in _SHORT_WORD.findall(said)) or (
        len(compact) > 3 and compact in _compact(text)
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _plain(text: str) -> str:
    """In lower case, without accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _texts(value: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text and number within, as `_plain` has it, with its place."""
    if isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            yield from _texts(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _texts(each, (*at, str(number)))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield at, _plain(str(value))
