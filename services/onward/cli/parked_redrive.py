"""`onward parked redrive`: parked records back to the input of the hop that parked them."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import FAILED, misused
from onward.cli.given_keys import MENDING_KEY
from onward.cli.parked_shared import (
    AsJson,
    OneService,
    Partner,
    Reason,
    Since,
    Until,
    asked_for,
    done,
    place_of,
    services,
)
from onward.cli.render.output import in_json, visible
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.redrive_work import RedriveRequest
    from onward.cli.redriving import RedriveReport


def redrive(
    service: OneService = None,
    *,
    bootstrap: Bootstrap,
    record: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="PLACE", help="This record, as `list` shows it; may be given again."),
    ] = None,
    reason: Reason = None,
    partner: Partner = None,
    since: Since = None,
    until: Until = None,
    however_often: Annotated[
        bool, typer.Option("--however-often", help="Also what went back three times and was parked each time.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Send parked records back to the topic they came from, once what kept them from being handled is mended.

    Each goes back once, whole, to its own partition, in the order in which they were parked. Without --apply nothing
    is done. What is interrupted is done to its end by giving the command again; given twice, it does nothing more.
    """
    import json

    from onward.cli.parked_text import told_document, told_lines
    from onward.cli.secrets import given_secret

    if record and (service, reason, partner, since, until) != (None, None, None, None, None):
        misused("--record names records one by one: leave out the service and the filters")
    if apply and not given_secret("mending_key"):
        misused(f"parked records are sealed: set {MENDING_KEY} to the key of those who mend; services have none")
    told = _do(
        bootstrap, _asked(service, record, (reason, partner, since, until), however_often=however_often), apply=apply
    )
    if as_json:
        typer.echo(in_json(json.dumps(told_document(told, applied=apply), ensure_ascii=False)))
    else:
        for line in told_lines(told, applied=apply):
            typer.echo(visible(line))
        if not apply and told.back:
            typer.echo("Nothing was done: give --apply to do it.", err=True)
    if apply and told.failed:
        raise typer.Exit(FAILED)


def _asked(
    service: str | None,
    records: list[str] | None,
    filters: tuple[str | None, str | None, str | None, str | None],
    *,
    however_often: bool,
) -> "RedriveRequest":
    from onward.chassis.processing.parking import topic_of
    from onward.cli.redrive_work import RedriveRequest

    if not records:
        return RedriveRequest(services(service), asked_for(*filters), however_often=however_often)
    places = [place_of(one) for one in records]
    named = {where.topic for where in places}
    theirs = [name for name in services(None) if topic_of(name) in named]
    return RedriveRequest(theirs, records=places, however_often=however_often)


def _do(bootstrap: str, asked: "RedriveRequest", *, apply: bool) -> "RedriveReport":
    import getpass

    from onward.cli.acting import act_of, put_on_record
    from onward.cli.given_keys import mending_keys
    from onward.cli.redrive_work import NoNotesError, NotParkedError, plan, redrive

    try:
        if not apply:
            return done(bootstrap, plan(bootstrap, asked))
        put_on_record(bootstrap, act_of("redrive", "parked-redrive", by=getpass.getuser(), topic="redrives"))
        return done(bootstrap, redrive(bootstrap, asked, keys=mending_keys(), by=getpass.getuser()))
    except NotParkedError as error:
        misused(f"{error}; `onward parked list --all` shows what is")
    except NoNotesError:
        misused("there is no topic `redrives`, on which to note what went back: make it with `onward topics`")
