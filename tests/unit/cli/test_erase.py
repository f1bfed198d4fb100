"""Whom a command names, what of a person stands on topics, and how far an erasure is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from onward.cli.erasure_report import WholeReport
from onward.cli.erasures_topics import ErasureStanding
from onward.cli.main import app
from onward.cli.person_topics import PersonRecords, TopicRecords
from onward.cli.render import erasure as written
from onward.cli.render import subject
from onward.cli.subjects import whom
from onward.contracts.erasure import Erasure, ErasureReport, ErasureStatement, KeptData
from onward.contracts.identifiers import read_identifier
from onward.people.domain.remembered import name_of_identifier, name_of_reference
from onward.rehearsal import synthetic
from onward.releases.erasure_signing import sign_erasure

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
PERSON, CONTACT, REFERRAL = "a1" * 16, str(UUID(int=7)), str(UUID(int=8))
PEPPER = "a pepper for tests, thirty-two bytes or more"
EMPTY = ("referrals", "questions", "cases", "openings", "disclosed", "records_on_topics", "parked")
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
STATEMENT = ErasureStatement.of(
    whom=f"PERSON:{PERSON}",
    ground="objection",
    reason="request 1",
    by="officer.one",
    at=AT,
    parked=("parked.people/0/3",),
)


def standing(signatures: int, *outcomes: tuple[str, Literal["erased", "nobody_known"]]) -> ErasureStanding:
    signed = tuple(sign_erasure(STATEMENT, f"officer.{number}", PRIVATE) for number in range(signatures))
    reports = tuple(
        ErasureReport(
            erasure_id=STATEMENT.erasure_id,
            service=service,
            outcome=outcome,
            erased={"person keys": 1, "questions": 0},
            kept=(KeptData(what="pseudonyms", count=3, because="stops_replays", until="never"),),
            at=AT,
        )
        for service, outcome in outcomes
    )
    return ErasureStanding(Erasure(statement=STATEMENT, signatures=signed), None, reports)


@pytest.mark.parametrize(
    ("signatures", "outcomes", "state", "waits"),
    [
        (1, (), "second_signature_awaited", ("people", "tracking")),
        (2, (), "asked_for", ("people", "tracking")),
        (2, (("people", "erased"),), "erasing", ("tracking",)),
        (2, (("people", "erased"), ("tracking", "erased")), "erased", ()),
        (2, (("people", "nobody_known"),), "nobody_known", ()),
    ],
)
def test_an_erasure_is_as_far_as_its_signatures_and_reports_say(
    signatures: int, outcomes: Sequence[Any], state: str, waits: tuple[str, ...]
) -> None:
    found = standing(signatures, *outcomes)
    assert (found.state, found.waits_for) == (state, waits)


def test_the_report_to_file_names_what_went_and_what_stays_and_nobody() -> None:
    left = (TopicRecords("referrals.one", 2, AT, AT, True), TopicRecords("situations", 1, AT, AT, False))
    report = WholeReport(
        standing(2, ("people", "erased"), ("tracking", "erased")), 1, left, (("parked.people/0/3", AT),)
    )
    told = written.text(report)
    for line in (
        "gone: 1 person keys",
        "stays: 3 pseudonyms, until never: so that what is sent again brings nobody back",
        "Still to be acknowledged by providers: 1 referral",
        "Topic referrals.one: 2 records, in the clear; the last ends 03 Mar 2026",
        "the recipient has it as a controller of its own",
        "Topic situations: 1 record, under a pseudonym, or sealed under a key that is gone",
        "Parked parked.people/0/3: an original, sealed to those who mend; ends 03 Mar 2026",
    ):
        assert line in told, line
    assert "questions" not in told
    document = written.document(report)
    assert document["state"] == "erased"
    assert [each["because"] for each in document["topics"]] == ["own_controller", "topic_retention"]


def test_a_person_is_named_by_a_reference_a_number_a_pseudonym_or_a_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONWARD_PEPPER", PEPPER)
    number = synthetic.noms(7)
    identifier = read_identifier("NOMS", number)
    assert identifier is not None
    assert whom("custody:BW/1/26", None, None, None) == name_of_reference(PEPPER.encode(), "custody", "BW/1/26")
    assert whom(None, f"noms: {number.lower()}", None, None) == name_of_identifier(PEPPER.encode(), identifier)
    assert whom(None, None, PERSON.upper(), None) == f"PERSON:{PERSON}"
    assert whom(None, None, None, CONTACT) == f"CONTACT:{CONTACT}"
    assert whom(None, None, None, None) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--reference", "custodi:1"), "custody"),
        (("--identifier", "NOMS:1"), "does not check"),
        (("--identifier", "PASSPORT:1"), "type of identifier"),
        (("--person", "Anne"), "no pseudonym"),
        (("--contact", "x"), "no id of a contact"),
        (("--person", PERSON, "--contact", CONTACT), "one way"),
        ((), "--confirm ID"),
        (("--person", PERSON, "--status", CONTACT), "one of them"),
        (("--status", "x"), "not the id of an erasure"),
        (("--person", PERSON), "--by"),
        (("--person", PERSON, "--by", "me"), "--key"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_done(
    arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PEPPER": PEPPER, "KAFKA_BOOTSTRAP": "127.0.0.1:1", "DATABASE_URL": "postgresql:///x"}.items():
        monkeypatch.setenv(f"ONWARD_{name}", value)
    for name in ("ONWARD_MY_RULE_KEY", "ONWARD_RULE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    said = CliRunner().invoke(app, ["erase", *arguments])
    assert said.exit_code == 2, said.output
    assert told in said.output


def test_a_record_is_about_the_person_if_it_says_so_or_follows_from_one_that_is() -> None:
    known = PersonRecords({PERSON, CONTACT})
    assert known.is_about("contacts/0/1", "key", {"contact_id": CONTACT}, "in.custody/0/9")
    known.learn("contacts/0/1", {"contact_id": CONTACT}, "in.custody/0/9")
    assert known.is_about("in.custody/0/9", "k", None, "")
    assert not known.is_about("in.custody/0/8", "k", None, "")
    decision = {"person": PERSON, "referrals": [{"referral_id": REFERRAL}]}
    assert known.is_about("decisions/0/1", PERSON, decision, "situations/0/1")
    known.learn("decisions/0/1", decision, "situations/0/1")
    assert known.is_about("replies.one/0/0", "k", {"referral_id": REFERRAL}, "")
    assert known.is_about("status.custody/0/0", "BW/1", {"contact_id": "another"}, "decisions/0/1")
    assert known.is_about("parked.people/0/0", "k", None, "contacts/0/1")
    assert not known.is_about("status.custody/0/1", "BW/2", {"person": "somebody"}, "decisions/0/2")


def test_a_subject_access_shows_every_value_under_its_name() -> None:
    told = subject.text(
        {
            "pseudonyms": [PERSON],
            "sources": ["custody"],
            "recipients": [],
            "contacts": [
                {"identity": {"name": "Anne Test-One", "languages": ["cy", "en"]}, "facts": {"person.age": 30}}
            ],
            **{part: [] for part in EMPTY},
        }
    )
    for line in ("identity.name: Anne Test-One", "identity.languages: cy, en", "facts.person.age: 30", "nobody"):
        assert line in told
