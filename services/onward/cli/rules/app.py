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
from onward.cli.rules.facts import facts
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
from onward.cli.rules.then import then

rules = typer.Typer(
    no_args_is_help=True,
    help="Write, check, test, explain and publish rules.",
    rich_markup_mode=None,
)
rules.command(short_help="Say all that is wrong with rule files, and where.")(check)
rules.command("explain-error", short_help="Show what an error code means, with an example.")(explain_error)
rules.command(short_help="Show the facts that rules may ask about, and who tells them.")(facts)
rules.command(short_help="Put every rule file in one form, keeping every comment.")(fmt)
rules.command("test", short_help="Run the tests that stand beside rules.")(run_tests)
rules.command(short_help="Say what the tests of each rule show to matter.")(coverage)
rules.command(short_help="Say in the tests what each rule does, where none says it.")(then)
rules.command(short_help="Say what is worth a second look.")(lint)
rules.command(short_help="Prove that nothing is wrong with all rules, or show it.")(analyse)
rules.command(short_help="Say why, why not, and what would have led to a referral.")(explain)
rules.command(short_help="Say what a change of rules means, and for whom.")(diff)
rules.command(short_help="Keep situations in files, to replay changed rules on.")(archive)
rules.command(short_help="Say what a change would do to an archive of situations.")(impact)
rules.add_typer(keys, name="keys", short_help="Make keys to sign rules with.")
rules.add_typer(shadow, name="shadow", short_help="Let rules decide beside the live ones, and refer nobody.")
rules.command(short_help="Sign a change for somebody else to approve.")(propose)
rules.command(short_help="Agree with what somebody else proposed.")(approve)
rules.command(short_help="Make an approved proposal live.")(publish)
rules.command(short_help="Go back to the rules before, at once and alone.")(rollback)
rules.command(short_help="Say which rules decided what and when; decide again.")(history)
