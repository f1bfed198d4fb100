"""A described year: any situation of it is made again the same, is valid, and has its share of everything."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.national_year.description import NATIONAL, YearError, load_year
from bench.national_year.year import Year
from onward.contracts.situation import Situation

NATION = load_year()
YEAR = Year(NATION)


@pytest.fixture(scope="module")
def sample() -> Sequence[Situation]:
    return list(YEAR.sample(6_000))


def test_a_national_year_is_forty_three_million_situations() -> None:
    assert YEAR.situations == 43_000_000
    assert NATION.description.situations == YEAR.situations


def test_every_situation_is_one_that_routing_can_read(sample: Sequence[Situation]) -> None:
    for situation in sample[:800]:
        assert Situation.model_validate_json(situation.model_dump_json()) == situation


def test_the_same_number_is_the_same_situation(sample: Sequence[Situation]) -> None:
    again = Year(load_year())
    for number in (0, 17, 14_499_999, 14_500_000, 42_999_999):
        assert again.situation(number) == YEAR.situation(number)
    assert len({situation.situation_id for situation in sample}) == len(sample)


def test_a_sample_has_every_source_and_month_in_proportion(sample: Sequence[Situation]) -> None:
    sources = Counter(situation.source for situation in sample)
    for name, source in NATION.description.sources.items():
        assert abs(sources[name] - source.situations * 6_000 / 43_000_000) <= 1
    months = Counter(situation.occurred_at.month for situation in sample)
    assert min(months.values()) > 6_000 / 12 * 0.9
    assert YEAR.situation(0).occurred_at < datetime(2025, 1, 2, tzinfo=UTC)
    assert YEAR.situation(14_499_999).occurred_at >= datetime(2025, 12, 31, tzinfo=UTC)


def test_needs_are_found_as_often_as_is_published_for_liaison_and_diversion(sample: Sequence[Situation]) -> None:
    screened = [situation.facts for situation in sample if "needs.mental_health" in situation.facts]

    def share(*paths: str) -> float:
        return sum(any(facts.get(path, 0) > 0 for path in paths) for facts in screened) / len(screened)

    everything = [path for path in {path for facts in screened for path in facts} if path.startswith("needs.")]
    assert share(*everything) == pytest.approx(0.88, abs=0.025)
    assert share("needs.mental_health") == pytest.approx(0.71, abs=0.03)
    assert share("needs.substance_drugs", "needs.substance_alcohol") == pytest.approx(0.52, abs=0.03)


def test_somebody_who_is_met_again_is_the_same_person(tmp_path: Path) -> None:
    text = NATIONAL.read_text().replace("people: 3000000", "people: 40")
    (tmp_path / "year.yaml").write_text(text)
    known: dict[str, set[object]] = {}
    for situation in Year(load_year(tmp_path / "year.yaml")).sample(500):
        known.setdefault(situation.person, set()).add(situation.facts.get("person.age"))
    assert len(known) == 40
    assert all(len(ages) == 1 for ages in known.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("person.age:", "person.agee:", "`person.agee` is no fact"),
        ("male: 82", "man: 82", "person.sex: `man` is no value of that fact"),
        ("[65, 90, 3]", "[65, 190, 3]", "person.age: `190` is no value of that fact"),
        ("any: 0.88", "any: 0.5", "below 0.861"),
        ("    accommodation: 0.34", "    acomodation: 0.34", "`acomodation` is no need"),
        ("known: 0.94", "known: 1.94", "12:"),
        ("yes: 0.34", "yes: 0.34, days: [1, 2]", "say it in one way"),
        ("seed: 20250101", "sead: 20250101", "sead"),
        ("  courts:", "  custody:", "custody"),
    ],
)
def test_a_description_with_a_mistake_is_refused_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = NATIONAL.read_text()
    assert old in text
    (tmp_path / "year.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(YearError) as error:
        load_year(tmp_path / "year.yaml")
    assert told in str(error.value)
    assert str(error.value).startswith("year.yaml")


def test_more_than_the_year_has_cannot_be_sampled() -> None:
    with pytest.raises(ValueError, match="the year has 43000000 situations"):
        YEAR.sample(43_000_001)
