"""A partner answers what it can be asked, and nothing else."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
ASKED = "6f6e7761-7264-8000-8000-00000000000a"


def answered(source: str = "liaison", **changes: Any) -> object:
    body = {"eventType": "facts.answered", "inReplyTo": ASKED, "facts": {"person.sex": "female"}, **changes}
    told = read(source, json.dumps(body).encode(), [], received_at=RECEIVED)
    return told[0] if isinstance(told, tuple | list) else told


def a_contact(made: object) -> Contact:
    assert isinstance(made, Contact), made
    return made


def test_an_answer_knows_which_question_it_is_about_and_when_it_was_true() -> None:
    made = a_contact(answered(reference="LD-1", occurredAt="2026-03-02T12:00:00Z"))
    assert (str(made.in_reply_to), made.reference) == (ASKED, "LD-1")
    assert made.occurred_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_answer_without_a_time_was_true_when_it_arrived() -> None:
    assert a_contact(answered()).occurred_at == RECEIVED


def test_a_date_of_birth_goes_to_the_identity_and_to_no_fact() -> None:
    made = a_contact(answered(facts={"person.date_of_birth": "1990-05-01"}))
    assert made.identity.date_of_birth == date(1990, 5, 1)
    assert not {path for path in made.facts if path.startswith("person.")}


@pytest.mark.parametrize(
    ("path", "written", "read_as"),
    [
        ("release.on", "01/05/2026", date(2026, 5, 1)),
        ("release.on", "2026-05-01T10:00:00Z", date(2026, 5, 1)),
        ("needs.mental_health", 3.0, 3),
        ("person.veteran", " yes ", True),
        ("person.area", " E08000025 ", "E08000025"),
        ("registrations", [{"code": "RHRH", "active": " yes "}], [{"code": "RHRH", "active": True}]),
    ],
)
def test_a_fact_is_read_as_tolerantly_as_a_field_of_an_event(path: str, written: Any, read_as: Any) -> None:
    assert a_contact(answered(facts={path: written})).facts[path] == read_as
    assert a_contact(answered(inReplyTo=f" {ASKED} ", facts={path: written})).in_reply_to is not None


@pytest.mark.parametrize("number", [1, 1_777_593_600, "1777593600"])
def test_a_number_is_no_day(number: Any) -> None:
    found = answered(facts={"release.on": number})
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("schema", "/facts/release.on")


def test_an_answered_consent_is_a_consent_too() -> None:
    made = a_contact(answered(facts={"consent.duty_to_refer": True, "consent.accommodation": False}))
    said = {consent.purpose: (consent.given, consent.said_at) for consent in made.consents}
    assert said == {"DUTY_TO_REFER": (True, RECEIVED), "ACCOMMODATION": (False, RECEIVED)}


def test_what_the_partner_does_not_know_is_not_a_fact() -> None:
    made = a_contact(answered(facts={"person.sex": None, "needs.mental_health": 0}))
    assert "person.sex" not in made.facts
    assert made.facts["needs.mental_health"] == 0
    assert answered(facts={"person.sex": None}) == Ignored("nothing_answered")


@pytest.mark.parametrize(
    ("changes", "reason", "pointer"),
    [
        ({"facts": {"person.shoe_size": 9}}, "unknown_fact", "/facts/person.shoe_size"),
        ({"facts": {"needs.mental_health": 5}}, "schema", "/facts/needs.mental_health"),
        ({"facts": {"needs.mental_health": "high"}}, "schema", "/facts/needs.mental_health"),
        ({"facts": {"person.date_of_birth": "in spring"}}, "schema", "/facts/person.date_of_birth"),
        ({"facts": {"event.age_days": 3}}, "not_theirs_to_answer", "/facts/event.age_days"),
        ({"facts": {}}, "schema", "/facts"),
        ({"facts": ["person.sex"]}, "schema", "/facts"),
        ({"inReplyTo": "nonsense"}, "schema", "/inReplyTo"),
        ({"inReplyTo": None}, "schema", "/inReplyTo"),
        (
            {"identifiers": [{"type": "CRN", "value": "X000001"}, {"type": "CRN", "value": "X000002"}]},
            "identifier_conflict",
            "/identifiers",
        ),
    ],
)
def test_what_cannot_be_an_answer_is_parked(changes: dict[str, Any], reason: str, pointer: str) -> None:
    found = answered(**changes)
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == (reason, pointer)


@pytest.mark.parametrize("source", topics.sources())
def test_a_partner_can_answer_exactly_what_its_topic_file_lists(source: str) -> None:
    topic = topics.files()[f"in.{source}"]
    for path, fact in FACTS.items():
        found = answered(source, facts={path: None})
        theirs = topic.answers_for(path) and not fact.derived
        refused = isinstance(found, Parked) and found.reason == "not_theirs_to_answer"
        assert refused != theirs, path


def test_every_partner_is_asked_for_facts_that_exist() -> None:
    for source in topics.sources():
        for listed in topics.files()[f"in.{source}"].answers:
            known = [
                path
                for path in (*FACTS, *ASKABLE_ONLY)
                if path == listed or (listed.endswith("*") and path.startswith(listed[:-1]))
            ]
            assert known, f"in.{source}: {listed}"
