"""`onward places`: the table of postcodes that tells in which local authority somebody lives."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, in_a_document, misused
from onward.cli.render.output import as_json as printed
from onward.cli.render.output import visible

if TYPE_CHECKING:
    from onward.places.postcode_file import ImportedPostcodes

places = typer.Typer(help="Import National Statistics' postcodes, and look one up.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)]


@places.command(name="import", short_help="Make the table of postcodes from the National Statistics file.")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file for the UK of ONSPD or NSPL, unpacked.")],
    *,
    to: Annotated[
        Path, typer.Option(metavar="FILE", envvar="ONWARD_POSTCODES", help="The table to write.", dir_okay=False)
    ] = Path("postcodes.table"),
    as_json: AsJson = False,
) -> None:
    """
    Make the table of postcodes from the National Statistics postcode file, all or nothing.

    Services read the table that ONWARD_POSTCODES names, when they start. Exit code 1: the file cannot be imported, and
    the table is as it was. 2: there is no such file, or the table cannot be written.
    """
    from onward.places.postcode_file import PostcodeFileError, read_postcode_file

    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            read = read_postcode_file(lines, file.name)
    except OSError as error:
        misused(f"{file}: {error.strerror or error}")
    except PostcodeFileError as error:
        failed(f"nothing was imported:\n{error}")
    _write(to, read.table.encoded())
    if as_json:
        printed({"postcodes": len(read.table), "without": read.without, "unknown": read.unknown, "to": str(to)})
    else:
        _tell(read, to)


@places.command(short_help="Say in which local authority a postcode is.")
def find(
    postcode: Annotated[str, typer.Argument(metavar="POSTCODE", help="Such as 'B11 1AA'.")], *, as_json: AsJson = False
) -> None:
    """
    Say in which local authority a postcode is today, as messages are read with it.

    Exit code 1: nobody knows. 2: it is no postcode.
    """
    from onward.calendar.times import london_day
    from onward.chassis import clock
    from onward.contracts.authorities import authorities
    from onward.places.areas import installed
    from onward.places.table import read_postcode

    if read_postcode(postcode) is None:
        misused(f"`{visible(postcode)}` is no postcode; write one such as 'B11 1AA'")
    found = installed().area(postcode, london_day(clock.now()))
    if found is None:
        failed("nobody knows where that is; import the National Statistics postcode file with `onward places import`")
    authority = authorities().get(found)
    name = "" if authority is None else authority.name
    if as_json:
        printed({"area": found, "name": name})
    else:
        typer.echo(f"{found} {name}".strip())


def _write(to: Path, content: bytes) -> None:
    """Put the table in place whole: a service that starts meanwhile reads the old one or the new one."""
    beside = to.with_name(f"{to.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(to)
    except OSError as error:
        beside.unlink(missing_ok=True)
        misused(f"{to}: cannot be written: {error.strerror or error}")


def _tell(read: "ImportedPostcodes", to: Path) -> None:
    typer.echo(f"{len(read.table):,} postcodes in {to}; {read.without:,} have no local authority")
    for code, postcodes in read.unknown.items():
        typer.echo(f"{code}: not in our list of local authorities, newer than it perhaps; {postcodes:,} postcodes")
    typer.echo(f"Set ONWARD_POSTCODES={to} for intake, and start it again.")
