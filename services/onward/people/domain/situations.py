"""The situations that a contact leads to: what the rules see, with what is to be sealed into it."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from onward.contracts.contact import Identity
from onward.contracts.ids import derived_id
from onward.contracts.situation import OwnWord, Parting, Situation
from onward.people.domain.changes import (
    Change,
    ContactChanges,
    ContactJoined,
    ContactKeptApart,
    ContactReassigned,
    Erased,
    PersonCreated,
    SituationRevised,
)
from onward.people.domain.own_word import episode_of, own_word
from onward.people.domain.remembered import MATCH_DECIDED, RememberedContact
from onward.people.domain.view import View, known_identity_fields, view

DISPUTED = "event.identity_disputed"
"""Said of the contact that shows it, and never again: a person is told once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A situation that names nobody, and what is to be sealed into it."""

    situation: Situation
    identity: Identity
    references: dict[str, str]
    """How each partner that knows the person refers to them, in the clear."""


def situations_for(joined: ContactChanges) -> tuple[Draft, ...]:
    """The situations that follow: the contact's own first, then those that it shows in a new light."""
    drafts = (_situation_for(change, joined) for change in joined.changes)
    return tuple(draft for draft in drafts if draft is not None)


def _situation_for(change: Change, joined: ContactChanges) -> Draft | None:
    if change.contact.type == MATCH_DECIDED:
        return None  # nobody was met; whoever it shows in a new light goes round again
    if isinstance(change, ContactReassigned | Erased):
        return None  # the person's latest contact goes round again, where this changes what is known at it
    contact = change.contact
    theirs = joined.people[contact.person]
    number = contact.contact_id.int
    own = next(one for one in theirs if one.contact_id.int == number)
    match change:
        case PersonCreated() | ContactJoined() | ContactKeptApart():
            seen = view(own, theirs, person=contact.person, upto=contact.recorded, folds=joined.folds)
            if joined.is_disputed:
                seen.facts[DISPUTED] = True
        case SituationRevised(_, seen):
            pass
        case _:
            assert_never(change)
    upto = joined.contact.recorded
    own_words, episode = own_word(own, theirs, seen, upto=upto, folds=joined.folds), episode_of(own, theirs, upto=upto)
    parted = joined.partings.get(contact.person)
    return draft(contact, seen, revision=contact.revision, own=own_words, episode=episode, parted=parted)


def draft(
    contact: RememberedContact,
    seen: View,
    *,
    revision: int,
    own: OwnWord | None = None,
    episode: UUID | None = None,
    parted: Parting | None = None,
) -> Draft:
    """The situation of a contact, whose partner is asked by its *own* word; its id follows from the revision."""
    return Draft(
        Situation(
            situation_id=derived_id("situation", str(contact.contact_id), str(revision)),
            contact_id=contact.contact_id,
            revision=revision,
            person=seen.person,
            formerly=seen.formerly,
            source=contact.source,
            type=contact.type,
            occurred_at=contact.occurred_at,
            received_at=contact.received_at,
            in_reply_to=contact.in_reply_to,
            facts=seen.facts,
            observed=seen.observed,
            said_by=seen.said_by,
            history=seen.history,
            disputed=seen.disputed,
            consents=seen.consents,
            identity_fields=known_identity_fields(seen.identity),
            own=own,
            episode=episode,
            parted=parted,
        ),
        seen.identity,
        seen.references,
    )
