"""The duty to refer against the Single Accommodation Service's tree, for every combination of what that looks at."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from onward.contracts.facts import Facts
from unit.routing import sas_reading, sas_trees
from unit.routing.pack_builders import BIRMINGHAM, MONDAY, days_ago, decided, in_days, services

AGREES: Facts = {
    "person.age": 34,
    "person.area": BIRMINGHAM,
    "accommodation.chosen_authority": BIRMINGHAM,
    "consent.duty_to_refer": True,
    "consent.contact_details": True,
}
"""What the law asks beside the service's tree; each of them is tested for itself in `test_pack_housing`."""

AGES = (None, 0, 181, 182, 183, 400)
ENDS = (None, -30, 0, 1, 55, 56, 57, 84, 400)
REFERRALS = [(None, None), *product(("SUBMITTED", "ACCEPTED", "NOT_ACCEPTED", "WITHDRAWN"), AGES)]
PLACES = ("prison", "cas1", "cas3")
WORDS = ("homeless", "at_risk", None)
"""What is said of being homeless; None: nothing, only that there is nowhere to go next."""


def told(place: str, ends: date | None, word: str | None, has_next: bool) -> Facts:
    """The present place, its end and what comes next."""
    facts: Facts = {"accommodation.next_arranged": has_next}
    if word is not None:
        facts["accommodation.status"] = word
    if place == "prison":
        facts["custody.status"] = "in_prison"
        if ends is not None:
            facts["release.planned_on"] = ends
    else:
        facts |= {"custody.status": "released", "release.on": days_ago(60), "accommodation.current": place}
        if ends is not None:
            facts["accommodation.current_ends_on"] = ends
    return facts


def referred(status: str | None, submitted: date | None) -> Facts:
    """An earlier referral."""
    facts: Facts = {} if status is None else {"duty_to_refer.status": status.lower()}
    return facts if submitted is None else {**facts, "duty_to_refer.submitted_on": submitted}


def combinations() -> Iterator[tuple[str | None, date | None, date | None, str, str | None, bool]]:
    for (status, age), end, place, word, has_next in product(REFERRALS, ENDS, PLACES, WORDS, (True, False)):
        yield (
            status,
            None if age is None else days_ago(age),
            None if end is None else in_days(end),
            place,
            word,
            has_next,
        )


def test_every_combination_is_decided_as_the_service_decides_it() -> None:
    differing = []
    for status, submitted, ends, place, word, has_next in combinations():
        expected = sas_trees.duty_to_refer(MONDAY, status, submitted, ends, has_next=has_next)
        decision = decided("probation", AGREES, told(place, ends, word, has_next), referred(status, submitted))
        if sas_reading.duty_to_refer(decision) != [expected]:
            differing.append(((status, submitted, ends, place, word, has_next), expected, decision.notices))
    assert not differing, (len(differing), differing[:3])


def test_a_next_place_that_nobody_knows_of_counts_as_none_for_a_person_said_to_be_homeless() -> None:
    for (status, age), end in product(REFERRALS, ENDS):
        submitted, ends = None if age is None else days_ago(age), None if end is None else in_days(end)
        known = told("prison", ends, "homeless", has_next=False)
        del known["accommodation.next_arranged"]

        decision = decided("probation", AGREES, known, referred(status, submitted))

        expected = sas_trees.duty_to_refer(MONDAY, status, submitted, ends, has_next=False)
        assert sas_reading.duty_to_refer(decision) == [expected], (status, age, end)


def test_a_prison_decides_as_probation_does() -> None:
    for (status, age), end, has_next in product(REFERRALS, ENDS, (True, False)):
        submitted, ends = None if age is None else days_ago(age), None if end is None else in_days(end)
        known = told("prison", ends, "homeless", has_next)

        decision = decided("hmpps", AGREES, known, referred(status, submitted))

        expected = sas_trees.duty_to_refer(MONDAY, status, submitted, ends, has_next=has_next)
        assert sas_reading.duty_to_refer(decision) == [expected], (status, age, end, has_next)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"accommodation.status": "settled"}, "the duty speaks of people who may be homeless"),
        ({"person.age": 17}, "a child is met by youth justice and children's services"),
        ({"consent.duty_to_refer": False}, "the person must agree"),
        ({"consent.contact_details": False}, "and agree to contact details being passed on"),
        ({"accommodation.chosen_authority": "W06000015"}, "the duty is English law"),
        ({"event.movement": "court"}, "who goes to court keeps a cell"),
        ({"custody.status": "hospital"}, "housing waits for the hospital's discharge plan"),
        ({"person.deceased": True}, "nobody is written to about the dead"),
    ],
)
def test_where_the_law_or_safety_asks_more_than_the_service_nobody_is_referred(changed: Facts, why: str) -> None:
    known = told("prison", in_days(20), "homeless", has_next=False)
    assert sas_reading.duty_to_refer(decided("probation", AGREES, known))[0].status == "NOT_STARTED"

    assert services(decided("probation", AGREES, known, changed)) <= {
        "childrens_social_care",
        "youth_justice_liaison",
    }, why


def test_a_referral_whose_answer_nobody_knows_is_asked_about_before_a_second_is_made() -> None:
    known = told("prison", in_days(20), "homeless", has_next=False)

    decision = decided("probation", AGREES, known, {"duty_to_refer.submitted_on": days_ago(10)})

    assert sas_reading.duty_to_refer(decision) == []
    assert "duty_to_refer.status" in {path for need in decision.needs_information for path in need.missing}
