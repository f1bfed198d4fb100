"""What a contact's own partner is asked by: its own word and what any partner may know, whatever else is known."""

from collections.abc import Sequence
from uuid import UUID

from onward.contracts.facts import FACTS
from onward.contracts.situation import OwnWord
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.statements import SAID_BY_US
from onward.people.domain.view import View, facts_and_consents

_SHARED = tuple(path for path, fact in FACTS.items() if fact.shared)


def own_word(
    contact: RememberedContact,
    contacts: Sequence[RememberedContact],
    seen: View,
    *,
    upto: int,
    folds: Folds = NONE,
) -> OwnWord | None:
    """
    The part of what is *seen* at *contact* that its partner has said or may know; None where that is all of it.

    Seen as if the partner's own contacts were the person's only ones: a word of another partner neither adds to it nor
    hides what this one said before.
    """
    known = [one for one in contacts if one.recorded <= upto]
    own = [one for one in known if one.source == contact.source]
    if len(own) == len(known):
        said_of_others = SAID_BY_US.intersection(seen.facts)
        if not any(seen.facts[path] is True for path in said_of_others):
            return None
        facts = {path: value for path, value in seen.facts.items() if path not in said_of_others}
        return OwnWord(facts=facts, consents=seen.consents)
    facts, consents = facts_and_consents(contact, own, upto=upto, folds=folds, whose=f"{seen.person}/{contact.source}")
    shared = {path: seen.facts[path] for path in _SHARED if path in seen.facts}
    return OwnWord(facts={**facts, **shared}, consents=consents)


def episode_of(contact: RememberedContact, contacts: Sequence[RememberedContact], *, upto: int) -> UUID | None:
    """The first of its partner's contacts to arrive under its reference, or that of what it answers."""
    known = [one for one in contacts if one.recorded <= upto and one.source == contact.source]
    reference = contact.reference
    if not reference and contact.in_reply_to is not None:
        reference = next((one.reference for one in known if one.contact_id == contact.in_reply_to), "")
    if not reference:
        return None
    under_it = (one for one in known if one.reference == reference)
    return min(under_it, key=lambda one: one.recorded, default=contact).contact_id
