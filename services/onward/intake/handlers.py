"""From a partner's record to an outcome."""

from collections.abc import Callable
from dataclasses import replace

from onward.chassis.record import Raw
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.ids import pseudonym
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.intake.domain import understand


def taking(pepper: bytes) -> Callable[[Raw], Outcome]:
    """The decision on a record of `in.<source>`: one contact published for each person in it."""

    def take(record: Raw) -> Outcome:
        source = record.topic.removeprefix("in.")
        told = understand(source, record.value, record.headers, received_at=record.appended_at)
        if isinstance(told.read, Ignored | Parked):
            return replace(told.read, noted=told.noted) if told.noted else told.read
        messages = (topics.CONTACTS.message(contact, key=key_of(contact, pepper)) for contact in told.read)
        return Published(tuple(messages), noted=told.noted)

    return take


def key_of(contact: Contact, pepper: bytes) -> str:
    """
    The key on `contacts`: a pseudonym of the strongest identifier, else of the partner's own reference.

    Contacts of one person with one identifier stay in order.
    """
    if contact.identifiers:
        strongest = contact.identifiers[0]
        return pseudonym(pepper, "contact", strongest.type, strongest.value)
    return pseudonym(pepper, "contact", contact.source, contact.reference)
