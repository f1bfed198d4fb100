"""Whether a text could give away whom a message is about, so that it is not repeated to anybody."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast, get_args

from onward.contracts.identifiers import IdentifierType, read_identifier

_ABOUT: Final = ("person", "personReference", "additionalInformation", "hearing")
"""Where a message says who it is about."""
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
"""What of a particular would give it away: a name, a street."""
_DIGITS: Final = 8
"""So many digits of it do too: a telephone number, a day of birth. Fewer are in many a case number."""


def gives_away(text: str, body: Mapping[str, Any], *, at: tuple[str, ...] = ()) -> bool:
    """
    Whether *text*, which stands at the place *at* in *body*, names the person whom the message *body* is about.

    It is an identifier, or part of what is said of the person elsewhere in the message, or has such a part in it. Too
    often is safe.
    """
    if any(read_identifier(kind, text) is not None for kind in get_args(IdentifierType)):
        return True
    lowered = text.casefold()
    return any(
        place != at and (lowered in said or _holds_part(lowered, said))
        for name in _ABOUT
        for place, said in _texts(body.get(name), (name,))
    )


def _holds_part(text: str, said: str) -> bool:
    number = _digits(said)
    is_long = len(number) >= _DIGITS
    return (is_long and number in _digits(text)) or any(word in text for word in _WORD.findall(said))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _texts(value: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text and number within, in lower case, with its place."""
    if isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            yield from _texts(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _texts(each, (*at, str(number)))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield at, str(value).casefold()
