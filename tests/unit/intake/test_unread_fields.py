"""A field that nothing reads is told, and counted when it looks like one of ours."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.chassis.record import RawRecord
from onward.contracts import paths
from onward.contracts.outcome import Ignored, Noted, Parked, Published
from onward.intake.domain.reader import RISKS_LEFT_OUT, UNREAD_FIELDS, MessageRead
from onward.intake.domain.unread import MOST, unread_fields
from onward.intake.handlers import handle_partner_message
from onward.intake.partners import adapters, reader, understand

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def an_event(event_type: str = "custody.detention.risk-assessed", **more: Any) -> dict[str, Any]:
    return {"eventType": event_type, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}


def looked_at(source: str = "custody", **more: Any) -> MessageRead:
    return understand(source, json.dumps(an_event(**more)).encode(), [], received_at=RECEIVED)


def not_read(source: str = "custody", **more: Any) -> dict[str, str]:
    return {"/".join(map(str, each.place)): each.resembles for each in looked_at(source, **more).unread}


@pytest.mark.parametrize(
    ("more", "place", "resembles"),
    [
        ({"riskAssessment": {"selfharm": 4}}, "riskAssessment/selfharm", "riskAssessment.selfHarm"),
        ({"riskAssessment": {"self_harm": 4}}, "riskAssessment/self_harm", "riskAssessment.selfHarm"),
        ({"risk_assessment": {"selfHarm": 4}}, "risk_assessment", "riskAssessment"),
        ({"accomodation": {"status": "homeless"}}, "accomodation", "accommodation"),
        ({"person": {"dateOfBrith": "1990-05-01"}}, "person/dateOfBrith", "person.dateOfBirth"),
        ({"dateOfBirth": "1990-05-01"}, "dateOfBirth", "person.dateOfBirth"),
        ({"need": []}, "need", "needs"),
        (
            {"consent": {"given": True, "purposes": ["debt"], "recipeint": "x"}},
            "consent/recipeint",
            "consent.recipient",
        ),
        (
            {"consent": [{"given": True, "purpose": "debt", "saidat": "x"}]},
            "consent/0/saidat",
            "consent.saidAt",
        ),
        (
            {"needs": [{"category": "debt", "severity": 1}, {"category": "debt", "severity": 1, "from": "x"}]},
            "needs/1/from",
            "",
        ),
        ({"gradedBy": "20"}, "gradedBy", ""),
        ({"person": {"surname": "x"}}, "person/surname", ""),
        ({"x" * 5000: 1}, "x" * 5000, ""),
    ],
)
def test_a_field_that_nothing_reads_is_named_with_the_one_it_looks_like(
    more: dict[str, Any], place: str, resembles: str
) -> None:
    assert not_read(**more) == {place: resembles}


def test_a_part_that_only_other_partners_can_know_is_not_read_and_is_named() -> None:
    looked = looked_at(cas1={"application": "started"}, arrivedAtPlaceOfSafety="2026-03-02T09:00:00Z")
    assert {each.place for each in looked.unread} == {("cas1",), ("arrivedAtPlaceOfSafety",)}
    assert not isinstance(looked.read, Parked | Ignored)
    assert not [path for made in looked.read for path in made.facts if path.startswith(("cas1.", "event.s136"))]


def test_a_field_that_is_there_beside_the_one_it_looks_like_is_no_slip() -> None:
    assert not_read(needs=[], need=[]) == {"need": ""}


def test_the_synonyms_of_a_field_are_read() -> None:
    assert not_read("control-room", eventType="control-room.mh-incident.recorded", professionalConsulted=True) == {}
    assert not_read(person={"ASN": "1101ZD01410836V", "address": {"line one": "1 Test Street"}}) == {}
    answer = {"eventType": "facts.answered", "facts": {"person.sex": "female"}, "inReplyto": "x"}
    assert not_read("liaison", **answer) == {"inReplyto": "inReplyTo"}


def test_the_message_goes_on_and_each_likely_slip_is_counted_once_by_partner_and_field() -> None:
    wrong = {"categry": "debt", "severity": 1, "category": "debt"}
    body = an_event(person={"dateOfBrith": "1"}, needs=[{"categorie": 1, **wrong}, wrong], station="20")
    record = RawRecord("in.custody", 0, 1, b"k", json.dumps(body).encode(), (), RECEIVED)
    outcome = handle_partner_message(record, reader=reader(), id_key=b"p" * 32)
    assert isinstance(outcome, Published)
    assert len(outcome.messages) == 1
    assert outcome.noted == (Noted(UNREAD_FIELDS, ("custody", "person.dateOfBirth")),)


def test_a_slip_is_told_too_where_it_made_the_message_unreadable() -> None:
    looked = looked_at("control-room", eventType="control-room.mh-incident.recorded", treshold="crime")
    assert not isinstance(looked.read, Parked)
    assert looked.noted[:1] == (Noted(UNREAD_FIELDS, ("control-room", "threshold")),)


def test_what_is_counted_is_the_name_of_one_of_our_fields_and_never_the_partners() -> None:
    looked = looked_at(person={"Test Person-0001": 1, "phone07700900001": 1, "dateOfBirth1990": 1})
    assert len(looked.unread) == 3
    assert "1990" not in f"{looked.noted}"
    assert "0001" not in f"{looked.noted}"


def test_a_shape_that_is_the_partners_own_is_not_measured_by_ours() -> None:
    for source in ("hmpps", "courts"):
        for path in (paths.schemas() / "examples" / f"in.{source}").glob("*.json"):
            assert understand(source, path.read_bytes(), [], received_at=RECEIVED).unread == ()


def test_a_message_with_very_many_fields_is_soon_looked_at() -> None:
    body = an_event() | {f"{number}dateOfBrith": 1 for number in range(20_000)}
    shape = adapters()["custody"].catalogue.models["custody.detention.risk-assessed"]
    began = time.process_time()
    assert len(unread_fields(shape, body)) == MOST
    assert time.process_time() - began < 1


@pytest.mark.parametrize("theirs", [{}, {"dateOfBrith": "1990-05-01"}])
def test_a_risk_behind_very_many_fields_of_the_partner_s_own_is_still_seen(theirs: dict[str, Any]) -> None:
    own = {f"ownField{number}": number for number in range(500)} | theirs
    looked = looked_at(**own, riskAssesment={"selfHarm": 4})
    assert Noted(UNREAD_FIELDS, ("custody", "riskAssessment")) in looked.noted
    assert Noted(RISKS_LEFT_OUT, ("custody",)) in looked.noted


def test_no_example_of_ours_has_a_slip() -> None:
    for source, adapter in adapters().items():
        if adapter.catalogue.ours:
            for path in (paths.schemas() / "examples" / f"in.{source}").glob("*.json"):
                looked = understand(source, path.read_bytes(), [], received_at=RECEIVED)
                assert [each for each in looked.unread if each.resembles] == [], path
