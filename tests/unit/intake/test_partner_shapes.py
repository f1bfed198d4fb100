"""What partners may leave out, write differently, or get wrong."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from onward.contracts.codes import Need
from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def screened(kind: str = "screened", **changes: Any) -> object:
    body = {
        "eventType": f"liaison-diversion.{kind}",
        "occurredAt": "2026-03-02T09:15:00Z",
        "reference": "LD-1",
        **changes,
    }
    told = read("liaison", json.dumps(body).encode(), [], received_at=RECEIVED)
    return told[0] if isinstance(told, tuple | list) else told


def a_contact(made: object) -> Contact:
    assert isinstance(made, Contact), made
    return made


def said_of(made: Contact) -> list[tuple[str, str]]:
    return [(one.reason, one.pointer) for one in made.left_out]


def facts(**changes: Any) -> dict[str, Any]:
    return a_contact(screened(**changes)).facts


def needs(known: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in known.items() if path.startswith("needs.")}


def test_what_a_screening_does_not_mention_is_not_known_and_never_a_no() -> None:
    assert needs(facts(needs=[{"category": "mental health", "severity": "low"}])) == {"needs.mental_health": 1}
    assert needs(facts(needs=[{"category": "drugs", "severity": "none"}])) == {"needs.substance_drugs": 0}
    assert needs(facts(needs=[], notAsked=["debt"])) == {}


def test_a_need_that_was_asked_about_and_not_found_is_none() -> None:
    known = facts(
        needs=[{"category": "housing", "severity": "urgent"}],
        asked=[*get_args(Need)],
        notAsked=["domestic abuse", "debt"],
    )
    asked = {f"needs.{need.lower()}": 0 for need in get_args(Need) if need not in {"DOMESTIC_ABUSE", "FINANCE_DEBT"}}
    assert needs(known) == {**asked, "needs.accommodation": 4}


@pytest.mark.parametrize("kind", ["screened", "assessed", "declined"])
def test_no_event_of_liaison_says_no_by_saying_nothing(kind: str) -> None:
    assert needs(facts(kind=kind)) == {}


def test_elsewhere_silence_about_a_need_is_not_a_no() -> None:
    known = facts(kind="assessed", needs=[{"category": "ETE", "severity": 1}, {"category": "education", "severity": 3}])
    assert {path: value for path, value in known.items() if path.startswith("needs.")} == {
        "needs.employment_education": 3
    }


@pytest.mark.parametrize("nobody_knows", [None, "", "  ", "Unknown", "not known", "NOT_RECORDED", "n/a"])
def test_a_field_that_says_nobody_knows_is_not_known(nobody_knows: str | None) -> None:
    known = facts(
        kind="assessed",
        person={"veteran": nobody_knows, "sex": nobody_knows, "age": nobody_knows, "areaCode": nobody_knows},
        accommodation={"status": nobody_knows, "nextArranged": nobody_knows},
    )
    assert {path for path in known if path.startswith(("person.", "accommodation."))} == set()


def test_an_age_counts_only_without_a_date_of_birth() -> None:
    assert facts(person={"age": 17})["person.age"] == 17
    assert "person.age" not in facts(person={"age": 17, "dateOfBirth": "2009-01-01"})


def test_an_area_that_is_no_local_authority_is_not_known_and_will_be_asked_for() -> None:
    assert facts(person={"areaCode": "e08000025"})["person.area"] == "E08000025"
    assert "person.area" not in facts(person={"areaCode": "E05000001"})


def test_an_identifier_that_does_not_check_is_absent() -> None:
    made = a_contact(screened(person={"identifiers": [{"type": "NHS", "value": "9434765918"}], "pncId": "81/34U"}))
    assert [one.value for one in made.identifiers] == ["1981/0000034U"]


def test_identifiers_stand_strongest_first_and_once() -> None:
    made = a_contact(
        screened(
            person={"nhsNumber": "943 476 5919", "crn": "x000001", "ASN": "1101ZD01410836V"},
            personReference={
                "identifiers": [{"type": "CRN", "value": "X000001"}, {"type": "nomis", "value": "A1234AA"}]
            },
        )
    )
    assert [one.type for one in made.identifiers] == ["NOMS", "CRN", "NHS", "ASN"]


TWO = [{"type": "NOMS", "value": value} for value in ("A1234AA", "A5678BB")]


def test_of_two_numbers_where_a_person_has_one_neither_joins_anybody() -> None:
    made = a_contact(screened(person={"identifiers": [*TWO, {"type": "CRN", "value": "X000001"}]}))
    assert [one.value for one in made.identifiers] == ["X000001"]
    assert said_of(made) == [("identifier_conflict", "/person/identifiers")]


def test_two_numbers_of_a_person_whom_nothing_else_names_or_describes_are_parked() -> None:
    found = screened(reference=None, person={"identifiers": TWO})
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("identifier_conflict", "/person/identifiers")


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        ([{"purpose": "housing", "given": True}], {"consent.accommodation": True}),
        (
            {"given": "no", "purposes": ["drugs", "alcohol"]},
            {"consent.substance_drugs": False, "consent.substance_alcohol": False},
        ),
        ([{"purpose": "DTR", "given": True, "recipient": "somebody"}], {}),
        (
            [
                {"purpose": "DEBT", "given": True, "saidAt": "2026-03-01T10:00:00Z"},
                {"purpose": "DEBT", "given": False, "saidAt": "2026-03-02T10:00:00Z"},
            ],
            {"consent.finance_debt": False},
        ),
        ([{"purpose": "DEBT", "given": False}, {"purpose": "DEBT", "given": True}], {"consent.finance_debt": False}),
        (None, {}),
        ([], {}),
    ],
)
def test_consent_is_per_purpose_and_what_was_said_last_counts(consent: Any, said: dict[str, bool]) -> None:
    known = facts(consent=consent)
    assert {path: value for path, value in known.items() if path.startswith("consent.")} == said


@pytest.mark.parametrize(
    ("changes", "reason", "pointer"),
    [
        ({"consent": True}, "schema", "/consent"),
        ({"consent": {"given": True}}, "schema", "/consent/purposes"),
        ({"consent": {"given": True, "purposes": []}}, "schema", "/consent/purposes"),
        ({"consent": [{"purpose": "everything", "given": True}]}, "unknown_code", "/consent/0/purpose"),
        ({"consent": [{"purpose": "debt"}]}, "schema", "/consent/0/given"),
        ({"needs": [{"category": "debt", "severity": "awful"}]}, "unknown_code", "/needs/0/severity"),
        ({"needs": [{"category": "debt"}]}, "schema", "/needs/0/severity"),
        ({"notAsked": ["everything"]}, "unknown_code", "/notAsked/0"),
        ({"person": {"age": 180}}, "schema", "/person/age"),
        ({"person": {"dateOfBirth": "1990-02-30"}}, "unreadable_date", "/person/dateOfBirth"),
        ({"person": []}, "schema", "/person"),
        ({"accommodation": {"status": "palatial"}}, "unknown_code", "/accommodation/status"),
        ({"domesticAbuse": {"dashScore": 99}}, "schema", "/domesticAbuse/dashScore"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_told_with_its_place(
    changes: dict[str, Any], reason: str, pointer: str
) -> None:
    made = a_contact(screened(riskAssessment={"selfHarm": 4}, **changes))
    assert said_of(made) == [(reason, pointer)]
    assert made.facts["risk.self_harm"] == 4


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"occurredAt": "soon"}, "/occurredAt"),
        ({"occurredAt": None}, "/occurredAt"),
        ({"occurredAt": "1970-01-01T00:00:00Z"}, "/occurredAt"),
        ({"eventType": 7}, "/eventType"),
    ],
)
def test_a_message_without_a_moment_or_a_type_is_parked(changes: dict[str, Any], pointer: str) -> None:
    found = screened(riskAssessment={"selfHarm": 3}, **changes)
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("schema", pointer)
    assert found.detail


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": {"veteran": " Yes "}}, {"person.veteran": True}),
        ({"person": {"age": " 016 "}}, {"person.age": 16}),
        ({"person": {"age": 16.0}}, {"person.age": 16}),
        ({"person": {"age": "16.0"}}, {"person.age": 16}),
        ({"needs": [{"category": "debt", "severity": 3.0}]}, {"needs.finance_debt": 3}),
        ({"person": {"postcode": "somewhere in Coventry"}}, {}),
    ],
)
def test_what_says_the_same_is_read_alike(changes: dict[str, Any], said: dict[str, Any]) -> None:
    known = facts(kind="assessed", **changes)
    assert {path: value for path, value in known.items() if path.startswith(("person.", "needs."))} == said


@pytest.mark.parametrize(
    ("changes", "reason", "pointer"),
    [
        ({"person": {"age": True}}, "schema", "/person/age"),
        ({"person": {"age": "1_6"}}, "schema", "/person/age"),
        ({"needs": [{"category": "debt", "severity": -3}]}, "unknown_code", "/needs/0/severity"),
        ({"needs": [{"category": "debt", "severity": True}]}, "unknown_code", "/needs/0/severity"),
        ({"needs": [{"category": "hou\u017fing", "severity": 3}]}, "unknown_code", "/needs/0/category"),
    ],
)
def test_what_only_looks_like_a_value_is_not_taken_for_one(changes: dict[str, Any], reason: str, pointer: str) -> None:
    assert said_of(a_contact(screened(**changes))) == [(reason, pointer)]


def test_a_clock_that_started_after_the_event_or_beyond_the_law_says_nothing() -> None:
    assert facts(relevantTime="2026-03-02T08:15:00Z")["event.custody_clock_minutes"] == 60
    assert "event.custody_clock_minutes" not in facts(relevantTime="2026-03-02T10:15:00Z")
    assert "event.custody_limit_hours" not in facts(relevantTime="2026-02-01T10:15:00Z")
    assert facts(arrivedAtPlaceOfSafety="2026-03-02T08:00:00Z")["event.s136_minutes"] == 75


def test_a_clock_a_little_ahead_is_believed_and_one_far_ahead_is_not() -> None:
    assert a_contact(screened(occurredAt="2026-03-03T08:04:00Z")).occurred_at == datetime(2026, 3, 3, 8, 4, tzinfo=UTC)
    assert a_contact(screened(occurredAt="2026-03-03T08:06:00Z")).occurred_at == RECEIVED


def test_an_event_type_is_read_however_it_is_punctuated() -> None:
    assert a_contact(screened(kind="Screened ")).type == "liaison.screened"
