"""Transitional accommodation (CAS3) and its prerequisites against the service's tree, for every combination."""

from datetime import date
from itertools import product

import pytest

from onward.contracts.facts import Facts
from unit.routing import sas_reading, sas_trees
from unit.routing.pack_builders import MONDAY, days_ago, decided

APPLICATIONS = ("IN_PROGRESS", "SUBMITTED", "REQUESTED_FURTHER_INFORMATION", "REJECTED")
ASSESSMENTS = (None, "UNALLOCATED", "IN_REVIEW", "READY_TO_PLACE", "CLOSED", "REJECTED")
BOOKINGS = (None, "PROVISIONAL", "CONFIRMED", "ARRIVED", "NOT_ARRIVED", "DEPARTED", "CANCELLED", "CLOSED")
Application = tuple[str, str | None, str | None]
EVERY: list[Application | None] = [None, *product(APPLICATIONS, ASSESSMENTS, BOOKINGS)]
FEW: list[Application | None] = [
    None,
    ("IN_PROGRESS", None, None),
    ("REJECTED", None, None),
    ("SUBMITTED", "CLOSED", None),
    ("SUBMITTED", "READY_TO_PLACE", "DEPARTED"),
    ("SUBMITTED", None, None),
]
PLACES: dict[str | None, Facts] = {
    "PRISON": {"custody.status": "in_prison"},
    "CAS1": {"custody.status": "released", "release.on": days_ago(60), "accommodation.current": "cas1"},
    "CAS2": {"custody.status": "community", "accommodation.current": "cas2"},
    "CAS3": {"custody.status": "community", "accommodation.current": "cas3"},
    "HOSTEL": {"accommodation.current": "hostel"},
    "HOME": {"custody.status": "community", "accommodation.current": "own_tenancy"},
    "OTHER": {"custody.status": "community", "accommodation.current": "other"},
    None: {"custody.status": "community"},
}


def differs(
    application: Application | None,
    place: str | None,
    submitted: date | None,
    *,
    has_next: bool,
    live: bool | None,
) -> str:
    """How our answer differs from the service's; empty when it does not."""
    words = ("cas3.application", "cas3.assessment", "cas3.booking")
    known: Facts = {"person.age": 34, "accommodation.next_arranged": has_next, **PLACES[place]}
    known |= {path: word.lower() for path, word in zip(words, application or (), strict=False) if word}
    if submitted is not None:
        known |= {"duty_to_refer.status": "submitted", "duty_to_refer.submitted_on": submitted}
    if live is not None:
        known["rehabilitation_accommodation.live"] = live

    said = sas_reading.transitional(decided("probation", known))

    expected = sas_trees.transitional(
        MONDAY, application, place, submitted, has_next=has_next, rehabilitation_live=live is True
    )
    return "" if set(said) == {expected} else f"{known}: expected {expected}, found {said}"


@pytest.mark.parametrize("live", [None, True, False])
def test_every_application_is_followed_up_as_the_service_does(live: bool | None) -> None:
    found = (
        differs(application, place, submitted, has_next=has_next, live=live)
        for application, place, submitted, has_next in product(
            EVERY, ("PRISON", "HOSTEL"), (None, days_ago(182), days_ago(183)), (True, False)
        )
    )
    differing = [each for each in found if each]
    assert not differing, (len(differing), differing[:3])


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_it_is_open_from_the_same_places_and_after_the_same_referrals(place: str | None) -> None:
    days = (None, days_ago(0), days_ago(181), days_ago(182), days_ago(183), days_ago(400))
    found = (
        differs(application, place, submitted, has_next=has_next, live=live)
        for application, submitted, has_next, live in product(FEW, days, (True, False), (None, True, False))
    )
    differing = [each for each in found if each]
    assert not differing, (len(differing), differing[:3])


READY: Facts = {
    "person.age": 34,
    "custody.status": "in_prison",
    "accommodation.next_arranged": False,
    "rehabilitation_accommodation.live": True,
    "duty_to_refer.submitted_on": days_ago(10),
}


@pytest.mark.parametrize("status", ["submitted", "accepted", "not_accepted", "withdrawn"])
def test_the_answer_to_the_duty_to_refer_does_not_matter_only_its_day(status: str) -> None:
    decision = decided("probation", READY, {"duty_to_refer.status": status})

    assert [each.status for each in sas_reading.transitional(decision)] == ["NOT_STARTED"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"person.age": 17}, "places are for adults"),
        ({"person.no_recourse_to_public_funds": True}, "no place can be offered without recourse to public funds"),
        ({"event.movement": "temporary_absence"}, "who comes back tomorrow keeps a cell"),
    ],
)
def test_where_law_or_safety_asks_more_than_the_service_nobody_is_referred(changed: Facts, why: str) -> None:
    assert not [each for each in decided("probation", READY, changed).referrals if each.service == "cas3"], why


def test_whoever_has_really_left_prison_is_not_there_whatever_an_older_word_says() -> None:
    left: Facts = {"custody.status": "released", "release.on": days_ago(1), "accommodation.current": "prison"}

    assert [each.status for each in sas_reading.transitional(decided("probation", READY, left))] == ["NOT_ELIGIBLE"]


def test_each_prerequisite_that_lacks_is_named_and_somebody_is_told() -> None:
    known = {path: value for path, value in READY.items() if "." in path and not path.startswith("duty_to_refer")}

    decision = decided("probation", known, {"rehabilitation_accommodation.live": False})

    assert [each.prerequisites for each in decision.waiting] == [("duty-to-refer", "rehabilitation-accommodation")]
    assert {notice.rule for notice in decision.notices if notice.rule.startswith("cas3-needs-")} == {
        "cas3-needs-duty-to-refer",
        "cas3-needs-rehabilitation-referral",
    }
