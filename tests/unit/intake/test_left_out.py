"""A message is read as far as it can be read, and what cannot be is told and is never "no"."""

import json
import time
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from onward.contracts import paths
from onward.contracts.arrangements import Relationship
from onward.contracts.contact import Contact
from onward.contracts.left_out import LeftOutReason
from onward.contracts.outcome import Noted, Parked, Published
from onward.intake.domain.feedback import PartnerRecord
from onward.intake.domain.reader import LEFT_OUT
from onward.intake.partners import feedback, understand

TRIAGE = "street-triage.contact.recorded"
TWO_NUMBERS = {"identifiers": [{"type": "NOMS", "value": "A1234BC"}, {"type": "NOMS", "value": "A9999CA"}]}
RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def sent(source: str, kind: str, **more: Any) -> Contact:
    body = {"eventType": kind, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}
    told = understand(source, json.dumps(body).encode(), [], received_at=RECEIVED).read
    assert isinstance(told, tuple | list), told
    made = told[0]
    assert isinstance(made, Contact)
    return made


def assessed(**more: Any) -> Contact:
    made = sent("custody", "custody.detention.risk-assessed", riskAssessment={"selfHarm": 4}, **more)
    assert made.facts["risk.self_harm"] == 4
    return made


def feedback_of(body: dict[str, Any]) -> str:
    """What the partner hears of an event that says this."""
    said = {"eventType": "custody.detention.risk-assessed", "occurredAt": "2026-03-02T09:15:00Z", "reference": "1"}
    record = PartnerRecord("custody", json.dumps(said | body).encode(), (), "in.custody/0/1", RECEIVED)
    read = understand("custody", record.value, (), received_at=RECEIVED)
    told = feedback(record, Published((), noted=read.noted))
    assert told is not None
    return told.model_dump_json()


def left(made: Contact) -> list[str]:
    return [f"{one.pointer} {one.reason}" for one in made.left_out]


@pytest.mark.parametrize(
    "field",
    [
        *("name", "firstName", "phone", "email", "address", "postcode", "dateOfBirth", "age", "sex", "interpreter"),
        *("nomsNumber", "areaCode", "identifiers", "veteran"),
    ],
)
@pytest.mark.parametrize("value", ["x" * 1000, {"a": ["b"]}, [[1]], -7, "??", True])
def test_nothing_that_only_identifies_or_contacts_holds_up_a_risk_to_life(field: str, value: Any) -> None:
    assessed(person={field: value})


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Polish", "pl"), ("POLISH interpreter required", "pl"), ("Welsh", "cy"), ("Kurdish (Sorani)", "ckb"),
        ("BSL", "bfi"), ("British Sign Language", "bfi"), ("pl", "pl"), ("pt-BR", "pt"), ("Norwegian", "nb"),
        ("Interpreter: British Sign Language needed", "bfi"),
        ("yes", "und"), ("Y", "und"), (True, "und"), ("Interpreter required", "und"),
        ("No", None), ("N", None), ("none", None), ("NA", None), ("not required", None), ("English", None),
        ("en", None), ("en-GB", None), ("English speaking", None), (False, None), ("No interpreter needed", None),
    ],
)  # fmt: skip
def test_an_interpreter_is_read_as_people_write_it(written: object, code: str | None) -> None:
    made = assessed(person={"interpreter": written})
    assert made.facts.get("person.interpreter") == code
    assert left(made) == []


@pytest.mark.parametrize(
    "written", ["NFA", "NO FIXED ABODE", "No fixed abode - sofa surfing", "ZZ99 3VZ", "NF1 1NF", "nfa"]
)
def test_no_fixed_abode_in_a_postcode_is_no_postcode_and_a_person_without_a_home(written: str) -> None:
    made = assessed(person={"postcode": written})
    assert (made.identity.postcode, made.facts["accommodation.status"]) == (None, "homeless")
    assert left(made) == []
    said = assessed(person={"address": written}, accommodation={"status": "at risk"})
    assert (said.identity.address, said.facts["accommodation.status"]) == (None, "at_risk")


@pytest.mark.parametrize("written", ["ZZ99 3WZ", "ZZ99 3CZ"])
def test_a_postcode_that_stands_for_none_is_none(written: str) -> None:
    made = assessed(person={"postcode": written})
    assert (made.identity.postcode, made.facts.get("accommodation.status"), left(made)) == (None, None, [])


def test_a_note_stays_with_the_number_that_it_is_about() -> None:
    written = "07700 900123 - do not leave a message, partner answers"
    assert assessed(person={"phone": written}).identity.phone == written
    made = assessed(person={"phone": "ask her mother"})
    assert (made.identity.phone, left(made)) == (None, ["/person/phone does_not_check"])


@pytest.mark.parametrize(
    "written",
    [
        "1990",
        1990,
        "c. 1990",
        "01/05/90",
        "0001-01-01",
        "9999-12-31",
        "1900-01-01",
        "2026-02-20",
        "2026-03-02",
        "2031-05-01",
    ],
)
def test_what_is_no_day_of_birth_makes_nobody_a_child_and_an_age_counts_then(written: object) -> None:
    made = assessed(person={"dateOfBirth": written, "age": 35})
    assert (made.identity.date_of_birth, made.facts["person.age"]) == (None, 35)
    assert [one.pointer for one in made.left_out] == ["/person/dateOfBirth"]


@pytest.mark.parametrize(
    ("word", "need"),
    [
        ("ADHD", "learning_neurodiversity"),
        ("ASC", "learning_neurodiversity"),
        ("Neurodivergent", "learning_neurodiversity"),
        ("trauma", "trauma"),
        ("brain injury", "brain_injury"),
        ("Gambling addiction", "gambling"),
        ("C-PTSD", "mental_health"),
        ("EUPD", "mental_health"),
        ("binge drinking", "substance_alcohol"),
        ("DV", "domestic_abuse"),
    ],
)
def test_a_need_is_read_as_practitioners_write_it(word: str, need: str) -> None:
    made = assessed(needs=[{"category": word, "severity": "severe"}])
    assert made.facts[f"needs.{need}"] == 3


@pytest.mark.parametrize(
    ("word", "level"), [("High risk", 3), ("very high risk", 4), ("Level 4", 4), ("immediate risk", 4), ("low risk", 1)]
)
def test_a_risk_is_read_with_the_word_risk_or_level_beside_it(word: str, level: int) -> None:
    made = sent("custody", "custody.detention.risk-assessed", riskAssessment={"selfHarm": word})
    assert made.facts["risk.self_harm"] == level


def test_a_need_that_nobody_can_read_makes_no_other_need_none() -> None:
    needs = [{"category": "shoplifting", "severity": "high"}, {"category": "drugs", "severity": "high"}]
    made = sent("liaison", "liaison-diversion.screened", needs=needs)
    assert {path: value for path, value in made.facts.items() if path.startswith("needs.")} == {
        "needs.substance_drugs": 3
    }
    assert left(made) == ["/needs/0/category unknown_code"]
    assert "needs.finance_debt" not in sent("liaison", "liaison-diversion.screened", notAsked=["shoplifting"]).facts


def test_a_part_in_domestic_abuse_that_nobody_can_read_makes_nobody_a_suspect() -> None:
    made = assessed(domesticAbuseFlag=True, domesticAbuse={"role": "witness"})
    assert "risk.domestic_abuse_role" not in made.facts


def test_a_flag_on_an_offence_says_nothing_of_which_part_somebody_had() -> None:
    made = assessed(domesticAbuseFlag=True)
    assert made.facts["event.domestic_abuse_flag"] is True
    assert "risk.domestic_abuse_role" not in made.facts


def test_what_an_event_says_by_being_silent_it_does_not_say_where_it_spoke_and_nobody_understood() -> None:
    assert "event.setting" not in assessed(setting="bail hostel").facts
    clock = {"relevantTime": "2026-03-02T08:15:00Z"}
    assert "event.custody_limit_hours" not in assessed(**clock, custodyLimitHours="some").facts
    said = sent("liaison", "liaison-diversion.assessed", assessmentPending="perhaps").facts
    assert "event.assessment_pending" not in said


def test_a_consent_to_somebody_whom_nobody_can_read_is_not_a_consent_to_everybody() -> None:
    made = assessed(
        consent=[{"purpose": "debt", "given": True, "recipient": ["a"]}, {"purpose": "DTR", "given": "yes"}]
    )
    assert [one.purpose for one in made.consents] == ["DUTY_TO_REFER"]
    assert left(made) == ["/consent/0/recipient schema"]


@pytest.mark.parametrize("word", ["withdrawn", "refused", "Declined"])
def test_a_consent_that_was_taken_back_is_one_that_is_not_given(word: str) -> None:
    assert assessed(consent={"given": word, "purposes": ["debt"]}).facts["consent.finance_debt"] is False


@pytest.mark.parametrize(
    ("source", "kind", "field"),
    [
        ("custody", "custody.detention.disposed", "outcome"),
        ("control-room", "control-room.mh-incident.recorded", "threshold"),
        ("street-triage", "street-triage.contact.recorded", "outcome"),
        ("probation", "probation.requirement.made", "requirement"),
        ("probation", "probation.release.planned", "plannedOn"),
    ],
)
def test_what_an_event_must_say_does_not_hold_it_up(source: str, kind: str, field: str) -> None:
    risk = {"riskAssessment": {"selfHarm": 4}}
    for more in ({}, {field: ["?"]}):
        made = sent(source, kind, **risk, **more)
        assert made.facts["risk.self_harm"] == 4
        assert [one.pointer for one in made.left_out] == [f"/{field}"]


def test_somebody_who_is_only_described_is_somebody_and_each_message_is_about_one_of_them() -> None:
    made = [assessed(reference="unknown", person={"name": name}) for name in ("Test Person-0001", "Test Person-0002")]
    assert [left(one) for one in made] == [["/reference no_identifier"]] * 2
    assert made[0].reference != made[1].reference


def test_the_place_of_each_value_is_that_in_the_message_however_many_were_left_out_before_it() -> None:
    right = {"category": "debt", "severity": 1}
    needs = [
        {"category": "x", "severity": 1},
        right,
        {"category": "y", "severity": 1},
        right,
        {"severity": "z", "category": "debt"},
    ]
    told = left(assessed(needs=needs))
    assert told == [
        "/needs/0/category unknown_code",
        "/needs/2/category unknown_code",
        "/needs/4/severity unknown_code",
    ]


def test_a_message_of_which_very_much_cannot_be_read_is_soon_read_all_the_same() -> None:
    began = time.process_time()
    made = assessed(consent={"given": True, "purposes": ["?"] * 20_000}, needs=[{"category": "?"}] * 100)
    assert time.process_time() - began < 5
    assert sorted(left(made)) == ["/consent too_many", "/needs too_many"]


def test_what_was_left_out_is_counted_by_field_and_reason_and_never_by_what_the_partner_wrote() -> None:
    body = {"eventType": "facts.answered", "inReplyTo": "6f6e7761-7264-8000-8000-00000000000a"}
    facts = {"Test.Person": 1, "person.sex": "female", "needs.debt": 1}
    told = understand("liaison", json.dumps({**body, "facts": facts}).encode(), [], received_at=RECEIVED)
    assert not isinstance(told.read, Parked)
    assert told.noted == (Noted(LEFT_OUT, ("liaison", "unknown_fact", "facts")),)
    assert "Test" not in f"{told.left_out}"


def test_every_reason_is_explained_on_the_page_that_partners_are_led_to() -> None:
    page = (paths.schemas().parent / "docs" / "partners" / "feedback.md").read_text()
    assert {reason for reason in get_args(LeftOutReason) if f"\n## {reason}\n" not in page} == set()


@pytest.mark.parametrize("written", ["\uff48\uff49\uff47\uff48", "высокий", "高", "\uff14", "গুরুতর"])
def test_a_risk_in_letters_that_we_do_not_read_is_asked_for_and_never_taken_for_nothing(written: str) -> None:
    made = sent("custody", "custody.detention.risk-assessed", riskAssessment={"selfHarm": written})
    assert left(made) == ["/riskAssessment/selfHarm unknown_code"]
    assert made.risk_unread


@pytest.mark.parametrize("name", ["Владимир Тестов", "محمد", "王小明"])
def test_a_name_is_a_name_in_whatever_letters(name: str) -> None:
    made = assessed(person={"name": name, "safeContact": {"through": name}})
    assert made.identity.name == name
    assert made.identity.arrangements is not None
    assert made.identity.arrangements.safe_contact is not None
    assert made.identity.arrangements.safe_contact.through == name


@pytest.mark.parametrize("dash", ["—", "\u2013", "…", "?", "\u00a0", "“n/a”", "«unknown»"])
def test_a_sign_that_is_no_letter_still_says_nothing(dash: str) -> None:
    assert left(sent("custody", "custody.detention.risk-assessed", riskAssessment={"selfHarm": dash})) == []


def test_an_answer_of_ten_thousand_wrong_facts_is_soon_read() -> None:
    began = time.process_time()
    facts = {f"accommodation.statu{number}": 1 for number in range(8_000)} | {"accommodation.status": "homeless"}
    made = sent("custody", "facts.answered", inReplyTo="6f6e7761-7264-8000-8000-00000000000a", facts=facts)
    assert left(made) == ["/facts/* unknown_fact"]
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("never ring, her partner listens", ""),
        (["no"], ""),
        ({"number": "07700 900999"}, ""),
        ({"phoneIsSafe": "unsafe"}, "/phoneIsSafe"),
        ({"phoneSafe": 0, "times": "mornings"}, "/phoneSafe"),
        ({"phone": ["07700 900999"]}, "/phone"),
        ({"phone": "x" * 100}, "/phone"),
    ],
)
def test_a_number_is_not_safe_where_what_is_said_of_safety_cannot_be_read(said: object, place: str) -> None:
    made = assessed(person={"phone": "07700 900123", "safeContact": said})
    assert made.identity.arrangements is not None
    assert made.identity.arrangements.safe_contact is not None
    assert made.identity.arrangements.safe_contact.phone_is_safe is False
    assert left(made) == [f"/person/safeContact{place} schema"]


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ({"person": {"safeContct": {"phoneIsSafe": False}}}, "person.safeContact"),
        ({"person": {"safe_contact": {"phoneIsSafe": False}}}, "person.safeContact"),
        ({"person": {"SafeContact": "do not ring"}}, "person.safeContact"),
        ({"person": {"phoneIsSafe": False}}, "person.safeContact.phoneIsSafe"),
        ({"safeContact": {"phoneIsSafe": False}, "person": {}}, "person.safeContact"),
        ({"person": {"safeContact": {"phone": "07700 900999", "phoneIsSaf": False}}}, "person.safeContact.phoneIsSafe"),
        ({"person": {"safeContact": {"times": "mornings", "noVoiceMial": True}}}, "person.safeContact.noVoicemail"),
    ],
)
def test_a_number_is_not_safe_where_a_field_that_says_so_is_misspelt(misspelt: dict[str, Any], meant: str) -> None:
    made = assessed(**{**misspelt, "person": {"phone": "07700 900123", **misspelt["person"]}})
    assert made.identity.arrangements is not None
    assert made.identity.arrangements.safe_contact is not None
    assert made.identity.arrangements.safe_contact.phone_is_safe is False
    assert made.identity.arrangements.safe_contact.phone is None
    assert meant in feedback_of(misspelt)


def test_it_is_kept_from_everybody_where_the_field_that_says_from_whom_is_misspelt() -> None:
    made = assessed(person={"safeContact": {"times": "mornings", "mustNotKnw": ["partner"]}})
    assert made.identity.arrangements is not None
    assert made.identity.arrangements.safe_contact is not None
    assert set(made.identity.arrangements.safe_contact.must_not_know) == set(get_args(Relationship))


@pytest.mark.parametrize("said", [None, "", "unknown", {}, []])
def test_a_misspelt_field_in_which_nothing_is_said_changes_no_number(said: object) -> None:
    assert assessed(person={"phone": "07700 900123", "safeContct": said}).identity.arrangements is None


def test_nobody_is_told_where_from_whom_it_must_be_kept_cannot_be_read() -> None:
    made = assessed(person={"safeContact": {"mustNotKnow": {"partner": True}}})
    assert made.identity.arrangements is not None
    assert made.identity.arrangements.safe_contact is not None
    assert set(made.identity.arrangements.safe_contact.must_not_know) == set(get_args(Relationship))
    assert left(made) == ["/person/safeContact/mustNotKnow schema"]


@pytest.mark.parametrize("said", [None, "", "unknown", {}, {"phoneIsSafe": None}, {"phoneIsSafe": "not known"}, []])
def test_where_nothing_is_said_of_safety_the_number_is_as_it_was(said: object) -> None:
    made = assessed(person={"phone": "07700 900123", "safeContact": said})
    assert made.identity.arrangements is None
    assert left(made) == []


@pytest.mark.parametrize(
    "unread", [{"given": False}, False, True, [{"given": False}], {"given": "?", "purposes": ["x"]}]
)
def test_a_word_on_consent_that_nobody_can_read_leaves_no_consent_standing(unread: Any) -> None:
    made = assessed(consent=unread)
    assert "consent.substance_drugs" in made.withdrawn
    assert not [path for path in made.facts if path.startswith("consent.")]


@pytest.mark.parametrize("read", [None, {"given": False, "purposes": ["drugs", "?"]}])
def test_what_was_not_said_and_what_can_be_read_in_part_takes_no_other_consent_back(read: Any) -> None:
    assert assessed(consent=read).withdrawn == ()


@pytest.mark.parametrize("named", [{}, {"person": {"name": "unknown", "phone": "n/a"}}, {"person": TWO_NUMBERS}])
def test_a_life_at_risk_waits_for_nobody_to_say_whose_it_is(named: dict[str, Any]) -> None:
    made = sent("street-triage", TRIAGE, reference="unknown", riskAssessment={"selfHarm": 4}, **named)
    assert made.facts["risk.self_harm"] == 4
    assert "/reference no_identifier" in left(made)
    call = sent("control-room", "control-room.mh-incident.recorded", reference=None, threshold="risk to life", **named)
    assert call.facts["event.threshold"] == "immediate_risk_to_life"
    assert call.contact_id != made.contact_id
    held = sent("street-triage", "mha.s136.detained", reference=None, **named)
    assert "/reference no_identifier" in left(held)


@pytest.mark.parametrize("risk", [None, {"selfHarm": 3}])
def test_about_nobody_and_no_life_at_risk_nothing_is_made(risk: Any) -> None:
    body = {"eventType": TRIAGE, "occurredAt": "2026-03-02T09:15:00Z", "outcome": "advice", "riskAssessment": risk}
    told = understand("street-triage", json.dumps(body).encode(), [], received_at=RECEIVED).read
    assert isinstance(told, Parked)
    assert told.reason == "no_identifier"
