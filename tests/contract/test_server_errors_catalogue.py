"""Every kind of trouble with a server is in the operator's table, and every remedy fits a log line."""

import re
from pathlib import Path
from typing import get_args

import pytest

from onward.chassis.observability.server_trouble import Kind, Server, ServerTrouble, place

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
KINDS = get_args(Kind)


def test_every_kind_of_trouble_is_in_the_operators_table_and_no_other() -> None:
    table = OPERATIONS.read_text().partition("## When a server is away")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {kind for cell in cells for kind in re.findall(r"`([a-z_]+)`", cell)} == set(KINDS)


@pytest.mark.parametrize("server", get_args(Server))
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_to_do_and_leaves_room_for_why(kind: Kind, server: Server) -> None:
    remedy = ServerTrouble(server, kind, "").what_to_do
    assert remedy
    assert "{" not in remedy
    assert len(remedy) < 130


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        ("db.example", "5432", "db.example:5432"),
        ("::1", 9092, "[::1]:9092"),
        ("/var/run/postgresql", "5432", "socket /var/run/postgresql"),
        ("db.example", "port", "db.example"),
        ("secret@db", "5432", ""),
        ("", "5432", ""),
    ],
)
def test_a_place_is_told_only_if_it_looks_like_one(host: str, port: str | int, told: str) -> None:
    assert place(host, port) == told
