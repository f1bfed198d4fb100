"""`onward parked`: what a service could not handle, and why; the bytes themselves only with a reason."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.failing import failed, misused, no_such
from onward.cli.printing import visible
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.parked_topic import ParkedRecord

parked = typer.Typer(no_args_is_help=True, help="What a service could not handle: list it, show it.")
_Service = Annotated[str, typer.Argument(help="The service that parked, such as intake.")]
_MASTER_KEY = "ONWARD_MASTER_KEY"


@parked.command("list", short_help="Every parked record, whence it came and why.")
def list_(service: _Service, *, bootstrap: Bootstrap) -> None:
    """Every parked record: its number, when, where it came from, and why it was parked. No content."""
    records = _read(service, bootstrap)
    for record in records:
        line = f"{record.number:>8}  {record.parked_at:%Y-%m-%d %H:%M:%S}  {record.origin:<28}  {record.why}"
        typer.echo(visible(line))
    typer.echo(f"{len(records)} parked by {service}", err=True)


@parked.command(short_help="One parked record; with --reveal, what is in it.")
def show(
    service: _Service,
    number: Annotated[str, typer.Argument(help="The record's number, as `onward parked list` shows it.")],
    *,
    bootstrap: Bootstrap,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the original bytes: personal data.")] = False,
    reason: Annotated[str, typer.Option(help="Why you must see them; required with --reveal.")] = "",
) -> None:
    """One parked record: why it was parked, and with --reveal and a --reason what it was."""
    import os

    if reveal and not reason.strip():
        misused("--reveal shows personal data: say why with --reason")
    if reveal and not os.environ.get(_MASTER_KEY):
        misused(f"parked records are sealed: set {_MASTER_KEY} to the key of the services")
    record = next((one for one in _read(service, bootstrap) if one.number == number), None)
    if record is None:
        misused(f"{service} parked no record {number}; `onward parked list {service}` shows them")
    for name, value in record.headers.items():
        typer.echo(visible(f"{name:<12} {value}"))
    if reveal:
        _show_original(record, service, reason, bootstrap)


def _read(service: str, bootstrap: str) -> "list[ParkedRecord]":
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.cli.parked_topic import read
    from onward.local.deployment import SERVICES

    if service not in SERVICES:
        no_such("service", service, SERVICES)
    try:
        return asyncio.run(read(bootstrap, service))
    except (KafkaError, TimeoutError) as error:
        failed(f"Kafka at {bootstrap} could not be read ({type(error).__name__}): is it up, and the address right?")


def _show_original(record: "ParkedRecord", service: str, reason: str, bootstrap: str) -> None:
    import asyncio
    import base64
    import getpass
    import json
    import os
    import sys

    from onward.chassis import parking
    from onward.chassis.errors import SealBrokenError
    from onward.cli.installed_secrets import why_it_does_not_open

    master = b""
    try:
        master = base64.b64decode(os.environ[_MASTER_KEY], validate=True)
        original = parking.unseal(master, record.value, record.header_bytes)
    except ValueError:
        misused(f"{_MASTER_KEY} is not base64: set it to the key of the services")
    except SealBrokenError as error:
        failed(asyncio.run(why_it_does_not_open(bootstrap, master)) or str(error))
    # On standard error, where a session's log keeps it beside the command.
    told = {"revealed": f"parked.{service} {record.number}", "by": getpass.getuser(), "reason": reason}
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
