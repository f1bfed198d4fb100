"""A replay counts what whole decisions do, one after the other, in any chunks and with any number of processes."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from bench.national_year.description import load_year
from bench.national_year.year import Year
from onward.contracts.decision import Decision
from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router
from onward.workbench.impact.archive import Archive, ArchiveWriter
from onward.workbench.impact.outcome_counts import Cell, OutcomeCounts
from onward.workbench.impact.people import PERSON, row_of
from onward.workbench.impact.replay import Bundle, replay
from unit.routing import pack_builders
from unit.workbench.impact_builders import changed

SITUATIONS = list(Year(load_year()).sample(240))
BEFORE = Bundle(pack_builders.RULES, pack_builders.DIRECTORY)
SEEDS = (8, 16, 18)


def after(seed: int) -> Bundle:
    return Bundle(changed(BEFORE.rules, Random(seed), least=20, most=25), BEFORE.directory)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archive") / "year"
    writer = ArchiveWriter(folder, "tests", shard_size=100)
    for situation in SITUATIONS:
        writer.add(situation)
    writer.finish()
    return Archive.open(folder)


class Done(NamedTuple):
    """One thing that a decision does, as these tests see it."""

    what: str
    rule: str
    provider: str = ""
    how: tuple[object, ...] = ()


def done(decision: Decision) -> dict[str, list[Done]]:
    """Everything that a decision does; what is asked, unmet, waiting and ended once for each, of the first rule."""
    asked = {need.category or "a notice": need for need in reversed(decision.needs_information)}
    unmet = {need.category: need for need in reversed(decision.unmet)}
    waits = {each.category or "a notice": each for each in reversed(decision.waiting)}
    waiting = {
        what: frozenset(
            name for each in decision.waiting if each.category == first.category for name in each.prerequisites
        )
        for what, first in waits.items()
    }
    closed = {each.closes: each for each in reversed(decision.suppressed) if each.closes != "none"}
    why = {
        which: frozenset(each.closure_reason for each in decision.suppressed if each.closes == which)
        for which in closed
    }
    missing = {
        what: frozenset(
            path for need in decision.needs_information if need.category == first.category for path in need.missing
        )
        for what, first in asked.items()
    }
    return {
        "referred": [
            Done(each.category, each.rule, each.provider, (each.service, each.urgency, each.approval, each.legal_basis))
            for each in decision.referrals
        ],
        "told": [Done(each.kind, each.rule, how=(each.to, each.urgency)) for each in decision.notices],
        "asked": [Done(what, need.rule, how=(missing[what],)) for what, need in asked.items()],
        "unmet": [Done(what, need.rule) for what, need in unmet.items()],
        "waits": [Done(what, each.rule, how=(waiting[what],)) for what, each in waits.items()],
        "closed": [Done(what, each.rule, how=(why[what],)) for what, each in closed.items()],
    }


def changes(was: list[Done], is_: list[Done]) -> Counter[tuple[str, str]]:
    """What is for the same is compared by number: so many kept as they were, so many moved, lost and gained."""
    found: Counter[tuple[str, str]] = Counter()
    for what in {each.what for each in (*was, *is_)}:
        old, new = (Counter(each for each in all_ if each.what == what) for all_ in (was, is_))
        pairs = min(old.total(), new.total())
        found[what, "before"] = old.total()
        found[what, "after"] = new.total()
        found[what, "lost"] = old.total() - pairs
        found[what, "gained"] = new.total() - pairs
        found[what, "moved"] = pairs - (old & new).total()
    return found


def by_brute_force(before: Bundle, then: Bundle) -> Counter[tuple[str, ...]]:
    """Every count from whole decisions; nothing of the replay is used."""
    old, new = Router(before.rules, before.directory), Router(then.rules, then.directory)
    found: Counter[tuple[str, ...]] = Counter()
    for situation in SITUATIONS:
        rows = [(name, row_of(path, situation.facts.get(path))) for name, path in PERSON.items()]
        both = done(old.decide(situation)), done(new.decide(situation))
        for family in both[0]:
            for (what, measure), count in changes(both[0][family], both[1][family]).items():
                for dimension, row in [("all", ""), ("category", what), *rows]:
                    found[family, dimension, row, measure] += count
            for when, things in zip(("before", "after"), both, strict=True):
                for each in things[family]:
                    found[family, "rule", f"{each.what}/{each.rule}", when] += 1
                    if each.provider:
                        found[family, "provider", f"{each.what}/{each.provider}", when] += 1
    return +found


AFTER = {"before": 1, "lost": -1, "left": -1, "gained": 1, "arrived": 1}


def counted(tally: OutcomeCounts) -> Counter[tuple[str, ...]]:
    """What a replay counted; `after` as people work it out, and of rules and providers only that and `before`."""
    found: Counter[tuple[str, ...]] = Counter()
    for (family, dimension, row, measure), count in tally.cells.items():
        if measure == "before" or dimension not in {"rule", "provider"}:
            found[family, dimension, row, measure] += count
        found[family, dimension, row, "after"] += AFTER.get(measure, 0) * count
    return +found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_is_that_of_whole_decisions(archive: Archive, seed: int) -> None:
    then = after(seed)
    expected = by_brute_force(BEFORE, then)
    assert counted(replay(archive, BEFORE, then, chunk=37)) == expected


def test_the_changes_of_these_tests_change_something() -> None:
    found = [by_brute_force(BEFORE, after(seed)) for seed in SEEDS]
    for measure in ("gained", "lost", "moved"):
        assert sum(counts["referred", "all", "", measure] for counts in found) > 0


@pytest.mark.parametrize("chunk", [1, 37, 5000])
def test_chunks_change_nothing(archive: Archive, chunk: int) -> None:
    assert replay(archive, BEFORE, after(SEEDS[0]), chunk=chunk) == replay(archive, BEFORE, after(SEEDS[0]))


def test_two_processes_count_what_one_counts(archive: Archive) -> None:
    assert replay(archive, BEFORE, after(SEEDS[1]), workers=2, chunk=60) == replay(
        archive, BEFORE, after(SEEDS[1]), chunk=91
    )


def test_parts_of_an_archive_add_up_to_the_whole(archive: Archive) -> None:
    part = replay(archive, BEFORE, after(SEEDS[2]), most=130)
    assert part.situations == 130
    assert replay(archive, BEFORE, after(SEEDS[2])).situations == len(SITUATIONS)


@pytest.mark.parametrize("seed", SEEDS)
def test_rules_and_providers_of_a_category_add_up_to_it(archive: Archive, seed: int) -> None:
    cells = replay(archive, BEFORE, after(seed)).cells
    for cell, count in cells.items():
        if cell.dimension != "category":
            continue
        for dimension in ("rule", "provider") if cell.family == "referred" else ("rule",):
            rows = {at: number for at, number in cells.items() if at[:2] == (cell.family, dimension)}
            own = {at: number for at, number in rows.items() if at.row.startswith(f"{cell.row}/")}
            left, arrived = (
                sum(number for at, number in own.items() if at.measure == each) for each in ("left", "arrived")
            )
            assert left == arrived
            parts = sum(number for at, number in own.items() if at.measure == cell.measure)
            assert parts + (left if cell.measure == "moved" else 0) == count


def test_the_same_rules_change_nothing(archive: Archive) -> None:
    tally = replay(archive, BEFORE, BEFORE)
    assert tally.changed == 0
    assert not tally.examples
    assert {cell.measure for cell in tally.cells} == {"before"}
    assert tally.cells[Cell("referred", "all", "", "before")] > 50


def test_examples_are_pseudonymous_ids_and_first_in_the_archive(archive: Archive) -> None:
    ids = [str(situation.situation_id) for situation in SITUATIONS]
    tallies = [replay(archive, BEFORE, after(seed)) for seed in SEEDS]
    examples = [each for tally in tallies for found in tally.examples.values() for each in found]
    assert examples
    assert all(example.situation in ids for example in examples)


def test_an_archive_holds_neither_identity_nor_references(tmp_path: Path) -> None:
    situation = SITUATIONS[0].model_copy(update={"sealed": "v1.secret", "references": {"custody": "v1.secret"}})
    writer = ArchiveWriter(tmp_path / "archive", "tests")
    writer.add_json(situation.model_dump_json().encode())
    writer.finish()
    ((line,),) = (chunk.lines for chunk in Archive.open(tmp_path / "archive").chunks(9))
    assert b"secret" not in line
    assert Situation.model_validate_json(line) == situation.model_copy(update={"sealed": "", "references": {}})
