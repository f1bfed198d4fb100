"""From a contact to what it changes, and from that to its situations, sealed."""

from typing import Any

from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Outcome, Outgoing, Published
from onward.contracts.situation import Situation
from onward.people.domain.changes import ContactChanges
from onward.people.domain.join import changes_of_contact
from onward.people.domain.remembered import NOBODY
from onward.people.domain.situations import Draft, situations_for
from onward.people.unit_of_work import UnitOfWork


def handle_contact(record: Received[Contact], unit: UnitOfWork, *, pepper: bytes) -> Outcome:
    """
    Publish the contact's situation, and those it shows in a new light, each with all that names anybody sealed.

    A contact taken before is ignored; another under its id is parked, and an answer that cannot be believed.
    """
    joined = changes_of_contact(unit.contact(record), unit.known(record.body.contact_id), pepper=pepper)
    if not isinstance(joined, ContactChanges):
        return joined
    own, *others = situations_for(joined)
    messages = (_sealed(own, unit, risk_unread=record.body.risk_unread), *(_sealed(each, unit) for each in others))
    # Last: a record whose decision fails must leave the unit of work as it was.
    unit.apply(joined)
    return Published(messages, joined.result)


def _sealed(draft: Draft, unit: UnitOfWork, *, risk_unread: bool = False) -> Outgoing[Situation]:
    person = draft.situation.person
    sealed: dict[str, Any] = {"risk_unread": True} if risk_unread else {}
    if draft.identity is not NOBODY:
        sealed["sealed"] = unit.envelopes.seal(person, draft.identity)
    if draft.references:
        sealed["references"] = {
            source: unit.envelopes.seal_text(person, reference) for source, reference in draft.references.items()
        }
    situation = draft.situation.model_copy(update=sealed) if sealed else draft.situation
    return topics.SITUATIONS.message(situation, key=person)
