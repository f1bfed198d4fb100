"""From a record to what it changes, and from that to an outcome: the ledger changed, and everybody told."""

from onward.chassis.record import Received
from onward.chassis.releases.directories import Directories
from onward.contracts import topics
from onward.contracts.decision import Decision
from onward.contracts.erasure import PERSON, ErasedPerson, ErasureReport, Tombstone
from onward.contracts.outcome import Ignored, Noted, Outcome, Parked, Published
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking import partner_references
from onward.tracking.domain.changes import RESULTS, Changes
from onward.tracking.domain.decisions import changes_of_decision
from onward.tracking.domain.erasure import LEDGER, REFERRAL, erasure_from_ledger
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import Partners
from onward.tracking.domain.notifications import messages_of_erasure, write_messages
from onward.tracking.domain.replies import changes_of_approval, changes_of_receipt, changes_of_reply
from onward.tracking.erasing import LedgerErasures
from onward.tracking.metrics import PROPOSALS_DROPPED

_REPLIES_OF = topics.REPLIES.name.partition("{")[0]


def decision_awaits(record: Received[Decision], *, directories: Directories) -> str | None:
    """What a decision waits for: no referral is opened to a provider of whom this service has not read."""
    return directories.waits_for(record.body.directory, record.body.release_number)


def handle_decision(record: Received[Decision], unit: UnitOfWork, *, partners: Partners, id_key: bytes) -> Outcome:
    """Open, end and ask as a decision says; of a person who was erased since, nothing."""
    if f"{PERSON}:{record.body.person}" in unit.erased:
        return _ERASED
    decision, untold = partner_references.answerable(record.body, unit.opened)
    made = changes_of_decision(decision, unit.entries_for(decision), partners=partners, now=record.appended_at)
    dropped = (Noted(PROPOSALS_DROPPED, (reason,)) for reason in made.dropped)
    return _carry_out(made, unit, id_key, decision=decision, noted=(*untold, *dropped))


def handle_reply(record: Received[Reply], unit: UnitOfWork, *, id_key: bytes) -> Outcome:
    """Move a referral on as its provider says. Who speaks is taken from the topic, never from the payload."""
    if f"{REFERRAL}:{record.body.referral_id}" in unit.erased:
        return _ERASED
    reply, provider = record.body, record.topic.removeprefix(_REPLIES_OF)
    made = changes_of_reply(unit.referral(reply.referral_id), reply, provider=provider, now=record.appended_at)
    return _carry_out(made, unit, id_key)


def handle_receipt(record: Received[Receipt], unit: UnitOfWork, *, id_key: bytes) -> Outcome:
    """Record what became of a delivery."""
    if f"{REFERRAL}:{record.body.referral_id}" in unit.erased:
        return _ERASED
    referral = unit.referral(record.body.referral_id)
    return _carry_out(changes_of_receipt(referral, record.body, now=record.appended_at), unit, id_key)


def handle_approval(record: Received[Approval], unit: UnitOfWork, *, id_key: bytes) -> Outcome:
    """Send a referral that was waiting for a named person's yes, or withdraw it."""
    if f"{REFERRAL}:{record.body.referral_id}" in unit.erased:
        return _ERASED
    referral = unit.referral(record.body.referral_id)
    return _carry_out(changes_of_approval(referral, record.body, now=record.appended_at), unit, id_key)


def handle_erased_person(record: Received[ErasedPerson], unit: LedgerErasures) -> Outcome:
    """
    Erase a person from the ledger: providers are withdrawn from, and all that need not wait for them goes.

    Partners are not told: the only name by which they know the person went with the person's key.
    """
    told = record.body
    if told.erasure_id in unit.done:
        return Ignored("repeat")
    gone = erasure_from_ledger(told, unit.known[told.erasure_id], now=record.appended_at)
    report = ErasureReport(
        erasure_id=told.erasure_id,
        service="tracking",
        outcome="erased",
        erased={**gone.erased, "withdrawals asked for": sum(one.referral.withdrawal == "due" for one in gone.closed)},
        kept=gone.kept,
        at=record.appended_at,
    )
    done = Tombstone(named=f"{LEDGER}:{told.erasure_id}", erasure_id=told.erasure_id, at=told.at)
    # Last: a record whose decision fails must leave the unit as it was.
    unit.apply(told, gone)
    return Published(messages_of_erasure(gone.closed, done, report), "erased")


_ERASED = Ignored("erased")


def _carry_out(
    made: Changes | Ignored | Parked,
    unit: UnitOfWork,
    id_key: bytes,
    *,
    decision: Decision | None = None,
    noted: tuple[Noted, ...] = (),
) -> Outcome:
    """Write what the changes tell, then make them."""
    if isinstance(made, Ignored | Parked):
        return made
    written = write_messages(made.changes, raised=unit.raised, open_cases=tuple(unit.cases.values()), decision=decision)
    if not written.results:
        unit.apply(written.changes, written.raised, written.cases)
        return Ignored(made.if_nothing, noted)
    messages, untold = partner_references.addressed(written.messages, unit.opened, id_key=id_key)
    # Last: a record whose decision fails must leave the unit of work as it was.
    unit.apply(written.changes, written.raised, written.cases)
    return Published(messages, next(result for result in RESULTS if result in written.results), (*noted, *untold))
