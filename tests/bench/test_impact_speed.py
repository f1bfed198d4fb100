"""
How fast a year is replayed under two versions of the real pack, with one process and with two.

Prints; asserts only that the figures are of the same counts. `ONWARD_BENCH_SITUATIONS` says how many are replayed.
"""

import os
import resource
import shutil
import time
from pathlib import Path

import pytest

from bench import measuring
from bench.national_year.description import load_year
from bench.national_year.year import Year
from onward.contracts import paths
from onward.directory import files as directory_files
from onward.disclosure_control.suppression import Rounding
from onward.routing.bundle_files import load_bundle
from onward.workbench.impact.archive import Archive, ArchiveWriter
from onward.workbench.impact.impact_text import duration
from onward.workbench.impact.replay import Bundle, replay
from onward.workbench.impact.report import report_of

SITUATIONS = int(os.environ.get("ONWARD_BENCH_SITUATIONS", "200000"))
WANTED = 12_000
"""Situations a second: a national year in an hour."""
CHANGES = (
    ("need.yaml", 'needs.substance_drugs: ">= 2"', 'needs.substance_drugs: ">= 3"'),
    ("need.yaml", 'needs.mental_health: ">= 2"', 'needs.mental_health: ">= 1"'),
    ("safety.yaml", "urgency: within_4_hours", "urgency: immediate"),
)
"""A change as an author makes one: one rule asks for more, one for less, and some are done sooner."""


def changed_pack(folder: Path) -> Path:
    shutil.copytree(paths.schemas() / "routing", folder)
    for name, old, new in CHANGES:
        text = (folder / name).read_text()
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1))
    return folder


def cpu_seconds() -> float:
    """CPU time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_a_year_under_two_versions_of_the_pack(tmp_path: Path) -> None:
    year = Year(load_year())
    start = time.perf_counter()
    writer = ArchiveWriter(tmp_path / "year", "bench", year.whole())
    for situation in year.sample(SITUATIONS):
        writer.add(situation)
    writer.finish()
    made = time.perf_counter() - start
    size = sum(file.stat().st_size for file in (tmp_path / "year").iterdir())

    directory = directory_files.load()
    before = Bundle(load_bundle(paths.schemas() / "routing"), directory)
    after = Bundle(load_bundle(changed_pack(tmp_path / "routing")), directory)
    archive = Archive.open(tmp_path / "year")
    rows: list[tuple[object, ...]] = []
    counts = []
    for workers in (1, 2):
        start, cpu = time.perf_counter(), cpu_seconds()
        counts.append(replay(archive, before, after, workers=workers))
        seconds, cpu = time.perf_counter() - start, cpu_seconds() - cpu
        rate = SITUATIONS / seconds
        rows.append((workers, f"{rate:,.0f}", f"{cpu / SITUATIONS * 1e6:.0f}", duration(year.situations / rate)))
    assert counts[0] == counts[1]
    assert counts[0].changed > SITUATIONS / 1000
    start = time.perf_counter()
    report_of(counts[0], Rounding())
    measuring.table(
        f"{SITUATIONS:,} of {year.situations:,} situations ({size / SITUATIONS:.0f} bytes each, made in {made:.0f} s), "
        f"{len(before.rules.rules)} and {len(after.rules.rules)} rules; at least {WANTED:,} a second wanted; "
        f"hiding small numbers {time.perf_counter() - start:.2f} s",
        rows,
        ("processes", "situations/s", "CPU µs each", "the year"),
    )
