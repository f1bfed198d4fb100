"""
Area overlays: a file whose rules hold in one area, and that may narrow national rules there.

A narrowing adds to the national rule, for each of its conditions, one group of `unless`: in the area, and not the
condition. So it can only take away, in the area only, whatever it asks.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace

from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.examples import examples
from onward.routing.domain.language import Condition, Narrowing, OneOf, Rule, RuleTest
from onward.routing.domain.negation import negated
from onward.routing.domain.shape import Fields, items

AREA = "person.area"


@dataclass(frozen=True, slots=True)
class OverlayCondition:
    """A narrowing, and the rule it is for."""

    rule: str
    at: Place
    """Where the rule is named."""
    narrowing: Narrowing
    tests: tuple[RuleTest, ...]


def area_of(top: Fields, reader: ConditionReader) -> Condition | None:
    """The area of an overlay, and None for a national file; one that is wrong is reported, and names no area."""
    node = top.get("area")
    if node is None:
        return None
    condition = reader.value(AREA, node)
    if condition is not None and isinstance(condition.test, OneOf) and condition.test.negated:
        top.report.add(node.place, "R007", "`area` says where the rules hold, not where they do not; name the areas")
    return condition or Condition(AREA, OneOf(frozenset()), "nowhere", str(node.place))


def narrowings(top: Fields, area: Condition | None, reader: ConditionReader) -> list[OverlayCondition]:
    """What an overlay asks beside national rules."""
    node, report = top.get("narrows"), top.report
    if node is not None and area is None:
        message = "`narrows` is for area overlays; add `area:` to the file, or change the rule itself"
        report.add(top.place_of("narrows"), "R017", message)
    found: list[OverlayCondition] = []
    for item in items(node, "`narrows`", report):
        fields = Fields(item, "a narrowing", report, required=("rule", "why", "when"), optional=("tests",))
        rule, when = fields.get("rule"), fields.get("when")
        name, why = fields.text("rule"), fields.text("why")
        group = reader.group(when, "`when`") if when is not None else ()
        tests = examples(fields.get("tests"), report)
        if rule is not None and name and area is not None:
            found.append(OverlayCondition(name, rule.place, Narrowing(area, why, group, item.place), tests))
    return found


def narrow(
    rules: MutableMapping[str, Rule],
    asked: Sequence[OverlayCondition],
    places: Mapping[str, Place],
    report: ProblemReport,
    *,
    unread: bool = False,
) -> None:
    """Narrow national rules that refer or notify; anything else named is reported, unless some file is *unread*."""
    by_rule: dict[str, list[OverlayCondition]] = {}
    for each in asked:
        if national(each.rule, each.at, rules, places, report, unread=unread) is not None:
            by_rule.setdefault(each.rule, []).append(each)
    for name, of_rule in by_rule.items():
        _check(rules[name], of_rule, report)
        tests = (test for each in of_rule for test in each.tests)
        rules[name] = narrowed(rules[name], *(each.narrowing for each in of_rule), tests=tuple(tests))


def _check(rule: Rule, asked: Sequence[OverlayCondition], report: ProblemReport) -> None:
    names = {test.name for test in rule.tests}
    for each in asked:
        if rule.suppress is not None:
            message = f"`{rule.id}` stops referrals, so that narrowing it would let more through; write a national rule"
            report.add(each.at, "R018", message)
        for test in each.tests:
            if test.name in names:
                report.add(test.place, "R004", f"`{rule.id}` has a test `{test.name}` already; rename this one")
        names |= {test.name for test in each.tests}


def narrowed(rule: Rule, *narrowings: Narrowing, tests: tuple[RuleTest, ...] = ()) -> Rule:
    """The rule where, in the area of each narrowing, its conditions must hold too."""
    exceptions = (
        (narrowing.area, opposite) for narrowing in narrowings for each in narrowing.when for opposite in negated(each)
    )
    return replace(
        rule,
        unless=(*rule.unless, *exceptions),
        tests=(*rule.tests, *tests),
        narrowed=(*rule.narrowed, *narrowings),
    )


def national(
    name: str,
    at: Place,
    rules: Mapping[str, Rule],
    places: Mapping[str, Place],
    report: ProblemReport,
    *,
    unread: bool = False,
) -> Rule | None:
    """
    The national rule of that name, or None: an unknown one, or one of an overlay, is reported at *at*.

    With *unread*, a file cannot be read, and no rule is known to be missing.
    """
    rule = rules.get(name)
    if name not in places and unread:
        return None
    if name not in places:
        report.add(at, "R010", f"no rule `{name}`{did_you_mean(name, places) or '; name the id of a rule'}")
    elif rule is not None and rule.area is not None:
        report.add(at, "R018", f"`{name}` is a rule of an area overlay; name a national rule")
        return None
    return rule
