"""Conditions: `fact.path: test`, each test checked against the fact's kind."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from onward.contracts.authorities import current
from onward.contracts.fact_kinds import Choice, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import AREA, FACTS
from onward.diagnostics.spelling import did_you_mean, one_of
from onward.diagnostics.yaml_tree import Node, Place, YamlList, YamlMapping, YamlScalar
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import Between, Check, Condition, Group, Has, OneOf, Presence, Scalar
from onward.routing.domain.shape import entries, items
from onward.routing.domain.slips import meant, quoted, stands_alone
from onward.routing.domain.values import fact_at, no_field, scalar

_BOUND = re.compile(r"(>=|<=|>|<)\s*(\S+)")
_SPAN = re.compile(r"(\S+?)\s*\.\.\s*(\S+)")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads the groups of one file, with the sets that may be named there."""

    sets: Mapping[str, YamlList]
    report: ProblemReport
    unread: bool = False
    """Whether a file of the bundle cannot be read: then no set is known to be missing."""
    faulty: Collection[str] = ()
    """Sets that are written and cannot be used, which is told once, where they are."""
    _read: dict[tuple[str, Kind, bool], OneOf] = field(default_factory=dict)
    """Sets as values of a kind, negated or not, so that each is read once however often it is named."""
    _names: list[str] = field(default_factory=list)
    """Those sets, as they are named; filled when it is first asked for."""

    def group(self, node: Node, what: str) -> Group:
        """Every condition of a mapping; those in error are reported and left out (and then nothing is loaded)."""
        found = [self._condition(key, value) for key, value in entries(node, what, self.report)]
        return tuple(condition for condition in found if condition is not None)

    def groups(self, node: Node | None, what: str, *, single: bool = False) -> tuple[Group, ...]:
        """A list of groups; with *single*, one group may stand alone."""
        listed = items(node, what, self.report, single=single)
        found = tuple(self.group(item, f"a group of {what}") for item in listed)
        self._refuse_groups_again(what, listed, found)
        return found

    def _refuse_groups_again(self, what: str, listed: Sequence[Node], found: Sequence[Group]) -> None:
        """A group that asks what another of its list asks, in whatever order: most likely it was meant to ask more."""
        seen: dict[frozenset[tuple[str, Check]], Place] = {}
        for item, group in zip(listed, found, strict=True):
            asked = frozenset((each.path, each.test) for each in group)
            if asked and asked in seen:
                message = f"a group of {what} again; it is already at {seen[asked]}: remove one, or correct it"
                self.report.add(item.place, "R004", message)
            seen.setdefault(asked, item.place)

    def value(self, path: str, node: Node) -> Condition | None:
        """The test of one fact that is not written as `path: test`; it asks for a value, never for presence."""
        return self._of_kind(node, path, FACTS[path].kind, presence=False)

    def _condition(self, key: YamlScalar, node: Node) -> Condition | None:
        path, _, operator = key.text.partition(" ")
        if operator not in ("", "has", "has no"):
            self.report.add(
                key.place, "T002", f"`{operator}` is no operator; write `{path}`, `{path} has` or `{path} has no`"
            )
            return None
        fact = fact_at(path if operator else key.text, key.place, self.report)
        if fact is None:
            return None
        if fact.monitoring:
            message = f"`{path}` is kept only to watch that people are treated alike; no rule may ask about it"
            self.report.add(key.place, "P005", message)
            return None
        if operator:
            return self._records(key, node, path, fact.kind, negated=operator == "has no")
        return self._of_kind(node, path, fact.kind)

    def _records(self, key: YamlScalar, node: Node, path: str, kind: Kind, *, negated: bool) -> Condition | None:
        if not isinstance(kind, Records):
            self.report.add(key.place, "T002", f"`{path}` has one value; `has` asks lists of records: write `{path}:`")
            return None
        fields: list[Condition] = []
        for name, value in entries(node, f"`{key.text}`", self.report):
            field = kind.fields.get(name.text)
            if field is None:
                self.report.add(name.place, "T001", no_field(path, name.text, kind))
            elif (condition := self._of_kind(value, name.text, field, presence=False)) is not None:
                fields.append(condition)
        words = ", ".join(f"{field.path} {field.expected}" for field in fields)
        expected = f"{'has no' if negated else 'has'} {words}"
        return Condition(path, Has(tuple(fields), negated), expected, str(node.place)) if fields else None

    def _of_kind(self, node: Node, path: str, kind: Kind, *, presence: bool = True) -> Condition | None:
        test: Check | None
        if isinstance(node, YamlMapping):
            self.report.add(node.place, "R001", f"`{path}` takes a value, a list or a `$set`, not `key: value` pairs")
            return None
        if isinstance(node, YamlScalar) and presence and (known := self._presence(node, path, kind)) is not None:
            return Condition(path, Presence(known), "known" if known else "not known", str(node.place))
        if isinstance(kind, Records):
            self.report.add(node.place, "T002", f"`{path}` is a list of records; write `{path} has: {{…}}`")
            return None
        if isinstance(node, YamlList):
            test = self._any_of(node, path, kind)
        elif isinstance(kind, Whole | Day) and _is_range(node.text.strip()):
            test = self._range(node, path, kind)
        else:
            test = self._equal(node, path, kind)
        return None if test is None else Condition(path, test, _words(test, node), str(node.place), _named(node))

    def _presence(self, node: YamlScalar, path: str, kind: Kind) -> bool | None:
        """True for `known`, False for `unknown` and `not known`, None for anything else."""
        if node.text == "unknown" and isinstance(kind, Choice) and "unknown" in kind.values:
            self.report.add(
                node.place,
                "T002",
                f"`unknown` is also a value of {path}; write `[unknown]` for the value, `not known` for its absence",
            )
        return {"known": True, "unknown": False, "not known": False}.get(node.text)

    def _any_of(self, node: YamlList, path: str, kind: Kind, *, negated: bool = False) -> OneOf | None:
        if not node.items:
            self.report.add(node.place, "R012", f"`{path}` allows nothing; name a value")
            return None
        members = [self._member(item, path, kind) for item in node.items]
        self._refuse_repeated(node, members)
        values = frozenset(value for value in members if value is not None)
        if len(values) < len(members):
            return None
        return self._useful(OneOf(_of_today(values, kind), negated), node.place, path, kind)

    def _member(self, item: Node, path: str, kind: Kind) -> Scalar | None:
        if isinstance(item, YamlScalar):
            return self._scalar(item, item.text, kind, path)
        self.report.add(item.place, "R001", f"`{path}` takes a flat list of values")
        return None

    def _refuse_repeated(self, node: YamlList, members: Sequence[Scalar | None]) -> None:
        """A value that a list names again: most likely another was meant. None, of what is no value, may repeat."""
        seen: set[Scalar | None] = set()
        for item, value in zip(node.items, members, strict=True):
            if value is not None and value in seen and isinstance(item, YamlScalar):
                self.report.add(item.place, "R004", f"`{item.text}` twice in one list; remove one, or correct it")
            seen.add(value)

    def _equal(self, node: YamlScalar, path: str, kind: Kind) -> OneOf | None:
        word = node.text.strip()
        negated = word.startswith("not ")
        if negated:
            word = word.removeprefix("not ").strip()
        if word.startswith("$"):
            return self._set(YamlScalar(node.place, word), path, kind, negated=negated)
        if negated and isinstance(kind, YesNo) and word in ("true", "false"):
            self.report.add(node.place, "T002", f"write `{path}: {'false' if word == 'true' else 'true'}`")
            return None
        value = self._scalar(node, word, kind, path, alone=True)
        if value is None:
            return None
        return self._useful(OneOf(_of_today(frozenset([value]), kind), negated), node.place, path, kind)

    def _scalar(self, node: YamlScalar, word: str, kind: Kind, path: str, *, alone: bool = False) -> Scalar | None:
        """*word* as a value; what is none is reported with what was most likely meant, which may be no value either."""
        tried = ProblemReport()
        value = scalar(YamlScalar(node.place, word), kind, path, tried)
        for problem in tried.found:
            message = problem.message
            if not alone and stands_alone(node.text):
                message = f"`{node.text}` cannot stand in a list; write it alone, as `{path}: {quoted(node.text)}`"
            elif alone and node.text.strip() and (instead := meant(node.text, kind, self.sets)):
                message = f"`{node.text}` is no value of {path}; did you mean `{quoted(instead)}`?"
            self.report.add(node.place, problem.code, message)
        return value

    def _set(self, node: YamlScalar, path: str, kind: Kind, *, negated: bool) -> OneOf | None:
        name = node.text[1:]
        if name not in self.sets:
            if self.unread or name in self.faulty:
                return None
            known = self._known_sets()
            help_ = did_you_mean(node.text, known) or (
                f"; there are {one_of(known)}" if known else "; define it under `sets:`"
            )
            self.report.add(node.place, "R006", f"no set `${name}`{help_}")
            return None
        self.report.repeat(len(self.sets[name].items), node.place)
        read = self._read.get((name, kind, negated))
        if read is None and (read := self._any_of(self.sets[name], path, kind, negated=negated)) is not None:
            self._read[name, kind, negated] = read
        return read

    def _known_sets(self) -> list[str]:
        if not self._names:
            self._names.extend(f"${name}" for name in self.sets)
        return self._names

    def _useful(self, test: OneOf, place: Place, path: str, kind: Kind) -> OneOf | None:
        """Refuse a list that covers every value, or with `not` leaves none."""
        every = len(kind.values) if isinstance(kind, Choice) else 2 if isinstance(kind, YesNo) else None
        if every is not None and len(test.values) == every:
            if test.negated:
                self.report.add(place, "T008", f"this can never hold: it excludes every value of {path}")
            else:
                self.report.add(place, "T009", f"this always holds: it names every value of {path}; write `known`")
            return None
        return test

    def _range(self, node: YamlScalar, path: str, kind: Whole | Day) -> Between | None:
        word = node.text.strip()
        if bound := _BOUND.fullmatch(word):
            value = self._edge(bound[2], node, path, kind)
            edges = None if value is None else _edges(bound[1], value)
        else:
            low, high = (self._edge(edge, node, path, kind) for edge in _SPAN.fullmatch(word).groups())  # type: ignore[union-attr]  # the caller matched one of the two
            edges = None if low is None or high is None else (low, high)
        return None if edges is None else self._possible(Between(*edges), node, path, kind)

    def _edge(self, word: str, node: YamlScalar, path: str, kind: Whole | Day) -> int | date | None:
        wide = Whole(-999_999_999, 999_999_999) if isinstance(kind, Whole) else kind
        value = self._scalar(node, word, wide, path, alone=True)
        return value if isinstance(value, int | date) else None

    def _possible(self, test: Between, node: YamlScalar, path: str, kind: Whole | Day) -> Between | None:
        """Refuse a range that can never hold, or always does."""
        low, high = test.low, test.high
        if isinstance(kind, Day):
            never, always = low is not None and high is not None and low > high, False  # type: ignore[operator]  # days
        else:
            lowest, highest = kind.low, kind.high
            first = low if isinstance(low, int) else lowest
            last = high if isinstance(high, int) else highest
            never = max(first, lowest) > min(last, highest)
            always = first <= lowest and last >= highest
        if never:
            message = f"`{node.text}` can never hold for {path}; correct the numbers or swap the ends"
            self.report.add(node.place, "T008", message)
        if always:
            message = f"`{node.text}` always holds: it names every value of {path}; write `known`"
            self.report.add(node.place, "T009", message)
        return None if never or always else test


def _of_today(values: frozenset[Scalar], kind: Kind) -> frozenset[Scalar]:
    """
    *values*; of abolished authorities, also those that have their areas today.

    `check` takes no such rule any more, but one that was published before the authority was abolished lives on.
    """
    return values | {current(str(code)) for code in values} if kind == AREA else values


def _is_range(word: str) -> bool:
    return bool(_BOUND.fullmatch(word) or _SPAN.fullmatch(word))


def _edges(operator: str, value: int | date) -> tuple[int | date | None, int | date | None]:
    """Both ends, included, of a one-sided range."""
    if operator == ">=":
        return value, None
    if operator == "<=":
        return None, value
    if isinstance(value, date):
        return (value + _ONE_DAY, None) if operator == ">" else (None, value - _ONE_DAY)
    return (value + 1, None) if operator == ">" else (None, value - 1)


def _named(node: YamlScalar | YamlList) -> str:
    """The `$set` that a test names, or nothing."""
    word = node.text.strip().removeprefix("not ").strip() if isinstance(node, YamlScalar) else ""
    return word if word.startswith("$") else ""


def _words(test: Check, node: YamlScalar | YamlList) -> str:
    if isinstance(test, OneOf):
        words = (
            [value.text for value in node.items if isinstance(value, YamlScalar)]
            if isinstance(node, YamlList)
            else None
        )
        names = words or sorted(str(value).lower() if isinstance(value, bool) else str(value) for value in test.values)
        return f"{'not ' if test.negated else ''}{' or '.join(names)}"
    return node.text.strip() if isinstance(node, YamlScalar) else ""


def consent_path(category: str) -> str:
    """The fact that says whether the person agrees to be referred for *category*."""
    path = f"consent.{category.lower()}"
    assert path in FACTS, path
    return path
