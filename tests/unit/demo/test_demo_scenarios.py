"""The demo's scenarios can be played: enough people, every source, numbers that check."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from onward.contracts import topics
from onward.contracts.identifiers import read_identifier
from onward.local.demo.playing import DemoScenarioError, cast_all, load, people
from onward.rehearsal import synthetic
from onward.rehearsal.synthetic import Cast

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCENARIOS = load()
DEMO = [file.scenario.demo for file in SCENARIOS.values() if file.scenario.demo is not None]


def test_a_demo_day_has_at_least_two_hundred_people_and_every_source() -> None:
    assert people(cast_all(SCENARIOS, now=NOW, id_key=b"p" * 32)) >= 200
    steps = [step for file in SCENARIOS.values() for step in file.scenario.steps]
    assert {step.message.source for step in steps if step.message is not None} == set(topics.sources())


def test_about_a_dozen_scenarios_are_told_each_with_a_sentence() -> None:
    assert 12 <= sum(part.told for part in DEMO) <= 20
    assert all(file.scenario.tells for file in SCENARIOS.values())


def test_no_two_people_share_a_number() -> None:
    for make in (synthetic.noms, synthetic.crn, synthetic.pnc, synthetic.cro, synthetic.nhs):
        assert len({make(serial) for serial in range(5000)}) == 5000


def test_every_made_up_number_checks() -> None:
    for serial in range(10, 5000, 7):
        assert read_identifier("NOMS", synthetic.noms(serial))
        assert read_identifier("CRN", synthetic.crn(serial))
        assert read_identifier("PNC", synthetic.pnc(serial))
        assert read_identifier("CRO", synthetic.cro(serial))
        assert read_identifier("NHS", synthetic.nhs(serial))


def test_a_placeholder_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="nobody knows the placeholder `<shoe>`"):
        Cast("a-story", 1, NOW).fill({"size": "<shoe>"})


def test_times_and_birthdays_are_relative_to_the_day_that_is_played() -> None:
    cast = Cast("a-story", 1, NOW)
    assert cast.fill("<now-2h>") == "2026-03-02T07:00:00+00:00"
    assert cast.fill("<day+14d>") == "2026-03-16"
    assert cast.fill("<born 34y>") == "1991-08-31"


def test_a_mistake_in_a_scenario_is_told_with_its_place(tmp_path: Path) -> None:
    text = "title: A day\ndemo: {played: 6}\nsteps: [{message: {source: custody, body: {}}}]\n"
    for right, wrong, told in (
        ("title: A day", "title: A day\ntels: what happens", "2:7: error[D005]: no key `tels` here"),
        ("played: 6", "played: 0", "2:16: error[D005]: `0` is too small; it must be 1 or more"),
        ("played: 6", "told: perhaps", "2:14: error[D005]: `perhaps` is not `true` or `false`"),
        ("{message:", "{at: +1 day, message:", "1:1: error[D005]: the demo is played at one moment"),
    ):
        (tmp_path / "a-day.yaml").write_text(text.replace(right, wrong))
        with pytest.raises(DemoScenarioError) as refused:
            load(tmp_path)
        assert str(refused.value).startswith(f"scenarios/a-day.yaml:{told}")


def test_a_demo_without_a_scenario_says_where_to_write_one(tmp_path: Path) -> None:
    (tmp_path / "a-day.yaml").write_text("title: A day\nsteps: [{at: +1 day}]\n")
    with pytest.raises(DemoScenarioError, match=r"give one in schemas/examples/scenarios/ its part in the demo"):
        load(tmp_path)
