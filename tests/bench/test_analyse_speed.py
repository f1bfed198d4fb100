"""What it costs to analyse a rule set as a whole, and to compare ten thousand rules two by two. Prints the figures."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench import measuring
from bench.made_up import schemas_with
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.language import RuleSet
from onward.workbench.analysis import analyse
from onward.workbench.analysis.study import Study, meeting_rules


@pytest.mark.bench
def test_analysing_hundreds_and_a_thousand_rules(tmp_path: Path) -> None:
    lines: list[tuple[str, ...]] = []
    for size in (300, 1000):
        folder = schemas_with(size, tmp_path / str(size))
        rules, directory = load_bundle(folder / "routing"), directory_files.load(folder / "directory")
        start = time.process_time()
        findings = analyse(rules, directory)
        seconds = time.process_time() - start
        given_up = sum(each.code == "A090" for each in findings)
        assert given_up == 0
        lines.append((str(len(rules.rules)), f"{seconds:.1f}", str(len(findings))))
    measuring.table("Analysis, seconds of CPU", lines, ("rules", "seconds", "findings"))


@pytest.mark.bench
def test_comparing_all_pairs_of_ten_thousand_rules(tmp_path: Path) -> None:
    folder = schemas_with(1000, tmp_path / "schemas")
    thousand, directory = load_bundle(folder / "routing"), directory_files.load(folder / "directory")
    lines: list[tuple[str, ...]] = []
    for times in (1, 10):
        rules = [replace(rule, id=f"{rule.id}-{number}") for rule in thousand.rules for number in range(times)]
        study = Study(RuleSet(tuple(rules), thousand.version), directory)
        start = time.process_time()
        meeting = meeting_rules(study.boxes)
        seconds = time.process_time() - start
        apart = len(rules) ** 2 - sum(each.bit_count() for each in meeting)
        pairs = len(rules) * (len(rules) - 1) // 2
        lines.append((str(len(rules)), f"{pairs:,}", f"{apart // 2:,}", f"{seconds * 1000:.0f}"))
    measuring.table("Pairs proved apart by algebra", lines, ("rules", "pairs", "proved apart", "ms"))
