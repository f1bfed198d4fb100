"""
Every rule at once, exactly as `kleene` would judge each: one mask of rows per fact, joined by AND.

A row is `effective`, `when` and one group of `any_of`, or one group of `unless`. Two masks are kept: rows that
definitely hold, and rows that possibly hold. What is known narrows both; what is not known narrows only the definite.
The cost grows with the number of facts that rules ask about, hardly with the number of rules.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from onward.routing.domain.bits import numbers_in
from onward.routing.domain.kleene import Known
from onward.routing.domain.language import Between, Condition, Group, Has, OneOf, Presence, Rule
from onward.routing.domain.tables import EqualTable, RangeTable, Rows, equal_table, is_ordered, range_table

_IfAbsent: TypeAlias = tuple[int, int]
"""The rows that definitely, and that possibly, hold while a fact is not known."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The rules that match and those that need information, by their place in the rule set, in order."""

    definite: tuple[int, ...]
    possible: tuple[int, ...]
    rows: int = 0
    """The rows that hold definitely or possibly; see `Index.rows_of`."""


@dataclass(frozen=True, slots=True)
class RuleRows:
    """The rows of one rule, as bits."""

    any_of: tuple[int, ...]
    """For each group of `any_of`, the row of `effective`, `when` and the group."""
    unless: tuple[int, ...]
    """For each group of `unless`, its row."""


@dataclass(frozen=True, slots=True)
class _Complex:
    """A rule with alternatives or exceptions: which rows decide it."""

    bit: int
    alternatives: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class _Records:
    """All `has` (or all `has no`) conditions on one list, at most one for each row."""

    path: str
    negated: bool
    asking: int
    """The rows that ask."""
    fields: tuple[tuple[str, EqualTable | RangeTable, int], ...]
    """Field, table, and the rows that do not ask about the field."""


class Index:
    """A compiled rule set; immutable, so that any number of events can be judged at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        rows: list[Group] = [_first_row(rule) for rule in rules]
        self._owners: dict[int, _Complex] = {}
        self._rows: list[RuleRows] = []
        simple = 0
        for number, rule in enumerate(rules):
            alternatives = [number, *range(len(rows), len(rows) + len(rule.any_of[1:]))]
            rows += [(rule.effective, *rule.when, *group) for group in rule.any_of[1:]]
            exceptions = range(len(rows), len(rows) + len(rule.unless))
            rows += rule.unless
            self._rows.append(RuleRows(tuple(1 << row for row in alternatives), tuple(1 << row for row in exceptions)))
            if len(alternatives) == 1 and not rule.unless:
                simple |= 1 << number
            else:
                owner = _Complex(1 << number, _mask(alternatives), _mask(exceptions))
                self._owners.update((row, owner) for row in alternatives)
        self._all = (1 << len(rows)) - 1
        self._simple = simple
        self._complex = _mask(self._owners)
        self._compile(rows)

    def _compile(self, rows: Sequence[Sequence[Condition]]) -> None:
        values: defaultdict[str, defaultdict[int, list[OneOf | Between]]] = defaultdict(lambda: defaultdict(list))
        wants_known: defaultdict[str, int] = defaultdict(int)
        wants_unknown: defaultdict[str, int] = defaultdict(int)
        records: defaultdict[tuple[str, bool, int], dict[int, Has]] = defaultdict(dict)
        asks_records: defaultdict[str, int] = defaultdict(int)
        for row, conditions in enumerate(rows):
            uses: defaultdict[tuple[str, bool], int] = defaultdict(int)
            for condition in conditions:
                path, test = condition.path, condition.test
                if isinstance(test, Presence):
                    (wants_known if test.known else wants_unknown)[path] |= 1 << row
                elif isinstance(test, Has):
                    records[path, test.negated, uses[path, test.negated]][row] = test
                    uses[path, test.negated] += 1
                    asks_records[path] |= 1 << row
                else:
                    values[path][row].append(test)
        self._equal: list[tuple[str, EqualTable, _IfAbsent]] = []
        self._ranges: list[tuple[str, RangeTable, _IfAbsent]] = []
        self._presence: list[tuple[str, int, _IfAbsent]] = []
        for path in sorted({*values, *wants_known, *wants_unknown, *asks_records}):
            could_be = self._all & ~wants_known[path]
            asked: Rows = values.get(path, {})
            absent = (could_be & ~_mask(asked) & ~asks_records[path], could_be)
            self._add(path, asked, self._all & ~wants_unknown[path], absent)
        self._records = tuple(
            self._record_tables(path, negated, tests)
            for (path, negated, _), tests in sorted(records.items(), key=_name)
        )

    def _add(self, path: str, asked: Rows, present: int, absent: _IfAbsent) -> None:
        """A table for one path; *present* leaves out the rows that want the fact to be unknown."""
        indifferent = self._all & ~_mask(asked)
        if not asked:
            self._presence.append((path, present, absent))
        elif is_ordered(asked):
            ranges = range_table(asked, indifferent)
            self._ranges.append((path, RangeTable(ranges.bounds, [mask & present for mask in ranges.masks]), absent))
        else:
            equal = equal_table(asked, indifferent)
            masks = {value: mask & present for value, mask in equal.masks.items()}
            self._equal.append((path, EqualTable(masks, equal.default & present), absent))

    def _record_tables(self, path: str, negated: bool, tests: dict[int, Has]) -> _Records:
        asking = _mask(tests)
        by_field: defaultdict[str, defaultdict[int, list[OneOf | Between]]] = defaultdict(lambda: defaultdict(list))
        for row, test in tests.items():
            for field in test.fields:
                assert isinstance(field.test, OneOf | Between), field
                by_field[field.path][row].append(field.test)
        fields: list[tuple[str, EqualTable | RangeTable, int]] = []
        for name, asked in sorted(by_field.items()):
            indifferent = asking & ~_mask(asked)
            table = range_table(asked, indifferent) if is_ordered(asked) else equal_table(asked, indifferent)
            fields.append((name, table, indifferent))
        return _Records(path, negated, asking, tuple(fields))

    def rows_of(self, number: int) -> RuleRows:
        """The rows of a rule, by its place in the rule set."""
        return self._rows[number]

    def match(self, known: Known) -> Matches:
        """Which rules match and which need information, for what is known (`EVENT_DAY` included)."""
        both = definite = possible = self._all  # what is known narrows definite and possible alike, so once for both
        get = known.get
        for path, equal, absent in self._equal:
            value = get(path)
            if value is None:
                definite &= absent[0]
                possible &= absent[1]
            else:
                both &= equal.masks.get(value, equal.default)
        for path, ranges, absent in self._ranges:
            value = get(path)
            if value is None:
                definite &= absent[0]
                possible &= absent[1]
            else:
                both &= ranges.masks[bisect_right(ranges.bounds, value)]
        for path, present, absent in self._presence:
            if get(path) is None:
                definite &= absent[0]
                possible &= absent[1]
            else:
                both &= present
        for records in self._records:
            value = get(records.path)
            if value is not None:
                surely, maybe = _among(records, value)
                definite &= surely
                possible &= maybe
        return self._rules(both & definite, both & possible)

    def _rules(self, definite: int, possible: int) -> Matches:
        matched = definite & self._simple
        open_ = possible & ~definite & self._simple
        rest = possible & self._complex
        while rest:
            rule = self._owners[rest.bit_length() - 1]
            rest &= ~rule.alternatives
            if definite & rule.exceptions:
                continue
            if definite & rule.alternatives and not possible & rule.exceptions:
                matched |= rule.bit
            else:
                open_ |= rule.bit
        return Matches(numbers_in(matched), numbers_in(open_), possible)


def _mask(rows: Iterable[int]) -> int:
    return sum(1 << row for row in rows)


def _first_row(rule: Rule) -> Group:
    return (rule.effective, *rule.when, *(rule.any_of[0] if rule.any_of else ()))


def _name(item: tuple[tuple[str, bool, int], dict[int, Has]]) -> tuple[str, bool, int]:
    return item[0]


def _among(records: _Records, found: Sequence[dict[str, object]]) -> tuple[int, int]:
    """The rows that definitely, and that possibly, are content with a list of records."""
    surely = maybe = 0
    for record in found:
        fits = could_fit = records.asking
        for name, table, indifferent in records.fields:
            value = record.get(name)
            if value is None:
                fits &= indifferent
            else:
                mask = table.lookup(value)
                fits &= mask
                could_fit &= mask
        surely |= fits
        maybe |= could_fit
    others = ~records.asking
    if records.negated:
        surely, maybe = records.asking & ~maybe, records.asking & ~surely
    return surely | others, maybe | others
