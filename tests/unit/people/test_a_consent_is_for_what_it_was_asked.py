"""A no outweighs a yes of the same instant, and nobody's agreement as a victim is one as a suspect."""

from typing import Any

import pytest

from unit.people.people_builders import File, a_contact, on_day

NOMS = "NOMS A1234BC"
DRUGS, ABUSE, ROLE = "consent.substance_drugs", "consent.domestic_abuse", "risk.domestic_abuse_role"


def known(*told: dict[str, Any]) -> Any:
    """What is known a day after *told* was said, a day apart each."""
    file = File(*(a_contact(f"met {day}", NOMS, day=day, facts=facts) for day, facts in enumerate(told, start=1)))
    return file.situation(a_contact("now", NOMS, day=len(told) + 1)).facts


@pytest.mark.parametrize("said", [(True, False), (False, True)], ids=["the no comes last", "the no comes first"])
def test_a_no_outweighs_a_yes_of_the_same_instant_whichever_comes_first(said: tuple[bool, bool]) -> None:
    first, second = (
        a_contact(f"says {given}", NOMS, at=on_day(1), source=source, facts={DRUGS: given})
        for source, given in zip(("custody", "liaison"), said, strict=True)
    )
    assert File(first).situation(second).facts[DRUGS] is False


def test_a_yes_that_is_said_later_than_a_no_counts() -> None:
    assert known({DRUGS: False}, {DRUGS: True})[DRUGS] is True


@pytest.mark.parametrize(("before", "after"), [("victim", "suspect"), ("suspect", "victim")])
def test_what_somebody_agreed_to_in_one_part_is_unknown_in_the_other(before: str, after: str) -> None:
    assert ABUSE not in known({ROLE: before, ABUSE: True}, {ROLE: after})
    assert ABUSE not in known({ABUSE: True}, {ROLE: before}, {ROLE: after})
    assert ABUSE not in known({ROLE: before}, {ABUSE: True}, {ROLE: after}, {ROLE: before})


def test_who_agrees_in_the_new_part_has_agreed_and_who_refused_goes_on_refusing() -> None:
    assert known({ROLE: "victim", ABUSE: True}, {ABUSE: True, ROLE: "suspect"})[ABUSE] is True
    assert known({ROLE: "victim", ABUSE: True}, {ROLE: "suspect"}, {ABUSE: True})[ABUSE] is True
    assert known({ROLE: "victim", ABUSE: False}, {ROLE: "suspect"})[ABUSE] is False


def test_in_the_same_part_an_agreement_stands() -> None:
    assert known({ROLE: "victim", ABUSE: True}, {ROLE: "victim"})[ABUSE] is True
    assert known({ROLE: "none", ABUSE: True}, {ROLE: "victim"})[ABUSE] is True
