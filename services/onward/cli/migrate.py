"""`onward migrate`: makes the tables of this release, and says who may do what with them."""

from typing import TYPE_CHECKING, Any

import typer

from onward.cli.errors import failed, misused
from onward.cli.secrets import given_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg


def migrate() -> None:
    """
    Make or bring up to date the tables of every service, as their owner, and give each role its rights.

    ONWARD_DATABASE_URL, or the file that ONWARD_DATABASE_URL_FILE names, says where and as whom. Run it from each image
    before that image's services; services of the release before go on working beside it. It never goes back: on a
    database of a later release it refuses, and changes nothing.

    Roles are made once, with deploy/postgres/roles.sql. Without any of them there is one user for everything, as in the
    local stack, and no rights are given.
    """
    import psycopg

    from onward.chassis.errors import ConfigurationError
    from onward.chassis.observability.server_errors import told

    url = given_secret("database_url")
    if url is None:
        misused("where the database is: set ONWARD_DATABASE_URL, or ONWARD_DATABASE_URL_FILE")
    try:
        for said in bring_up(url):
            typer.echo(said)
    except ConfigurationError as error:
        failed(str(error))
    except (psycopg.Error, OSError) as error:
        failed(f"the database did not do it: {told(error, server='PostgreSQL')}")


def bring_up(url: str) -> "Iterator[str]":
    """
    Do it as whoever *url* logs in as; what is done, line by line.

    Raises:
        ConfigurationError, psycopg.Error, OSError: it cannot be done.
    """
    import asyncio

    for service in _migrated(url):
        yield f"{service}: up to date"
    asyncio.run(_keyring(url))
    yield _give_rights(url)


def _migrated(url: str) -> list[str]:
    from importlib import import_module

    from onward.chassis.postgres import migrations
    from onward.contracts.services import SERVICES, STATEFUL_SERVICES

    services: list[str] = [name for name in SERVICES if name in STATEFUL_SERVICES]
    folders = {name: [migrations.OWN, import_module(f"onward.{name}.adapters").MIGRATIONS] for name in services}
    for name in services:
        if later := migrations.later_than(url, name, folders[name]):
            failed(
                f"schema `{name}` is of a later release, which made {', '.join(sorted(later))}: run the image of that "
                "release, or restore the database from before it. Nothing was changed"
            )
    for name in services:
        migrations.apply(url, name, folders[name])
    return services


async def _keyring(url: str) -> None:
    from onward.chassis.postgres import database
    from onward.chassis.security import keyring

    async with await database.plain(url) as connection:
        await keyring.prepare(connection)


def _give_rights(url: str) -> str:
    from onward.chassis.postgres import database
    from onward.deployment.postgres_roles import ROLES, grants

    with database.blocking(url) as connection:
        known = _roles(connection)
        missing = [role.name for role in ROLES if role.name not in known]
        if len(missing) == len(ROLES):
            return "no role of deploy/postgres/roles.sql is there: one user does everything"
        if missing:
            failed(f"no role {', '.join(missing)}: run deploy/postgres/roles.sql of this release as a superuser")
        with connection.transaction():
            for statement in grants():
                connection.execute(statement.encode())
    return f"rights of {', '.join(role.name for role in ROLES)}: given"


def _roles(connection: "psycopg.Connection[Any]") -> set[str]:
    return {str(name) for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
