"""`onward cases` and `onward case`: what people on duty are called for, opened with a reason and closed with one."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from onward.cli.errors import failed, in_a_document, misused, no_such, staff_name
from onward.cli.secrets import given_secret
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.chassis.postgres.database import Connection

T = TypeVar("T")

case = typer.Typer(no_args_is_help=True, help="One case of people on duty: look into it, or close it.")


def _database_url() -> str:
    return given_secret("database_url") or misused(
        "where the services' PostgreSQL is: set ONWARD_DATABASE_URL or ONWARD_DATABASE_URL_FILE"
    )


_Database = Annotated[
    str,
    typer.Option(
        "--database",
        default_factory=_database_url,
        show_default=False,
        help="The address of the services' PostgreSQL; ONWARD_DATABASE_URL or its _FILE by default, where a password"
        " is not shown to others of this machine.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)]
_Id = Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `onward cases` shows it.")]
_As = Annotated[str, typer.Option("--as", metavar="ROLE", help="The role that you are on duty in.")]
_By = Annotated[str, typer.Option(help="Your own user name: it is recorded.")]
_Reason = Annotated[str, typer.Option(help="Why: it is recorded.")]


def cases(
    *,
    database: _Database,
    role: Annotated[str | None, typer.Option("--as", metavar="ROLE", help="Only what this role is called for.")] = None,
    area: Annotated[str | None, typer.Option(metavar="CODE", help="Only of this local authority.")] = None,
    digest: Annotated[bool, typer.Option("--digest", help="What nobody is called for, and only that.")] = False,
    as_json: _Json = False,
) -> None:
    """
    The open cases of people on duty, what is due first first.

    Nobody is named here: `onward case open` shows who it is, and is on record.
    """
    from onward.cli.render import cases as written
    from onward.cli.render.output import as_json as printed
    from onward.tracking.duty_cases import open_cases

    if role is not None:
        _known(role)
    found = _done(database, lambda connection: open_cases(connection, role=role, area=area, digest=digest))
    if as_json:
        printed(written.document(found))
    else:
        typer.echo(written.text(found))


@case.command("open", short_help="Look into a case; that you did, and why, is on record.")
def open_(
    case_id: _Id,
    *,
    role: _As,
    by: _By,
    reason: _Reason,
    database: _Database,
    bootstrap: Bootstrap,
    as_json: _Json = False,
) -> None:
    """
    Look into a case: who raised it, who the person is, how to reach them safely, and what it is about.

    Your name, role and reason are recorded before anything is shown, on the audit chain too. Of what is known, only
    what the call is about is on the card.
    """
    from onward.chassis import clock
    from onward.chassis.security.envelope import UnsealableError
    from onward.cli.acting import act_of, put_on_record
    from onward.cli.given_keys import master_key, reference_key
    from onward.cli.render import cases as written
    from onward.cli.render.output import as_json as printed
    from onward.tracking.duty_cases import UnknownCaseError, look_into

    wanted, master, reference = _id(case_id), master_key(), reference_key()
    _said(by, reason)
    _known(role)
    put_on_record(bootstrap, act_of("reveal", "case-open", by=by, id_=str(wanted), role=role, reason=reason))
    try:
        found = _done(
            database,
            lambda connection: look_into(
                connection,
                wanted,
                role=role,
                by=by,
                reason=reason,
                master=master,
                reference=reference,
                now=clock.now(),
            ),
        )
    except UnknownCaseError:
        failed(f"there is no case {wanted} for {role}; `onward cases --as {role}` shows them")
    except UnsealableError:
        failed("the master key or the reference key is not that of this installation: nothing can be opened with it")
    if as_json:
        printed(written.card_document(found))
    else:
        typer.echo(written.card(found))


@case.command(short_help="Close a case, with what was done.")
def close(case_id: _Id, *, role: _As, by: _By, reason: _Reason, database: _Database) -> None:
    """Close a case: what was done about it is recorded, and what its card held is forgotten."""
    from onward.chassis import clock
    from onward.cli.render.output import visible
    from onward.tracking import duty_cases

    wanted = _id(case_id)
    _said(by, reason)
    _known(role)
    try:
        _done(
            database,
            lambda connection: duty_cases.close(connection, wanted, role=role, by=by, because=reason, now=clock.now()),
        )
    except duty_cases.UnknownCaseError:
        failed(f"there is no case {wanted} for {role}; `onward cases --as {role}` shows them")
    except duty_cases.CaseClosedError as error:
        failed(visible(str(error)))
    typer.echo(visible(f"Closed by {by} as {role}: {wanted}"))


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        misused("CASE is not an id; `onward cases` shows them")


def _said(by: str, reason: str) -> None:
    staff_name("--by", by)
    if not reason.strip():
        misused("--reason must say why: it is recorded")


def _known(role: str) -> None:
    from onward.routing.domain.actions import ROLES

    if role not in ROLES:
        no_such("role", role, sorted(ROLES))


def _done(database: str, work: "Callable[[Connection], Awaitable[T]]") -> T:
    """What *work* gives; a database that is away, or has no cases yet, ends the command with exit code 1."""
    import asyncio

    import psycopg

    from onward.chassis.observability.server_errors import told
    from onward.chassis.postgres.database import connect

    async def done() -> T:
        async with await connect(database, "tracking", purpose="cases") as connection:
            return await work(connection)

    try:
        return asyncio.run(done())
    except psycopg.errors.UndefinedTable:
        failed("the database has no cases yet: has tracking started once?")
    except (psycopg.Error, OSError, TimeoutError) as error:
        failed(f"PostgreSQL did not do it: {told(error, server='PostgreSQL')}")
