"""`onward try`: one message through the services' own decisions; what it prints, how it ends, what it never shows."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from onward.cli.composition import try_bytes
from onward.cli.facts_file import read_earlier
from onward.cli.main import app
from onward.contracts import paths, topics
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle

AT = "2026-03-02T09:30"
KNOWN = """
person.age: 34
person.sex: male
person.area: E08000025
accommodation.status: homeless
accommodation.chosen_authority: E08000025
consent.accommodation: true
consent.duty_to_refer: true
consent.contact_details: true
identity: {name: canary-name, phone: "01632 960001"}
"""


def a_release(code: str = "CR", **changes: Any) -> dict[str, Any]:
    return {
        "eventType": "prison-offender-events.prisoner.released",
        "version": 1,
        "description": "A prisoner has been released from prison",
        "occurredAt": "2026-03-02T09:00:00Z",
        "publishedAt": "2026-03-02T09:00:01Z",
        "additionalInformation": {
            "nomsNumber": "A0001AA",
            "reason": "RELEASED",
            "nomisMovementReasonCode": code,
            "prisonId": "BMI",
        },
        "personReference": {"identifiers": [{"type": "NOMS", "value": "A0001AA"}]},
    } | changes


def tried(tmp_path: Path, message: object, *arguments: str, source: str = "hmpps", facts: str | None = None) -> Result:
    file = tmp_path / "message.json"
    file.write_bytes(message if isinstance(message, bytes) else json.dumps(message).encode())
    more: list[str] = []
    if facts is not None:
        (tmp_path / "facts.yaml").write_text(facts)
        more = ["--facts", str(tmp_path / "facts.yaml")]
    return CliRunner().invoke(app, ["try", "--source", source, str(file), "--at", AT, *more, *arguments])


def the_object(result: Result) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_a_release_of_which_no_need_is_known_ends_in_a_question_not_in_a_guess(tmp_path: Path) -> None:
    result = tried(tmp_path, a_release(), "--json")
    assert result.exit_code == 0
    (contact,) = the_object(result)["contacts"]
    assert contact["type"] == "prison.movement"
    assert contact["decision"]["referrals"] == []
    assert contact["decision"]["needs_information"]
    assert contact["identifiers"] == [{"type": "NOMS", "value": None}]
    assert contact["facts"]["event.movement"] == "released"


def test_with_what_earlier_contacts_said_it_ends_in_a_referral(tmp_path: Path) -> None:
    (contact,) = the_object(tried(tmp_path, a_release(), "--json", facts=KNOWN))["contacts"]
    (referral,) = contact["decision"]["referrals"]
    assert referral["category"] == "ACCOMMODATION"
    assert referral["legal_basis"] in {"statutory_duty", "consent", "public_task"}
    assert set(referral) == {"category", "provider", "legal_basis", "urgency", "rule", "disclosed"}
    assert {"name", "phone"} <= set(referral["disclosed"])
    assert "risk.self_harm" not in referral["disclosed"]


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_no_personal_value_is_printed_unless_it_is_asked_for(tmp_path: Path, flags: tuple[str, ...]) -> None:
    hidden = tried(tmp_path, a_release(), *flags, facts=KNOWN)
    for value in ("A0001AA", "canary", "01632", "E08000025"):
        assert value not in hidden.output
    assert "A0001AA" in tried(tmp_path, a_release(), *flags, "--reveal", facts=KNOWN).output


def test_a_death_is_never_a_release_whatever_else_is_known(tmp_path: Path) -> None:
    (contact,) = the_object(tried(tmp_path, a_release("DEC"), "--json", facts=KNOWN))["contacts"]
    assert contact["decision"]["referrals"] == []
    assert "deceased" in {each["reason"] for each in contact["decision"]["suppressed"]}


def test_an_irrelevant_event_is_ignored_and_ends_well(tmp_path: Path) -> None:
    result = tried(tmp_path, a_release(eventType="intervention.referral.sent"), "--json")
    assert result.exit_code == 0
    printed = the_object(result)
    assert (printed["intake"]["outcome"], printed["intake"]["pointer"], printed["contacts"]) == ("ignored", None, [])
    assert printed["intake"]["reason"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'"canary"', b"[" * 100_000])
@pytest.mark.parametrize("source", topics.sources())
def test_what_would_be_parked_says_why_and_ends_with_3(tmp_path: Path, source: str, content: bytes) -> None:
    result = tried(tmp_path, content, "--json", source=source)
    assert result.exit_code == 3
    printed = the_object(result)
    assert printed["contacts"] == []
    assert printed["intake"]["outcome"] == "parked"
    assert printed["intake"]["reason"]
    assert "canary" not in result.output


def test_a_malformed_event_names_the_place_of_the_fault(tmp_path: Path) -> None:
    result = tried(tmp_path, a_release(occurredAt="canary"), "--json")
    assert result.exit_code == 3
    assert the_object(result)["intake"]["pointer"] == "/occurredAt"
    assert "canary" not in result.output


def test_with_json_exactly_one_object_is_printed_and_nothing_else(tmp_path: Path) -> None:
    result = tried(tmp_path, a_release(), "--json")
    _, end = json.JSONDecoder().raw_decode(result.stdout)
    assert result.stdout[end:].strip() == ""
    assert result.stderr == ""


def test_the_words_say_what_is_missing_and_why(tmp_path: Path) -> None:
    said = " ".join(tried(tmp_path, a_release()).stdout.split())
    assert "Contact: prison.movement from hmpps, Monday 02 March 2026 at 09:00" in said
    assert "Not known: " in said


def test_the_same_message_gives_the_same_output(tmp_path: Path) -> None:
    first = tried(tmp_path, a_release(), "--json", facts=KNOWN).stdout
    assert tried(tmp_path, a_release(), "--json", facts=KNOWN).stdout == first


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "hmps", "FILE"], "did you mean `hmpps`"),
        (["--source", "hmpps", "no-such-file.json"], "no-such-file.json cannot be read"),
        (["--source", "hmpps", "FILE", "--at", "tomorrow"], "--at is not a time"),
        (["--source", "hmpps", "FILE", "--facts", "no-such-facts.yaml"], "no-such-facts.yaml cannot be read"),
        (["FILE"], "--source"),
    ],
)
def test_misuse_is_said_plainly_and_ends_with_2(tmp_path: Path, arguments: list[str], told: str) -> None:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(a_release()))
    result = CliRunner().invoke(app, ["try", *(str(file) if each == "FILE" else each for each in arguments)])
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_a_faulty_facts_file_is_misuse_with_the_place_and_the_nearest_fact(tmp_path: Path) -> None:
    result = tried(tmp_path, a_release(), "--json", facts="person.agee: 34\n")
    assert result.exit_code == 2
    assert "facts.yaml:1:1" in result.stderr
    assert "did you mean `person.age`" in result.stderr


def test_a_message_can_come_from_standard_input() -> None:
    result = CliRunner().invoke(
        app, ["try", "--source", "hmpps", "-", "--at", AT, "--json"], input=json.dumps(a_release())
    )
    assert (result.exit_code, the_object(result)["intake"]["outcome"]) == (0, "contact")


def test_a_time_without_an_offset_is_londons(tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(a_release(occurredAt="2026-07-01T00:30:00+01:00")))
    told = [
        CliRunner().invoke(app, ["try", "--source", "hmpps", str(file), "--at", at, "--json"]).stdout
        for at in ("2026-07-01T00:40", "2026-06-30T23:40Z")
    ]
    assert told[0] == told[1]


def a_screening(**changes: Any) -> dict[str, Any]:
    return {
        "eventType": "custody.detention.risk-assessed",
        "occurredAt": "2026-03-02T09:00:00Z",
        "custodyRecordNo": "BW/0001/26",
    } | changes


def test_of_a_type_that_nobody_knows_it_is_never_said_that_there_is_rightly_nothing_to_do(tmp_path: Path) -> None:
    unknown = a_release(eventType="prison-offender-events.prisoner.relased")
    said = " ".join(tried(tmp_path, unknown).stdout.split())
    assert "rightly" not in said
    assert "nobody acts on it: unknown_event_type" in said
    assert "Did you mean `prison-offender-events.prisoner.released`?" in said
    result = tried(tmp_path, unknown, "--json")
    assert result.exit_code == 0
    assert the_object(result)["intake"] == {
        "outcome": "ignored",
        "reason": "unknown_event_type",
        "pointer": None,
        "did_you_mean": "prison-offender-events.prisoner.released",
        "left_out": [],
        "not_read": [],
    }


def test_where_the_shape_is_ours_a_type_that_nobody_knows_would_be_parked(tmp_path: Path) -> None:
    unknown = a_screening(eventType="custody.detention.risk-asessed")
    result = tried(tmp_path, unknown, source="custody")
    assert result.exit_code == 3
    assert "did you mean `custody.detention.risk-assessed`?" in " ".join(result.stdout.split())
    told = the_object(tried(tmp_path, unknown, "--json", source="custody"))["intake"]
    assert (told["reason"], told["pointer"]) == ("unknown_event_type", "/eventType")
    assert told["did_you_mean"] == "custody.detention.risk-assessed"


def test_a_misspelt_field_is_told_with_its_place_and_the_message_goes_on(tmp_path: Path) -> None:
    misspelt = a_screening(riskAssessment={"selfharm": 4}, desk="20")
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "custody", "data": misspelt}
    for message, prefix in ((misspelt, ""), (event, "/data")):
        result = tried(tmp_path, message, source="custody")
        assert result.exit_code == 0
        said = " ".join(result.stdout.split())
        assert f"Not read: {prefix}/riskAssessment/selfharm; did you mean `riskAssessment.selfHarm`?" in said
        assert f"Not read: {prefix}/desk (nothing here reads these)" in said
        told = the_object(tried(tmp_path, message, "--json", source="custody"))
        assert told["intake"]["not_read"] == [
            {"pointer": f"{prefix}/riskAssessment/selfharm", "did_you_mean": "riskAssessment.selfHarm"},
            {"pointer": f"{prefix}/desk", "did_you_mean": None},
        ]
        assert told["contacts"]


def test_help_brings_no_server_library_with_it() -> None:
    heavy = ("aiokafka", "psycopg", "faststream", "pydantic", "cryptography", "yaml")
    code = f"import sys, onward.cli.main; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_trying_needs_no_server_library() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('aiokafka', 'psycopg', 'faststream')))\n"
        "from onward.cli.main import app; app(['try', '--source', 'hmpps', '-', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"{", capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["intake"]["outcome"]) == (3, "parked")


def test_what_is_said_to_be_disclosed_is_what_dispatch_would_send() -> None:
    directory = directory_files.load()
    earlier = read_earlier("facts.yaml", KNOWN.encode(), said_at=datetime(2026, 3, 1, tzinfo=UTC))
    trial = try_bytes(
        "hmpps",
        json.dumps(a_release()).encode(),
        received_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        earlier=earlier,
        rules=load_bundle(paths.schemas() / "routing"),
        directory=directory,
    )
    (tried_contact,) = trial.contacts
    assert tried_contact.decision.referrals
    for referral in tried_contact.decision.referrals:
        assert set(tried_contact.disclosed[referral.referral_id]) == set(referral.disclosed)
