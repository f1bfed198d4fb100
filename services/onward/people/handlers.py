"""Contacts taken one by one, and situations sealed."""

from dataclasses import replace

from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Outcome, Outgoing, Published
from onward.contracts.situation import Situation
from onward.people.domain import Draft, Joined, add
from onward.people.domain.said import NOBODY
from onward.people.unit import Unit


class Taker:
    """Joins each contact with what is known of its person."""

    def __init__(self, pepper: bytes) -> None:
        """A taker that makes pseudonyms with *pepper*."""
        self._pepper = pepper

    def take(self, received: Received[Contact], unit: Unit) -> Outcome:
        """
        Publish the contact's situation, and those it shows in a new light, each with its sealed identity.

        A contact taken before is ignored; an answer that nobody can place is parked.
        """
        contact = received.body.contact_id
        said = replace(unit.said(contact), recorded=unit.recorded)
        joined = add(said, unit.known(contact), pepper=self._pepper)
        if not isinstance(joined, Joined):
            return joined
        messages = tuple(_sealed(draft, unit) for draft in joined.drafts)
        unit.take(joined)
        return Published(messages, joined.result)


def _sealed(draft: Draft, unit: Unit) -> Outgoing[Situation]:
    situation = draft.situation
    if draft.identity is not NOBODY:
        sealed = unit.envelopes.seal(situation.person, draft.identity)
        situation = situation.model_copy(update={"sealed": sealed})
    return topics.SITUATIONS.message(situation, key=situation.person)
