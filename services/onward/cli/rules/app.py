"""The commands of `onward rules`, in the order an author meets them."""

import typer

from onward.cli.rules.analyse import analyse
from onward.cli.rules.approve import approve
from onward.cli.rules.archive import archive
from onward.cli.rules.check import check
from onward.cli.rules.coverage import coverage
from onward.cli.rules.diff import diff
from onward.cli.rules.explain import explain
from onward.cli.rules.explain_error import explain_error
from onward.cli.rules.fmt import fmt
from onward.cli.rules.history import history
from onward.cli.rules.impact import impact
from onward.cli.rules.keys import keys
from onward.cli.rules.lint import lint
from onward.cli.rules.propose import propose
from onward.cli.rules.publish import publish
from onward.cli.rules.rollback import rollback
from onward.cli.rules.run_tests import run_tests
from onward.cli.rules.shadow import shadow

rules = typer.Typer(
    no_args_is_help=True,
    help="Write, check, test, explain and publish rules.",
    rich_markup_mode=None,
)
rules.command()(check)
rules.command("explain-error")(explain_error)
rules.command()(fmt)
rules.command("test")(run_tests)
rules.command()(coverage)
rules.command()(lint)
rules.command()(analyse)
rules.command()(explain)
rules.command()(diff)
rules.command()(archive)
rules.command()(impact)
rules.add_typer(keys, name="keys")
rules.add_typer(shadow, name="shadow")
rules.command()(propose)
rules.command()(approve)
rules.command()(publish)
rules.command()(rollback)
rules.command()(history)
