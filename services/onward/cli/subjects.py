"""Whom a command is about: a partner's reference, a number, a pseudonym or a contact, and the secrets to find them."""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar, get_args
from uuid import UUID

import typer

from onward.cli.errors import failed, misused, no_such
from onward.cli.given_keys import pepper

if TYPE_CHECKING:
    from onward.chassis.postgres.database import Connection
    from onward.chassis.security.wrapping import WrappingKeys
    from onward.people.subject import SubjectRecord

T = TypeVar("T")

_PSEUDONYM = re.compile(r"[0-9a-f]{32}")

Database = Annotated[
    str, typer.Option("--database", envvar="ONWARD_DATABASE_URL", help="The address of the services' PostgreSQL.")
]
Reference = Annotated[
    str | None,
    typer.Option(metavar="SOURCE:REFERENCE", help="By which a partner knows the person, such as custody:BW/1/26."),
]
Number = Annotated[
    str | None,
    typer.Option("--identifier", metavar="TYPE:NUMBER", help="A number of theirs, such as NOMS:A1234AA."),
]
Person = Annotated[str | None, typer.Option(metavar="PSEUDONYM", help="The person's pseudonym.")]
ContactId = Annotated[str | None, typer.Option("--contact", metavar="ID", help="A contact that was about them.")]


def whom(reference: str | None, identifier: str | None, person: str | None, contact: str | None) -> str | None:
    """What names the person, as a keyed pseudonym; None where nothing was given. Ends the command where two were."""
    given = [each for each in (reference, identifier, person, contact) if each]
    if not given:
        return None
    if len(given) > 1:
        misused("say who it is in one way: --reference, --identifier, --person or --contact")
    if person:
        return _of_person(person)
    if contact:
        return _of_contact(contact)
    return _of_reference(reference) if reference else _of_identifier(identifier or "")


def _of_person(written: str) -> str:
    from onward.contracts.erasure import PERSON

    if not _PSEUDONYM.fullmatch(written.lower()):
        misused("--person is no pseudonym: it has 32 hexadecimal digits, as `person` has on every topic")
    return f"{PERSON}:{written.lower()}"


def _of_contact(written: str) -> str:
    from onward.contracts.erasure import CONTACT

    try:
        return f"{CONTACT}:{UUID(written)}"
    except ValueError:
        misused("--contact is no id of a contact")


def _of_reference(written: str) -> str:
    from onward.contracts import topics
    from onward.people.domain.remembered import name_of_reference

    source, colon, reference = written.partition(":")
    if not colon or source not in topics.sources():
        no_such("partner", source, topics.sources())
    return name_of_reference(pepper(), source, reference)


def _of_identifier(written: str) -> str:
    from onward.contracts.identifiers import IdentifierType, read_identifier
    from onward.people.domain.remembered import name_of_identifier

    kinds: tuple[IdentifierType, ...] = get_args(IdentifierType)
    kind, _, value = written.partition(":")
    by_name: dict[str, IdentifierType] = {each: each for each in kinds}
    chosen = by_name.get(kind.upper())
    if chosen is None:
        no_such("type of identifier", kind, kinds)
    found = read_identifier(chosen, value)
    if found is None:
        misused(f"--identifier does not check: it is no {chosen} number")
    return name_of_identifier(pepper(), found)


def in_database(database: str, schema: str, work: "Callable[[Connection], Awaitable[T]]") -> T:
    """What *work* gives in the schema of a service; a database that is away ends the command with exit code 1."""
    import asyncio

    import psycopg

    from onward.chassis.observability.server_errors import told
    from onward.chassis.postgres.database import connect

    async def done() -> T:
        async with await connect(database, schema, purpose="subject") as connection, connection.transaction():
            return await work(connection)

    try:
        return asyncio.run(done())
    except psycopg.errors.UndefinedTable:
        failed(f"the database has not what this needs: has {schema} of this release started once?")
    except (psycopg.Error, OSError, TimeoutError) as error:
        failed(f"PostgreSQL did not do it: {told(error, server='PostgreSQL')}")


def record_for(database: str, wanted: str, *, master: "WrappingKeys") -> "SubjectRecord":
    """What is kept of a person; ends the command with exit code 1 where that is nobody or several."""
    from onward.chassis.security.envelope import UnsealableError
    from onward.people.subject import UnknownSubjectError, record_of

    try:
        return in_database(database, "people", lambda connection: record_of(connection, wanted, master=master))
    except UnknownSubjectError as error:
        if error.persons:
            failed(f"this names {len(error.persons)} people; say which, by --person: {', '.join(error.persons)}")
        failed(
            "nobody is known by this; a partner that knows people by a number of theirs, such as a prison, says no "
            "more by its reference: use --identifier"
        )
    except UnsealableError:
        failed("the master key is not that of this installation: nothing can be opened with it")
