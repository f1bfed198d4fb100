"""
How likely it is that two people are one: whom to ask a person about, and never whom to join.

Weights as of Fellegi and Sunter: the logarithm to base 2 of how much more often a detail comes out so for one person
than for two. They add up, from that of two people met at random being one. Whoever reaches nought is as likely one
person as not, and is asked about. What contradicts is not weighed against what agrees: it is no question.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import product
from typing import Final

from onward.people.domain.apart import ONE_EACH
from onward.people.domain.contradiction import Name, contradict, is_alike, particulars_of, same_day
from onward.people.domain.remembered import RememberedContact, kind_of, whole_phone

AT_RANDOM: Final = -21
"""Of two million people who come to notice, one is whoever is met now: 2 to the power of 21."""
NAME_SAME, NAME_ALIKE = 17, 11
"""Two people have one name once in 130,000; one that is like it (a slip, an initial, a familiar form) 60 times that."""
BORN_SAME, BORN_ALIKE = 14, 4
"""57 years have 20,800 days; about 40 of them are a slip away from any, which befalls one date in thirty."""
PHONE_SAME, PHONE_OTHER = 13, -1
"""Families share a telephone, and a third of people has another one by the next time."""
SEX_SAME = 1
ASKED_FROM: Final = 0


def weight(ours: Collection[RememberedContact], theirs: Collection[RememberedContact]) -> int | None:
    """How much speaks for it that these are one person's contacts; None where anything contradicts it."""
    one, other = particulars_of(ours), particulars_of(theirs)
    sexes = None if not (one.sexes and other.sexes) else bool(one.sexes & other.sexes)
    if sexes is False or contradict(one, other) or _of_two_records(ours, theirs):
        return None
    born = _best(_born(*pair) for pair in product(one.born, other.born))
    name = _best(_name(*pair) for pair in product(one.names, other.names))
    phone = _phone(_phones(ours), _phones(theirs))
    if name is None or (born is None and one.born and other.born):
        return None
    return AT_RANDOM + name + (born or 0) + phone + (SEX_SAME if sexes else 0)


def is_likely(ours: Collection[RememberedContact], theirs: Collection[RememberedContact]) -> bool:
    """Whether a person is to be asked if these are one person's contacts."""
    found = weight(ours, theirs)
    return found is not None and found >= ASKED_FROM


def _best(found: Iterable[int | None]) -> int | None:
    return max((each for each in found if each is not None), default=None)


def _of_two_records(ours: Iterable[RememberedContact], theirs: Iterable[RememberedContact]) -> bool:
    """Whether both have a number of a kind of which a person has one, and not the same."""
    numbers, others = _one_each(ours), _one_each(theirs)
    return any(numbers[kind].isdisjoint(others[kind]) for kind in numbers.keys() & others.keys())


def _one_each(contacts: Iterable[RememberedContact]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number in (number for one in contacts for number in one.connected):
        if (kind := kind_of(number)) in ONE_EACH:
            found.setdefault(kind, set()).add(number)
    return found


def _born(one: date, other: date) -> int | None:
    return BORN_SAME if one == other else BORN_ALIKE if same_day(one, other) else None


def _name(one: Name, other: Name) -> int | None:
    """None where not even a part agrees; nothing for a part alone, as in a family or of who has married."""
    if sorted(one) == sorted(other):
        return NAME_SAME if len(one) > 1 else 0
    shorter, longer = sorted((one, other), key=len)
    found = _matched(shorter, longer)
    return NAME_ALIKE if found == len(shorter) > 1 else 0 if found else None


def _matched(shorter: Sequence[str], longer: Sequence[str]) -> int:
    """How many parts of the one have a part of the other of their own that is like it."""
    left = list(longer)
    for part in shorter:
        like = next((another for another in left if part == another), None)
        like = like or next((another for another in left if is_alike(part, another)), None)
        if like is not None:
            left.remove(like)
    return len(longer) - len(left)


def _phones(contacts: Iterable[RememberedContact]) -> frozenset[str]:
    return frozenset(phone for one in contacts if (phone := whole_phone(one.identity)))


def _phone(ours: Collection[str], theirs: Collection[str]) -> int:
    if not ours or not theirs:
        return 0
    return PHONE_OTHER if set(ours).isdisjoint(theirs) else PHONE_SAME
