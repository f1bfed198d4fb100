"""What systems write where nobody has said anything, and where an id should stand and there is none."""

import re
from typing import Final

from onward.diagnostics.spelling import spelled

_LONGEST: Final = 64
"""Characters of the longest text worth looking at: a longer one is no placeholder."""
_RUN: Final = re.compile(r"0+|x+|9{6,}|f{32}")
"""A number that was filled up: nothing but noughts (the nil UUID too), X, nines, or the max UUID (RFC 9562)."""

UNKNOWN_WORDS: Final = frozenset(
    {
        "",
        "n_a",
        "n_k",
        "na",
        "not_applicable",
        "not_asked",
        "not_assessed",
        "not_available",
        "not_disclosed",
        "not_given",
        "not_known",
        "not_provided",
        "not_recorded",
        "not_specified",
        "not_stated",
        "not_yet_assessed",
        "null",
        "prefer_not_to_say",
        "tbc",
        "to_be_confirmed",
        "undefined",
        "unknown",
        "unspecified",
    }
)
"""What partners write for "nobody knows", as `spelled` writes it: the same to us as saying nothing."""
NO_SIGNS: Final = r"\u00aa\u00b2\u00b3\u00b9\u00ba\u00bc-\u00be\u00c0-\u1fff\u2070-\U0010ffff"
"""
What no sign between words is, as the inside of a class of a pattern: letters and digits of every script but the plain
ones, and whatever else may be a word. `spelled` drops them, and a text that has one says something.
"""
_IN_ANOTHER_SCRIPT: Final = re.compile(f"[{NO_SIGNS}]")

_NO_NAMES: Final = UNKNOWN_WORDS | {
    "anonymous",
    "awaiting",
    "blank",
    "default",
    "dummy",
    "empty",
    "event_id",
    "eventid",
    "id",
    "missing",
    "nan",
    "nil",
    "no",
    "no_id",
    "no_number",
    "no_ref",
    "no_reference",
    "none",
    "nothing",
    "not_allocated",
    "not_assigned",
    "pending",
    "placeholder",
    "reference",
    "same",
    "see_above",
    "see_notes",
    "string",
    "tba",
    "tbd",
    "unallocated",
    "unassigned",
    "various",
}


def says_nothing(text: str) -> bool:
    """Whether *text* is blank, nothing but dashes and the like, or says that nobody knows."""
    return spelled(text) in UNKNOWN_WORDS and not _IN_ANOTHER_SCRIPT.search(text)


def names_nothing(text: str) -> bool:
    """
    Whether *text*, written where an id or a reference should stand, is a placeholder.

    Many messages bear the same one: taken for a name it would make one event of several, or one person of many.
    """
    if _IN_ANOTHER_SCRIPT.search(text):
        return False
    word = spelled(text)
    return len(word) <= _LONGEST and (word in _NO_NAMES or _RUN.fullmatch(word.replace("_", "")) is not None)
