"""Who raised it, how the person can be reached and met, and what is kept for equality alone."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.arrangements import Arrangements, Dependant, Location, Referrer, SafeContact, Supporter
from onward.contracts.contact import Contact
from onward.contracts.facts import FACTS
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def told(source: str = "liaison", person: Any = None, **changes: Any) -> Contact:
    kinds = {"liaison": "liaison-diversion.screened", "control-room": "control-room.mh-incident.recorded"}
    body = {"eventType": kinds[source], "occurredAt": "2026-03-02T09:15:00Z", "reference": "X1", "threshold": "none"}
    about = {"person": {"name": "Test Person-0001", **(person or {})}}
    contacts = read(source, json.dumps({**body, **about, **changes}).encode(), [], received_at=RECEIVED)
    assert isinstance(contacts, tuple), contacts
    (contact,) = contacts
    assert isinstance(contact, Contact)
    return contact


def arrangements(source: str = "liaison", person: Any = None, **changes: Any) -> Arrangements | None:
    return told(source, person, **changes).identity.arrangements


def test_who_raised_it_is_kept_with_whom_to_ring_back() -> None:
    known = arrangements(
        raisedBy={"role": "nurse", "team": "L&D", "callback": "01632 960999", "reference": "LD-7"},
    )
    assert known == Arrangements(
        raised_by=Referrer(role="nurse", team="L&D", callback="01632 960999", reference="LD-7")
    )


def test_an_incident_is_known_to_the_control_room_by_its_number_though_nobody_gave_a_name() -> None:
    known = arrangements("control-room", incidentNo="CC-02032026-106", location={"postcode": "pe11aa"})
    assert known == Arrangements(raised_by=Referrer(reference="CC-02032026-106"), location=Location(postcode="PE1 1AA"))


@pytest.mark.parametrize(
    ("phone", "is_unsafe"),
    [
        ("07700 900123 NOT SAFE", True),
        ("07700 900123 (unsafe, he checks it)", True),
        ("DON'T RING 07700 900123", True),
        ("07700900123 do not call, partner answers", True),
        ("07700900123 - never use", True),
        ("07700 900123 do not ring after 9pm", False),
        ("07700 900123 do not leave a message", False),
        ("07700 900123 (mum's)", False),
    ],
)
def test_a_number_beside_which_stands_not_to_ring_it_is_not_safe(phone: str, is_unsafe: bool) -> None:
    known = arrangements(person={"phone": phone})
    assert known == (Arrangements(safe_contact=SafeContact(phone_is_safe=False)) if is_unsafe else None)


def test_a_number_that_is_safe_is_told_though_the_other_one_is_not() -> None:
    known = arrangements(person={"phone": "07700 900123 not safe", "safeContact": {"phone": "07700 900124"}})
    assert known == Arrangements(safe_contact=SafeContact(phone="07700 900124"))


def test_how_somebody_can_be_reached_and_met_is_read_as_partners_write_it() -> None:
    known = arrangements(
        person={
            "safeContact": {"phoneSafe": False, "safeTimes": "10:00-14:00", "noVoicemail": "yes", "via": "school",
                            "mustNotKnow": ["husband", "household"]},
            "mobility": "wheelchair",
            "workerGender": "female",
            "communication": "BSL, easy read, something else",
            "carer": {"name": "Test Carer", "relationship": "mother", "phone": "01632 960002"},
            "nextOfKin": {"relationship": "sister"},
            "dependants": [{"age": "7", "whereNow": "at school until three"}, {"age": "young"}, "a dog"],
        }
    )  # fmt: skip
    assert known == Arrangements(
        safe_contact=SafeContact(
            phone_is_safe=False,
            times="10:00-14:00",
            no_voicemail=True,
            through="school",
            must_not_know=("partner", "household"),
        ),
        worker_gender="female",
        adjustments=("sign_language", "easy_read", "other"),
        mobility="wheelchair",
        carer=Supporter(name="Test Carer", relationship="parent", phone="01632 960002"),
        dependants=(Dependant(age=7, where_now="at school until three"),),
    )


def test_a_number_among_those_who_must_not_know_is_kept_nowhere() -> None:
    known = arrangements(person={"safeContact": {"mustNotKnow": ["07700 900123", "partner"]}})
    assert known == Arrangements(safe_contact=SafeContact(must_not_know=("other", "partner")))
    assert "900123" not in told(person={"safeContact": {"mustNotKnow": "07700 900123"}}).model_dump_json()


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
_ANY = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        _TEXTS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=25), st.dictionaries(_TEXTS, inner, max_size=5)),
    max_leaves=8,
)
_FIELDS = (
    *("safeContact", "workerGender", "adjustments", "communication", "mobility", "carer", "nextOfKin", "dependants"),
    *("ethnicity", "disabled", "religion", "sexualOrientation", "genderReassignment", "maritalStatus"),
)


@given(st.dictionaries(st.sampled_from(_FIELDS), _ANY), _ANY, _ANY)
def test_nothing_of_it_can_hold_up_a_risk_to_life(person: dict[str, Any], raised_by: Any, address: Any) -> None:
    contact = told(
        "control-room",
        person,
        threshold="immediate_risk_to_life",
        raisedBy=raised_by,
        location={"areaCode": "E06000031", "address": address},
    )
    assert contact.facts["event.threshold"] == "immediate_risk_to_life"
    assert contact.facts["event.area"] == "E06000031"


@pytest.mark.parametrize(
    ("field", "said", "known"),
    [
        ("ethnicity", "B1", "black"),
        ("selfDefinedEthnicity", "O1", "asian"),
        ("ethnicity", "Mixed or multiple ethnic groups", "mixed"),
        ("ethnicity", "NS", None),
        ("disabled", True, True),
        ("disabled", "no", False),
        ("religion", "Muslim", "muslim"),
        ("religion", "No religion", "none"),
        ("sexualOrientation", "not stated", None),
        ("sexualOrientation", "gay", "gay_or_lesbian"),
        ("genderReassignment", "yes", True),
        ("maritalStatus", "civil partnership", "civil_partnership"),
    ],
)
def test_equality_data_is_read_as_people_state_it_and_is_kept_as_nothing_else(
    field: str, said: object, known: object
) -> None:
    facts = told(person={field: said}).facts
    kept = {path: value for path, value in facts.items() if FACTS[path].monitoring}
    assert list(kept.values()) == ([] if known is None else [known])


def test_what_a_partner_writes_does_not_steer_whoever_reads_it() -> None:
    known = told(person={"name": "Test\x1b[2J Per\u202eson-0001\r\n", "address": "1 Test Road\nAnytown"})
    assert (known.identity.name, known.identity.address) == ("Test[2J Person-0001", "1 Test Road Anytown")
