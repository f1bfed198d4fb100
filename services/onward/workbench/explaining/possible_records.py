"""Lists of records that answer every question in each possible way, as near to the list now as can be."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any, TypeAlias

from onward.contracts.fact_kinds import Choice, Code, Whole, YesNo
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Between, Condition, Has, OneOf

Record: TypeAlias = dict[str, bool | int | str]
Fields: TypeAlias = Mapping[str, YesNo | Whole | Choice | Code]

_FEW_RECORDS = 6
"""Of more records it is not tried which of them may leave a test open."""


def lists(fields: Fields, tests: Sequence[Has], now: list[Record] | None) -> Iterable[tuple[list[Record], int]]:
    """
    For each way to answer *tests* a list that answers so, with the number of records added to *now* or taken out.

    A test is answered by one record that fits; `has no` is the same test the other way round. What a record of *now*
    leaves open may stay open.
    """
    asked = tuple(dict.fromkeys(test.fields for test in tests))
    single = _single_records(fields, asked)
    records = [(each, _fits(each, asked, sure=True), _fits(each, asked, sure=False)) for each in now or ()]
    for answers, left_open in product(_reachable(single), _left_open([may & ~fits for _, fits, may in records])):
        if answers & left_open:
            continue
        kept = [(record, fits) for record, fits, may in records if not (fits & ~answers or may & ~answers & ~left_open)]
        met = 0
        for _, fits in kept:
            met |= fits
        added = _fewest(single, answers & ~met, answers)
        yield [*(record for record, _ in kept), *added], len(added) + len(records) - len(kept)


def _left_open(opens: Sequence[int]) -> list[int]:
    """Sets of tests that may stay open, as bits: what any of a few records leaves open, or none or all of many."""
    if len(opens) > _FEW_RECORDS:
        together = 0
        for bits in opens:
            together |= bits
        return [0, together]
    found = {0}
    for bits in opens:
        found |= {other | part for other in found for part in _parts(bits)}
    return sorted(found)


def _parts(bits: int) -> list[int]:
    """Every set of tests among *bits*."""
    found, part = [0], bits
    while part:
        found.append(part)
        part = part - 1 & bits
    return found


def _single_records(fields: Fields, asked: Sequence[tuple[Condition, ...]]) -> dict[int, Record]:
    """One record for each set of tests that a record can fit, as bits."""
    conditions = [condition for group in asked for condition in group]
    choices = {name: _values(kind, [each for each in conditions if each.path == name]) for name, kind in fields.items()}
    found: dict[int, Record] = {}
    for values in product(*choices.values()):
        record = dict(zip(choices, values, strict=True))
        found.setdefault(_fits(record, asked, sure=True), record)
    return found


def _values(kind: YesNo | Whole | Choice | Code, conditions: Sequence[Condition]) -> list[Any]:
    """One value of a field for each way to answer its conditions."""
    offered: list[Any]
    match kind:
        case YesNo():
            offered = [True, False]
        case Choice(values):
            offered = list(values)
        case Code(_, example):
            tests = [each.test for each in conditions]
            named = {value for test in tests if isinstance(test, OneOf) for value in test.values}
            offered = [*sorted(map(str, named)), example]
        case Whole(low, high):
            edges = {low, high}
            for each in conditions:
                edges |= _edges(each)
            offered = sorted(edge for edge in edges if low <= edge <= high)
    found: dict[tuple[object, ...], Any] = {}
    for value in offered:
        found.setdefault(tuple(check_holds(each.test, value) for each in conditions), value)
    return list(found.values())


def _edges(condition: Condition) -> set[int]:
    named: list[object]
    match condition.test:
        case Between(low, high):
            named = [low, high]
        case OneOf(values, _):
            named = list(values)
        case _:
            named = []
    return {near for value in named if isinstance(value, int) for near in (value - 1, value, value + 1)}


def _fits(record: Record, asked: Sequence[tuple[Condition, ...]], *, sure: bool) -> int:
    """The tests that a record fits, as bits; without *sure* also those that it may fit."""
    bits = 0
    for number, group in enumerate(asked):
        truths = [check_holds(condition.test, record.get(condition.path)) for condition in group]
        if all(truths) if sure else False not in truths:
            bits |= 1 << number
    return bits


def _reachable(single: Mapping[int, Record]) -> list[int]:
    """Every set of tests that some list of records fits, as bits."""
    found = {0}
    for bits in single:
        found |= {other | bits for other in found}
    return sorted(found)


def _fewest(single: Mapping[int, Record], missing: int, answers: int) -> list[Record]:
    """The fewest records that fit all *missing* tests, and none outside *answers*."""
    usable = [bits for bits in single if bits & missing and not bits & ~answers]
    for size in range(len(usable) + 1):
        for some in combinations(usable, size):
            together = 0
            for bits in some:
                together |= bits
            if not missing & ~together:
                return [single[bits] for bits in some]
    return []
