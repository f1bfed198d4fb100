"""Each need has five severities in words that stand once, in the data and on the page alike."""

import csv
from typing import get_args

import pytest

from onward.contracts import paths
from onward.contracts.codes import Need
from onward.contracts.facts import SEVERITY

ROWS = list(csv.DictReader((paths.schemas() / "need-severities.csv").read_text().splitlines()))
PAGE = (paths.schemas().parent / "docs" / "need-severities.md").read_text()
LEVELS = [str(level) for level in range(SEVERITY.low, SEVERITY.high + 1)]


@pytest.mark.parametrize("need", get_args(Need))
def test_each_severity_of_a_need_has_an_anchor_of_its_own(need: str) -> None:
    found = {row["severity"]: row["anchor"] for row in ROWS if row["need"] == need}

    assert list(found) == LEVELS
    assert len(set(found.values())) == len(LEVELS)
    assert all(len(anchor.split()) >= 2 for anchor in found.values())


def test_there_is_nothing_else_in_the_data() -> None:
    assert {row["need"] for row in ROWS} == set(get_args(Need))


def test_the_page_says_what_the_data_says() -> None:
    dash = "\N{EN DASH}"
    written = {"| " + " | ".join(cell or dash for cell in list(row.values())[1:]) + " |" for row in ROWS}

    assert written <= set(PAGE.splitlines())
    assert sum(line.startswith(tuple(f"| {level} |" for level in LEVELS)) for line in PAGE.splitlines()) == len(ROWS)
