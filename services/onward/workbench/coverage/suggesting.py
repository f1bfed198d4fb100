"""Tests that would close the gaps of a rule's coverage, as text to paste under its `tests`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from onward.contracts.fact_kinds import FactValue
from onward.routing.domain.language import EVENT_DAY, Rule, RuleTest
from onward.routing.domain.rule_tests import OUTCOMES, explain_test, given, known_on, ordinary_day
from onward.workbench.coverage.clauses import meets
from onward.workbench.coverage.covering import CoveringSituation, RuleCoverage
from onward.workbench.coverage.losing import Loss, noticed
from onward.workbench.coverage.names import plain_name
from onward.workbench.coverage.obligations import obligations
from onward.workbench.coverage.situations import Situations

_INDENT = " " * 6
_WIDTH = 120
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_TRAPS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}
"""Words that an editor's YAML reads as something else; Onward reads them as text, but a person may not."""


def suggest(covered: RuleCoverage) -> list[RuleTest]:
    """
    The tests that close every gap that facts were found for, one gap after another; a test may close several.

    Each starts from the rule's test that matches and changes as little as it can. A test that needs no fact names the
    day, since what a test gives must not be empty. What follows from the facts is what the rule says now: whether that
    is right, the author must judge. The place of each is that of the part of the rule it is about: an overlay's
    condition is tested in the overlay's file.
    """
    space = Situations(covered.rule)
    rule = covered.rule
    made: list[RuleTest] = []
    near = [test for test in rule.tests if explain_test(rule, test).truth is True]
    for gap in covered.gaps:
        if any(meets(gap.clauses, space.truths(given(rule, test))) for test in made):
            continue
        test = _closing(gap, rule, space, near, {each.name for each in (*rule.tests, *made)})
        if test is not None:
            made.append(test)
            near += [test] if test.expect == "match" and not near else []
    return made


def suggest_deciding(rule: Rule, lost: Sequence[Loss]) -> list[RuleTest]:
    """
    Tests in which what a list or a `has` could lose decides, one for each loss that facts were found for.

    Each starts from a test of *rule* and changes as little as it can, as those of `suggest` do.
    """
    made: list[RuleTest] = []
    near = [test for test in rule.tests if explain_test(rule, test).truth is True]
    for loss in lost:
        if noticed(rule, loss.edited, [given(rule, test) for test in made]):
            continue
        space = Situations(loss.only)
        for obligation in obligations(loss.only, space.parts):
            gap = CoveringSituation(replace(obligation, place=rule.place), "gap", "holds", "")
            test = _closing(gap, rule, space, near, {each.name for each in (*rule.tests, *made)})
            if test is not None and noticed(rule, loss.edited, [given(rule, test)]):
                made.append(test)
                break
    return made


def as_yaml(test: RuleTest) -> str:
    """A test as an item of `tests`, indented and folded as in the pack."""
    facts: dict[str, FactValue] = {EVENT_DAY: test.day} if test.day else {}
    facts |= test.given
    lines = [f"{_INDENT}- name: {test.name}", *_folded("given: ", facts), f"{_INDENT}  expect: {test.expect}"]
    if test.because:
        lines.append(f"{_INDENT}  because: {test.because}")
    return "\n".join(lines) + "\n"


def _closing(
    gap: CoveringSituation, rule: Rule, space: Situations, near: list[RuleTest], names: set[str]
) -> RuleTest | None:
    """The test that closes a gap with the fewest changes to one of those near it."""
    bases: Sequence[RuleTest | None] = near or (None,)
    found = [(situation, base) for base in bases if (situation := space.nearest(gap.clauses, base)) is not None]
    if not found:
        return None
    nearest, base = min(found, key=lambda each: each[0].changes)
    facts, day = nearest.facts, nearest.day
    ordered = {path: facts[path] for path in (*(base.given if base else ()), *facts) if path in facts}
    named_day = day if (base and base.day) or day != ordinary_day(rule) or not ordered else None
    other_day = day if base is not None and day != (base.day or ordinary_day(rule)) else None
    start, known = base.given if base else {}, known_on(facts, day)
    name = _unused(plain_name(gap.obligation, facts, start, day=other_day, known=known), names)
    place = gap.obligation.place
    test = RuleTest(name, ordered, named_day, "match", None, place)
    explained = explain_test(rule, test)
    reasons = explained.reasons()
    because = gap.obligation.path if gap.obligation.path in reasons else next(iter(reasons), None)
    return RuleTest(name, ordered, named_day, OUTCOMES[explained.truth], because, place)


def _unused(name: str, names: set[str]) -> str:
    found, number = name, 2
    while found in names:
        found, number = f"{name}, case {number}", number + 1
    return found


def _folded(start: str, facts: Mapping[str, FactValue]) -> list[str]:
    parts = [f"{path}: {_text(value)}" for path, value in facts.items()]
    lines = [f"{_INDENT}  {start}{{"]
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        piece = part + ("}" if last else ",")
        room = lines[-1].endswith("{")
        if not room and len(lines[-1]) + 1 + len(piece) > _WIDTH:
            lines.append(f"{_INDENT}    {piece}")
        else:
            lines[-1] += piece if room else f" {piece}"
    if not parts:
        lines[-1] += "}"
    return lines


def _text(value: FactValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            records = (", ".join(f"{name}: {_text(field)}" for name, field in record.items()) for record in value)
            return "[" + ", ".join(f"{{{record}}}" for record in records) + "]"
        case str():
            return value if _PLAIN.fullmatch(value) and value.lower() not in _TRAPS else f'"{value}"'
        case _:
            return str(value)
