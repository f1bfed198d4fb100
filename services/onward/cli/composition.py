"""The way of one message through Onward, by the services' own decisions, in their order, without any server."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onward.cli.facts_file import Earlier
from onward.cli.trial import NotRead, Trial, TriedContact
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.diagnostics.json_text import pointer
from onward.directory.model import Directory
from onward.dispatch.domain import disclose
from onward.intake.domain.feedback import PartnerRecord
from onward.intake.domain.reader import MessageRead
from onward.intake.partners import feedback, near_type, read, understand, unknown_type
from onward.people.domain.join import KnownContacts, join, known_from_facts
from onward.people.domain.situations import Draft, situations_for
from onward.routing.domain.decide import decide
from onward.routing.domain.language import RuleSet

_PEPPER = b"onward try: nothing made with this leaves the process"
_NO_REFERENCE = "this message"


def try_bytes(
    source: str, message: bytes, *, received_at: datetime, earlier: Earlier, rules: RuleSet, directory: Directory
) -> Trial:
    """
    What would become of *message* on `in.<source>`.

    Args:
        source: A known partner.
        message: The value of the record.
        received_at: When the broker would have appended it.
        earlier: What earlier contacts said; of each person in the message.
        rules: The rule set.
        directory: The providers and their profiles.
    """
    joined = situations(source, message, received_at=received_at, earlier=earlier)
    if isinstance(joined, Trial):
        trial = joined
    else:
        decided = tuple(_decided(contact, draft, rules, directory) for contact, draft in joined)
        trial = Trial("contact", contacts=decided)
    told = understand(source, message, (), received_at=received_at)
    named = unknown_type(source, message, (), received_at=received_at)
    record = PartnerRecord(source, message, (), f"in.{source}", received_at)
    return replace(
        trial,
        feedback=feedback(record, _ended(trial, told)),
        not_read=tuple(NotRead(told.prefix + pointer(each.place), each.resembles) for each in told.unread),
        left_out=told.left_out,
        unknown_type=named is not None,
        near_type=near_type(source, named) if named else "",
    )


def _ended(trial: Trial, told: MessageRead) -> Outcome:
    """As what the record would have ended at whichever service parks it, or at intake."""
    if trial.outcome == "parked":
        return Parked(trial.reason or "", trial.pointer or "", trial.detail)
    return Ignored(trial.reason or "") if trial.outcome == "ignored" else Published(noted=told.noted)


def situations(
    source: str, message: bytes, *, received_at: datetime, earlier: Earlier
) -> Trial | list[tuple[Contact, Draft]]:
    """What *message* leads up to, for each contact it makes, just before it is decided on; or why it makes none."""
    if (detail := topics.too_large(f"in.{source}", len(message))) is not None:
        return Trial("parked", "too_large", None, detail)
    outcome = read(source, message, (), received_at=received_at)
    if isinstance(outcome, Ignored):
        return Trial("ignored", outcome.reason)
    if isinstance(outcome, Parked):
        return _parked(outcome)
    made: list[tuple[Contact, Draft]] = []
    for contact in outcome:
        joined = _joined(contact, earlier)
        if isinstance(joined, Parked):
            return _parked(joined)
        made.append((contact, joined))
    return made


def _parked(outcome: Parked) -> Trial:
    return Trial("parked", outcome.reason, outcome.pointer or None, outcome.detail)


def _joined(contact: Contact, earlier: Earlier) -> Draft | Parked:
    # Facts are joined by an identifier or a reference; a message with neither gets one that only this trial knows.
    contact = contact.model_copy(update={"reference": contact.reference or _NO_REFERENCE})
    joined = join(contact, _known(contact, earlier), pepper=_PEPPER, id_key=_PEPPER)
    assert not isinstance(joined, Ignored), "only a repeat is ignored, and nothing was taken before"
    return joined if isinstance(joined, Parked) else situations_for(joined)[0]


def _known(contact: Contact, earlier: Earlier) -> KnownContacts:
    """What was said before, as one earlier contact: the one that was asked about, if this one is an answer."""
    if earlier == Earlier() and contact.in_reply_to is None:
        return KnownContacts()
    known = known_from_facts(
        contact, dict(earlier.facts), at=contact.occurred_at, pepper=_PEPPER, id_key=_PEPPER, said_on=earlier.said_on
    )
    told = replace(
        known.contacts[0],
        contact_id=contact.in_reply_to or known.contacts[0].contact_id,
        identity=earlier.identity,
        consents=earlier.consents,
    )
    return replace(known, contacts=(told, *known.contacts[1:]))


def _decided(contact: Contact, draft: Draft, rules: RuleSet, directory: Directory) -> TriedContact:
    decision = decide(draft.situation, rules, directory)
    disclosed: dict[UUID, tuple[str, ...]] = {}
    for referral in decision.referrals:
        profile = directory.profiles[directory.providers[referral.provider].profile]
        disclosed[referral.referral_id] = tuple(disclose(decision.facts, draft.identity, profile))
    return TriedContact(contact, decision, disclosed)
