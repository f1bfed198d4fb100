"""A no outweighs a yes of the same instant, nobody's agreement as a suspect is one as a victim, and a child's own."""

from typing import Any

import pytest

from unit.people.people_builders import File, a_contact, on_day

NOMS, WITH = "NOMS A1234BC", "person.child_agrees_with"
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


def test_what_a_suspect_agreed_to_is_unknown_once_they_are_a_victim_too() -> None:
    assert ABUSE not in known({ROLE: "suspect", ABUSE: True}, {ROLE: "victim"})
    assert ABUSE not in known({ABUSE: True}, {ROLE: "suspect"}, {ROLE: "victim"})
    assert ABUSE not in known({ROLE: "suspect"}, {ABUSE: True}, {ROLE: "victim"}, {ROLE: "suspect"})


def test_a_victim_who_is_accused_is_both_and_the_help_she_agreed_to_stands() -> None:
    accused = known({ROLE: "victim", ABUSE: True}, {ROLE: "suspect"})
    assert (accused[ROLE], accused[ABUSE]) == ("victim_and_suspect", True)
    assert known({ROLE: "suspect"}, {ROLE: "victim"}, {ROLE: "suspect"})[ROLE] == "victim_and_suspect"


def test_no_partner_undoes_a_victim_that_another_has_found() -> None:
    file = File(
        a_contact("met", NOMS, day=1, source="liaison", facts={ROLE: "victim"}),
        a_contact("call", NOMS, day=2, source="control-room", facts={ROLE: "none"}),
    )
    assert file.situation(a_contact("now", NOMS, day=3)).facts[ROLE] == "victim"


def test_what_a_child_agreed_to_alone_is_forgotten_when_a_parent_stands_behind_something_else() -> None:
    alone = {DRUGS: True, WITH: "nobody"}
    assert DRUGS not in known(alone, {ABUSE: True, WITH: "parent"})
    assert known(alone, {ABUSE: True, WITH: "nobody"})[DRUGS] is True
    assert known(alone, {DRUGS: True, WITH: "parent"})[DRUGS] is True


def test_who_agrees_in_the_new_part_has_agreed_and_who_refused_goes_on_refusing() -> None:
    assert known({ROLE: "victim", ABUSE: True}, {ABUSE: True, ROLE: "suspect"})[ABUSE] is True
    assert known({ROLE: "victim", ABUSE: True}, {ROLE: "suspect"}, {ABUSE: True})[ABUSE] is True
    assert known({ROLE: "victim", ABUSE: False}, {ROLE: "suspect"})[ABUSE] is False


def test_in_the_same_part_an_agreement_stands() -> None:
    assert known({ROLE: "victim", ABUSE: True}, {ROLE: "victim"})[ABUSE] is True
    assert known({ROLE: "none", ABUSE: True}, {ROLE: "victim"})[ABUSE] is True
