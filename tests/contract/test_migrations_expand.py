"""
Migrations expand first and contract later: services of the release before go on working beside a database of this one.

What they read or leave out may only be taken from them by a migration that says since which release nobody needs it:
`-- contracts: 0.1.0` in a release after that one.
"""

import re
from pathlib import Path

import pytest

import onward
from onward.contracts import paths

HOUSE = Path(onward.__file__).parent
FOLDERS = ("people/sql", "tracking/sql", "chassis/postgres/sql", "chassis/security/keyring_sql")
BEFORE_THE_FIRST_RELEASE = {"0002-question-episode"}
"""Made when nothing was deployed that could have run beside it."""
TAKES = {
    "drops a table": r"\bdrop\s+table\b",
    "drops a column": r"\bdrop\s+column\b",
    "renames": r"\brename\b",
    "changes a type": r"\balter\s+column\s+\w+\s+(?:set\s+data\s+)?type\b",
    "demands a value": r"\balter\s+column\s+\w+\s+set\s+not\s+null\b",
    "demands a value of a new column": r"\badd\s+column\s+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b",
    "takes a default away": r"\balter\s+column\s+\w+\s+drop\s+default\b",
}


def migrations() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((HOUSE / folder).glob("*.sql"))]
    return [path for path in found if not path.name.endswith(".rollback.sql")]


def takes(script: str) -> list[str]:
    """What *script* takes from services of the release before."""
    text = re.sub(r"--.*", "", script).lower()
    return [what for what, pattern in TAKES.items() if re.search(pattern, text)]


def contracts_since(script: str) -> str:
    """The release since which nobody needs what a migration takes, as it says itself."""
    told = re.search(r"^-- contracts: (\S+)$", script, re.MULTILINE)
    return told.group(1) if told else ""


@pytest.mark.parametrize("path", migrations(), ids=lambda path: path.stem)
def test_a_migration_takes_nothing_that_the_release_before_needs(path: Path) -> None:
    script = path.read_text()
    if path.stem in BEFORE_THE_FIRST_RELEASE or not takes(script):
        return
    since = contracts_since(script)
    released = {folder.name for folder in (paths.schemas() / "released").iterdir()}
    assert since in released, f"{path.name} {takes(script)}: expand in this release, contract in a later one"
    assert since != onward_version(), "what this release still needs is taken by a later one"


def onward_version() -> str:
    (found,) = re.findall(
        r'^version = "([^"]+)"', (paths.schemas().parent / "pyproject.toml").read_text(), re.MULTILINE
    )
    return str(found)


def test_there_are_migrations_and_those_that_are_excused_exist() -> None:
    assert len(migrations()) > 10
    assert {path.stem for path in migrations()} >= BEFORE_THE_FIRST_RELEASE


@pytest.mark.parametrize(
    "statement",
    [
        "alter table contact drop column said;",
        "drop table if exists link;",
        "alter table contact rename column said to told;",
        "alter table contact alter column said type text;",
        "alter table contact alter column said set not null;",
        "alter table contact add column more text not null;",
        "ALTER TABLE contact ALTER COLUMN more DROP DEFAULT;",
    ],
)
def test_what_takes_something_is_noticed(statement: str) -> None:
    assert takes(statement)


def test_what_only_adds_is_not() -> None:
    script = "alter table contact add column more text not null default '', add column other text; -- drop table x"
    assert takes(f"create table more (a text not null);\ncreate index on contact (said);\n{script}") == []
