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
        "do_not_know",
        "don_t_know",
        "dont_know",
        "n_a",
        "n_k",
        "na",
        "nk",
        "no_information",
        "not_applicable",
        "not_asked",
        "not_assessed",
        "not_available",
        "not_disclosed",
        "not_given",
        "not_known",
        "not_provided",
        "not_obtained",
        "not_recorded",
        "not_specified",
        "not_stated",
        "not_sure",
        "not_yet_assessed",
        "null",
        "prefer_not_to_say",
        "tba",
        "tbc",
        "tbd",
        "to_be_confirmed",
        "to_follow",
        "undefined",
        "unk",
        "unknown",
        "unspecified",
        "unsure",
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
    "anon",
    "anonymous",
    "as_above",
    "awaiting",
    "blank",
    "default",
    "ditto",
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
    "no_trace",
    "none",
    "none_given",
    "not_issued",
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
    "unallocated",
    "unassigned",
    "unavailable",
    "unnamed",
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
