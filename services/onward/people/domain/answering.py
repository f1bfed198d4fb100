"""Whether an answer is about the person who was asked about. One that is not joins nobody."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from onward.contracts.outcome import Parked
from onward.people.domain.contradiction import contradict, particulars_of
from onward.people.domain.remembered import JOINING, RememberedContact, kind_of

UNKNOWN_QUESTION = Parked(
    "unknown_question",
    "/in_reply_to",
    "this partner was asked nothing under this id: give back the contact_id of the question as inReplyTo, not its "
    "question_id nor the contact_id of a status",
)
OF_ANOTHER = Parked(
    "identifier_conflict",
    "/in_reply_to",
    "the reference or an identifier is not known to be of the person who was asked about: give the reference of the "
    "question, or none; what is new of a person, such as another number, is told by an event",
)
CONTRADICTS = Parked(
    "identifier_conflict",
    "/in_reply_to",
    "name, date of birth or sex contradict what is known of the person who was asked about: answer the question that "
    "was asked about this person; if what was known is wrong, send it right as an event of its own first",
)


def misplaced(
    contact: RememberedContact, joined: Collection[RememberedContact], known: Collection[RememberedContact]
) -> Parked | None:
    """
    Why an answer cannot be believed, if so.

    Args:
        contact: The answer, which names a contact that its partner was asked about.
        joined: The contacts of the person that it would be joined with, itself among them.
        known: All that is connected with it.
    """
    asked = next((one for one in known if one.contact_id == contact.in_reply_to), None)
    if asked is None:
        return UNKNOWN_QUESTION
    theirs = [one for one in known if one.person == asked.person]
    if contradict(particulars_of([contact]), particulars_of(theirs)):
        return CONTRADICTS
    if _ids(joined) != _ids(theirs) | {contact.contact_id} or _leads_elsewhere(contact, theirs, known):
        return OF_ANOTHER
    return None


def believed(contact: RememberedContact) -> RememberedContact:
    """
    An answer as it is remembered: known by what it answers, and by no number.

    Whatever it gives of these is known of its person already; a mistyped one must not join anybody later on.
    """
    return replace(contact, numbers=(), identity=contact.identity.model_copy(update={"identifiers": ()}))


def _leads_elsewhere(
    contact: RememberedContact, theirs: Collection[RememberedContact], known: Iterable[RememberedContact]
) -> bool:
    """Whether it gives a number of somebody else's, none but new ones, or a reference that is new for this person."""
    ours = _ids(theirs)
    own = {number for one in theirs for number in one.connected}
    others = {number for one in known if one.contact_id not in ours for number in one.connected}
    given = [number for number in contact.numbers if kind_of(number) in JOINING]
    if not (others - own).isdisjoint(contact.numbers) or (given and own.isdisjoint(given)):
        return True
    references = {one.reference for one in theirs if one.source == contact.source and one.reference}
    return bool(contact.reference and references) and contact.reference not in references


def _ids(contacts: Iterable[RememberedContact]) -> set[object]:
    return {one.contact_id for one in contacts}
