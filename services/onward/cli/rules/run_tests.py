"""`onward rules test`."""

import typer

from onward.cli.rules.loading import load
from onward.cli.rules.options import AsJson, Folder
from onward.cli.rules.telling import as_json


def run_tests(folder: Folder = None, json: AsJson = False) -> None:
    """Run every test that stands beside a rule; say which fail, with file, line and column."""
    from onward.routing.domain import rule_tests

    found = load(folder, json=json)
    results = rule_tests.run_tests(found)
    failed = [result for result in results if result.problem]
    if json:
        as_json(
            {
                "ok": not failed,
                "rules": len(found.rules),
                "tests": len(results),
                "failed": [
                    {"rule": each.rule, "test": each.name, "where": str(each.place), "problem": each.problem}
                    for each in failed
                ],
            }
        )
    else:
        for result in failed:
            typer.echo(str(result))
        without = sorted(rule.id for rule in found.rules if not rule.tests)
        if without:
            typer.echo(f"without any test: {', '.join(without)}", err=True)
        typer.echo(f"{len(results)} tests of {len(found.rules)} rules, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)
