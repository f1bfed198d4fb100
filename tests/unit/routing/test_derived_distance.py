"""How far the authority that a person chose is, and what is counted elsewhere: known only where both ends are."""

import pytest

from onward.directory import files as directory_files
from onward.routing.domain.derived import complete
from onward.routing.domain.offices import Offices, offices_of
from unit.routing.routing_builders import BIRMINGHAM, a_directory, a_provider, a_situation, decided, rule_set

WEST_MIDLANDS = offices_of(directory_files.load())
COVENTRY = "E08000026"


def distance(area: str | None, chosen: str | None, offices: Offices = WEST_MIDLANDS) -> int | None:
    told = {"person.area": area, "accommodation.chosen_authority": chosen}
    known, _ = complete(a_situation({path: code for path, code in told.items() if code}), offices)
    return known.get("accommodation.distance_km")


def test_the_distance_to_the_chosen_authority_is_measured_from_office_to_office() -> None:
    assert distance(BIRMINGHAM, COVENTRY) == distance(COVENTRY, BIRMINGHAM) == 28
    assert distance(BIRMINGHAM, BIRMINGHAM) == 0
    far_apart: Offices = {BIRMINGHAM: (90.0, 0.0), COVENTRY: (-90.0, 0.0)}
    assert distance(BIRMINGHAM, COVENTRY, far_apart) == 1_500


@pytest.mark.parametrize(
    ("area", "chosen"), [(None, COVENTRY), (BIRMINGHAM, None), ("E06000001", COVENTRY), (BIRMINGHAM, "E06000001")]
)
def test_without_both_places_and_their_offices_no_distance_is_known(area: str | None, chosen: str | None) -> None:
    assert distance(area, chosen) is None
    assert distance(BIRMINGHAM, COVENTRY, {}) is None


FAR = """\
  - id: far
    why: A long way from the authority they chose
    when: {accommodation.distance_km: ">= 20"}
    notify: {kind: check, to: duty-practitioner}
"""


def test_a_rule_may_ask_how_far_and_asks_for_whichever_place_is_not_known() -> None:
    there = a_provider("birmingham", location=(52.48, -1.9), catchment=(BIRMINGHAM,))
    here = a_provider("coventry", location=(52.41, -1.51), catchment=(COVENTRY,))
    directory, rules = a_directory(there, here), rule_set(need=FAR)
    chosen = {"accommodation.chosen_authority": COVENTRY}
    assert [notice.rule for notice in decided(chosen | {"person.area": BIRMINGHAM}, rules, directory).notices] == [
        "far"
    ]
    asked = [decided(facts, rules, directory).needs_information for facts in ({}, chosen)]
    assert [[need.missing for need in needs] for needs in asked] == [
        [("accommodation.chosen_authority",)],
        [("person.area",)],
    ]
    assert decided(chosen | {"person.area": "E06000001"}, rules, directory).needs_information == ()


def test_what_people_counts_is_kept_and_a_partners_word_on_what_is_derived_is_not() -> None:
    known, _ = complete(a_situation({"person.contacts_90_days": 3, "accommodation.distance_km": 3}))
    assert known["person.contacts_90_days"] == 3
    assert "accommodation.distance_km" not in known
