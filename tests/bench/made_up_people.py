"""
People who come to notice of several services, as nobody's real record: contacts with the errors of real ones.

Names are made of syllables. How often each error occurs is our own judgement, stated here, and not measured anywhere.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

PEOPLE: Final = 2_000
SERVICES: Final = ("custody", "liaison", "street-triage", "control-room", "probation")
_FIRST: Final = ("ba", "de", "fi", "go", "ha", "je", "ki", "lo", "ma", "ne", "pa", "ro", "sa", "te", "va")
_LAST: Final = ("bor", "dan", "fell", "gar", "hurst", "ken", "lind", "mar", "nor", "sel", "tan", "wick", "worth")
_KEYS: Final = "abcdefghijklmnopqrstuvwxyz"

# How often: of each contact that names somebody.
TYPING, OTHER_ORDER, SHORTENED, FIRST_ALONE = 0.06, 0.01, 0.04, 0.02
DAY_SLIP, NO_DAY = 0.03, 0.12
NO_PHONE, ANOTHER_PHONE = 0.35, 0.10
NUMBER_SLIP, SOMEBODY_ELSES = 0.005, 0.002
INCIDENT_OF_TWO = 0.05
# How often: of each person.
TWINS, HOUSEHOLDS, RENAMED, NAMESAKES = 0.01, 0.08, 0.03, 0.005
NUMBERED: Final = {
    "custody": {"PNC": 0.6},
    "liaison": {"PNC": 0.3, "NHS": 0.5},
    "street-triage": {"NHS": 0.2},
    "control-room": {},
    "probation": {"CRN": 1.0, "PNC": 0.4},
}
"""How often a service has the number of somebody; the rest of their contacts are joined by who they say they are."""
NAMELESS: Final = {"street-triage": 0.15, "control-room": 0.15}


@dataclass(frozen=True)
class Somebody:
    """A person, with what is truly theirs."""

    first: str
    last: str
    later_last: str
    """Their surname in the second half of the year."""
    born: date
    sex: str
    phone: str
    numbers: dict[str, str]


@dataclass(frozen=True)
class Met:
    """One contact as it was written down, and of whom it truly is."""

    number: int
    who: int
    source: str
    day: int
    reference: str
    name: str
    born: date | None
    sex: str
    phone: str
    numbers: dict[str, str]


def everybody(draw: random.Random) -> list[Somebody]:
    """The people; twins and households share what such people share."""
    people: list[Somebody] = []
    for number in range(PEOPLE):
        near = people[-1] if people else None
        one = _somebody(draw, number)
        if near is not None and draw.random() < TWINS:
            one = replace(one, last=near.last, later_last=near.last, born=near.born, phone=near.phone)
        elif near is not None and draw.random() < HOUSEHOLDS:
            one = replace(one, last=near.last, later_last=near.last, phone=near.phone)
        elif people and draw.random() < NAMESAKES:
            other = draw.choice(people)
            one = replace(one, first=other.first, last=other.last, later_last=other.last, sex=other.sex)
        people.append(one)
    return people


def meetings(draw: random.Random, people: Sequence[Somebody]) -> list[Met]:
    """One to eight contacts with each, in the order in which they happened."""
    told = [one for who in range(len(people)) for one in _of(draw, people, who)]
    told.sort(key=lambda one: one.day)
    return [replace(one, number=number) for number, one in enumerate(told)]


def _of(draw: random.Random, people: Sequence[Somebody], who: int) -> Iterator[Met]:
    one = people[who]
    for _ in range(min(8, 1 + int(draw.expovariate(0.5)))):
        source, day = draw.choice(SERVICES), draw.randint(1, 365)
        named = draw.random() >= NAMELESS.get(source, 0.0)
        phone = one.phone if draw.random() >= ANOTHER_PHONE else _phone(draw)
        numbers = {
            kind: _number(draw, people, who, kind) for kind, often in NUMBERED[source].items() if draw.random() < often
        }
        incident = f"{source}/{draw.randint(1, 50) if draw.random() < INCIDENT_OF_TWO else f'{who}/{day}'}"
        yield Met(
            number=0,
            who=who,
            source=source,
            day=day,
            reference=incident,
            name=_name(draw, one, day) if named else "",
            born=_day(draw, one.born) if named and draw.random() >= NO_DAY else None,
            sex=one.sex,
            phone=phone if named and draw.random() >= NO_PHONE else "",
            numbers=numbers,
        )


def _somebody(draw: random.Random, number: int) -> Somebody:
    last = _common(draw, _LAST)
    return Somebody(
        first=_common(draw, _FIRST),
        last=last,
        later_last=_common(draw, _LAST) if draw.random() < RENAMED else last,
        born=date(1950, 1, 1) + timedelta(days=draw.randrange(365 * 57)),
        sex=draw.choice(("female", "male")),
        phone=_phone(draw),
        numbers={"PNC": f"2001/{number:07}A", "NHS": f"9{number:09}", "CRN": f"X{number:06}"},
    )


def _common(draw: random.Random, syllables: Sequence[str]) -> str:
    """A name of two or three syllables; a few names are very common, as they are."""
    at = [min(int(draw.expovariate(0.25)), len(syllables) - 1) for _ in range(draw.choice((2, 2, 3)))]
    return "".join(syllables[each] for each in at).capitalize()


def _name(draw: random.Random, one: Somebody, day: int) -> str:
    first, last = one.first, one.later_last if day > 182 else one.last
    if draw.random() < SHORTENED:
        first = first[:1] if draw.random() < 0.5 else first[:3]
    if draw.random() < FIRST_ALONE:
        return first
    parts = [first, last]
    if draw.random() < OTHER_ORDER:
        parts.reverse()
    written = " ".join(parts)
    return _slip(draw, written) if draw.random() < TYPING else written


def _slip(draw: random.Random, text: str) -> str:
    at = draw.randrange(1, len(text))
    match draw.choice(("left out", "twice", "another", "swapped")):
        case "left out":
            return text[:at] + text[at + 1 :]
        case "twice":
            return text[:at] + text[at - 1] + text[at:]
        case "another":
            return text[:at] + draw.choice(_KEYS) + text[at + 1 :]
        case _:
            return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _day(draw: random.Random, born: date) -> date:
    if draw.random() >= DAY_SLIP:
        return born
    match draw.choice(("swapped", "a day off", "another year", "another month")):
        case "swapped" if born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        case "another year":
            return born.replace(year=born.year + draw.choice((-10, -1, 1, 10)), day=min(born.day, 28))
        case "another month":
            return born.replace(month=draw.randint(1, 12), day=min(born.day, 28))
        case _:
            return born + timedelta(days=1)


def _phone(draw: random.Random) -> str:
    # Longer than any number here, so that it is nobody's.
    return f"01632 96{draw.randrange(10_000_000):07}"


def _number(draw: random.Random, people: Sequence[Somebody], who: int, kind: str) -> str:
    chance = draw.random()
    if chance < SOMEBODY_ELSES:
        return draw.choice(people).numbers[kind]
    own = people[who].numbers[kind]
    return own if chance >= SOMEBODY_ELSES + NUMBER_SLIP else own[:-2] + draw.choice("0123456789") + own[-1]
