"""From a record to a step of the ledger, and from the step to an outcome."""

from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.decision import Decision
from onward.contracts.outcome import Ignored, Noted, Outcome, Parked, Published
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking import references
from onward.tracking.domain import replies
from onward.tracking.domain.model import Partners, Step
from onward.tracking.domain.opening import open_referrals
from onward.tracking.metrics import PROPOSALS_DROPPED
from onward.tracking.ports import Book

_REPLIES_OF = topics.REPLIES.name.partition("{")[0]


def take_decision(record: Received[Decision], book: Book, *, partners: Partners, pepper: bytes) -> Outcome:
    """Open, end and ask as a decision says."""
    decision, untold = references.answerable(record.body, book.opened)
    known = book.known_to(decision)
    step = open_referrals(decision, known, partners=partners, now=record.appended_at)
    return _done(step, book, pepper, noted=untold)


def take_reply(record: Received[Reply], book: Book, *, pepper: bytes) -> Outcome:
    """Move a referral on as its provider says. Who speaks is taken from the topic, never from the payload."""
    reply, provider = record.body, record.topic.removeprefix(_REPLIES_OF)
    referral = book.referral(reply.referral_id)
    return _done(
        replies.advance(referral, reply, provider=provider, known=book.known, now=record.appended_at), book, pepper
    )


def take_receipt(record: Received[Receipt], book: Book, *, pepper: bytes) -> Outcome:
    """Note what became of a delivery."""
    referral = book.referral(record.body.referral_id)
    return _done(replies.take_receipt(referral, record.body, known=book.known, now=record.appended_at), book, pepper)


def take_approval(record: Received[Approval], book: Book, *, pepper: bytes) -> Outcome:
    """Send a referral that was waiting for a named person's yes, or withdraw it."""
    referral = book.referral(record.body.referral_id)
    return _done(replies.take_approval(referral, record.body, now=record.appended_at), book, pepper)


def _done(step: Step | Ignored | Parked, book: Book, pepper: bytes, *, noted: tuple[Noted, ...] = ()) -> Outcome:
    if not isinstance(step, Step):
        return step
    noted = (*noted, *(Noted(PROPOSALS_DROPPED, (reason,)) for reason in step.dropped))
    if step.changes_nothing:
        return Ignored(step.result, noted)
    messages, untold = references.addressed(step.messages, book.opened, pepper=pepper)
    # Last: a record whose decision fails must leave the book as it was.
    book.apply(step)
    return Published(messages, step.result, (*noted, *untold))
