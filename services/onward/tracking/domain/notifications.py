"""
Who is told of what: one table of changes and audiences, and the one function that writes messages from it.

Nothing else in this service makes a message, but the calls of people on duty, whose words are in `calls.py`. What
partners are told names them by sealed references and our own ids of contacts; `partner_references.py` makes both the
partner's own before anything leaves.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from onward.contracts import topics
from onward.contracts.asking import hangs_on
from onward.contracts.base import Message
from onward.contracts.codes import ClosureReason, ReferralStatus
from onward.contracts.decision import Decision
from onward.contracts.erasure import ErasureReport, Tombstone
from onward.contracts.fact_kinds import Day, in_words
from onward.contracts.facts import FACTS
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import (
    Delivery,
    Escalation,
    Question,
    QuestionedFact,
    ReferralEvent,
    StatusUpdate,
    Withdrawal,
    WithdrawalReason,
)
from onward.tracking.domain import calls, cases
from onward.tracking.domain.cases import DutyCase
from onward.tracking.domain.changes import (
    AnswerContradicted,
    AppointmentMissed,
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalLapsed,
    ApprovalRequested,
    CareContinued,
    CareEnded,
    CareProgressed,
    Change,
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
    PersonDied,
    PersonUnreachable,
    PlanJoined,
    QuestionAsked,
    QuestionSettled,
    ReceiptRecorded,
    ReferralAccepted,
    ReferralChange,
    ReferralClosed,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralOpened,
    ReferralParted,
    ReferralReceived,
    ReferralRefreshed,
    ReferralRejected,
    ReferralWaiting,
    Result,
    StatusChange,
    WithdrawalAcknowledged,
    WithdrawalFailed,
    WithdrawalSent,
)
from onward.tracking.domain.model import RaisedBy
from onward.tracking.domain.on_duty import OnDuty

ToPartners: TypeAlias = tuple[Outgoing[StatusUpdate] | Outgoing[Question], ...]


@dataclass(frozen=True, slots=True)
class Notifications:
    """What one change tells each audience. None has a default: whoever adds a change answers for all of them."""

    result: Result | None
    """What operators see the record counted as; None: it is no news of the referral, and counts for nothing."""
    provider: Delivery | Withdrawal | None
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
            return Notifications("opened", None, _status(change), calls.approval_needed(change), _event(change))
        case ApprovalGiven():
            # Partners were told READY already: that somebody had to approve would tell of a register.
            return Notifications("changed", change.delivery, (), None, _event(change))
        case ApprovalDeclined():
            return Notifications("closed", None, _status(replace(change, reason="")), None, _event(change))
        case DeliverySent() | ReferralReceived() | ReferralAccepted() | CareProgressed():
            return Notifications("changed", None, _status(change), None, _event(change))
        case CareContinued():
            return Notifications("changed", None, (), None, _event(change))
        case AppointmentMissed():
            return Notifications("changed", None, _status(change), calls.missed(change), _event(change))
        case CareEnded():
            return Notifications("changed", None, _status(change), calls.care_ended(change), _event(change))
        case PersonUnreachable():
            return Notifications("changed", None, _status(change), calls.unreachable(change), _event(change))
        case ReferralEnteredInError():
            return Notifications("changed", None, _status(change), calls.entered_in_error(change), _event(change))
        case DeliveryFailed():
            return Notifications("changed", None, _status(change), calls.delivery_failed(change), _event(change))
        case ReferralRejected():
            return Notifications("changed", None, _status(change), calls.rejected(change), _event(change))
        case InformationRequested():
            return Notifications("changed", None, _status(change), calls.information_requested(change), _event(change))
        case InformationRequestedAgain():
            return Notifications("escalated", None, (), calls.information_requested(change), None)
        case AnswerContradicted():
            return Notifications("contradicted", None, (), calls.answer_contradicted(change), None)
        case ApprovalLapsed():
            told = _status(replace(change, reason=""))
            return Notifications("closed", None, told, calls.approval_lapsed(change), _event(change))
        case ReferralClosed():
            return Notifications("closed", _withdrawal(change), _status(change), None, _event(change))
        case ReferralExpired():
            return Notifications("closed", None, _status(change), None, _event(change))
        case DeliveredAfterClosure():
            return Notifications("late_receipt", _withdrawal(change), (), None, None)
        case WithdrawalSent() | WithdrawalAcknowledged():
            return Notifications("changed", None, (), None, None)
        case WithdrawalFailed():
            return Notifications("escalated", None, (), calls.withdraw(change), None)
        case PersonDied():
            return Notifications("escalated", None, (), calls.death_told(change), None)
        case ReceiptRecorded():
            return Notifications("late_receipt", None, (), None, None)
        case PartnersLinked():
            return Notifications("linked", None, _status_of_helped(change), None, None)
        case ReferralRefreshed():
            call = calls.basis_said_otherwise(change)
            return Notifications("escalated" if call else None, None, (), call, None)
        case PlanJoined():
            return Notifications("linked", None, (), None, None)
        case ReferralParted():
            return Notifications("changed", None, (), None, None)
        case QuestionAsked():
            return Notifications("asked", None, _question(change), None, None)
        case QuestionSettled():
            return Notifications("changed", None, (), None, None)
        case FactsUnanswerable():
            return Notifications("escalated", None, (), calls.nobody_can_answer(change), None)
        case NoticeGiven():
            return Notifications("escalated", None, (), calls.notice(change), None)
        case NeedUnmet():
            return Notifications("escalated", None, (), calls.unmet_need(change), None)
        case ReferralWaiting():
            return Notifications("escalated", None, (), calls.waiting_referral(change), None)
        case NeedDisputed():
            return Notifications("escalated", None, (), calls.disputed_need(change), None)
        case _:
            assert_never(change)


@dataclass(frozen=True, slots=True)
class WrittenMessages:
    """All that the changes of a record tell."""

    changes: tuple[Change, ...]
    """Those that change or tell something."""
    messages: tuple[Outgoing[Message], ...]
    raised: Mapping[UUID, str]
    """What people on duty were called for, each for the first time, with its person."""
    cases: tuple[DutyCase, ...]
    """The cases that were opened, got news or were closed, as they stand now."""
    results: frozenset[Result]
    """What the changes are counted as."""


def _is_gathered(call: Escalation | None) -> bool:
    return call is not None and call.kind in cases.GATHERED


def write_messages(
    changes: Iterable[Change],
    *,
    raised: Collection[UUID],
    open_cases: Iterable[DutyCase] = (),
    decision: Decision | None = None,
) -> WrittenMessages:
    """
    Write what *changes* tell, to all audiences.

    Nobody on duty is called twice for one thing: an escalation among *raised* is left out, and with it a change that is
    nothing but that call; what belongs to one of the *open_cases* is news to it. Whatever the order of the changes,
    deliveries come first, then how referrals go on, escalations, what has ended, and questions; so a partner hears of
    what was opened before it hears of what ended, and is asked last.

    Args:
        changes: What a record changes.
        raised: What people on duty were called for before.
        open_cases: The cases of the persons concerned.
        decision: The record, where it is one: a case that it opens has its card from it.
    """
    on_duty = OnDuty(raised, open_cases, decision)
    told = [(change, notifications_for(change)) for change in changes]
    # Last what may be a line of a case that another opens.
    in_order = sorted(range(len(told)), key=lambda index: _is_gathered(told[index][1].on_duty))
    called = {index: on_duty.is_called(told[index][0], told[index][1].on_duty) for index in in_order}
    rows = [each for index, each in enumerate(told) if called[index] or not isinstance(each[0], OnlyCalls)]
    made = tuple(change for change, _ in rows)
    on_duty.refresh()
    on_duty.close(made)
    messages: tuple[Outgoing[Message], ...] = (
        *(_to_dispatch(row.provider) for _, row in rows if row.provider),
        *_to_others(row for change, row in rows if not isinstance(change, ReferralClosed | QuestionAsked)),
        *(topics.ESCALATIONS.message(call, key=call.person) for call in on_duty.calls),
        *_to_others(row for change, row in rows if isinstance(change, ReferralClosed)),
        *_to_others(row for change, row in rows if isinstance(change, QuestionAsked)),
    )
    results: frozenset[Result] = frozenset(row.result for _, row in rows if row.result)
    return WrittenMessages(made, messages, on_duty.raised, tuple(on_duty.changed.values()), results)


def messages_of_erasure(
    closed: Iterable[ReferralClosed], done: Tombstone, report: ErasureReport
) -> tuple[Outgoing[Message], ...]:
    """What is told when a person was erased: providers to stop, insight that it ended; partners nothing."""
    told = [notifications_for(change) for change in closed]
    return (
        *(_to_dispatch(row.provider) for row in told if row.provider),
        *_to_others(replace(row, partners=()) for row in told),
        topics.TOMBSTONES.message(done, key=done.named),
        topics.ERASURE_REPORTS.message(report, key=str(report.erasure_id)),
    )


def _to_dispatch(told: Delivery | Withdrawal) -> Outgoing[Message]:
    if isinstance(told, Delivery):
        return topics.DELIVERIES.message(told, key=told.person)
    return topics.WITHDRAWALS.message(told, key=told.person)


def _to_others(rows: Iterable[Notifications]) -> Iterator[Outgoing[Message]]:
    """To partners, and to insight and audit."""
    for row in rows:
        yield from row.partners
        if row.insight is not None:
            yield topics.REFERRAL_EVENTS.message(row.insight, key=str(row.insight.referral_id))


def _status(change: StatusChange) -> ToPartners:
    """
    For each partner that raised the person: what it is for and how it stands, and nothing of the provider.

    What waits for an approval is READY to a partner: of a register, another one's word, it learns nothing by it.
    """
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
        status="READY" if change.referral.status == "AWAITING_APPROVAL" else change.referral.status,
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
        outcomes=change.outcomes,
        at=change.at,
    )


def _withdrawal(change: ReferralClosed | DeliveredAfterClosure) -> Withdrawal | None:
    """What the provider is told, if it has the referral."""
    referral = change.referral
    if referral.withdrawal is None:
        return None
    return Withdrawal(
        referral_id=referral.referral_id,
        reference=referral.reference,
        person=referral.delivered_as or referral.person,
        provider=referral.provider,
        reason=_as_far_as_the_provider_may_know(referral.status),
        at=change.at,
    )


def _as_far_as_the_provider_may_know(status: ReferralStatus) -> WithdrawalReason:
    return status if status in ("CONSENT_WITHDRAWN", "COMPLETED", "ENTERED_IN_ERROR") else "WITHDRAWN"
