"""Event types that nobody knows: which was most likely meant, and what of their names may be counted."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from onward.contracts import contact_types
from onward.diagnostics.spelling import nearest, spelled

UNKNOWN_TYPE: Final = "unknown_event_type"
"""The reason for which a message of a type that is in no list is parked or ignored."""
ANSWERED: Final = contact_types.ANSWERED
"""The one type that every partner may send."""

_ALIKE = 0.75
"""How much of a type must be there: `…risk-asessed` is `…risk-assessed`, and another partner's type is none of ours."""
_LONGEST = 200
_MOST_WORDS = 12
_WORD = re.compile(r"[a-z0-9]+")
_VERSION = re.compile(r"v[0-9]{1,2}")
_HIDDEN = "*"


def meant(named: str, known: Iterable[str]) -> str:
    """
    The *known* type that *named*, which is none, most likely means; "" when nobody can tell.

    It is a known type with something before it (`uk.gov.police.…`) or after it (`….v2`), the end of one, or nearly one.
    """
    if len(named) > _LONGEST:
        return ""
    types = {spelled(each): each for each in (*known, ANSWERED)}
    name = spelled(named)
    within = [each for each in types if f"_{each}_" in f"_{name}_"]
    if within:
        return types[max(within, key=len)]
    around = [each for each in types if name and each.endswith(f"_{name}")]
    if len(around) == 1:
        return types[around[0]]
    return types.get(nearest(name, types, alike=_ALIKE), "")


def vocabulary(types: Iterable[str]) -> frozenset[str]:
    """Every word in the names of *types*."""
    return frozenset(word for each in types for word in _WORD.findall(each.lower()))


def countable(named: str, words: Collection[str]) -> str:
    """
    *named* as it may stand in a metric: in lower case, each run of words that are not among *words* as one `*`.

    A partner chooses the names of its types, and could put a person into one; a metric must not repeat it.
    `prison-offender-events.prisoner.levitated` is counted as `prison-offender-events.prisoner.*`.
    """
    if len(named) > _LONGEST:
        return _HIDDEN
    shown: list[str] = []
    end = 0
    lowered = named.lower()
    for found in list(_WORD.finditer(lowered))[:_MOST_WORDS]:
        word = found[0] if found[0] in words or _VERSION.fullmatch(found[0]) else _HIDDEN
        between = lowered[end : found.start()]
        end = found.end()
        if word == _HIDDEN and shown and shown[-1] == _HIDDEN:
            continue
        if shown:
            shown.append(between if between in {".", "-", "_"} else ".")
        shown.append(word)
    return "".join(shown) or _HIDDEN
