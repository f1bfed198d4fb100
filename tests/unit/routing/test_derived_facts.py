"""Facts that follow from others, counted at the event's own time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from onward.contracts.facts import FACTS, FACTS_ADAPTER
from onward.routing.domain.derived import FOLLOWS_FROM, complete, sources_of, undeclared
from unit.routing.routing_builders import BIRMINGHAM, CARDIFF, NOON, a_situation


def derived(facts: dict[str, Any], **situation: Any) -> dict[str, Any]:
    known, _ = complete(a_situation(facts, **situation))
    FACTS_ADAPTER.validate_python(known)
    return known


@pytest.mark.parametrize(
    ("area", "nation"),
    [
        (BIRMINGHAM, "england"),
        ("E06000023", "england"),
        (CARDIFF, "wales"),
        ("S12000036", "scotland"),
        ("N09000003", "northern_ireland"),
    ],
)
def test_a_nation_follows_from_the_authority(area: str, nation: str) -> None:
    known = derived({"person.area": area, "accommodation.chosen_authority": area})
    assert (known["person.nation"], known["accommodation.chosen_nation"]) == (nation, nation)


def test_what_does_not_follow_is_not_known() -> None:
    known = derived({})
    always = {"event.detained_in", "event.in_crisis", "event.at_hospital", "person.known_child"}
    assert set(known) == {"event.source", "event.type", "event.age_days", "event.local_hour"} | always


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({}, "nowhere"),
        ({"custody.status": "community"}, "nowhere"),
        ({"custody.status": "unlawfully_at_large"}, "nowhere"),
        ({"custody.status": "police_custody"}, "police_station"),
        ({"custody.status": "in_prison", "event.setting": "dwelling"}, "prison"),
        ({"custody.status": "hospital"}, "hospital"),
        ({"event.outcome": "s136"}, "place_of_safety"),
        ({"event.outcome": "s136", "custody.status": "police_custody"}, "place_of_safety"),
        ({"event.outcome": "s136", "event.setting": "police_station"}, "police_station"),
        ({"event.outcome": "voluntary", "event.setting": "place_of_safety"}, "nowhere"),
    ],
)
def test_where_somebody_is_detained_follows_from_what_is_said_of_it(said: dict[str, Any], where: str) -> None:
    assert derived(said)["event.detained_in"] == where


def test_a_derived_fact_is_never_told() -> None:
    known = derived({"person.nation": "wales", "release.days_since": 3})
    assert "person.nation" not in known
    assert "release.days_since" not in known


def test_an_age_is_told_by_people_and_kept() -> None:
    assert derived({"person.age": 17})["person.age"] == 17


def test_days_are_london_days() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight of 1 July in London
    known = derived({"release.on": date(2026, 6, 30)}, occurred_at=late)
    assert known["release.days_since"] == 1
    assert known["event.local_hour"] == 0


def test_an_event_is_as_old_as_its_way_to_us_was_long() -> None:
    assert derived({}, received_at=NOON + timedelta(days=40))["event.age_days"] == 40
    assert derived({}, received_at=NOON - timedelta(hours=2))["event.age_days"] == 0


def test_days_and_working_days_until_a_planned_release() -> None:
    known = derived({"release.planned_on": date(2026, 3, 9)})
    assert (known["release.days_until"], known["release.working_days_until"]) == (5, 3)


def test_a_planned_release_that_has_passed_without_news_counts_as_due_today() -> None:
    known = derived({"release.planned_on": date(2026, 3, 1)})
    assert (known["release.days_until"], known["release.working_days_until"]) == (0, 0)
    earlier = derived({"release.planned_on": date(2026, 3, 1), "release.on": date(2025, 1, 1)})
    assert earlier["release.days_until"] == 0


def test_a_release_after_a_contact_that_came_late_counts_from_its_day_and_is_no_longer_ahead() -> None:
    known = derived({"release.planned_on": date(2026, 3, 9), "release.on": date(2026, 3, 9)})
    assert known["release.days_since"] == 0
    assert "release.days_until" not in known
    recalled = derived({"release.planned_on": date(2026, 4, 1), "release.on": date(2026, 3, 9)})
    assert recalled["release.days_until"] == 28


def test_a_planned_release_that_has_happened_is_no_longer_ahead() -> None:
    known = derived({"release.planned_on": date(2026, 3, 1), "release.on": date(2026, 3, 2)})
    assert "release.days_until" not in known
    assert known["release.days_since"] == 2


def test_the_detention_clock_runs_on_while_the_message_is_on_its_way() -> None:
    clock = {"event.custody_clock_minutes": 20 * 60}
    assert derived(clock)["event.custody_hours_left"] == 4
    assert derived(clock, received_at=NOON + timedelta(minutes=61))["event.custody_hours_left"] == 2
    assert derived(clock | {"event.custody_limit_hours": 36})["event.custody_hours_left"] == 16
    assert derived(clock, received_at=NOON + timedelta(days=3))["event.custody_hours_left"] == 0


def test_whichever_clock_ends_first_is_the_nearest_deadline() -> None:
    known = derived({"event.custody_clock_minutes": 60, "event.s136_minutes": 22 * 60})
    assert known["event.s136_hours_left"] == 2
    assert known["event.nearest_deadline_hours"] == 2
    assert derived({"event.s136_minutes": 0})["event.nearest_deadline_hours"] == 24


def test_days_far_away_stay_within_their_facts() -> None:
    known = derived(
        {"release.planned_on": date.max, "release.on": date.min, "duty_to_refer.submitted_on": date(1, 1, 1)}
    )
    assert {known[path] for path in ("release.days_until", "release.days_since", "duty_to_refer.age_days")} == {36_500}


def test_a_word_that_is_no_code_is_not_known_rather_than_an_error() -> None:
    known, _ = complete(a_situation({}).model_copy(update={"type": "No Such Type!", "source": "x y"}))
    assert "event.type" not in known
    assert "event.source" not in known


@pytest.mark.parametrize(
    ("said", "crisis"),
    [
        ({}, False),
        ({"risk.self_harm": 3}, False),
        ({"risk.self_harm": 4}, True),
        ({"event.outcome": "s136"}, True),
        ({"event.outcome": "conveyed"}, False),
        ({"event.threshold": "serious_harm"}, True),
        ({"event.threshold": "immediate_risk_to_life"}, True),
        ({"event.threshold": "none"}, False),
    ],
)
def test_who_is_in_a_crisis_follows_from_what_is_said_of_it(said: dict[str, Any], crisis: bool) -> None:
    assert derived(said)["event.in_crisis"] is crisis


@pytest.mark.parametrize(
    ("setting", "there"), [("emergency_department", True), ("inpatient", True), ("place_of_safety", False), ("", False)]
)
def test_who_is_at_a_hospital_follows_from_where_it_happened(setting: str, there: bool) -> None:
    assert derived({"event.setting": setting} if setting else {})["event.at_hospital"] is there


@pytest.mark.parametrize(("age", "child"), [(17, True), (18, False), (None, False)])
def test_only_a_known_age_makes_a_known_child(age: int | None, child: bool) -> None:
    assert derived({} if age is None else {"person.age": age})["person.known_child"] is child


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ({"event.area": BIRMINGHAM, "person.area": CARDIFF}, True),
        ({"event.area": BIRMINGHAM, "person.area": BIRMINGHAM}, False),
        ({"event.area": "E06000063", "person.area": "E07000026"}, False),
        ({"event.area": BIRMINGHAM}, None),
        ({"person.area": BIRMINGHAM}, None),
    ],
)
def test_away_from_home_needs_both_places_and_takes_old_codes_as_new_ones(
    said: dict[str, Any], away: bool | None
) -> None:
    assert derived(said).get("event.away_from_home") is away


def test_every_derived_fact_can_be_derived() -> None:
    everything = {
        "person.area": BIRMINGHAM,
        "accommodation.chosen_authority": BIRMINGHAM,
        "duty_to_refer.submitted_on": date(2026, 3, 1),
        "release.on": date(2026, 3, 1),
        "release.planned_on": date(2028, 4, 1),
        "accommodation.current": "cas1",
        "accommodation.next_arranged": False,
        "supervision.tier": "B2",
        "event.custody_clock_minutes": 1,
        "event.s136_minutes": 1,
        "event.area": BIRMINGHAM,
    }
    assert {path for path, fact in FACTS.items() if fact.derived and not fact.counted} <= set(derived(everything))


def test_every_derived_fact_says_what_it_follows_from() -> None:
    assert undeclared(FACTS) == []
    assert sorted(FOLLOWS_FROM) == sorted(path for path, fact in FACTS.items() if fact.derived)
    assert FOLLOWS_FROM["release.days_until"] == ("release.planned_on", "release.on")
    assert FOLLOWS_FROM["event.local_hour"] == ()
    assert sources_of("person.nation") == ("person.area",)
    assert sources_of("person.age") == ("person.age",)


def test_a_derived_fact_without_its_sources_is_refused() -> None:
    planted = {**FACTS, "person.district": replace(FACTS["person.nation"], path="person.district")}
    assert undeclared(planted) == [
        "person.district does not say what it follows from: see FOLLOWS_FROM in routing/domain/derived.py"
    ]
    declared = {**FOLLOWS_FROM, "person.district": ("person.aera",)}
    (wrong,) = undeclared(planted, declared)
    assert "person.district is said to follow from person.aera, which nobody tells" in wrong
    (idle,) = undeclared(FACTS, {**FOLLOWS_FROM, "person.age": ("person.area",)})
    assert "person.age is said to follow from others, and is no derived fact" in idle
