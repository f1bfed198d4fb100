"""`onward rules test`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from onward.cli.render.output import as_json, coloured, number_of, visible
from onward.cli.rules.loading import load, named
from onward.cli.rules.options import AsJson, Folder, OneRule

if TYPE_CHECKING:
    from onward.routing.domain.kleene import Explanation, Seen
    from onward.routing.domain.rule_tests import RuleTestResult

_TRUTHS = {True: "true", False: "false", None: "not known"}
_TONES = {True: "good", False: "error", None: "warning"}


def run_tests(folder: Folder = None, rule: OneRule = None, json: AsJson = False) -> None:
    """Run every test that stands beside a rule; say which fail and why, condition by condition."""
    from onward.routing.domain import rule_tests

    rules = named(load(folder, json=json), rule)
    results = [rule_tests.run_test(each, test) for each in rules for test in each.tests]
    failed = [result for result in results if result.problem]
    without = [each.id for each in rules if not each.tests]
    if json:
        as_json(
            {
                "ok": not failed,
                "rules": len(rules),
                "tests": len(results),
                "without_tests": without,
                "failed": [_document(each) for each in failed],
            }
        )
    else:
        for result in failed:
            _print_failure(result)
        if without:
            typer.echo(f"without any test: {', '.join(without)}", err=True)
        summary = f"{number_of(len(results), 'test')} of {number_of(len(rules), 'rule')}, {len(failed)} failed"
        typer.echo(coloured(summary, "error" if failed else "good"))
    if failed:
        raise typer.Exit(1)


def _print_failure(result: "RuleTestResult") -> None:
    typer.echo(visible(str(result)))
    lines = [(part, seen) for part, seen in _lines(result.explanation)]
    widths = [max(len(text) for text in column) for column in zip(*(_words(*line) for line in lines), strict=True)]
    for part, seen in lines:
        truth, *others = (text.ljust(width) for text, width in zip(_words(part, seen), widths, strict=True))
        typer.echo(f"    {coloured(truth, _TONES[seen.truth])}  {visible('  '.join(others).rstrip())}")


def _words(part: str, seen: "Seen") -> tuple[str, ...]:
    condition = seen.condition
    actual = "not known" if seen.actual is None else f"is {_value(seen.actual)}"
    return _TRUTHS[seen.truth], part, condition.path, condition.expected, actual, condition.where


def _lines(explanation: "Explanation") -> Iterator[tuple[str, "Seen"]]:
    """Every condition with the part of the rule it stands in; groups are numbered where there are several."""
    from onward.routing.domain.language import Between

    if explanation.rule.effective.test != Between(None, None):
        yield "effective", explanation.effective
    for seen in explanation.when:
        yield "when", seen
    for name, groups in (("any_of", explanation.any_of), ("unless", explanation.unless)):
        for number, group in enumerate(groups, 1):
            for seen in group:
                yield f"{name} {number}" if len(groups) > 1 else name, seen


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        records = (", ".join(f"{name} {_value(field)}" for name, field in record.items()) for record in value)
        return f"[{'; '.join(records)}]"
    return str(value)


def _document(result: "RuleTestResult") -> dict[str, Any]:
    return {
        "rule": result.rule,
        "test": result.name,
        "where": str(result.place),
        "problem": result.problem,
        "expected": result.expected,
        "got": result.got,
        "because": result.because,
        "reasons": result.reasons,
        "conditions": [
            {
                "part": part,
                "field": seen.condition.path,
                "expected": seen.condition.expected,
                "actual": seen.actual,
                "truth": seen.truth,
                "where": seen.condition.where,
            }
            for part, seen in _lines(result.explanation)
        ],
    }
