"""A role may do with each table what the service's own SQL does with it: a statement that is new needs its right."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

import onward
from onward.deployment.postgres_roles import KEYRING, ROLES, DatabaseRole, made_by_migrations, service_of

HOUSE = Path(onward.__file__).parent
OF_PEOPLE_ON_DUTY = {"duty_cases.py", "open_cases.sql", "one_case.sql", "note_opening.sql"}
SHARED = [*(HOUSE / "chassis" / "postgres").rglob("*.py"), HOUSE / "chassis" / "security" / "tombstones.py"]
MIGRATION = re.compile(r"\d{4}-")
STATEMENTS = {
    "insert": re.compile(r"(?:insert\s+into|copy)\s+([a-z_.]+)"),
    "update": re.compile(r"update\s+([a-z_.]+)\s+(?:as\s+)?(?:\w+\s+)?set\b"),
    "delete": re.compile(r"delete\s+from\s+([a-z_.]+)"),
    "select": re.compile(r"(?:(?<!delete )from|join|using|update|delete\s+from)\s+([a-z_.]+)"),
}
UPSERT = re.compile(r"insert\s+into\s+([a-z_.]+)[^;]*?on\s+conflict[^;]*?do\s+update", re.DOTALL)


def needed(files: Iterable[Path], schema: str) -> dict[str, set[str]]:
    """What the SQL in *files* does with which of our tables."""
    found: dict[str, set[str]] = defaultdict(set)
    made = made_by_migrations()
    for file in files:
        text = re.sub(r"--.*", "", file.read_text())
        patterns = [*STATEMENTS.items(), ("update", UPSERT), ("select", UPSERT)]
        for what, name in ((what, name) for what, pattern in patterns for name in pattern.findall(text)):
            table = name if "." in name else f"{schema}.{name}"
            if table in made and not table.startswith(f"{KEYRING}."):
                found[table].add(what)
    return dict(found)


def own_files(service: str) -> list[Path]:
    files = [file for file in (HOUSE / service).rglob("*") if file.suffix in {".py", ".sql"}]
    return [file for file in files if not MIGRATION.match(file.name) and file.name not in OF_PEOPLE_ON_DUTY]


def held(tables: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """What a role may do in its own schema; which migrations there are, it reads by a library."""
    return {
        name: set(may)
        for name, may in tables.items()
        if not name.startswith(f"{KEYRING}.") and not name.endswith("_yoyo_migration")
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role.name != "onward_duty"], ids=lambda role: role.name)
def test_a_service_may_do_with_its_tables_what_its_sql_does_and_nothing_else(role: DatabaseRole) -> None:
    service = service_of(role)
    shared = SHARED if held(role.tables) else []
    assert held(role.tables) == needed([*own_files(service), *shared], service)


def test_what_erasure_does_is_seen() -> None:
    """The control: a table that erasure empties would be missed if its statements were not read."""
    assert "delete" in needed(own_files("people"), "people")["people.contact"]
    assert needed(own_files("tracking"), "tracking")["tracking.case_opening"] == {"select", "update"}
