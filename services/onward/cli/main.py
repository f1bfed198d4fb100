"""The command line: `onward`. Commands are imported light; what they need is imported when they are called."""

import os
from typing import Any

import typer
from typer.core import TyperGroup

from onward.cli.approve import approve
from onward.cli.audit import audit
from onward.cli.books import books
from onward.cli.cases import case, cases
from onward.cli.demo import demo
from onward.cli.deploy import deploy
from onward.cli.erase import erase
from onward.cli.errors import misused
from onward.cli.keys import keys
from onward.cli.matches import matches
from onward.cli.migrate import migrate
from onward.cli.offsets.app import offsets
from onward.cli.parked import parked
from onward.cli.places import places
from onward.cli.rehearse import rehearse
from onward.cli.rules.app import rules
from onward.cli.run import run
from onward.cli.subject_access import subject_access
from onward.cli.topics import topics
from onward.cli.try_message import try_message
from onward.cli.types import types
from onward.cli.up import up
from onward.cli.words import words
from onward.contracts.paths import ProjectFileError


class Commands(TyperGroup):
    """All commands. Whichever of them meets a file of the project that cannot be used, it is told in words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except ProjectFileError as error:
            misused(f"a file of the project cannot be used:\n{error}")


app = typer.Typer(
    name="onward",
    cls=Commands,
    help="Onward turns contact with the justice system into help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show the values of variables: personal data
    rich_markup_mode=None,
)
app.command("try")(try_message)
app.command(short_help="Play whole stories without a server, and see that what must hold does.")(rehearse)
app.command(short_help="Play a synthetic day, and say what became of everybody.")(demo)
app.command()(up)
app.command()(run)
app.command(short_help="Make the topics and partitions that a Kafka cluster lacks.")(topics)
app.command(short_help="Make the tables of this release, and give each role its rights.")(migrate)
app.command()(types)
app.command(short_help="Which event types are read, known and ignored.")(types)
app.command(short_help="The words of their own that partners have.")(words)
app.command()(approve)
app.command()(cases)
app.command(short_help="Erase a person, by two signatures; and report what went and what stays.")(erase)
app.command("subject-access", short_help="Everything that is known of a person, on record.")(subject_access)
app.add_typer(rules, name="rules")
app.add_typer(audit, name="audit", short_help="What was done, by whom: signed, exported, checked.")
app.add_typer(case, name="case")
app.add_typer(parked, name="parked", short_help="What services could not handle: list, show, send back.")
app.add_typer(matches, name="matches", short_help="Whether two people are one: see and answer.")
app.add_typer(books, name="books")
app.add_typer(offsets, name="offsets", short_help="Where services stand in what they read.")
app.add_typer(places, name="places")
app.add_typer(deploy, name="deploy")
app.add_typer(keys, name="keys", short_help="The secrets of the installation: make one, change one.")


@app.callback()
def colours(command: typer.Context) -> None:
    """Leave colours to terminals, and only to those whose owner wants them (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        command.color = False


def main() -> None:
    """Run the command that the arguments name."""
    app()
