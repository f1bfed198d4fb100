"""
Who is told of what: one table of changes and audiences, and the one function that writes messages from it.

Nothing else in this service makes a message. What partners are told names them by sealed references and our own ids of
contacts; `partner_references.py` makes both the partner's own before anything leaves.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from onward.contracts import topics
from onward.contracts.asking import hangs_on
from onward.contracts.base import Message
from onward.contracts.codes import ClosureReason, Urgency
from onward.contracts.fact_kinds import Day, in_words
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.ids import derived_id
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Delivery, Escalation, Question, QuestionedFact, ReferralEvent, StatusUpdate
from onward.tracking.domain.changes import (
    AnswerContradicted,
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalRequested,
    Change,
    DecisionChange,
    DeliveredAfterClosure,
    DeliveryFailed,
    DeliverySent,
    FactsUnanswerable,
    InformationRequested,
    InformationRequestedAgain,
    NeedDisputed,
    NeedUnmet,
    NoticeGiven,
    OnlyCalls,
    PartnersLinked,
    QuestionAsked,
    QuestionSettled,
    ReceiptRecorded,
    ReferralAccepted,
    ReferralChange,
    ReferralClosed,
    ReferralOpened,
    ReferralReceived,
    ReferralRejected,
    ReferralWaiting,
    Result,
    StatusChange,
)
from onward.tracking.domain.lifecycle import WITH_PROVIDER
from onward.tracking.domain.model import RaisedBy

DUTY: Final = "duty-practitioner"
"""Who sees to what has no role of its own."""

ToPartners: TypeAlias = tuple[Outgoing[StatusUpdate] | Outgoing[Question], ...]


@dataclass(frozen=True, slots=True)
class Notifications:
    """What one change tells each audience. None has a default: whoever adds a change answers for all of them."""

    result: Result
    """What operators see the record counted as."""
    provider: Delivery | None
    """Sent on by `dispatch`, cut down to what this provider may see."""
    partners: ToPartners
    """Those that raised the person, or the one that is asked."""
    on_duty: Escalation | None
    insight: ReferralEvent | None
    """Insight and audit."""


def notifications_for(change: Change) -> Notifications:  # noqa: C901, PLR0912 - a table: a row for each change
    """The row of *change*: what it is counted as, and what provider, partners, people on duty and insight are told."""
    match change:
        case ReferralOpened():
            return Notifications("opened", change.delivery, _status(change), None, _event(change))
        case ApprovalRequested():
            return Notifications("opened", None, _status(change), _approval_needed(change), _event(change))
        case ApprovalGiven():
            return Notifications("changed", change.delivery, _status(change), None, _event(change))
        case ApprovalDeclined():
            return Notifications("closed", None, _status(change), None, _event(change))
        case DeliverySent() | ReferralReceived() | ReferralAccepted():
            return Notifications("changed", None, _status(change), None, _event(change))
        case DeliveryFailed():
            return Notifications("changed", None, _status(change), _delivery_failed(change), _event(change))
        case ReferralRejected():
            return Notifications("changed", None, _status(change), _rejected(change), _event(change))
        case InformationRequested():
            return Notifications("changed", None, _status(change), _information_requested(change), _event(change))
        case InformationRequestedAgain():
            return Notifications("escalated", None, (), _information_requested(change), None)
        case AnswerContradicted():
            return Notifications("contradicted", None, (), _answer_contradicted(change), None)
        case ReferralClosed():
            return Notifications("closed", None, _status(change), _withdraw_at_provider(change), _event(change))
        case DeliveredAfterClosure():
            return Notifications("late_receipt", None, (), _withdraw_late(change), None)
        case ReceiptRecorded():
            return Notifications("late_receipt", None, (), None, None)
        case PartnersLinked():
            return Notifications("linked", None, _status_of_helped(change), None, None)
        case QuestionAsked():
            return Notifications("asked", None, _question(change), None, None)
        case QuestionSettled():
            return Notifications("changed", None, (), None, None)
        case FactsUnanswerable():
            return Notifications("escalated", None, (), _nobody_can_answer(change), None)
        case NoticeGiven():
            return Notifications("escalated", None, (), _notice(change), None)
        case NeedUnmet():
            return Notifications("escalated", None, (), _unmet_need(change), None)
        case ReferralWaiting():
            return Notifications("escalated", None, (), _waiting_referral(change), None)
        case NeedDisputed():
            return Notifications("escalated", None, (), _disputed_need(change), None)
        case _:
            assert_never(change)


@dataclass(frozen=True, slots=True)
class WrittenMessages:
    """All that the changes of a record tell."""

    changes: tuple[Change, ...]
    """Those that change or tell something."""
    messages: tuple[Outgoing[Message], ...]
    escalations: tuple[Escalation, ...]
    """Those among `messages`, each raised for the first time."""
    results: frozenset[Result]
    """What the changes are counted as."""


def write_messages(changes: Iterable[Change], *, raised: Collection[UUID]) -> WrittenMessages:
    """
    Write what *changes* tell, to all audiences.

    Nobody on duty is called twice for one thing: an escalation among *raised* is left out, and with it a change that is
    nothing but that call. Whatever the order of the changes, deliveries come first, then how referrals go on,
    escalations, what has ended, and questions; so a partner hears of what was opened before it hears of what ended, and
    is asked last.
    """
    rows = [(change, row) for change in changes if _is_news(change, row := notifications_for(change), raised)]
    escalations = {row.on_duty.escalation_id: row.on_duty for _, row in rows if row.on_duty and _calls(row, raised)}
    messages: tuple[Outgoing[Message], ...] = (
        *(topics.DELIVERIES.message(row.provider, key=row.provider.person) for _, row in rows if row.provider),
        *_to_others(row for change, row in rows if not isinstance(change, ReferralClosed | QuestionAsked)),
        *(topics.ESCALATIONS.message(escalation, key=escalation.person) for escalation in escalations.values()),
        *_to_others(row for change, row in rows if isinstance(change, ReferralClosed)),
        *_to_others(row for change, row in rows if isinstance(change, QuestionAsked)),
    )
    made = tuple(change for change, _ in rows)
    return WrittenMessages(made, messages, tuple(escalations.values()), frozenset(row.result for _, row in rows))


def _is_news(change: Change, row: Notifications, raised: Collection[UUID]) -> bool:
    return not isinstance(change, OnlyCalls) or _calls(row, raised)


def _calls(row: Notifications, raised: Collection[UUID]) -> bool:
    """Whether people on duty are called, and were not called before."""
    return row.on_duty is not None and row.on_duty.escalation_id not in raised


def _to_others(rows: Iterable[Notifications]) -> Iterator[Outgoing[Message]]:
    """To partners, and to insight and audit."""
    for row in rows:
        yield from row.partners
        if row.insight is not None:
            yield topics.REFERRAL_EVENTS.message(row.insight, key=str(row.insight.referral_id))


def _status(change: StatusChange) -> ToPartners:
    """For each partner that raised the person: what it is for and how it stands, and nothing of the provider."""
    return tuple(
        _status_update(partner, change, reason=change.reason, closure_reason=change.closure_reason)
        for partner in change.referral.raised_by
    )


def _status_of_helped(change: PartnersLinked) -> ToPartners:
    return tuple(_status_update(partner, change) for partner in change.partners)


def _status_update(
    partner: RaisedBy, change: ReferralChange, *, reason: str = "", closure_reason: ClosureReason | None = None
) -> Outgoing[StatusUpdate]:
    update = StatusUpdate(
        referral_id=change.referral.referral_id,
        contact_id=partner.contact_id,
        reference=partner.reference,
        category=change.referral.category,
        status=change.referral.status,
        reason=reason,
        closure_reason=closure_reason,
        at=change.at,
    )
    return topics.STATUS.message(update, key=partner.reference, of=partner.source)


def _question(change: QuestionAsked) -> ToPartners:
    asked = change.question
    question = Question(
        question_id=asked.question_id,
        contact_id=asked.contact_id,
        reference=change.reference,
        facts=tuple(_described(path) for path in asked.facts),
        answer_by=asked.answer_by,
        asked_at=asked.asked_at,
    )
    return (topics.QUESTIONS.message(question, key=question.reference, of=asked.source),)


def _described(path: str) -> QuestionedFact:
    """A fact as any partner is asked for it: in words that follow from its path, and say nothing of the person."""
    fact, decides = FACTS.get(path), hangs_on(path)
    if fact is not None:
        return QuestionedFact(path=path, why=fact.why, allowed=in_words(fact.kind), decides=decides)
    # A fact that identifies the person, so that no rule sees it: what is made of it says why it is asked.
    made = ", ".join(fact.why for fact in FACTS.values() if fact.asked_as == path)
    return QuestionedFact(path=path, why=made, allowed=in_words(Day()), decides=decides)


def _event(change: StatusChange) -> ReferralEvent:
    referral = change.referral
    return ReferralEvent(
        referral_id=referral.referral_id,
        person=referral.person,
        category=referral.category,
        provider=referral.provider,
        rule=referral.rule,
        was=change.was,
        now=referral.status,
        reason=change.reason,
        closure_reason=change.closure_reason,
        at=change.at,
    )


def _approval_needed(change: ApprovalRequested) -> Escalation:
    referral = change.referral
    why = f"Referral {referral.reference} needs a yes or no: {change.why}"
    return _escalation(change, "approval-needed", why, to=referral.approval or DUTY, urgency=referral.urgency)


def _withdraw_at_provider(change: ReferralClosed) -> Escalation | None:
    """There is no withdrawal message for providers in this version: somebody tells the provider, if it has it."""
    return _withdraw(change, change.reason) if change.was in WITH_PROVIDER else None


def _withdraw_late(change: DeliveredAfterClosure) -> Escalation:
    return _withdraw(change, "it ended while it was being sent")


def _withdraw(change: ReferralChange, reason: str) -> Escalation:
    why = f"The provider has referral {change.referral.reference}, which has ended ({reason}): tell the provider"
    # A provider that writes to, or calls, a dead person's family does harm today, not next week.
    urgency: Urgency = "within_4_hours" if change.referral.status == "CLOSED_DECEASED" else "next_working_day"
    return _escalation(change, "withdraw-at-provider", why, urgency=urgency)


def _delivery_failed(change: DeliveryFailed) -> Escalation:
    why = f"Referral {change.referral.reference} could not be delivered ({change.reason or 'no reason given'})"
    return _escalation(change, "delivery-failed", why, urgency=change.referral.urgency)


def _rejected(change: ReferralRejected) -> Escalation:
    reference = change.referral.reference
    why = f"The provider rejected referral {reference} ({change.reason}): somebody else must be found"
    return _escalation(change, "rejected", why)


def _information_requested(change: InformationRequested | InformationRequestedAgain) -> Escalation:
    # Only words of our own vocabulary are passed on: a provider's free text could hold anything.
    ours = [path for path in dict.fromkeys(change.asks_for) if path in FACTS or path in ASKABLE_ONLY]
    others = len(set(change.asks_for)) - len(ours)
    wanted = [*ours, *([f"{others} other"] if others else [])]
    why = f"The provider of referral {change.referral.reference} asks for: {', '.join(wanted) or 'more information'}"
    return _escalation(change, "information-requested", why, apart=change.reply_id)


def _answer_contradicted(change: AnswerContradicted) -> Escalation:
    referral = change.referral
    why = f"Referral {referral.reference} is {referral.status} and the provider now says {change.answer}: ask it"
    return _escalation(change, "answer-contradicted", why, apart=change.reply_id)


def _nobody_can_answer(change: FactsUnanswerable) -> Escalation:
    why = f"Missing, and no partner is there to say it: {', '.join(change.paths)}"
    return _escalation(change, "nobody-can-answer", why, apart=",".join(sorted(change.paths)), within=change.episode)


def _notice(change: NoticeGiven) -> Escalation:
    notice = change.notice
    return _escalation(change, notice.kind, notice.why, to=notice.to, urgency=notice.urgency)


def _unmet_need(change: NeedUnmet) -> Escalation:
    need = change.unmet
    why = f"No provider can take the need {need.category}: {len(need.destinations)} considered"
    return _escalation(change, "unmet-need", why, apart=need.category)


def _waiting_referral(change: ReferralWaiting) -> Escalation:
    waits = change.waiting
    why = f"Not referred yet{f' for {waits.category}' if waits.category else ''}, first this: {waits.why}"
    return _escalation(change, "waiting-referral", why, apart=waits.category or "")


def _disputed_need(change: NeedDisputed) -> Escalation:
    named = ", ".join(change.paths)
    why = f"Another partner found what this one says there is no need for ({named}): it stands until both were asked"
    return _escalation(change, "need-disputed", why, apart=",".join(change.paths))


def _escalation(
    change: ReferralChange | DecisionChange,
    kind: str,
    why: str,
    *,
    to: str = DUTY,
    urgency: Urgency = "next_working_day",
    apart: str = "",
    within: UUID | None = None,
) -> Escalation:
    """A call of people on duty, once for a contact or *within* an episode; *apart* tells two of one kind apart."""
    referral = change.referral if isinstance(change, ReferralChange) else None
    about = change if isinstance(change, DecisionChange) else change.referral
    cause = (
        str(within or about.contact_id),
        kind,
        to,
        about.rule,
        str(referral.referral_id) if referral else "",
        apart,
    )
    return Escalation(
        escalation_id=derived_id("escalation", *cause),
        person=about.person,
        contact_id=about.contact_id,
        kind=kind,
        to=to,
        urgency=urgency,
        rule=about.rule,
        why=why,
        referral_id=referral.referral_id if referral else None,
        raised_at=change.at,
    )
