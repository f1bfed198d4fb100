"""Where it happened: as the message says, else by the suite, the force or the partner that reports it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.topics import PlaceDefaults
from onward.intake.domain.places import placed
from onward.intake.partners import read
from onward.places.areas import NOWHERE

RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BIRMINGHAM, COVENTRY, PETERBOROUGH, HUNTINGDONSHIRE = "E08000025", "E08000026", "E06000031", "E07000011"


def area(source: str, **changes: Any) -> Any:
    kinds = {
        "custody": "custody.detention.risk-assessed",
        "street-triage": "mha.s136.detained",
        "control-room": "control-room.mh-incident.recorded",
        "liaison": "liaison-diversion.screened",
        "probation": "probation.needs.assessed",
    }
    body = {"eventType": kinds[source], "occurredAt": "2026-03-02T09:15:00Z", "reference": "X1", "threshold": "none"}
    told = read(source, json.dumps({**body, **changes}).encode(), [], received_at=RECEIVED)
    assert isinstance(told, tuple), told
    (contact,) = told
    assert isinstance(contact, Contact)
    return contact.facts.get("event.area")


def test_the_message_s_own_word_counts_before_any_default() -> None:
    assert area("street-triage", location={"areaCode": "E06000031"}, force="20") == PETERBOROUGH
    assert area("custody", location={"areaCode": COVENTRY}, custodyRecordNo="BW/0202/26") == COVENTRY


def test_what_is_no_area_is_not_said_and_the_default_counts() -> None:
    assert area("street-triage", location={"areaCode": "Digbeth"}) == BIRMINGHAM


def test_a_custody_suite_is_known_by_how_its_records_begin_and_else_by_its_force() -> None:
    assert area("custody", reference=None, custodyRecordNo="PB/0113/26", force="35") == PETERBOROUGH
    assert area("custody", reference=None, custodyRecordNo="bw/0202/26") == BIRMINGHAM
    assert area("custody", reference=None, custodyRecordNo="ZZ/0202/26", force="20") == BIRMINGHAM
    assert area("custody", reference=None, custodyRecordNo="ZZ/0202/26", force=35) == HUNTINGDONSHIRE


def test_an_unknown_force_is_nobody_s_default() -> None:
    assert area("street-triage", force="99") is None
    assert area("custody", reference=None, custodyRecordNo="ZZ/0202/26") is None


def test_who_was_found_in_the_street_and_nobody_knows_is_where_the_team_works() -> None:
    assert area("street-triage", reference=None, incidentNo="WMP-20260302-0019") == BIRMINGHAM


def test_a_call_of_which_nothing_else_is_known_came_from_where_the_control_room_is() -> None:
    assert area("control-room", reference=None, incidentNo="CC-02032026-106") == HUNTINGDONSHIRE


def test_who_lives_where_the_force_works_was_met_near_home_and_who_lives_elsewhere_in_its_first_area() -> None:
    assert area("control-room", person={"areaCode": "E07000008"}) == "E07000008"
    assert area("control-room", person={"areaCode": "E06000016"}) == HUNTINGDONSHIRE
    assert area("street-triage", person={"areaCode": COVENTRY}) == COVENTRY
    assert area("street-triage", person={"areaCode": "E07000008"}) == BIRMINGHAM
    assert area("custody", person={"areaCode": COVENTRY}, reference="ZZ/1/26", force="20") == COVENTRY


def test_a_custody_suite_is_where_it_stands_wherever_the_person_lives() -> None:
    assert area("custody", person={"areaCode": COVENTRY}, reference="BW/1/26", force="20") == BIRMINGHAM


def test_a_practitioner_s_or_probation_s_place_is_not_guessed() -> None:
    assert area("liaison") is None
    assert area("liaison", force="20") == BIRMINGHAM
    assert area("probation") is None


@pytest.mark.parametrize("force", ["", "  ", True, None, [], {}])
def test_a_force_that_is_none_says_nothing(force: object) -> None:
    assert area("street-triage", force=force) == BIRMINGHAM


def test_a_force_is_known_however_partners_and_topic_files_write_its_name() -> None:
    contact = read("custody", json.dumps({
        "eventType": "custody.detention.authorised", "occurredAt": "2026-03-02T09:15:00Z", "reference": "X1",
        "force": "Cambridgeshire Constabulary",
    }).encode(), [], received_at=RECEIVED)  # fmt: skip
    assert isinstance(contact, tuple)
    defaults = PlaceDefaults(areas=(COVENTRY,), forces={"20": (BIRMINGHAM,), "cambridgeshire": (HUNTINGDONSHIRE,)})
    assert placed(contact[0], {}, NOWHERE, defaults).facts["event.area"] == HUNTINGDONSHIRE
    assert "event.area" not in placed(contact[0], {}, NOWHERE, None).facts
