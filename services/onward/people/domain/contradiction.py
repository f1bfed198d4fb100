"""
Whether what is known of two people contradicts that they are one.

Asked where nothing stronger than a partner's own reference, or a partner's answer, says that they are. Names are spelt
in many ways and change, days are mistyped, and what nobody said contradicts nothing.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeAlias, TypeVar

from onward.people.domain.remembered import RememberedContact

T = TypeVar("T")

Name: TypeAlias = tuple[str, ...]
"""The parts of a name, each once, in lower case and without accents."""

_MISSPELT_FROM = 5
"""Letters of a name from which one that differs is a misspelling; shorter ones are often two names: Joan and John."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What was said of somebody that a person has one of. Somebody may be known by several names, and mistyped days."""

    names: frozenset[Name] = frozenset()
    born: frozenset[date] = frozenset()
    sexes: frozenset[str] = frozenset()


def particulars_of(remembered: Iterable[RememberedContact]) -> Particulars:
    """What these contacts said."""
    contacts = list(remembered)
    names = {one.identity.name for one in contacts if one.identity.name}
    return Particulars(
        frozenset(_parts(name) for name in names),
        frozenset(one.identity.date_of_birth for one in contacts if one.identity.date_of_birth),
        frozenset(one.sex for one in contacts if one.sex),
    )


def contradict(one: Particulars, other: Particulars) -> bool:
    """
    Whether these are two people, as far as name, date of birth and sex can say.

    They are where two of the three differ; and where one differs while neither the name nor the date of birth agrees:
    that the sex does says little. Of several names or dates one that agrees is enough.
    """
    agreed = [_agree(one.names, other.names, _same_name), _agree(one.born, other.born, _same_day)]
    differing = [*agreed, _agree(one.sexes, other.sexes, _same_sex)].count(False)
    return differing > 1 or (differing == 1 and True not in agreed)


def nothing_differs(particulars: Particulars) -> bool:
    """Whether no name, date or sex of one person differs from another: then no part of them contradicts another."""
    return not (
        len(particulars.sexes) > 1
        or any(not _same_day(*pair) for pair in combinations(particulars.born, 2))
        or any(_same_name(*pair) is False for pair in combinations(particulars.names, 2))
    )


def _agree(ours: Collection[T], theirs: Collection[T], same: Callable[[T, T], bool | None]) -> bool | None:
    """True where any two are the same, False where all differ; None where nobody can say."""
    if not ours or not theirs:
        return None
    found = {same(one, other) for one in ours for other in theirs}
    if True in found:
        return True
    return None if None in found else False


def _same_sex(one: str, other: str) -> bool:
    return one == other


def _same_name(one: Name, other: Name) -> bool | None:
    """True where every part of the shorter name is in the longer; None where only some are, as in a family."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return None
    shared = sum(any(_alike(part, another) for another in longer) for part in shorter)
    if shared == len(shorter):
        return True
    return None if shared else False


def _parts(name: str) -> Name:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (one if one.isalnum() else " " if one.isspace() or one in "-.," else "" for one in plain)
    return tuple(dict.fromkeys("".join(kept).split()))


def _alike(one: str, other: str) -> bool:
    """Spelt the same but for one letter; an initial is like every name that begins with it."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 1:
        return longer.startswith(shorter)
    if len(shorter) < _MISSPELT_FROM or len(longer) - len(shorter) > 1 or not (one + other).isalpha():
        return False
    same = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    return shorter[same + (len(shorter) == len(longer)) :] == longer[same + 1 :]


def _same_day(one: date, other: date) -> bool:
    """The same, or what becomes of it by a slip: a day off, one digit, two neighbours or day and month swapped."""
    if (
        one == other
        or abs((one - other).days) <= 1
        or (one.year, one.month, one.day) == (other.year, other.day, other.month)
    ):
        return True
    ours, theirs = one.isoformat().replace("-", ""), other.isoformat().replace("-", "")
    places = [place for place in range(len(ours)) if ours[place] != theirs[place]]
    if len(places) == 1:
        return True
    first, last = places[0], places[-1]
    return len(places) == 2 and last == first + 1 and ours[first : last + 1] == theirs[last] + theirs[first]
