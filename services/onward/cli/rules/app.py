"""The commands of `onward rules`, in the order an author meets them."""

import typer

from onward.cli.rules.check import check
from onward.cli.rules.coverage import coverage
from onward.cli.rules.fmt import fmt
from onward.cli.rules.run_tests import run_tests

rules = typer.Typer(
    no_args_is_help=True,
    help="Write, check, test, explain and publish rules.",
    rich_markup_mode=None,
)
rules.command()(check)
rules.command()(fmt)
rules.command("test")(run_tests)
rules.command()(coverage)
