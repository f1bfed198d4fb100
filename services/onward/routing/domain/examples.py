"""The tests that authors write beside their rules, read and checked against the facts."""

from datetime import date
from typing import get_args

from onward.contracts.fact_kinds import FactValue
from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Node, Place, YamlScalar
from onward.routing.domain.consequences import consequences
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import EVENT_DAY, Expect, RuleTest
from onward.routing.domain.shape import Fields, entries, items, unique
from onward.routing.domain.values import day, fact_at, fact_value

EXPECTATIONS: tuple[Expect, ...] = get_args(Expect)


def examples(node: Node | None, report: ProblemReport) -> tuple[RuleTest, ...]:
    """The tests of one rule; names are unique within it."""
    found: list[RuleTest] = []
    seen: dict[str, Place] = {}
    for item in items(node, "`tests`", report):
        fields = Fields(item, "a test", report, required=("name", "given", "expect"), optional=("because", "then"))
        name = fields.text("name")
        expect = fields.word("expect", EXPECTATIONS)
        given, on = _given(fields.get("given"), report)
        because = _because(fields.get("because"), report)
        then = consequences(fields.get("then"), expect, report)
        if unique(item, name, seen, "test", report) and expect is not None:
            found.append(RuleTest(name, given, on, expect, because, item.place, then))
        seen[name] = item.place
    return tuple(found)


def _given(node: Node | None, report: ProblemReport) -> tuple[dict[str, FactValue], date | None]:
    given: dict[str, FactValue] = {}
    on: date | None = None
    if node is None:
        return given, on
    for key, value in entries(node, "`given`", report):
        if key.text == EVENT_DAY:
            on = day(value, EVENT_DAY, report)
        elif (fact := fact_at(key.text, key.place, report)) is not None:
            known = fact_value(value, fact, report)
            if known is not None:
                given[key.text] = known
    return given, on


def _because(node: Node | None, report: ProblemReport) -> str | None:
    if node is None:
        return None
    if isinstance(node, YamlScalar) and (node.text in FACTS or node.text == EVENT_DAY):
        return node.text
    if isinstance(node, YamlScalar):
        fact_at(node.text, node.place, report)
    else:
        report.add(node.place, "R001", "`because` names one fact")
    return None
