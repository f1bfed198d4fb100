"""Values that stand for all others: for a fact's tests, every answer that some value gives is given by one of these."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count, islice, product
from string import ascii_lowercase, ascii_uppercase, digits

from onward.contracts.fact_kinds import Choice, Code, Day, FactValue, Kind, Records, Whole, YesNo
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Between, Check, Has, OneOf

_ONE_DAY = timedelta(days=1)
_AREAS = ("E09", "W06", "S12", "N09")
"""The beginnings of area codes: one for each nation."""
_WORDS = ("E08000025", "W06000015", "S12000036", "N09000003", "another", "another-2", "pl", "cy")
"""Codes that an author would recognise as examples."""


def values(kind: Kind, tests: Sequence[Check], likely: Sequence[str] = ()) -> list[FactValue]:
    """
    Values of *kind*, the nearest to the edges of *tests* first.

    Whatever value a fact has, one of these is treated alike by every test. *likely* are codes to prefer where any code
    that no test names would do.
    """
    match kind:
        case YesNo():
            return [True, False]
        case Whole(low, high):
            edges = {edge for edge in whole_edges(tests) if low <= edge <= high}
            return [*sorted(edges or {low})]
        case Choice(words):
            return [*words]
        case Code():
            return [*_codes(kind, tests, likely)]
        case Day():
            return [*day_edges(tests)]
        case Records():
            return [*_lists(kind, tests)]


def whole_edges(tests: Iterable[Check]) -> set[int]:
    """The whole numbers at which a test changes its answer, and their neighbours before."""
    edges: set[int] = set()
    for test in tests:
        if isinstance(test, Between):
            edges |= {test.low, test.low - 1} if isinstance(test.low, int) else set()
            edges |= {test.high, test.high + 1} if isinstance(test.high, int) else set()
        elif isinstance(test, OneOf):
            edges |= {value + step for value in test.values if isinstance(value, int) for step in (-1, 0, 1)}
    return edges


def day_edges(tests: Iterable[Check]) -> list[date]:
    """The days at which a test changes its answer, and their neighbours; 1 January 2020 if there are none."""
    named: set[date] = set()
    for test in tests:
        if isinstance(test, Between):
            named |= {end for end in (test.low, test.high) if isinstance(end, date)}
        elif isinstance(test, OneOf):
            named |= {value for value in test.values if isinstance(value, date)}
    edges = {day + step for day in named for step in (-_ONE_DAY, timedelta(0), _ONE_DAY)}
    return sorted(edges or {date(2020, 1, 1)})


def _codes(kind: Code, tests: Sequence[Check], likely: Sequence[str]) -> Iterator[str]:
    named = {value for test in tests if isinstance(test, OneOf) for value in test.values if isinstance(value, str)}
    yield from sorted(named)
    others = [word for word in (*likely, kind.example, *_WORDS) if _fits(kind, word) and word not in named]
    yield from dict.fromkeys(others or islice(_like(kind, named), 1))
    for start in _AREAS:
        if _fits(kind, f"{start}000001"):
            yield next(code for number in count(1) if (code := f"{start}{number:06d}") not in named)


def _like(kind: Code, named: Collection[str]) -> Iterator[str]:
    """Codes like the example that nobody names, for a form that no word here has."""
    endings = map("".join, product(digits + ascii_lowercase + ascii_uppercase, repeat=2))
    words = (kind.example[:-2] + ending for ending in endings)
    return (word for word in words if word not in named and _fits(kind, word))


def _fits(kind: Code, word: str) -> bool:
    """Whether *word* has the form of the code."""
    return re.fullmatch(kind.pattern, word) is not None


def _lists(kind: Records, tests: Sequence[Check]) -> list[list[dict[str, bool | int | str]]]:
    """Lists of records, one for each combination of answers that `has` and `has no` can give together."""
    asked = [test for test in tests if isinstance(test, Has)]
    singles: dict[object, dict[str, bool | int | str]] = {}
    for record in _records(kind, asked):
        singles.setdefault(tuple(check_holds(test, [record]) for test in asked), record)
    found = {tuple(check_holds(test, [record]) for test in asked): [record] for record in singles.values()}
    found.setdefault(tuple(check_holds(test, []) for test in asked), [])
    waiting = list(found.values())
    while waiting:
        known = waiting.pop(0)
        for record in singles.values():
            longer = [*known, record]
            answers = tuple(check_holds(test, longer) for test in asked)
            if answers not in found:
                found[answers] = longer
                waiting.append(longer)
    return list(found.values())


def _records(kind: Records, asked: Sequence[Has]) -> Iterator[dict[str, bool | int | str]]:
    """Records, those with every field first; none that is empty, since no test may give one."""
    choices: list[list[tuple[str, bool | int | str] | None]] = []
    for name, field in kind.fields.items():
        tests = [part.test for test in asked for part in test.fields if part.path == name]
        scalars = [value for value in values(field, tests) if isinstance(value, bool | int | str)]
        choices.append([*((name, value) for value in scalars), None])
    made = [dict(part for part in parts if part is not None) for parts in product(*choices)]
    yield from sorted(filter(None, made), key=len, reverse=True)
