"""From a partner's record to an outcome."""

from dataclasses import replace

from onward.chassis.record import ConsumedRecord, RawRecord, raw
from onward.chassis.security import contact_ids
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.feedback import COUNTER
from onward.contracts.ids import pseudonym
from onward.contracts.outcome import Ignored, Noted, Outcome, Parked, Published
from onward.intake.domain.feedback import PartnerRecord, feedback_on, feedback_outcome
from onward.intake.domain.reader import Reader


def handle_partner_message(record: RawRecord, *, reader: Reader, id_key: bytes) -> Outcome:
    """Publish a contact for each person in a record of `in.<source>`."""
    source = record.topic.removeprefix("in.")
    understood = reader.understand(source, record.value, record.headers, received_at=record.appended_at)
    if isinstance(understood.read, Ignored | Parked):
        return replace(understood.read, noted=understood.noted) if understood.noted else understood.read
    contacts = [publishable(contact, id_key) for contact in understood.read]
    messages = (topics.CONTACTS.message(contact, key=key_of(contact, id_key)) for contact in contacts)
    return Published(tuple(messages), noted=understood.noted)


def feedback_to_partner(
    record: ConsumedRecord, outcome: Outcome, *, redriven: bool, reader: Reader
) -> Published | None:
    """What the partner hears on `feedback.<source>` of its record, which ended in *outcome*; None where nothing."""
    if feedback_outcome(outcome, redriven=redriven) is None:
        return None
    sent = raw(record)
    source = sent.topic.removeprefix("in.")
    place = f"{sent.topic}/{sent.partition}/{sent.offset}"
    partners = PartnerRecord(source, sent.value, sent.headers, place, sent.appended_at)
    told = feedback_on(partners, outcome, reader, redriven=redriven)
    if told is None:
        return None
    message = topics.FEEDBACK.message(told, key=told.reference or told.record, of=source)
    return Published((message,), noted=(Noted(COUNTER, (source, told.outcome)),))


def publishable(contact: Contact, id_key: bytes) -> Contact:
    """
    A contact as it was read, under an id that nobody can compute, and answering the contact its partner was asked of.

    One whose partner was not asked under that id answers a contact that nobody knows, which `people` parks.
    """
    named = contact.in_reply_to
    ids = {
        "contact_id": contact_ids.kept(id_key, contact.contact_id),
        "in_reply_to": None if named is None else contact_ids.answered(id_key, contact.source, named),
    }
    return contact.model_copy(update=ids)


def key_of(contact: Contact, id_key: bytes) -> str:
    """
    The key on `contacts`: a pseudonym of the strongest identifier, else of the partner's own reference.

    Contacts of one person with one identifier stay in order. An answer that gives neither has that of its question.
    """
    if contact.identifiers:
        strongest = contact.identifiers[0]
        return pseudonym(id_key, "contact", strongest.type, strongest.value)
    return pseudonym(id_key, "contact", contact.source, contact.reference or str(contact.in_reply_to))
