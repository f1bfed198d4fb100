"""Small numbers are hidden, and nobody can work them out from the numbers that are shown."""

from collections import Counter
from random import Random

import pytest

from onward.disclosure_control.linked_counts import Place
from onward.disclosure_control.suppression import Rounding, hidden
from unit.workbench.impact_tables import Attacker, made_up_counts

NHS = Rounding()


def weakest(counts: Counter[Place], held_back: frozenset[Place], rounding: Rounding) -> int:
    """The fewest values that a hidden count could have for an attacker, counted up to the largest hidden number."""
    attacker = Attacker(counts, held_back, rounding)
    return min((attacker.values(at, up_to=rounding.hide_up_to) for at in held_back), default=rounding.hide_up_to)


def primary(counts: Counter[Place], rounding: Rounding) -> frozenset[Place]:
    return frozenset(place for place, value in counts.items() if value <= rounding.hide_up_to)


@pytest.mark.parametrize("referrals", [4, 9, 30, 80, 300, 1000])
@pytest.mark.parametrize("changing", [0.04, 0.3])
def test_an_attacker_with_a_solver_is_left_with_seven_values_at_least(referrals: int, changing: float) -> None:
    counts = made_up_counts(Random(referrals), referrals, changing=changing)
    assert weakest(counts, hidden(counts, NHS), NHS) == NHS.hide_up_to


def test_the_attacker_succeeds_where_only_small_numbers_are_hidden() -> None:
    tables = (made_up_counts(Random(seed), 150) for seed in range(6))
    assert any(weakest(counts, primary(counts, NHS), NHS) < NHS.hide_up_to for counts in tables)


@pytest.mark.parametrize(("hide", "to"), [(4, 1), (4, 5), (9, 10), (1, 1)])
def test_other_thresholds_and_roundings_hold_too(hide: int, to: int) -> None:
    rounding = Rounding(hide_up_to=hide, to=to)
    for seed in range(3):
        counts = made_up_counts(Random(seed), 120)
        assert weakest(counts, hidden(counts, rounding), rounding) == hide


def test_a_lone_small_row_takes_its_neighbour_along_and_no_more() -> None:
    counts = Counter[Place]({("all", "", "before"): 243})
    counts |= Counter({("area", name, "before"): value for name, value in (("a", 3), ("b", 100), ("c", 90), ("d", 50))})
    assert hidden(counts, NHS) == {("area", "a", "before"), ("area", "d", "before")}


def test_zeros_and_large_numbers_are_shown_and_one_to_seven_never() -> None:
    counts = made_up_counts(Random(3), 5000, areas=12, changing=0.05)
    held_back = hidden(counts, NHS)
    assert primary(counts, NHS) <= held_back
    assert ("all", "", "before") not in held_back
    assert len(held_back) < len(primary(counts, NHS)) + 8
    assert [NHS.shown(value) for value in (0, 8, 12, 13, 1_002, 1_003)] == [0, 10, 10, 15, 1_000, 1_005]


def test_a_report_of_a_few_people_says_nothing() -> None:
    counts = made_up_counts(Random(1), 6)
    assert hidden(counts, NHS) == frozenset(counts)


def test_hiding_a_year_takes_seconds() -> None:
    """Hundreds of areas, most with few changes: as bad as it gets."""
    counts = made_up_counts(Random(5), 20_000, areas=300, changing=0.1)
    held_back = hidden(counts, NHS)
    assert primary(counts, NHS) <= held_back < frozenset(counts)
