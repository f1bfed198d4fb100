"""Who may do what in PostgreSQL: every role, table and statement, tried on a real server."""

import os
from collections.abc import Callable, Generator
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from integration.deployment.roles import with_roles
from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database, migrations
from onward.chassis.postgres.shard import _END_OLDER_OWNER, _TAKE
from onward.chassis.security import keyring
from onward.cli.main import app
from onward.contracts.services import STATEFUL_SERVICES
from onward.deployment.postgres_roles import OWNER, ROLES, made_by_migrations

STATEMENTS = {
    "select": "select 1 from {table} limit 0",
    "insert": "insert into {table} default values",
    "update": "update {table} set {column} = {column} where false",
    "delete": "delete from {table} where false",
    "truncate": "truncate {table} cascade",
    "drop": "drop table {table} cascade",
    "alter": "alter table {table} add column more text",
}


@pytest.fixture
def deployed(database: str) -> Generator[Callable[[str], str]]:
    """An empty database with the roles that the script makes: how each comes in."""
    with with_roles(database) as of:
        yield of


def migrate(url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ONWARD_DATABASE_URL", url)
    return CliRunner().invoke(app, ["migrate"])


@pytest.fixture
def migrated(deployed: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The same with the tables of this release and everybody's rights."""
    done = migrate(deployed(OWNER), monkeypatch)
    assert done.exit_code == 0, done.output
    return deployed


def test_every_role_may_do_with_every_table_exactly_what_it_needs(
    migrated: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert migrate(migrated(OWNER), monkeypatch).exit_code == 0, "again"

    with psycopg.connect(migrated(OWNER)) as owner:
        found = owner.execute(
            "select table_schema || '.' || table_name, min(column_name) from information_schema.columns"
            " where table_schema not in ('pg_catalog', 'information_schema') group by 1"
        ).fetchall()
    tables = {str(table): str(column) for table, column in found}
    ours = {name for name in made_by_migrations() if name != "people.recorded"}
    assert ours <= tables.keys()

    cells = {"allowed": 0, "refused": 0}
    for role in ROLES:
        with psycopg.connect(migrated(role.name)) as connection:
            for table, column in sorted(tables.items()):
                for what, statement in STATEMENTS.items():
                    allowed = may(connection, statement.format(table=table, column=f'"{column}"'))
                    wanted = what in role.tables.get(table, ())
                    assert allowed == wanted, (role.name, table, what)
                    cells["allowed" if allowed else "refused"] += 1
    assert cells["refused"] > cells["allowed"] > 0
    print(f"\n{sum(cells.values())} cells tried: {cells['allowed']} allowed, {cells['refused']} refused")  # noqa: T201


def may(connection: "psycopg.Connection[Any]", statement: str) -> bool:
    """Whether the server does it; it is undone."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.IntegrityError:
        return True  # allowed: it is the row that is none
    return True


def test_no_role_makes_anything(migrated: Callable[[str], str]) -> None:
    for role in ROLES:
        with psycopg.connect(migrated(role.name)) as connection:
            for statement in (
                "create schema mine",
                "create table public.mine (a int)",
                *(f"create table {schema}.mine (a int)" for schema in role.schemas),
                f"set role {OWNER}",
                "create role friend",
            ):
                assert not may(connection, statement), (role.name, statement)


@pytest.mark.parametrize("service", sorted(STATEFUL_SERVICES))
async def test_a_service_starts_and_takes_a_shard_over_as_its_role(
    service: str, migrated: Callable[[str], str]
) -> None:
    url = migrated(f"onward_{service}")
    migrations.apply(url, service, [migrations.OWN, f"onward.{service}:sql"])
    before = await database.connect(url, service, purpose="state")
    async with await database.connect(url, service, purpose="state") as connection:
        await keyring.prepare(connection)
        await connection.execute("insert into input_shard values ('g', 't', 0, 0, 0, 0, 0, null, null)")
        place = ("g", "t", 0)
        await (taken := await before.execute(_TAKE, place)).fetchone()
        assert taken.rowcount == 1
        ended = await connection.execute(_END_OLDER_OWNER, place)
        assert await ended.fetchall() == [(True,)], "an older owner's session is ended by its own role"
    await before.close()


def test_a_service_without_its_tables_says_who_makes_them(deployed: Callable[[str], str]) -> None:
    with pytest.raises(ConfigurationError, match="run `onward migrate`"):
        migrations.apply(deployed("onward_people"), "people", [migrations.OWN, "onward.people:sql"])


def test_a_database_of_a_later_release_is_not_taken_back(
    migrated: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(migrated(OWNER), autocommit=True) as owner:
        owner.execute(
            "insert into tracking._yoyo_migration (migration_hash, migration_id, applied_at_utc)"
            " values ('x', '9999-of-tomorrow', now())"
        )
    done = migrate(migrated(OWNER), monkeypatch)
    assert done.exit_code == 1
    assert "9999-of-tomorrow" in done.output
    # Its services go on: a later release only adds.
    migrations.apply(migrated("onward_tracking"), "tracking", [migrations.OWN, "onward.tracking:sql"])


def test_one_user_for_everything_is_told_that_it_is_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = migrate(database, monkeypatch)
    assert done.exit_code == 0
    assert "one user does everything" in done.output
    assert os.environ["ONWARD_DATABASE_URL"] not in done.output
