"""Crisis services are those of the place where the person is, not of where they live."""

from typing import Any

import pytest

from unit.routing.pack_builders import decided

BIRMINGHAM, CAMBRIDGE, PETERBOROUGH = "E08000025", "E07000008", "E06000031"


def sent(**facts: Any) -> dict[str, str]:
    known = {path.replace("__", "."): value for path, value in facts.items()}
    decision = decided(known.pop("event.source"), known)
    return {made.service: made.provider for made in decision.referrals}


def test_a_woman_detained_on_a_bridge_in_birmingham_is_received_in_birmingham_though_she_lives_in_cambridge() -> None:
    found = sent(event__source="street-triage", event__outcome="s136", event__area=BIRMINGHAM, person__area=CAMBRIDGE)
    assert found["place_of_safety"] == "west-midlands-place-of-safety"


def test_somebody_whom_nobody_knows_is_received_where_they_were_found() -> None:
    found = sent(event__source="street-triage", event__outcome="s136", event__area=BIRMINGHAM)
    assert found["place_of_safety"] == "west-midlands-place-of-safety"


def test_without_a_word_of_where_it_was_the_place_of_safety_near_home_is_told() -> None:
    found = sent(event__source="street-triage", event__outcome="s136", person__area=CAMBRIDGE)
    assert found["place_of_safety"] == "cambridgeshire-place-of-safety"


def test_the_team_of_the_place_goes_to_a_call_about_nobody_known() -> None:
    found = sent(event__source="control-room", event__threshold="immediate_risk_to_life", event__area=PETERBOROUGH)
    assert found == {"crisis_team": "cambridgeshire-crisis-team"}


@pytest.mark.parametrize("home", [None, BIRMINGHAM])
def test_in_a_cell_in_peterborough_the_liaison_team_there_sees_them_whoever_it_is(home: str | None) -> None:
    known = {} if home is None else {"person__area": home}
    found = sent(
        event__source="custody",
        custody__status="police_custody",
        risk__self_harm=4,
        event__area=PETERBOROUGH,
        **known,
    )
    assert found == {"liaison_diversion": "cambridgeshire-liaison-diversion"}


def test_where_neither_place_nor_home_is_known_the_national_line_finds_the_team() -> None:
    found = sent(event__source="courts", risk__self_harm=4)
    assert found == {"crisis_line": "national-crisis-line"}
