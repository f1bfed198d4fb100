"""Tables: each service in a schema of its own, made and brought up to date at its start."""

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
from psycopg import sql

from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database

log = structlog.get_logger()

OWN = "onward.chassis.postgres:sql"
"""The chassis's own tables, in the schema of every service that keeps state."""

# Any fixed number of our own: processes that start together bring the schema up to date one after the other.
_LOCK = 0x6F6E7761
_SECONDS = 60.0


def apply(database_url: str, schema: str, folders: list[str]) -> None:
    """
    Make *schema* and apply what is new in *folders*, each `package:folder` of SQL files, in that order.

    Blocking. Safe to run by several processes at once.

    Raises:
        ConfigurationError: A folder is not there.
        psycopg.Error: The database is away, or a migration is wrong.
    """
    with database.blocking(database_url) as connection, _bounded(connection):
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
