"""
Roles of PostgreSQL: an owner who makes the tables, and a role for each service that may do with them what it does.

The rights follow from the services' own SQL: which tables a service has, and with which statements it writes to them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal, TypeAlias

Privilege: TypeAlias = Literal["select", "insert", "update", "delete"]

OWNER: Final = "onward_owner"
KEYRING: Final = "keyring"

_READ: Final[tuple[Privilege, ...]] = ("select",)
_ADD: Final[tuple[Privilege, ...]] = ("select", "insert")
_KEEP: Final[tuple[Privilege, ...]] = ("select", "insert", "update")
_ALL: Final[tuple[Privilege, ...]] = ("select", "insert", "update", "delete")

_CHASSIS: Final[Mapping[str, tuple[Privilege, ...]]] = {"input_shard": _KEEP, "outbox": ("select", "insert", "delete")}
"""How the chassis uses its tables, in the schema of every service that keeps state."""
_PEOPLE: Final[Mapping[str, tuple[Privilege, ...]]] = {
    "cluster": _ALL,
    "link": _ALL,
    "contact": _ALL,
    "alike": _ALL,
    "rekeyed": ("select", "insert", "delete"),
    "erased": _KEEP,
}
_TRACKING: Final[Mapping[str, tuple[Privilege, ...]]] = {
    "referral": _ALL,
    "question": _ALL,
    "raised": ("select", "insert", "delete"),
    "duty_case": _ALL,
    # Whose case was looked into goes with the person; that it was, and by whom, stays.
    "case_opening": ("select", "update"),
    "erased": _KEEP,
}


@dataclass(frozen=True, slots=True)
class DatabaseRole:
    """Somebody whom PostgreSQL knows by name."""

    name: str
    purpose: str
    tables: Mapping[str, tuple[Privilege, ...]]
    """What it may do with each table, by `schema.table`."""
    sequences: tuple[str, ...] = ()
    """The `schema.sequence`s from which it takes numbers."""

    @property
    def schemas(self) -> tuple[str, ...]:
        """The schemas of its tables."""
        return tuple(sorted({table.partition(".")[0] for table in self.tables}))


def _in(schema: str, *tables: Mapping[str, tuple[Privilege, ...]]) -> dict[str, tuple[Privilege, ...]]:
    return {f"{schema}.{table}": privileges for each in tables for table, privileges in each.items()}


_SECRETS: Final = {f"{KEYRING}.secret_fingerprint": _READ}
_KEYS: Final = {f"{KEYRING}.person_key": _READ}
_APPLIED: Final = "_yoyo_migration"
"""What says which migrations a schema has: read by the service at its start."""

ROLES: Final = (
    DatabaseRole(
        "onward_people",
        "the service `people`: what was said about whom; makes person keys, and alone may destroy one",
        {
            **_in("people", _CHASSIS, _PEOPLE, {_APPLIED: _READ}),
            f"{KEYRING}.person_key": ("select", "insert", "delete"),
            f"{KEYRING}.secret_fingerprint": _ADD,
        },
        sequences=("people.recorded",),
    ),
    DatabaseRole(
        "onward_tracking",
        "the service `tracking`: the referral ledger; reads person keys",
        {**_in("tracking", _CHASSIS, _TRACKING, {_APPLIED: _READ}), **_KEYS, **_SECRETS},
    ),
    DatabaseRole(
        "onward_dispatch",
        "the service `dispatch`: reads person keys, and nothing else",
        {**_KEYS, **_SECRETS},
    ),
    DatabaseRole(
        "onward_duty",
        "people on duty, `onward cases`: looks into cases, which is on record that nobody changes, and closes them",
        {"tracking.duty_case": _KEEP, "tracking.case_opening": ("insert",), **_KEYS},
    ),
)
"""Every role that logs in, beside the owner."""


def service_of(role: DatabaseRole) -> str:
    """The service that logs in as *role*; people on duty are none."""
    return role.name.removeprefix("onward_")


def grants(roles: tuple[DatabaseRole, ...] = ROLES) -> tuple[str, ...]:
    """The statements that give each role its rights and take every other, to be run by the owner of the tables."""
    return tuple(_grants(roles))


def _grants(roles: tuple[DatabaseRole, ...]) -> Iterator[str]:
    schemas = sorted({schema for role in roles for schema in role.schemas})
    for schema in schemas:
        yield f"revoke all on schema {schema} from public"
        for role in roles:
            yield f"revoke all on all tables in schema {schema} from {role.name}"
            yield f"revoke all on all sequences in schema {schema} from {role.name}"
            yield f"revoke all on schema {schema} from {role.name}"
    for role in roles:
        yield f"grant usage on schema {', '.join(role.schemas)} to {role.name}"
        for table, privileges in sorted(role.tables.items()):
            yield f"grant {', '.join(privileges)} on table {table} to {role.name}"
        for sequence in role.sequences:
            yield f"grant usage on sequence {sequence} to {role.name}"


_HEAD: Final = """\
-- The roles of Onward's database. Made of the services' own tables by `make schemas`: not to be edited.
-- Once, as a superuser, connected to the database:  psql -v ON_ERROR_STOP=1 -f roles.sql
-- Then give each role its password (`\\password onward_people`), or a certificate, and run `onward migrate` as
-- onward_owner: it makes the tables and gives every role its rights. After each upgrade `onward migrate` again.
"""


def making(name: str) -> str:
    """The statement that makes the role *name*, unless it is there."""
    return "\n".join(
        [
            "do $$ begin",
            f"  if not exists (select from pg_roles where rolname = '{name}') then",
            f"    create role {name} login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;",
            "  end if;",
            "end $$",
        ]
    )


def closing(database: str) -> tuple[str, ...]:
    """The statements that close *database*, quoted as it is written here, to everybody but our roles."""
    everybody = ", ".join((OWNER, *(role.name for role in ROLES)))
    return (
        f"revoke all on database {database} from public",
        f"grant connect on database {database} to {everybody}",
        f"grant create on database {database} to {OWNER}",
        "revoke create on schema public from public",
    )


def roles_sql() -> str:
    """A script that makes the roles; what each may do is given by `onward migrate`, shown here as comments."""
    lines = [_HEAD]
    for name, purpose in (
        (OWNER, "owns the schemas and runs `onward migrate`; no service logs in as it"),
        *_purposes(),
    ):
        lines += [f"-- {name}: {purpose}.", f"{making(name)};", ""]
    lines += [
        "-- Nobody else comes in, and only the owner makes anything.",
        "select current_database() as database \\gset",
        *(f"{statement};" for statement in closing(':"database"')),
        "",
        "-- What `onward migrate` gives:",
        *(f"--   {statement};" for statement in grants() if statement.startswith("grant")),
        "",
    ]
    return "\n".join(lines)


def _purposes() -> list[tuple[str, str]]:
    return [(role.name, role.purpose) for role in ROLES]


_MADE: Final = re.compile(r"^\s*create (table|sequence) (?:if not exists )?([a-z_.]+)", re.MULTILINE | re.IGNORECASE)
_SOURCES: Final = (
    ("onward.people", "sql", "people"),
    ("onward.tracking", "sql", "tracking"),
    ("onward.chassis.postgres", "sql", "people"),
    ("onward.chassis.postgres", "sql", "tracking"),
    ("onward.chassis.security", "keyring_sql", ""),
)


def made_by_migrations() -> frozenset[str]:
    """Every table and sequence that the migrations of this release make, with its schema."""
    found: set[str] = set()
    for package, folder, schema in _SOURCES:
        for file in (resources.files(package) / folder).iterdir():
            if file.name.endswith(".sql") and not file.name.endswith(".rollback.sql"):
                names = (name for _, name in _MADE.findall(file.read_text()))
                found |= {name if "." in name else f"{schema}.{name}" for name in names}
    return frozenset(found)
