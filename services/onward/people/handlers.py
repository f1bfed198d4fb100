"""From a contact to what it changes, and from that to its situations, sealed."""

from typing import Any

from onward.chassis import codec
from onward.chassis.errors import SealBrokenError
from onward.chassis.record import ConsumedRecord, Received
from onward.chassis.security.cause import Sealer
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.erasure import ErasedPerson, Erasure, ErasureReport
from onward.contracts.feedback import COUNTER, Feedback, fault
from onward.contracts.matches import MatchDecision
from onward.contracts.outcome import Ignored, Noted, Outcome, Outgoing, Parked, Published
from onward.contracts.situation import Situation
from onward.diagnostics.json_text import Unreadable
from onward.people.domain.changes import ContactChanges
from onward.people.domain.erasure import erasure_of
from onward.people.domain.join import changes_of_contact
from onward.people.domain.remembered import NOBODY, RememberedContact
from onward.people.domain.situations import Draft, situations_for
from onward.people.erasing import ErasureUnit
from onward.people.unit_of_work import UnitOfWork
from onward.releases.erasure_signing import signers_of_erasure
from onward.releases.match_signing import signer_of_match
from onward.releases.signing import RefusedError, TrustedKeys


def handle_contact(record: Received[Contact], unit: UnitOfWork, *, id_key: bytes) -> Outcome:
    """
    Publish the contact's situation, and those it shows in a new light, each with all that names anybody sealed.

    A contact taken before is ignored, and one of somebody who was erased since; another under its id is parked, and an
    answer that cannot be believed.
    """
    if unit.is_erased(record):
        return _ERASED
    return _taken(unit.contact(record), unit, id_key=id_key, risk_unread=record.body.risk_unread)


def handle_match_decision(
    record: Received[MatchDecision], unit: UnitOfWork, *, id_key: bytes, trusted: TrustedKeys
) -> Outcome:
    """
    Join two people or part them, as a person decided; their situations go round again where that changes them.

    Parked: what no trusted key signed, and an answer about contacts that nobody knows.
    """
    try:
        signer_of_match(record.body, trusted, at=record.appended_at)
    except RefusedError as why:
        reason = "untrusted_key" if why.reason == "untrusted_key" else "bad_signature"
        return Parked(reason, "/signature", why.detail)
    if unit.is_erased(record):
        return _ERASED
    decision = unit.contact(record)
    known = {one.contact_id for one in unit.known(decision.contact_id).contacts}
    if not known.issuperset(record.body.statement.contacts):
        return Parked("unknown_match", "/statement/contacts", "of these contacts people knows one at most")
    return _taken(decision, unit, id_key=id_key)


def handle_erasure(record: Received[Erasure], unit: ErasureUnit, *, trusted: TrustedKeys) -> Outcome:
    """
    Erase a person, as two people signed; everybody else who keeps anything of them is told, and it is reported.

    With one signature it waits for the second. Parked: what no trusted key signed, or one person twice.
    """
    statement = record.body.statement
    try:
        signers = signers_of_erasure(record.body, trusted, at=record.appended_at)
    except RefusedError as why:
        reason = "untrusted_key" if why.reason == "untrusted_key" else "bad_signature"
        return Parked(reason, "/signatures", why.detail)
    if len(signers) < 2:
        return Ignored("second_signature_awaited")
    if statement.erasure_id in unit.done:
        return Ignored("repeat")
    key, at = str(statement.erasure_id), record.appended_at
    gone = erasure_of(statement.whom, unit.known)
    if isinstance(gone, str):
        refused = ErasureReport(erasure_id=statement.erasure_id, service="people", outcome=gone, at=at)
        return Published((topics.ERASURE_REPORTS.message(refused, key=key),), "not_erased")
    kept = gone.tombstones(statement.erasure_id, at)
    told = ErasedPerson(erasure_id=statement.erasure_id, persons=gone.persons, contacts=gone.contacts, at=at)
    report = ErasureReport(
        erasure_id=statement.erasure_id,
        service="people",
        outcome="erased",
        erased=gone.erased,
        kept=gone.kept(len(kept)),
        at=at,
    )
    # Last: a record whose decision fails must leave the unit as it was.
    unit.apply(statement.erasure_id, gone, kept)
    return Published(
        (
            *(topics.TOMBSTONES.message(one, key=one.named) for one in kept),
            topics.ERASED_PERSONS.message(told, key=key),
            topics.ERASURE_REPORTS.message(report, key=key),
        ),
        "erased",
    )


_ERASED = Ignored("erased")


def _taken(contact: RememberedContact, unit: UnitOfWork, *, id_key: bytes, risk_unread: bool = False) -> Outcome:
    joined = changes_of_contact(contact, unit.known(contact.contact_id), id_key=id_key)
    if not isinstance(joined, ContactChanges):
        return joined
    asked = (topics.MATCH_QUESTIONS.message(question, key=str(question.match_id)) for question in joined.questions)
    sealed = (
        _sealed(draft, unit, risk_unread=risk_unread and draft.situation.contact_id == contact.contact_id)
        for draft in situations_for(joined)
    )
    messages = (*sealed, *asked)
    # Last: a record whose decision fails must leave the unit of work as it was.
    unit.apply(joined)
    return Published(messages, joined.result)


def feedback_to_partner(
    record: ConsumedRecord, outcome: Outcome, *, redriven: bool, sealer: Sealer
) -> Published | None:
    """
    What a partner hears of its message when the contact in *record* was parked here, or mended; None of any other.

    Intake has told it before what could not be read. Nothing is known here of the message but its place, which
    *sealer* opens, and the partner's own event id and reference.
    """
    if isinstance(outcome, Parked) == redriven:
        return None
    try:
        contact = codec.decode(topics.CONTACTS, record).body
    except Unreadable:
        return None
    told = Feedback(
        outcome="mended" if redriven else "parked",
        record=_place_of(record, sealer) or f"in.{contact.source}",
        event_id=contact.event_id,
        reference=contact.partners_reference,
        faults=(fault(outcome.reason, "", outcome.detail),) if isinstance(outcome, Parked) else (),
        received_at=contact.received_at,
    )
    message = topics.FEEDBACK.message(told, key=told.reference or told.record, of=contact.source)
    return Published((message,), noted=(Noted(COUNTER, (contact.source, told.outcome)),))


def _place_of(record: ConsumedRecord, sealer: Sealer) -> str:
    """Where the message stands that the contact was made of; blank where somebody else wrote the contact."""
    try:
        return sealer.open(dict(record.headers).get("ce_id") or b"").place
    except SealBrokenError:
        return ""


def _sealed(draft: Draft, unit: UnitOfWork, *, risk_unread: bool = False) -> Outgoing[Situation]:
    person = draft.situation.person
    sealed: dict[str, Any] = {"risk_unread": True} if risk_unread else {}
    if draft.identity is not NOBODY:
        sealed["sealed"] = unit.envelopes.seal(person, draft.identity)
    if draft.references:
        sealed["references"] = {
            source: unit.envelopes.seal_reference(person, source, reference)
            for source, reference in draft.references.items()
        }
    situation = draft.situation.model_copy(update=sealed) if sealed else draft.situation
    return topics.SITUATIONS.message(situation, key=person)
