"""The roles that `deploy/postgres/roles.sql` makes, on a database of a test."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from onward.deployment.postgres_roles import OWNER, ROLES, roles_sql

PASSWORD = "a word of no use elsewhere"


def _statements(script: str) -> Iterator[str]:
    """What psql would run of *script*; its own commands apart."""
    text = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    inside: list[str] = []
    for line in text.splitlines():
        if "\\gset" in line or not line.strip():
            continue
        inside.append(line)
        whole = "\n".join(inside)
        if line.endswith(";") and (not whole.startswith("do $$") or line.startswith("end $$")):
            yield whole
            inside.clear()
    assert not inside


@contextmanager
def with_roles(database: str) -> Generator[Callable[[str], str]]:
    """Make them on an empty database: how each comes in."""
    names = [OWNER, *(role.name for role in ROLES)]
    with psycopg.connect(database, autocommit=True) as superuser:
        here = sql.Identifier(superuser.info.dbname).as_string(superuser)
        for statement in _statements(roles_sql().replace(':"database"', here)):
            superuser.execute(statement.encode())
        for name in names:
            superuser.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(name), PASSWORD))
    try:
        yield lambda name: make_conninfo(database, user=name, password=PASSWORD)
    finally:
        with psycopg.connect(database, autocommit=True) as superuser:
            for name in reversed(names):
                superuser.execute(sql.SQL("drop owned by {} cascade").format(sql.Identifier(name)))
                superuser.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))
