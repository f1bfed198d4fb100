"""
Tables: each service in a schema of its own, made and brought up to date at its start, or by `onward migrate`.

A service whose tables are those of its release only looks at them, so that its role needs no right to make any.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from threading import Timer
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import structlog
import yoyo
from psycopg import errors, sql

from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database

log = structlog.get_logger()

OWN = "onward.chassis.postgres:sql"
"""The chassis's own tables, in the schema of every service that keeps state."""

# Any fixed number of our own: processes that start together bring the schema up to date one after the other.
_LOCK = 0x6F6E7761
_APPLIED = "_yoyo_migration"
"""Where yoyo notes what it has applied."""
_SECONDS = 60.0


def apply(database_url: str, schema: str, folders: list[str]) -> None:
    """
    Make *schema* and apply what is new in *folders*, each `package:folder` of SQL files, in that order.

    Blocking. Safe to run by several processes at once.

    Raises:
        ConfigurationError: A folder is not there; or tables are missing, and this user may not make them.
        psycopg.Error: The database is away, or a migration is wrong.
    """
    try:
        _apply(database_url, schema, folders)
    except errors.InsufficientPrivilege:
        raise ConfigurationError(
            f"the tables of this release are not all in schema `{schema}`, or this user may not see them, and it may "
            "make none: run `onward migrate` of this release as the owner of the tables"
        ) from None


def _apply(database_url: str, schema: str, folders: list[str]) -> None:
    with database.blocking(database_url) as connection, _bounded(connection):
        applied = _applied(connection, schema)
        if applied >= known(folders):
            return
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        backend = yoyo.get_backend(_address(database_url, schema))  # type: ignore[no-untyped-call]  # yoyo has no types
        try:
            with _bounded(backend.connection), ExitStack() as stack:
                for folder in folders:
                    path = stack.enter_context(resources.as_file(_folder(folder)))
                    found = yoyo.read_migrations(str(path))  # type: ignore[no-untyped-call]  # yoyo has no types
                    fresh = backend.to_apply(found)
                    for migration in fresh:
                        log.info("migration.applied", migration=migration.id)
                    # Not under yoyo's own lock: that one outlives a killed process.
                    backend.apply_migrations(fresh)
        finally:
            backend.connection.close()


def known(folders: list[str]) -> frozenset[str]:
    """
    The ids of the migrations in *folders*.

    Raises:
        ConfigurationError: A folder is not there.
    """
    files = (file.name for folder in folders for file in _folder(folder).iterdir())
    return frozenset(
        name.removesuffix(".sql") for name in files if name.endswith(".sql") and not name.endswith(".rollback.sql")
    )


def later_than(database_url: str, schema: str, folders: list[str]) -> frozenset[str]:
    """
    The migrations that *schema* has and *folders* have not: a later release made them.

    Raises:
        ConfigurationError: A folder is not there.
        psycopg.Error: The database is away.
    """
    with database.blocking(database_url) as connection, _bounded(connection):
        return _applied(connection, schema) - known(folders)


def _applied(connection: "psycopg.Connection[Any]", schema: str) -> frozenset[str]:
    table = f"{schema}.{_APPLIED}"
    (there,) = connection.execute("select to_regclass(%s) is not null", [table]).fetchone() or (False,)
    if not there:
        return frozenset()
    rows = connection.execute(sql.SQL("select migration_id from {}").format(sql.Identifier(schema, _APPLIED)))
    return frozenset(str(migration) for (migration,) in rows.fetchall())


@contextmanager
def _bounded(connection: "psycopg.Connection[Any]") -> Generator[None]:
    """Cut *connection* if what is done in the block never ends: a frozen server would hold the process for good."""
    timer = Timer(_SECONDS, database.cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _folder(name: str) -> Traversable:
    package, _, folder = name.partition(":")
    try:
        found = resources.files(package) / folder
    except ModuleNotFoundError:
        raise ConfigurationError(f"migrations `{name}`: no package {package}") from None
    if not found.is_dir():
        raise ConfigurationError(f"migrations `{name}`: package {package} has no folder {folder}")
    return found


def _address(database_url: str, schema: str) -> str:
    """*database_url*, in any form that PostgreSQL's own library takes, as yoyo takes it."""
    parts = {name: str(value) for name, value in database.address(database_url).items() if value is not None}
    user, password = quote(parts.pop("user", ""), safe=""), quote(parts.pop("password", ""), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    name = parts.pop("dbname", "")
    host, port = parts.get("host", ""), parts.get("port")
    if "/" in host or "," in host:
        place = ""
    else:
        place = host + (f":{port}" if port else "")
        parts.pop("host", None)
        parts.pop("port", None)
    return f"postgresql+psycopg://{login}{place}/{name}?{urlencode({**parts, 'schema': schema})}"
