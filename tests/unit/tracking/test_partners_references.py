"""A partner's own reference is sealed everywhere but on the partner's own topics."""

from typing import Any

from installation_keys import seal_reference
from onward.chassis.record import Received
from onward.chassis.security import contact_ids
from onward.chassis.security.sealing import reference_key
from onward.contracts.decision import Decision
from onward.contracts.outcome import Noted, Published
from onward.contracts.referral import Reply
from onward.tracking import handlers
from onward.tracking.adapters import query_for_decisions
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import SealedReference
from onward.tracking.metrics import PARTNERS_NOT_TOLD
from onward.tracking.partner_references import open_all
from unit.tracking.ledger_builders import ID_KEY, MONDAY_9AM, PARTNERS, PERSON, a_decision, a_proposal, a_reply

KEY, NEW_KEY = b"k" * 32, b"n" * 32
NOMS = "A0001AA"
PROPOSAL = a_proposal()


def sealed(key: bytes = KEY) -> dict[str, str]:
    return {"custody": seal_reference(key, PERSON, "custody", NOMS)}


def a_book(*decisions: Decision) -> UnitOfWork:
    return UnitOfWork(opened=open_all(query_for_decisions(decisions).sealed_references, {PERSON: reference_key(KEY)}))


def decide(decision: Decision, book: UnitOfWork) -> Any:
    return handlers.handle_decision(
        Received(decision, "t", None, MONDAY_9AM, 0, 0), book, partners=PARTNERS, id_key=ID_KEY
    )


def reply(said: Reply, book: UnitOfWork) -> Any:
    return handlers.handle_reply(
        Received(said, "replies.sandwell-housing", None, MONDAY_9AM, 0, 0), book, id_key=ID_KEY
    )


def to_partners(outcome: Any) -> list[tuple[str, str, str]]:
    """Topic, record key and reference of what partners are told."""
    assert isinstance(outcome, Published), outcome
    told = [message for message in outcome.messages if message.topic.startswith(("status.", "questions."))]
    return [(message.topic, message.key, message.body.model_dump()["reference"]) for message in told]


NOT_TOLD = Noted(PARTNERS_NOT_TOLD, ("key_destroyed",))


def test_a_partner_is_told_and_asked_under_its_own_reference_on_its_own_topics() -> None:
    decision = a_decision(PROPOSAL, missing=["accommodation.status"], references=sealed())
    outcome = decide(decision, a_book(decision))
    assert to_partners(outcome) == [("status.custody", NOMS, NOMS), ("questions.custody", NOMS, NOMS)]
    others = [message for message in outcome.messages if not message.topic.endswith(".custody")]
    assert {message.topic for message in others} == {"deliveries", "referral-events"}
    assert not any(NOMS in message.body.model_dump_json() or NOMS in message.key for message in others)


def test_a_partner_knows_the_contact_by_ids_of_its_own_and_can_answer_by_that_of_the_question_only() -> None:
    decision = a_decision(PROPOSAL, missing=["accommodation.status"], references=sealed())
    outcome = decide(decision, a_book(decision))
    told = {message.topic: message.body for message in outcome.messages}
    asked, status = told["questions.custody"].contact_id, told["status.custody"].contact_id
    assert asked == contact_ids.asked(ID_KEY, "custody", decision.contact_id)
    assert status == contact_ids.status(ID_KEY, "custody", decision.contact_id)
    assert not any(str(decision.contact_id) in body.model_dump_json() for body in told.values())


def test_the_ledger_keeps_the_sealed_reference_only() -> None:
    decision = a_decision(PROPOSAL, missing=["accommodation.status"], references=sealed())
    book = a_book(decision)
    decide(decision, book)
    assert NOMS not in repr((book.changed_referrals, book.changed_questions, book.newly_raised))
    assert set(book.sealed_references) == {(PERSON, "custody", decision.references["custody"])}


def test_a_partner_whose_reference_went_with_the_key_is_not_told_and_nobody_stumbles() -> None:
    decision = a_decision(PROPOSAL, references=sealed())
    outcome = decide(decision, UnitOfWork())
    assert to_partners(outcome) == []
    assert outcome.result == "opened"
    assert outcome.noted == (NOT_TOLD,)


def test_who_cannot_be_asked_any_more_is_not_asked_and_a_person_on_duty_hears_of_it() -> None:
    decision = a_decision(missing=["person.date_of_birth"], references=sealed())
    book = UnitOfWork()
    outcome = decide(decision, book)
    assert [message.topic for message in outcome.messages] == ["escalations"]
    assert outcome.messages[0].body.kind == "nobody-can-answer"
    assert book.changed_questions == {}, "so that the same is asked once it can be"


def test_a_referral_goes_on_after_the_key_of_its_partner_s_reference_was_destroyed() -> None:
    decision = a_decision(PROPOSAL, references=sealed())
    book = a_book(decision)
    decide(decision, book)
    book.opened = {}
    outcome = reply(a_reply(PROPOSAL.referral_id, "ACCEPTED"), book)
    assert [message.topic for message in outcome.messages] == ["referral-events"]
    assert outcome.noted == (NOT_TOLD,)


def test_a_reference_under_a_key_made_anew_is_opened_and_one_under_the_old_key_is_not() -> None:
    old, new = sealed(), sealed(key=NEW_KEY)
    told = [(PERSON, old["custody"]), (PERSON, new["custody"]), (PERSON, NOMS), ("nobody", new["custody"])]
    sealed_references = [SealedReference(person, "custody", text) for person, text in told]
    opened = open_all(sealed_references, {PERSON: reference_key(NEW_KEY)})
    assert opened == {("custody", new["custody"]): NOMS}


def test_a_reference_put_in_another_partners_place_is_told_to_nobody() -> None:
    prisons = seal_reference(KEY, PERSON, "hmpps", NOMS)
    decision = a_decision(PROPOSAL, references={"hmpps": prisons, "custody": prisons})
    outcome = decide(decision, a_book(decision))
    assert {topic for topic, _, _ in to_partners(outcome)} <= {"status.hmpps"}
    assert NOT_TOLD in outcome.noted
