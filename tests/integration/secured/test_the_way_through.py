"""One person's way from a partner's bytes to a provider's topic and back, on a running system."""

from functools import partial
from typing import Any
from uuid import UUID

from integration.whole.on_the_way import provider_of, referrals_of, reply, say, told
from integration.whole.partner_messages import Somebody, ago, arrest, message, now, release, screening, somebody
from integration.whole.watching import Seen
from integration.whole.whole_system import Observed
from onward.contracts.ids import pseudonym
from onward.contracts.referral import Approval

WEST_MIDLANDS_CITY = "E08000026"


def test_an_arrest_reaches_two_providers_and_their_yes_reaches_custody(whole: Observed) -> None:
    who = somebody()
    (sent,) = whole.watch.send(message("custody", arrest(who)))
    (decision,) = whole.decided(sent.place)
    referrals = referrals_of(whole, decision)
    assert {referral.body["category"] for referral in referrals} == {"ACCOMMODATION", "SUBSTANCE_ALCOHOL"}
    for number, referral in enumerate(referrals):
        say(whole, f"replies.{provider_of(referral)}", reply(referral, "ACCEPTED", f"{who.case}-{number}"), key=number)
    for referral in referrals:
        (update,) = told(whole, referral, "ACCEPTED")
        assert update.topic == "status.custody"
        assert update.body["reference"] == who.case
        assert update.key == who.case.encode()
        whole.watch.catch_up()
        steps = [step.body["now"] for step in whole.watch.about("referral-events", referral.body["referral_id"])]
        assert sorted(steps) == ["ACCEPTED", "READY", "SENT"]


def test_a_provider_sees_the_fields_of_its_profile_and_nothing_else(whole: Observed) -> None:
    who = somebody()
    canaries = {
        "address": "1 Canary Street",
        "email": "canary@example.org",
        "postcode": "B99 9ZZ",
        "asn": None,
    }
    body = arrest(who)
    body["person"] |= {name: value for name, value in canaries.items() if value}
    body["offenceCodes"] = ["TH68001"]
    (sent,) = whole.watch.send(message("custody", body))
    (decision,) = whole.decided(sent.place)
    for referral in referrals_of(whole, decision):
        profile = whole.providers.profiles[whole.providers.providers[provider_of(referral)].profile]
        disclosed = referral.body["disclosed"]
        assert disclosed["name"] == who.name
        assert disclosed.keys() <= set(profile.fields)
        content = (referral.value or b"") + (referral.key or b"")
        identity = {
            "name": who.name,
            "date_of_birth": who.born,
            "phone": "07700 900123",
            "identifiers.NHS": who.nhs,
            "identifiers.PNC": who.pnc,
            "address": canaries["address"],
            "email": canaries["email"],
            "postcode": canaries["postcode"],
            "reference": who.case,
            "offence": "TH68001",
        }
        hidden = {name: value for name, value in identity.items() if name not in profile.fields}
        assert "identifiers.PNC" in hidden
        assert [name for name, value in hidden.items() if value and value.encode() in content] == []


def test_each_provider_has_its_own_pseudonym_of_a_person(whole: Observed) -> None:
    who = somebody()
    (sent,) = whole.watch.send(message("custody", arrest(who)))
    (decision,) = whole.decided(sent.place)
    person = decision.body["person"]
    names: dict[str, str] = {}
    for record in referrals_of(whole, decision):
        name = names[provider_of(record)] = record.body["person"]
        assert (record.key or b"").decode() == name == pseudonym(whole.id_key, "provider", provider_of(record), person)
        assert person.encode() not in (record.value or b"")
    assert len(set(names.values())) == 2

    again = arrest(who, occurredAt=ago(minutes=30), needs=[{"category": "finance", "severity": "high"}])
    again["consent"]["purposes"] = ["finance"]
    (sent,) = whole.watch.send(message("custody", again))
    (decision,) = whole.decided(sent.place)
    assert decision.body["person"] == person
    (debts,) = referrals_of(whole, decision, category="FINANCE_DEBT")
    assert debts.body["person"] == pseudonym(whole.id_key, "provider", provider_of(debts), person)
    assert debts.body["person"] not in names.values()


def test_a_question_is_asked_answered_and_leads_to_a_referral(whole: Observed) -> None:
    who = somebody()
    body = arrest(who, needs=[{"category": "employment", "severity": "high"}], accommodation={"status": "settled"})
    body["consent"]["purposes"] = ["employment"]
    del body["person"]["dateOfBirth"]
    (sent,) = whole.watch.send(message("custody", body))
    (decision,) = whole.decided(sent.place)
    assert decision.body["referrals"] == []
    (contact,) = whole.contacts(sent.place)
    (question,) = whole.wait(
        lambda: whole.questions("custody", contact.body["contact_id"]), "a question about the arrest"
    )
    assert question.topic == "questions.custody"
    assert question.body["reference"] == who.case
    assert "person.date_of_birth" in {fact["path"] for fact in question.body["facts"]}

    answer = {
        "eventType": "facts.answered",
        "inReplyTo": question.body["contact_id"],
        "reference": question.body["reference"],
        "facts": {"person.date_of_birth": who.born},
    }
    refused = {
        "unknown_question": message("liaison", answer),
        "identifier_conflict": message("custody", {**answer, "reference": "of somebody else"}),
    }
    for (reason, _), sent in zip(refused.items(), whole.watch.send(*refused.values()), strict=True):
        (contact,) = whole.wait(partial(whole.contacts, sent.place), "the answer to be read")
        (parked,) = whole.wait(partial(whole.watch.about, "parked", contact.place), "the answer to be parked")
        assert (parked.topic, parked.header("reason")) == ("parked.people", reason)

    (answered,) = whole.watch.send(message("custody", answer))
    (decision,) = whole.decided(answered.place)
    (referral,) = referrals_of(whole, decision)
    assert referral.body["category"] == "EMPLOYMENT_EDUCATION"
    whole.watch.catch_up()
    assert whole.questions("custody", decision.body["contact_id"]) == []


def in_danger(who: Somebody) -> dict[str, Any]:
    """A victim at high risk who was not asked to agree: a named person must approve what is sent."""
    return {
        "eventType": "liaison-diversion.assessed",
        "occurredAt": ago(hours=2),
        "caseNo": who.case,
        "person": {
            "name": who.name,
            "dateOfBirth": who.born,
            "sex": "female",
            "nhsNumber": who.nhs,
            "areaCode": WEST_MIDLANDS_CITY,
        },
        "accommodation": {"status": "settled"},
        "domesticAbuse": {"role": "victim", "dashScore": 18},
    }


def test_what_needs_approval_waits_for_the_right_person_and_is_then_sent(whole: Observed) -> None:
    who = somebody()
    (sent,) = whole.watch.send(message("liaison", in_danger(who)))
    (decision,) = whole.decided(sent.place)
    proposed = next(each for each in decision.body["referrals"] if each["approval"])
    referral, role = proposed["referral_id"], proposed["approval"]

    def needed() -> list[Seen]:
        escalations = whole.watch.about("escalations", referral)
        return [each for each in escalations if each.body["kind"] == "approval-needed"]

    (escalation,) = whole.wait(needed, "somebody to be asked for approval")
    assert escalation.body["to"] == role

    def approve(by: str, role: str) -> str:
        said = Approval(referral_id=UUID(referral), approved=True, by=by, role=role, at=now())
        return say(whole, "approvals", said, key=referral)

    wrong = approve("test.officer", "custody-officer")
    (parked,) = whole.wait(lambda: whole.watch.about("parked", wrong), "an approval by the wrong role to be parked")
    assert (parked.topic, parked.header("reason")) == ("parked.tracking", "wrong_role")
    whole.watch.catch_up()
    assert whole.watch.about("referrals", referral) == []

    approve("test.practitioner", role)
    (record,) = whole.wait(lambda: whole.watch.about("referrals", referral), "the approved referral")
    assert record.body["approved_by"] == "test.practitioner"
    assert told(whole, record, "SENT")


def test_a_reply_on_another_provider_s_topic_is_parked_and_changes_nothing(whole: Observed) -> None:
    who = somebody()
    (sent,) = whole.watch.send(message("custody", arrest(who)))
    (decision,) = whole.decided(sent.place)
    first, second = referrals_of(whole, decision)
    wrong = say(whole, f"replies.{provider_of(second)}", reply(first, "REJECTED", f"{who.case}-1"), key=1)
    (parked,) = whole.wait(lambda: whole.watch.about("parked", wrong), "a reply of the wrong provider to be parked")
    assert parked.topic == "parked.tracking"
    say(whole, f"replies.{provider_of(first)}", reply(first, "RECEIVED", f"{who.case}-2"), key=1)
    told(whole, first, "RECEIVED")
    whole.watch.catch_up()
    states = {each.body["status"] for each in whole.watch.about("status", first.body["referral_id"])}
    assert "REJECTED" not in states


def test_nobody_who_has_died_is_referred_whatever_arrives_late(whole: Observed) -> None:
    who = somebody()
    died = release(who)
    died["additionalInformation"]["nomisMovementReasonCode"] = "DEC"
    (sent,) = whole.watch.send(message("hmpps", died))
    (death,) = whole.decided(sent.place)
    assert {each["reason"] for each in death.body["suppressed"]} >= {"deceased"}
    (late,) = whole.watch.send(message("liaison", screening(who.noms, at=ago(days=3), reference=who.case)))
    (decision,) = whole.decided(late.place)
    assert decision.body["person"] == death.body["person"]
    whole.settle()
    decisions = [each for each in whole.watch.all("decisions") if each.body["person"] == decision.body["person"]]
    assert [referral["referral_id"] for each in decisions for referral in each.body["referrals"]] == []
    assert [each for each in whole.watch.all("deliveries") if each.body["person"] == decision.body["person"]] == []
