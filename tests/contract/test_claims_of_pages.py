"""What the pages on security and data protection claim is held by tests that exist, or said to be open."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("threat-model.md", "asvs.md", "data-protection/dpia.md")
LINK = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
SAID = ("open", "operator's", "does not apply")


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, kinds) and each.name.startswith("test_"))


def unresolved(text: str) -> list[str]:
    """The tests that *text* names and that do not exist."""
    return [
        f"{file}::{name}"
        for file, name in LINK.findall(text)
        if not (ROOT / file).is_file() or (name and name not in names_in(file)) or not names_in(file)
    ]


def claims(text: str) -> list[str]:
    """The rows of tables whose last column says what holds them."""
    rows: list[str] = []
    head = ""
    for line in text.splitlines():
        head = (head or line) if line.startswith("|") else ""
        if head.endswith("Held by |") and line != head and not line.startswith("|---"):
            rows.append(line)
    return rows


def held(row: str) -> bool:
    last = row.strip().strip("|").rpartition("|")[2].strip()
    return bool(LINK.search(last)) or any(word in last for word in SAID)


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    assert len(LINK.findall(text)) >= 6
    assert unresolved(text) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_claim_names_a_test_or_says_that_none_holds_it(page: str) -> None:
    rows = claims((ROOT / "docs" / page).read_text())
    assert len(rows) >= 8
    assert [row for row in rows if not held(row)] == []


@pytest.mark.parametrize("page", [*PAGES, "data-protection/sharing.md", "data-protection/record-of-processing.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    path = ROOT / "docs" / page
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


def test_a_claim_without_a_test_and_a_test_that_is_gone_are_noticed() -> None:
    assert not held("| Partner | does harm | something stands against it | surely |")
    assert unresolved("`tests/contract/test_claims_of_pages.py::test_that_was_renamed`") != []
