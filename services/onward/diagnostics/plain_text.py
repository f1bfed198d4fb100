"""Texts from strangers, without what is not seen and steers whoever reads them: a terminal, a page, a direction."""

import re
from typing import Any, Final

INVISIBLE: Final = "\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
"""
Marks that turn the direction of writing, line ends that few editors show, characters without a width; the inside of a
character class. Joiners (U+200C, U+200D) are none: names of several languages cannot be written without them.
"""
_BETWEEN_WORDS: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_STEERS: Final = re.compile(f"[\0-\x1f\x7f-\x9f{INVISIBLE}]")


def plain(text: str) -> str:
    """*text* on one line, without control characters and without marks that are not seen."""
    if text.isprintable():
        return text
    return _STEERS.sub("", _BETWEEN_WORDS.sub(" ", text))


def plain_values(value: Any) -> Any:
    """A JSON value with every text in it `plain`; the keys of its objects stay as they are."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: plain_values(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain_values(each) for each in value]
    return value
