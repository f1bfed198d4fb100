"""
Whether what is known of two people contradicts that they are one.

Asked where nothing stronger than a partner's own reference, or a partner's answer, says that they are. Names are spelt
in many ways and change, days are mistyped, and what nobody said contradicts nothing.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Literal, TypeAlias, TypeVar

from onward.calendar.times import london_day
from onward.people.domain.diminutives import in_full
from onward.people.domain.remembered import NOBODY, RememberedContact, name_parts, phone_digits

T = TypeVar("T")

Name: TypeAlias = tuple[str, ...]
"""The parts of a name, each once, in lower case and without accents."""

_MISSPELT_FROM = 5
"""Letters of a name from which one that differs is a misspelling; shorter ones are often two names: Joan and John."""
_AGE_GUESSED_WITHIN = 2
"""Years by which an age that somebody gives of another person is off now and then."""

Span: TypeAlias = tuple[date, date]
"""The first and the last day on which somebody of a stated age can have been born."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What was said of somebody that a person has one of. Somebody may be known by several names, and mistyped days."""

    names: frozenset[Name] = frozenset()
    born: frozenset[date] = frozenset()
    sexes: frozenset[str] = frozenset()
    ages: frozenset[Span] = frozenset()
    """Of those whose date of birth nobody said, but an age."""
    roles: frozenset[str] = frozenset()
    """Victim or suspect of domestic abuse: of one incident one person is one of them, as far as a number can tell."""

    def is_part_of(self, other: "Particulars") -> bool:
        """Whether all of it is in another."""
        return (
            self.names <= other.names
            and self.born <= other.born
            and self.sexes <= other.sexes
            and self.ages <= other.ages
            and self.roles <= other.roles
        )


def together(several: Iterable[Particulars]) -> Particulars:
    """What was said in any of them."""
    each = list(several)
    return Particulars(
        frozenset(name for one in each for name in one.names),
        frozenset(day for one in each for day in one.born),
        frozenset(sex for one in each for sex in one.sexes),
        frozenset(span for one in each for span in one.ages),
        frozenset(role for one in each for role in one.roles),
    )


def particulars_of(remembered: Iterable[RememberedContact], *, of_incident: bool = False) -> Particulars:
    """What these contacts said; with *of_incident* also which part they had in it."""
    names, born, sexes, ages, roles = set[str](), set[date](), set[str](), set[Span](), set[str]()
    for one in remembered:
        identity = one.identity
        if identity is not NOBODY:
            names.update((identity.name,) if identity.name else ())
            born.update((identity.date_of_birth,) if identity.date_of_birth else ())
        if one.facts:
            sexes.update((one.sex,) if one.sex else ())
            ages.update(() if (span := _born_within(one)) is None else (span,))
            if of_incident and (role := _role(one)):
                roles.add(role)
    parts = frozenset(parts for name in names if (parts := name_parts(name)))
    return Particulars(parts, frozenset(born), frozenset(sexes), frozenset(ages), frozenset(roles))


def contradict(one: Particulars, other: Particulars) -> bool:
    """
    Whether these are two people, as far as name, date of birth and sex can say.

    They are where two of the three differ; and where one differs while neither the name nor the date of birth agrees:
    that the sex does says little. Of several names or dates one that agrees is enough. A name of which only a part
    agrees, as in a family, is one that differs, unless the date of birth agrees. The part in an incident counts as the
    sex does.
    """
    names = _agree(one.names, other.names, _same_name)
    days = _same_birth(one, other)
    differing = [days, _agree(one.sexes, other.sexes, _same_word), _agree(one.roles, other.roles, _same_word)]
    count = differing.count(False) + (names is False)
    if count > 1:
        return True
    return names is not True and days is not True and (count == 1 or (any(one.names) and any(other.names)))


def agreement(
    ours: Collection[RememberedContact], theirs: Collection[RememberedContact]
) -> dict[Literal["name", "date_of_birth", "phone", "sex"], bool | None]:
    """Which details of two people agree, which differ, and of which nobody can say; without any value of them."""
    one, other = particulars_of(ours), particulars_of(theirs)
    phone, another = (
        frozenset(digits for each in contacts if (digits := phone_digits(each.identity.phone or "")))
        for contacts in (ours, theirs)
    )
    return {
        "name": _agree(one.names, other.names, _same_name),
        "date_of_birth": _same_birth(one, other),
        "phone": _agree(phone, another, _same_word),
        "sex": _agree(one.sexes, other.sexes, _same_word),
    }


def written_otherwise(
    ours: Collection[RememberedContact], theirs: Collection[RememberedContact]
) -> tuple[Literal["name", "date_of_birth"], ...]:
    """Of name and date of birth those that are in no two contacts of both people the same."""
    one, other = particulars_of(ours), particulars_of(theirs)
    names, others = (frozenset(frozenset(name) for name in each.names) for each in (one, other))
    found: dict[Literal["name", "date_of_birth"], bool] = {
        "name": names.isdisjoint(others),
        "date_of_birth": one.born.isdisjoint(other.born),
    }
    return tuple(detail for detail, is_so in found.items() if is_so)


def nothing_differs(particulars: Particulars) -> bool:
    """Whether no name, date or sex of one person differs from another: then no part of them contradicts another."""
    return not (
        len(particulars.sexes) > 1
        or len(particulars.roles) > 1
        or any(not same_day(*pair) for pair in combinations(particulars.born, 2))
        or any(_same_name(*pair) is not True for pair in combinations(particulars.names, 2))
        or any(not _overlap(*pair) for pair in combinations(particulars.ages, 2))
        or any(not _is_within(day, span) for day in particulars.born for span in particulars.ages)
    )


def _born_within(one: RememberedContact) -> Span | None:
    """When somebody was born whose age alone is told."""
    age = one.facts.get("person.age")
    if age is None or one.identity.date_of_birth is not None:
        return None
    year = timedelta(days=365.25)
    day = london_day(one.occurred_at)
    oldest, youngest = age + 1 + _AGE_GUESSED_WITHIN, age - _AGE_GUESSED_WITHIN
    return day - oldest * year, day - youngest * year


def _role(one: RememberedContact) -> str | None:
    role: str | None = one.facts.get("risk.domestic_abuse_role")
    return None if role == "none" else role


def _same_birth(one: Particulars, other: Particulars) -> bool | None:
    """As `_agree`; an age can say that two people are of different ages, and not that they were born on one day."""
    days = _agree(one.born, other.born, same_day)
    if days is not None:
        return days
    ours = [*((day, day) for day in one.born), *one.ages]
    theirs = [*((day, day) for day in other.born), *other.ages]
    if not ours or not theirs:
        return None
    return None if any(_overlap(span, another) for span in ours for another in theirs) else False


def _overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _is_within(day: date, span: Span) -> bool:
    return span[0] <= day <= span[1]


def _agree(ours: Collection[T], theirs: Collection[T], same: Callable[[T, T], bool | None]) -> bool | None:
    """True where any two are the same, False where all differ; None where nobody can say."""
    if not ours or not theirs:
        return None
    found = {same(one, other) for one in ours for other in theirs}
    if True in found:
        return True
    return None if None in found else False


def _same_word(one: str, other: str) -> bool:
    return one == other


def _same_name(one: Name, other: Name) -> bool | None:
    """True where every part of the shorter name is in the longer; None where only some are, as in a family."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return None
    shared = _shared(shorter, longer)
    if len(shorter) == len(longer):
        # Two parts of one name may be like the same part of the other: whoever is asked about first, it is one part.
        shared = min(shared, _shared(longer, shorter))
    if shared == len(shorter):
        return True
    return None if shared else False


def _shared(parts: Name, others: Name) -> int:
    return sum(any(is_alike(part, another) for another in others) for part in parts)


def is_alike(one: str, other: str) -> bool:
    """Spelt the same but for one letter or two that are swapped; an initial, or a familiar form of the name."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 1:
        return longer.startswith(shorter)
    if not in_full(one).isdisjoint(in_full(other)):
        return True
    if len(shorter) < _MISSPELT_FROM or len(longer) - len(shorter) > 1 or not (one + other).isalpha():
        return False
    same = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if shorter[same + (len(shorter) == len(longer)) :] == longer[same + 1 :]:
        return True
    swapped = shorter[same + 1 : same + 2] + shorter[same : same + 1] + shorter[same + 2 :]
    return swapped == longer[same:]


def same_day(one: date, other: date) -> bool:
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
