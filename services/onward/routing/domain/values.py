"""Texts read as values of a fact's kind: the fact says what a text means, never YAML."""

import re
from datetime import date
from typing import Any

from onward.contracts.fact_kinds import Choice, Code, Day, FactValue, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS, Fact
from onward.diagnostics.spelling import did_you_mean, one_of
from onward.diagnostics.yaml_tree import Node, Place, YamlList, YamlScalar
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import Scalar
from onward.routing.domain.shape import entries, items

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def fact_at(text: str, place: Place, report: ProblemReport) -> Fact | None:
    """The fact at a path, or None (which is then reported)."""
    fact = FACTS.get(text)
    if fact is None:
        prefix = text.rpartition(".")[0]
        near = did_you_mean(text, FACTS.keys())
        family = [path for path in FACTS if prefix and path.startswith(prefix + ".")]
        help_ = near or f"; use one of {one_of(family or {path.partition('.')[0] + '.…' for path in FACTS}, most=14)}"
        report.add(place, "T001", f"no fact `{text}`{help_}")
    return fact


def scalar(text: YamlScalar, kind: Kind, path: str, report: ProblemReport) -> Scalar | None:
    """*text* as a value of *kind*, or None (which is then reported)."""
    word = text.text.strip()
    value: Scalar | None = None
    match kind:
        case YesNo():
            code, wanted = "T004", "true or false"
            value = {"true": True, "false": False}.get(word)
        case Whole(low, high):
            code, wanted = "T005", f"a whole number{_from(low, high)}"
            if _WHOLE.fullmatch(word) and low <= int(word) <= high:
                value = int(word)
        case Choice(values):
            code, wanted = "T003", ""
            value = word if word in values else None
            if value is None:  # looking for what was meant takes longer than all the rest
                wanted = did_you_mean(word, values).removeprefix("; ") or f"write one of {one_of(values)}"
        case Code(pattern, example):
            code, wanted = "T006", f"a code such as `{example}`"
            value = word if re.fullmatch(pattern, word, re.ASCII) else None  # no digits of other scripts
        case Day():
            code, wanted = "T007", "a day such as `2026-03-31`"
            value = _day(word)
        case Records():
            code, wanted = "T002", f"a list of records; write `{path} has: {{…}}` or `{path} has no: {{…}}`"
    if value is None:
        what = f"`{text.text}` is no value of {path}" if word else f"{path} has no value"
        report.add(text.place, code, f"{what}; {_to_write(wanted)}")
    return value


def _from(low: int, high: int) -> str:
    """Which whole numbers; an edge of a range may be any, so nothing is said of those."""
    return "" if low < 0 else f" from {low} to {high}, such as {low}"


def _to_write(wanted: str) -> str:
    return wanted if wanted.startswith(("did you mean", "write")) else f"write {wanted}"


def _day(word: str) -> date | None:
    if not _DAY.fullmatch(word):
        return None
    try:
        value = date.fromisoformat(word)
    except ValueError:
        return None
    return value if 1900 <= value.year < 2200 else None  # a year such as 0026 or 20206 is a slip


def day(node: Node, what: str, report: ProblemReport) -> date | None:
    """A calendar day, or None (which is then reported)."""
    if isinstance(node, YamlScalar):
        value = scalar(node, Day(), what, report)
        return value if isinstance(value, date) else None
    report.add(node.place, "R001", f"{what} must be a day such as `2026-03-31`")
    return None


def fact_value(node: Node, fact: Fact, report: ProblemReport) -> FactValue | None:
    """A whole value of a fact, records included, as the examples of rule tests give it."""
    if not isinstance(fact.kind, Records):
        if isinstance(node, YamlScalar):
            return scalar(node, fact.kind, fact.path, report)
        report.add(node.place, "R001", f"`{fact.path}` has one value, not a list")
        return None
    if isinstance(node, YamlList) and not node.items:
        return []  # somebody has said that there is none, which is not the same as nobody having said
    return [_record(item, fact.kind, fact.path, report) for item in items(node, f"`{fact.path}`", report)]


def _record(node: Node, kind: Records, path: str, report: ProblemReport) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, value in entries(node, f"a record of `{path}`", report):
        field = kind.fields.get(key.text)
        if field is None:
            report.add(key.place, "T001", no_field(path, key.text, kind))
        elif isinstance(value, YamlScalar):
            record[key.text] = scalar(value, field, f"{path}.{key.text}", report)
        else:
            report.add(value.place, "R001", f"`{path}.{key.text}` has one value")
    return record


def no_field(path: str, name: str, kind: Records) -> str:
    """The message for a field that records of this kind do not have."""
    help_ = did_you_mean(name, kind.fields.keys()) or f"; use {one_of(kind.fields)}"
    return f"records of `{path}` have no `{name}`{help_}"
