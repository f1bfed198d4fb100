"""What an explanation and a "why not?" cost. Prints; asserts no time."""

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from bench import measuring
from bench.made_up import schemas_with, situations
from onward.contracts import paths
from onward.contracts.codes import Category
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.actions import CATEGORIES
from onward.routing.domain.decide import Router
from onward.workbench.explaining.counterfactual import why_not
from onward.workbench.explaining.explanation import explain_decision


def spread(times: Sequence[float]) -> tuple[str, ...]:
    """Median, 95th centile and longest, in milliseconds of CPU."""
    ordered = sorted(times)
    return tuple(f"{ordered[int((len(ordered) - 1) * part)] * 1000:.1f}" for part in (0.5, 0.95, 1.0))


@pytest.mark.bench
def test_the_cost_of_why_not_over_the_rule_pack() -> None:
    rules, directory = load_bundle(paths.schemas() / "routing"), directory_files.load()
    router = Router(rules, directory)
    random = Random(4)
    lines: list[tuple[str, ...]] = []
    groups: tuple[tuple[str, tuple[Category, ...]], ...] = (("any", CATEGORIES), ("ACCOMMODATION", ("ACCOMMODATION",)))
    for name, categories in groups:
        times: list[float] = []
        looked_at: list[int] = []
        for situation in situations(60):
            asked = random.choice(categories)
            start = time.process_time()
            answer = why_not(situation, asked, rules, directory, router=router)
            if not answer.already:
                times.append(time.process_time() - start)
                looked_at.append(answer.looked_at)
        lines.append((name, str(len(times)), *spread(times), str(max(looked_at))))
    measuring.table(
        f"Why not, ms of CPU ({len(rules.rules)} rules, {len(directory.providers)} providers)",
        lines,
        ("asked for", "people", "median", "95 %", "longest", "most questions"),
    )


@pytest.mark.bench
def test_the_cost_of_explaining_every_rule(tmp_path: Path) -> None:
    folder = schemas_with(1000, tmp_path / "schemas")
    whole, directory = load_bundle(folder / "routing"), directory_files.load(folder / "directory")
    router = Router(whole, directory)
    decisions = [router.decide(situation) for situation in situations(30)]
    times: list[float] = []
    for decision in decisions:
        start = time.process_time()
        explain_decision(decision, whole)
        times.append(time.process_time() - start)
    measuring.table(
        "Every rule explained, ms of CPU",
        [(str(len(whole.rules)), *spread(times))],
        ("rules", "median", "95 %", "longest"),
    )
