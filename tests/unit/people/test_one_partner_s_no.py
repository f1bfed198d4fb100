"""A partner's "none" never overwrites what another partner found: the finding stands, and people are told."""

from datetime import date

from onward.contracts.situation import PastStatement
from unit.people.people_builders import File, a_contact, a_screening

NOMS = "NOMS A1234BC"
DRUGS = "needs.substance_drugs"
FOUND = PastStatement(value=3, on=date(2026, 3, 2), by="custody")


def found(day: int = 1, severity: int = 3) -> File:
    return File(a_contact("custody", NOMS, day=day, facts={DRUGS: severity}))


def test_a_need_that_custody_found_stands_though_a_screening_says_none() -> None:
    situation = found().situation(a_screening("screening", NOMS, day=2, needs={"substance_drugs": 0}))
    assert (situation.facts[DRUGS], situation.said_by[DRUGS]) == (3, "custody")
    assert situation.disputed == {DRUGS: FOUND}


def test_people_are_told_by_the_contact_that_differs_and_by_no_later_one() -> None:
    file = found()
    file.take(a_screening("screening", NOMS, day=2, needs={"substance_drugs": 0}))
    later = file.situation(a_contact("met", NOMS, day=3))
    assert (later.facts[DRUGS], later.disputed) == (3, {})


def test_a_partner_may_take_back_its_own_finding() -> None:
    situation = found().situation(a_contact("again", NOMS, day=2, facts={DRUGS: 0}))
    assert (situation.facts[DRUGS], situation.disputed) == (0, {})


def test_another_degree_of_a_need_is_no_dispute_and_the_newest_word_counts() -> None:
    situation = found().situation(a_screening("screening", NOMS, day=2, needs={"substance_drugs": 1}))
    assert (situation.facts[DRUGS], situation.disputed) == (1, {})


def test_who_said_none_first_and_finds_a_need_later_is_believed() -> None:
    file = File(a_screening("screening", NOMS, day=1, needs={"substance_drugs": 0}))
    situation = file.situation(a_contact("custody", NOMS, day=2, facts={DRUGS: 3}))
    assert (situation.facts[DRUGS], situation.disputed) == (3, {})


def test_a_need_found_again_by_another_is_disputed_no_more() -> None:
    file = found()
    file.take(a_screening("screening", NOMS, day=2, needs={"substance_drugs": 0}))
    file.take(a_contact("probation", NOMS, day=3, source="probation", facts={DRUGS: 2}))
    assert file.situation(a_contact("met", NOMS, day=4)).facts[DRUGS] == 2


def test_when_the_finding_is_too_old_the_newer_none_counts() -> None:
    file = found()
    file.take(a_screening("screening", NOMS, day=100, needs={"substance_drugs": 0}))
    situation = file.situation(a_contact("met", NOMS, day=200))
    assert (situation.facts[DRUGS], situation.said_by[DRUGS], situation.history) == (0, "liaison", {})
    assert file.situation(a_contact("much later", NOMS, day=400)).history[DRUGS].by == "liaison"


def test_the_order_in_which_they_arrive_makes_no_difference() -> None:
    custody = a_contact("custody", NOMS, day=1, facts={DRUGS: 3})
    screening = a_screening("screening", NOMS, day=2, needs={"substance_drugs": 0})
    met = a_contact("met", NOMS, day=3)
    first, second = File(custody, screening).situation(met), File(screening, custody).situation(met)
    assert first.facts == second.facts
    assert first.facts[DRUGS] == 3
