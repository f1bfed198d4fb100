"""A hearing is told person by person."""

import json
from datetime import UTC, datetime
from typing import Any

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def a_defendant(name: str, *orders: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "personDefendant": {"personDetails": {"lastName": name}},
        "offences": [{"judicialResults": [{"label": order} for order in orders]}],
        **more,
    }


def contacts(*cases: list[dict[str, Any]], **more: Any) -> list[Contact]:
    hearing = {"id": "H1", "prosecutionCases": [{"defendants": case} for case in cases], **more}
    told = read("courts", json.dumps({"hearing": hearing}).encode(), [], received_at=RECEIVED)
    assert not isinstance(told, Ignored | Parked), told
    return list(told)


def orders(found: list[Contact]) -> list[str | None]:
    return [contact.facts.get("event.order") for contact in found]


def test_a_hearing_shared_again_gives_the_same_contact_for_whom_nothing_changed() -> None:
    first = contacts([a_defendant("a"), a_defendant("b")])
    again = contacts([a_defendant("a"), a_defendant("b", "Alcohol treatment requirement")])
    assert first[0].contact_id == again[0].contact_id
    assert first[1].contact_id != again[1].contact_id


def test_one_master_id_in_two_cases_is_one_person_with_the_orders_of_both() -> None:
    master = {"masterDefendantId": "m"}
    found = contacts([a_defendant("a", "DRR", **master)], [a_defendant("a", "MHTR", "DRR", **master)])
    assert orders(found) == ["drug_rehabilitation", "mental_health_treatment"]
    assert {contact.reference for contact in found} == {"m"}
    assert len({contact.contact_id for contact in found}) == 2


def test_an_id_that_stands_on_several_people_is_nobodys_reference() -> None:
    found = contacts([a_defendant("a", id="same"), a_defendant("b", id="same"), a_defendant("c")])
    assert [contact.reference for contact in found] == ["H1/0/0", "H1/0/1", "id-c"]


def test_an_order_that_was_revoked_or_deleted_is_not_made() -> None:
    deleted = {"offences": [{"judicialResults": [{"label": "DRR", "isDeleted": True}]}]}
    assert orders(contacts([a_defendant("a", "Alcohol treatment requirement revoked")])) == [None]
    assert orders(contacts([{**a_defendant("a"), **deleted}])) == [None]


def test_an_order_made_on_the_whole_case_counts() -> None:
    whole = {"defendantCaseJudicialResults": [{"label": "Mental health treatment requirement (12 months)"}]}
    assert orders(contacts([a_defendant("a", **whole)])) == ["mental_health_treatment"]


def test_a_hearing_happened_on_its_last_day_so_far() -> None:
    days = [{"sittingDay": f"2026-03-{day:02}T09:00:00Z"} for day in (2, 1, 9)]
    assert contacts([a_defendant("a")], hearingDays=days)[0].occurred_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert contacts([a_defendant("a")])[0].occurred_at == RECEIVED


def test_a_person_is_known_as_far_as_the_court_knows_them() -> None:
    details = {
        "firstName": "Test",
        "middleName": None,
        "lastName": "Person-0001",
        "dateOfBirth": "not known",
        "gender": "NOT_SPECIFIED",
        "contact": {"work": "07700 900001", "primaryEmail": "person@example.org"},
        "address": {"address1": "1 Example Street", "address2": "", "postcode": "cf101fu"},
    }
    person = {"personDetails": details, "arrestSummonsNumber": "11/01ZD/01/410836V"}
    found = contacts([a_defendant("a", personDefendant=person, pncId="", croNumber="065656/91H")])[0]
    assert found.identity.model_dump(exclude_none=True, exclude={"identifiers"}) == {
        "name": "Test Person-0001",
        "phone": "07700 900001",
        "email": "person@example.org",
        "address": "1 Example Street",
        "postcode": "CF10 1FU",
    }
    assert [one.type for one in found.identifiers] == ["CRO", "ASN"]
    assert "person.sex" not in found.facts
