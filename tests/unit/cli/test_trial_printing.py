"""What `onward try` prints: one JSON object with every key, or plain words; no personal value unless asked for."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from onward.cli.render.trial import words
from onward.cli.render.trial_json import document
from onward.cli.trial import Trial, TriedContact, shown
from onward.contracts.contact import Contact, Identity
from onward.contracts.decision import (
    Covered,
    Decision,
    LegalBasis,
    MetCondition,
    NeedsInformation,
    Notice,
    ProposedReferral,
    RuleVersion,
    Suppressed,
    Tried,
    Unmet,
    Waiting,
)
from onward.contracts.facts import FACTS
from onward.contracts.identifiers import Identifier

MONDAY_9AM = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULES = RuleVersion(name="rules", version="r1", sha256="0" * 64)
BASIS = LegalBasis(
    name="consent-referral", kind="consent", purpose="help", article_6="6(1)(a)", citation="Care Code 2026"
)


def a_referral() -> ProposedReferral:
    return ProposedReferral(
        referral_id=UUID(int=7),
        rule="housing-voluntary-police",
        why="A homeless adult who agrees can be referred",
        category="ACCOMMODATION",
        service="housing_authority",
        provider="test-housing",
        urgency="within_5_working_days",
        legal_basis=BASIS,
        disclosed=(),
        conditions=(
            MetCondition(
                field="accommodation.status", expected="homeless or at_risk", actual="homeless", where="need.yaml:1:1"
            ),
        ),
        destinations=(
            Tried(provider="test-housing", chosen=True, why="serves the area"),
            Tried(provider="other-housing", chosen=False, why="another area"),
        ),
    )


def a_trial(**decided: Any) -> Trial:
    contact = Contact(
        contact_id=UUID(int=1),
        source="custody",
        type="custody.detention-authorised",
        occurred_at=MONDAY_9AM,
        received_at=MONDAY_9AM,
        reference="canary-reference",
        identity=Identity(name="canary-name", identifiers=(Identifier(type="PNC", value="canary-pnc"),)),
    )
    decision = Decision(
        decision_id=UUID(int=2),
        situation_id=UUID(int=3),
        contact_id=UUID(int=1),
        revision=1,
        person="canary-person",
        source="custody",
        contact_type=contact.type,
        occurred_at=MONDAY_9AM,
        received_at=MONDAY_9AM,
        rules=RULES,
        directory=RULES,
        facts={"event.source": "custody", "person.age": 34, "consent.accommodation": True, "needs.accommodation": 4},
        **decided,
    )
    return Trial("contact", contacts=(TriedContact(contact, decision, {UUID(int=7): ("name", "phone")}),))


def everything() -> Trial:
    return a_trial(
        referrals=(a_referral(),),
        notices=(Notice(kind="crisis-phone-call", to="crisis-line", rule="crisis", why="A life is at risk"),),
        needs_information=(
            NeedsInformation(rule="drugs", category="SUBSTANCE_DRUGS", missing=("person.date_of_birth",)),
        ),
        suppressed=(
            Suppressed(rule="died", reason="deceased", stopped=("release",), closes="all", closure_reason="death"),
        ),
        covered=(
            Covered(
                rule="housing-voluntary",
                category="ACCOMMODATION",
                service="housing_authority",
                by="housing-voluntary-police",
            ),
        ),
        unmet=(Unmet(rule="debt", category="FINANCE_DEBT", destinations=()),),
    )


def page(trial: Trial, *, reveal: bool = False, width: int = 80) -> str:
    return "\n".join(words(trial, reveal=reveal, width=width, style=lambda text, _: text))


def test_the_object_has_exactly_these_keys() -> None:
    printed = document(everything(), reveal=False)
    assert printed["intake"] == {
        "outcome": "contact",
        "reason": None,
        "pointer": None,
        "did_you_mean": None,
        "left_out": [],
        "not_read": [],
    }
    (contact,) = printed["contacts"]
    assert list(contact) == ["type", "occurred_at", "identifiers", "facts", "history", "disputed", "decision"]
    assert contact["decision"] == {
        "referrals": [
            {
                "category": "ACCOMMODATION",
                "provider": "test-housing",
                "legal_basis": "consent",
                "urgency": "within_5_working_days",
                "rule": "housing-voluntary-police",
                "disclosed": ["name", "phone"],
            }
        ],
        "notices": [
            {"kind": "crisis-phone-call", "to": "crisis-line", "rule": "crisis"},
            {"kind": "unmet-need", "to": "duty-practitioner", "rule": "debt"},
        ],
        "needs_information": [{"rule": "drugs", "missing": ["person.date_of_birth"]}],
        "suppressed": [{"rule": "died", "reason": "deceased"}],
        "covered": [{"rule": "housing-voluntary", "by": "housing-voluntary-police"}],
    }


def test_a_need_that_nobody_can_take_is_not_nothing() -> None:
    trial = a_trial(unmet=(Unmet(rule="debt", category="FINANCE_DEBT", destinations=()),))
    (contact,) = document(trial, reveal=False)["contacts"]
    assert contact["decision"]["notices"] == [{"kind": "unmet-need", "to": "duty-practitioner", "rule": "debt"}]
    assert "Unmet need" in page(trial)
    assert "Nothing follows" not in page(trial)
    assert "Nothing follows" in page(a_trial())


def test_what_waits_for_another_referral_is_not_nothing() -> None:
    cas3 = Waiting(rule="cas3", category="ACCOMMODATION", prerequisites=("duty-to-refer",), why="Tell the authority")
    trial = a_trial(waiting=(cas3,))
    (contact,) = document(trial, reveal=False)["contacts"]
    assert contact["decision"]["notices"] == [{"kind": "waiting-referral", "to": "duty-practitioner", "rule": "cas3"}]
    assert "Waiting: ACCOMMODATION (cas3) for duty-to-refer" in page(trial)
    assert "First this: Tell the authority" in page(trial)
    assert "Nothing follows" not in page(trial)


def test_rules_that_should_never_match_together_are_named() -> None:
    assert "Overlap: one, other" in page(a_trial(overlaps=(("one", "other"),)))


def test_every_key_is_there_when_there_is_nothing_to_say() -> None:
    (contact,) = document(a_trial(), reveal=False)["contacts"]
    assert contact["decision"] == {
        "referrals": [],
        "notices": [],
        "needs_information": [],
        "suppressed": [],
        "covered": [],
    }
    assert document(Trial("ignored", "not_for_us"), reveal=False) == {
        "intake": {
            "outcome": "ignored",
            "reason": "not_for_us",
            "pointer": None,
            "did_you_mean": None,
            "left_out": [],
            "not_read": [],
        },
        "feedback": None,
        "contacts": [],
    }
    assert document(Trial("parked", "schema", "/a/b"), reveal=False) == {
        "intake": {
            "outcome": "parked",
            "reason": "schema",
            "pointer": "/a/b",
            "did_you_mean": None,
            "left_out": [],
            "not_read": [],
        },
        "feedback": None,
        "contacts": [],
    }


def test_without_reveal_an_identifier_shows_its_type_only() -> None:
    (contact,) = document(everything(), reveal=False)["contacts"]
    assert contact["identifiers"] == [{"type": "PNC", "value": None}]
    (revealed,) = document(everything(), reveal=True)["contacts"]
    assert revealed["identifiers"] == [{"type": "PNC", "value": "canary-pnc"}]


def test_without_reveal_a_personal_fact_is_known_but_not_shown() -> None:
    (contact,) = document(everything(), reveal=False)["contacts"]
    assert contact["facts"] == {
        "consent.accommodation": True,
        "event.source": "custody",
        "needs.accommodation": None,
        "person.age": None,
    }


@pytest.mark.parametrize("path", sorted(FACTS))
def test_only_facts_of_the_event_and_of_logistics_are_shown(path: str) -> None:
    fact = FACTS[path]
    may = path.startswith("event.") or fact.data_class == "logistics"
    assert shown({path: "value"}, reveal=False) == {path: "value" if may else None}
    assert shown({path: "value"}, reveal=True) == {path: "value"}


def test_no_personal_value_is_in_either_form_without_reveal() -> None:
    for printed in (json.dumps(document(everything(), reveal=False)), page(everything())):
        assert "canary" not in printed
        assert "34" not in printed


def test_the_words_say_what_would_happen_and_why() -> None:
    said = page(everything(), width=200)
    for part in (
        "Contact: custody.detention-authorised from custody, Monday 02 March 2026 at 09:00",
        "Referral: ACCOMMODATION to test-housing, within 5 working days",
        "Why: A homeless adult who agrees can be referred (housing-voluntary-police)",
        "Because of: accommodation.status",
        "Legal basis: consent: Care Code 2026 (6(1)(a))",
        "Would be told: name, phone",
        "Not chosen: other-housing: another area",
        "Notice: crisis phone call to crisis-line",
        "Not known: person.date_of_birth",
        "Rule drugs (SUBSTANCE_DRUGS) could act if this were known",
        "Stopped: deceased (died)",
        "Closes the person's open referrals: all (death)",
        "Covered: ACCOMMODATION (housing-voluntary)",
        "Rule housing-voluntary-police refers for the same need to the same service.",
        "Unmet need: FINANCE_DEBT",
    ):
        assert part in said


def test_the_words_show_values_when_they_are_asked_for() -> None:
    said = page(everything(), reveal=True, width=200)
    assert "PNC canary-pnc" in said
    assert "accommodation.status is homeless (asked: homeless or at_risk)" in said


def test_a_contact_that_nothing_follows_from_says_so() -> None:
    assert "Nothing follows" in page(a_trial())
    assert "Nothing follows" not in page(everything())


def test_a_parked_message_says_where_the_fault_is_and_what_becomes_of_it() -> None:
    said = page(Trial("parked", "schema", "/person/dateOfBirth", "expected a day"))
    assert "schema at /person/dateOfBirth" in said
    assert "expected a day" in said
    assert "kept whole" in said


@pytest.mark.parametrize("width", [40, 60, 120])
def test_lines_are_wrapped_to_the_terminal(width: int) -> None:
    assert max(map(len, page(everything(), width=width).splitlines())) <= width


def test_colour_is_only_what_the_style_adds() -> None:
    coloured = "\n".join(words(everything(), reveal=False, width=80, style=lambda text, colour: f"<{colour}>{text}</>"))
    assert "<good>Referral</>: ACCOMMODATION" in coloured
