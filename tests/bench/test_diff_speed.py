"""What it costs to say what a change of rules means: the real pack, and a thousand rules. Prints the figures."""

import re
import time
from pathlib import Path

import pytest

from bench import measuring
from bench.made_up import schemas_with
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle
from onward.workbench.difference import Difference, Side, difference


def changed(text: str, rules: int) -> str:
    """The made-up rules with so many of them changed, one after the other: an age, a consent, an urgency, a range."""
    edits = (
        (r'"person\.age": "\d+\.\.', '"person.age": "17..'),
        (r', "consent\.[a-z_]+": true', ""),
        (r"within_10_working_days", "within_3_weeks"),
        (r'">= ([234])"', r'"\1..4"'),
    )
    blocks = text.split("  - id: ")
    for number in range(rules):
        old, new = edits[number % len(edits)]
        place = 1 + number * 7
        blocks[place] = re.sub(old, new, blocks[place], count=1)
    # Without consent only another basis lets anybody be referred.
    return "  - id: ".join(
        block if "consent." in block else block.replace("consent-referral", "vital-interests") for block in blocks
    )


def compare(before: Path, after: Path) -> tuple[float, Difference]:
    """Seconds of CPU, without loading."""
    directory = directory_files.load(before / "directory")
    sides = [Side(load_bundle(each / "routing"), directory) for each in (before, after)]
    start = time.process_time()
    found = difference(*sides)
    return time.process_time() - start, found


@pytest.mark.bench
def test_comparing_a_thousand_rules_of_which_twenty_changed(tmp_path: Path) -> None:
    lines: list[tuple[str, ...]] = []
    for size, edits in ((300, 3), (1000, 0), (1000, 20), (1000, 100)):
        name = f"{size}-{edits}"
        before, after = (schemas_with(size, tmp_path / name / side) for side in ("before", "after"))
        file = after / "routing" / "made-up.yaml"
        file.write_text(changed(file.read_text(), edits))
        seconds, found = compare(before, after)
        assert found.equal == (edits == 0)
        assert not found.of("not proved")
        assert all(each.witness is not None for each in found.people)
        different = len(found.of("changed"))
        lines.append(
            (
                str(size),
                str(edits),
                str(different),
                str(len(found.of("words"))),
                str(len(found.people)),
                f"{seconds:.2f}",
            )
        )
    head = ("rules", "edited", "changed", "same in other words", "effects for people", "seconds")
    measuring.table("Comparing two bundles, seconds of CPU", lines, head)
