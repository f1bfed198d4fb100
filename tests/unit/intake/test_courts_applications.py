"""Hearings of applications, hearings that were deleted, and what else comes on the courts' topic."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.partner_message import Read
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 12, tzinfo=UTC)


def told(body: object) -> Read:
    return read("courts", json.dumps(body).encode(), [], received_at=RECEIVED)


def in_sns(kind: str, body: object) -> object:
    attributes = {"messageType": {"Type": "String", "Value": kind}}
    return {"Type": "Notification", "Message": json.dumps(body), "MessageAttributes": attributes}


def an_application(label: str, name: str = "Person-0001", key: str = "m1") -> dict[str, Any]:
    person = {"personDetails": {"lastName": name}}
    subject = {"masterDefendant": {"masterDefendantId": key, "personDefendant": person}}
    return {"subject": subject, "judicialResults": [{"label": label}]}


def orders(*labels: str) -> list[object]:
    made = told({"hearing": {"id": "h", "courtApplications": [an_application(label) for label in labels]}})
    assert not isinstance(made, Ignored | Parked), made
    assert {contact.identity.name for contact in made} == {"Person-0001"}
    return [contact.facts.get("event.order") for contact in made]


def test_whoever_an_application_is_about_is_before_the_court_with_its_results() -> None:
    assert orders("Community requirement: Drug rehabilitation residential with review") == ["drug_rehabilitation"]
    assert orders("Adjourned") == [None]


def test_an_order_that_is_revoked_is_none_and_one_that_is_made_anew_beside_it_is() -> None:
    assert orders("Drug rehabilitation requirement revoked") == [None]
    assert orders("Drug rehabilitation requirement revoked", "DRR") == ["drug_rehabilitation"]


@pytest.mark.parametrize(
    "where",
    [
        {"courtOrder": {"courtOrderOffences": [{"offence": {"judicialResults": [{"label": "DRR"}]}}]}},
        {"courtApplicationCases": [{"offences": [{"judicialResults": [{"label": "DRR"}]}]}]},
        {"subject": {"personDetails": {"lastName": "Person-0001"}}, "judicialResults": [{"label": "DRR"}]},
    ],
)
def test_an_order_that_is_made_anew_on_an_application_is_seen_wherever_it_stands(where: dict[str, Any]) -> None:
    application = {**an_application("Drug rehabilitation requirement revoked"), **where}
    made = told({"hearing": {"id": "h", "courtApplications": [application], "prosecutionCases": None}})
    assert not isinstance(made, Ignored | Parked), made
    said = [(contact.identity.name, contact.facts["event.order"]) for contact in made]
    assert said == [("Person-0001", "drug_rehabilitation")]


def test_an_order_for_a_defendant_in_all_their_cases_is_theirs_and_nobody_else_s() -> None:
    person = {"personDetails": {"lastName": "Person-0001"}}
    defendants = [{"masterDefendantId": key, "personDefendant": person} for key in ("m1", "m2")]
    results = [{"masterDefendantId": key, "judicialResult": {"label": "ATR"}} for key in ("m2", "m9", None)]
    hearing = {"id": "h", "prosecutionCases": [{"defendants": defendants}], "defendantJudicialResults": results}
    made = told({"hearing": hearing})
    assert not isinstance(made, Ignored | Parked), made
    assert [(each.reference, each.facts.get("event.order")) for each in made] == [
        ("m1", None),
        ("m2", "alcohol_treatment"),
    ]


@pytest.mark.parametrize(
    "label",
    [
        "Revocation of drug rehabilitation requirement",
        "Drug rehabilitation requirement: application to amend refused",
        "DRR set aside",
        "Adjourned: probation to say if suitable for a drug rehabilitation requirement",
        "Drug rehabilitation requirement deleted from the order",
        "Alcohol treatment requirement no longer in force",
    ],
)
def test_an_order_that_ended_or_is_only_thought_of_is_none(label: str) -> None:
    assert orders(label) == [None]


@pytest.mark.parametrize(
    "label",
    [
        "Community order revoked; alcohol treatment requirement made",
        "Drug rehabilitation requirement revoked. Alcohol treatment requirement imposed",
    ],
)
def test_what_takes_the_place_of_an_order_in_one_result_is_seen(label: str) -> None:
    assert orders(label) == ["alcohol_treatment"]


def test_an_application_about_an_organisation_is_about_no_person() -> None:
    subject = {"organisation": {"name": "Example Ltd"}}
    assert told({"hearing": {"id": "h", "courtApplications": [{"subject": subject}]}}) == Ignored("no_person")


def test_a_defendant_who_is_the_subject_of_an_application_too_is_one_person() -> None:
    applied = an_application("DRR")
    hearing = {
        "id": "h",
        "courtApplications": [applied, an_application("ATR", "Person-0002", "m2")],
        "prosecutionCases": ["no case", {"defendants": [applied["subject"]["masterDefendant"]]}],
    }
    made = told({"hearing": hearing})
    assert not isinstance(made, Ignored | Parked)
    assert [contact.identity.name for contact in made] == ["Person-0001", "Person-0002"]
    assert made[0].left_out[0].pointer == "/hearing/prosecutionCases/0"


@pytest.mark.parametrize(
    "body",
    [
        in_sns("COMMON_PLATFORM_HEARING_DELETED", {"hearingId": "59cb14a6-e8de-4615-9c9d-000000000001"}),
        {"hearingId": "59cb14a6-e8de-4615-9c9d-000000000001"},
        in_sns(
            "COMMON_PLATFORM_HEARING_DELETED", {"hearing": {"id": "h", "courtApplications": [an_application("DRR")]}}
        ),
        {"eventType": "commonplatform.case.deleted", "hearing": {"courtApplications": [an_application("DRR")]}},
    ],
)
def test_a_hearing_that_was_deleted_is_no_fault_of_the_court(body: object) -> None:
    assert told(body) == Ignored("hearing_deleted")


def test_another_kind_of_message_is_ignored_for_what_it_is() -> None:
    for body in ({"caseId": "1", "defName": "x"}, {"hearingId": "1", "caseNo": "2"}):
        assert told(in_sns("LIBRA_COURT_CASE", body)) == Ignored("other_message_type")
