"""`onward rules`: for people who write rules, without any server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.directory import the_directory
from onward.cli.failing import misused

if TYPE_CHECKING:
    from onward.routing.domain.language import RuleSet

rules = typer.Typer(no_args_is_help=True, help="Check the rule files; run the tests beside the rules.")
_Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help="The rule files; the project's own by default.")
]


@rules.command()
def check(folder: _Folder = None) -> None:
    """Load every rule file, hold it against the directory and the partners; say all that is wrong, and where."""
    from onward.contracts import topics
    from onward.routing.domain.diagnostics import BundleError
    from onward.routing.domain.surroundings import check_surroundings

    found = load(folder)
    try:
        check_surroundings(found, the_directory(), topics.sources())
    except BundleError as error:
        misused(f"the rules cannot be used:\n{error}")
    typer.echo(f"{len(found.rules)} rules, version {found.version.version}: nothing wrong")


@rules.command("test")
def run_the_tests(folder: _Folder = None) -> None:
    """Run every test that stands beside a rule; say which fail, with file, line and column."""
    from onward.routing.domain.rule_tests import run_tests

    found = load(folder)
    results = run_tests(found)
    problems = [result for result in results if result.problem]
    for result in problems:
        typer.echo(str(result))
    without = sorted(rule.id for rule in found.rules if not rule.tests)
    if without:
        typer.echo(f"without any test: {', '.join(without)}", err=True)
    typer.echo(f"{len(results)} tests of {len(found.rules)} rules, {len(problems)} failed")
    if problems:
        raise typer.Exit(1)


def load(folder: Path | None) -> "RuleSet":
    """The rule set; a faulty one is shown with every problem, and ends the command with exit code 2."""
    from onward.contracts import paths
    from onward.routing.domain.bundle import load_bundle
    from onward.routing.domain.diagnostics import BundleError

    try:
        return load_bundle(folder or paths.schemas() / "routing")
    except BundleError as error:
        misused(f"the rules cannot be used:\n{error}")
