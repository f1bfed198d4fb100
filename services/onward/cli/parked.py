"""`onward parked`: what services could not handle, and why; the bytes only with a reason; and the way back."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, misused
from onward.cli.given_keys import MENDING_KEY
from onward.cli.parked_redrive import redrive
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
    from onward.chassis.processing.redriving import Standings
    from onward.cli.parked_text import Sum
    from onward.cli.parked_topic import ParkedRecord, Wanted

parked = typer.Typer(no_args_is_help=True, help="What services could not handle: list it, show it, send it back.")
parked.command(short_help="Send parked records back to where they came from.")(redrive)


@parked.command("list", short_help="Every parked record that waits, whence it came and why.")
def list_(
    service: OneService = None,
    *,
    bootstrap: Bootstrap,
    reason: Reason = None,
    partner: Partner = None,
    since: Since = None,
    until: Until = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are mended or parked again.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Say what waits: each record's place, when it was parked, where it came from, and why. No content.

    The count by service and reason is on standard error.
    """
    from datetime import timedelta

    from onward.chassis import clock
    from onward.cli.parked_text import Sum
    from onward.contracts import topics

    wanted = asked_for(reason, partner, since, until)
    counted = Sum()
    done(bootstrap, _list(bootstrap, services(service), wanted, counted, everything=everything, as_json=as_json))
    kept = timedelta(days=topics.files()["parked.{service}"].retention_days)
    for line in counted.lines(kept=kept, now=clock.now()):
        typer.echo(visible(line), err=True)


async def _list(
    bootstrap: str, names: "list[str]", wanted: "Wanted", counted: "Sum", *, everything: bool, as_json: bool
) -> None:
    import json

    from onward.cli.parked_text import document, line
    from onward.cli.parked_topic import parked_by

    stand = await _standings(bootstrap)
    for name in names:
        async for record in parked_by(bootstrap, name, wanted):
            if not everything and stand.state(record.name) in ("mended", "parked again"):
                continue
            counted.add(record, stand)
            if as_json:
                typer.echo(in_json(json.dumps(document(record, stand), ensure_ascii=False)))
            else:
                typer.echo(visible(line(record, stand)))


async def _standings(bootstrap: str, *, since: "ParkedRecord | None" = None) -> "Standings":
    from aiokafka.errors import UnknownTopicOrPartitionError

    from onward.chassis.processing.redriving import Standings
    from onward.cli.parked_topic import standings

    try:
        return await standings(bootstrap, since=since)
    except UnknownTopicOrPartitionError:
        return Standings()  # nothing can have gone back yet


@parked.command(short_help="One parked record; with --reveal, what is in it.")
def show(
    record: Annotated[str, typer.Argument(metavar="PLACE", help="As `onward parked list` shows it.")],
    *,
    bootstrap: Bootstrap,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the original bytes: personal data.")] = False,
    reason: Annotated[str, typer.Option(help="Why you must see them; required with --reveal.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say why a record was parked and how it stands; with --reveal and a --reason, what it was."""
    import json

    from onward.cli.parked_text import document, standing
    from onward.cli.secrets import given_secret

    if reveal and not reason.strip():
        misused("--reveal shows personal data: say why with --reason")
    if reveal and as_json:
        misused("--reveal gives the bytes as they are, and --json gives JSON: choose one")
    if reveal and not given_secret("mending_key"):
        misused(f"parked records are sealed: set {MENDING_KEY} to the key of those who mend; services have none")
    where = place_of(record)
    found, stand = done(bootstrap, _one(bootstrap, record))
    if found is None:
        misused(f"nothing is parked at {where}; `onward parked list --all` shows what is")
    if as_json:
        typer.echo(in_json(json.dumps(document(found, stand), ensure_ascii=False)))
        return
    for name, value in found.headers.items():
        typer.echo(visible(f"{name:<12} {value}"))
    typer.echo(visible(f"{'state':<12} {standing(found, stand) or 'waiting'}"))
    if reveal:
        _show_original(found, reason, bootstrap)


async def _one(bootstrap: str, record: str) -> "tuple[ParkedRecord | None, Standings]":
    from onward.chassis.processing.redriving import Standings
    from onward.cli.parked_topic import parked_at

    found = await parked_at(bootstrap, place_of(record))
    return found, Standings() if found is None else await _standings(bootstrap, since=found)


def _show_original(record: "ParkedRecord", reason: str, bootstrap: str) -> None:
    import asyncio
    import getpass
    import json
    import sys

    from onward.chassis.errors import SealBrokenError
    from onward.chassis.processing import parking
    from onward.cli.acting import act_of, put_on_record
    from onward.cli.given_keys import mending_keys
    from onward.cli.installed_secrets import why_it_does_not_open

    keys = mending_keys()
    try:
        original = parking.unseal(keys, record.place.topic, record.value, record.header_bytes)
    except SealBrokenError as error:
        failed(asyncio.run(why_it_does_not_open(bootstrap, keys)) or str(error))
    by, place = getpass.getuser(), str(record.place)
    put_on_record(bootstrap, act_of("reveal", "parked-show", by=by, id_=place, reason=reason))
    # On standard error, where a session's log keeps it beside the command.
    told = {"revealed": place, "by": by, "reason": reason}
    typer.echo(json.dumps(told), err=True)
    for name, content in (("key", original.key), *original.headers):
        told_content = "(none)" if content is None else content.decode(errors="backslashreplace")
        typer.echo(visible(f"{name:<12} {told_content}"))
    typer.echo("")
    if original.value is None:
        typer.echo("(no value)")
    elif sys.stdout.isatty():
        typer.echo(visible(original.value.decode(errors="backslashreplace")))
    else:
        typer.echo(original.value)  # byte for byte, for whoever mends it
