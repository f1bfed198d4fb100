"""
Cases of people on duty: what they are called for, one for a person, kind and role, to which later news is added.

A case closes when its cause does, or by a person with a reason. So nobody is called ten times for one thing, and
nothing that a call was about is forgotten when the message has been read.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, get_args
from uuid import UUID

from onward.contracts.codes import NoticeUrgency
from onward.contracts.decision import Decision
from onward.contracts.referral import Escalation
from onward.tracking.domain.changes import (
    ApprovalGiven,
    Change,
    ReferralChange,
    ReferralOpened,
    ReferralReceived,
    StatusChange,
    WithdrawalAcknowledged,
    WithdrawalSent,
)
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.knowing import newer_card
from onward.tracking.domain.model import CaseCard

SAME_ALARM_WITHIN: Final = timedelta(hours=4)
"""An alarm under one reference of a partner is another one after this long: it may be the next crisis."""
_ALARMS: Final = frozenset[NoticeUrgency]({"immediate", "within_4_hours"})
SAME_CASE_WITHIN: Final = timedelta(days=28)
"""After this long, what comes is a case of its own, whether or not somebody has closed the last."""

COORDINATING: Final = frozenset({"offender-manager", "resettlement-team", "prison-housing", "duty-practitioner"})
"""Roles that see to the whole of a person: what else is missing for them is a line of the case that they have."""
GATHERED: Final = frozenset({"nobody-can-answer", "waiting-referral"})
"""Kinds that are no call of their own where a coordinating role is called for the same person at once."""

_URGENCIES: Final[tuple[NoticeUrgency, ...]] = get_args(NoticeUrgency)
_UNTIL_ANOTHER_HELPS: Final = frozenset(
    {"rejected", "unreachable", "discharged", "did-not-attend", "unmet-need", "approval-lapsed"}
)
"""Kinds that ask for somebody else: a new referral for the need is the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCase:
    """One case as it stands."""

    case_id: UUID
    """Of the escalation that opened it."""
    person: str
    contact_id: UUID
    kind: str
    role: str
    area: str | None
    urgency: NoticeUrgency
    rule: str
    subject: str
    """What tells it apart from others of its kind: a category, facts."""
    episode: UUID | None = None
    """The decision's: two alarms under two references of partners are two."""
    referral_id: UUID | None
    lines: tuple[str, ...]
    """What was said, the first first."""
    revision: int = 0
    """How often news was added."""
    opened_at: datetime
    news_at: datetime
    act_by: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    """A person's user name, or `onward`."""
    closed_because: str | None = None
    card: CaseCard | None = None
    """Gone when the case is closed: it holds personal data."""


def opened(escalation: Escalation, card: CaseCard | None, *, episode: UUID | None = None) -> DutyCase:
    """The case that *escalation* opens, in the *episode* of the decision that it follows from."""
    at = escalation.raised_at
    return DutyCase(
        case_id=escalation.escalation_id,
        person=escalation.person,
        contact_id=escalation.contact_id,
        kind=escalation.kind,
        role=escalation.to,
        area=escalation.area,
        urgency=escalation.urgency,
        rule=escalation.rule,
        subject=escalation.subject,
        episode=episode,
        referral_id=escalation.referral_id,
        lines=(escalation.why,),
        opened_at=at,
        news_at=at,
        act_by=at + SAME_CASE_WITHIN if escalation.urgency == "digest" else respond_by(escalation.urgency, at),
        card=card,
    )


def covering(
    escalation: Escalation, cases: Iterable[DutyCase], persons: Collection[str], *, episode: UUID | None
) -> DutyCase | None:
    """The open case to which *escalation*, of an *episode*, is news: the person has or had the keys *persons*."""
    for case in cases:
        same = (
            case.closed_at is None
            and case.person in persons
            and (case.kind, case.role) == (escalation.kind, escalation.to)
            and (case.subject, case.referral_id) == (escalation.subject, escalation.referral_id)
        )
        alarm = not _ALARMS.isdisjoint({case.urgency, escalation.urgency})
        if alarm and case.episode != episode:
            continue
        within = SAME_ALARM_WITHIN if alarm else SAME_CASE_WITHIN
        as_urgent = _URGENCIES.index(case.urgency) <= _URGENCIES.index(escalation.urgency)
        if same and as_urgent and escalation.raised_at - case.opened_at < within:
            return case
    return None


def with_news(case: DutyCase, escalation: Escalation) -> DutyCase:
    """The case after *escalation*: the same case, where it says nothing new."""
    if escalation.why in case.lines:
        return case
    return replace(case, lines=(*case.lines, escalation.why), revision=case.revision + 1, news_at=escalation.raised_at)


def parted(case: DutyCase, decision: Decision) -> DutyCase:
    """
    The case as its person's own, where two people were taken for one: with nothing on its card of who the other is.

    A case of the others' contacts, kept with this person until then, names nobody until their own decision comes.
    """
    if decision.parted is None:
        return case
    own = case.contact_id in decision.parted.own
    if not own and case.contact_id not in decision.parted.contacts:
        return case
    card = case.card and replace(case.card, sealed="", references={}, known_at=None)
    return replace(case, person=decision.person if own else case.person, card=card)


def refreshed(case: DutyCase, decision: Decision) -> DutyCase:
    """
    The case with what is known by *decision* of who the person is and how to reach them.

    A number that is said to be unsafe since must not be rung from a card of yesterday.
    """
    if case.card is None or (decision.parted and case.contact_id in decision.parted.contacts):
        return case
    known = newer_card(case.card, decision, whose=case.person)
    return case if known is case.card else replace(case, card=known)


def closed(case: DutyCase, *, by: str, because: str, now: datetime) -> DutyCase:
    """The case after it was closed; its card is forgotten."""
    return replace(case, closed_at=now, closed_by=by, closed_because=because, card=None)


def closed_by_cause(
    changes: Iterable[Change], cases: Collection[DutyCase], persons: Collection[str]
) -> Iterator[DutyCase]:
    """The open cases of *cases* whose cause is over with one of *changes*; *persons* are other keys of the person."""
    for change in changes:
        if not isinstance(change, ReferralChange):
            continue
        referral = change.referral
        for case in cases:
            if case.closed_at is None and (_is_over(case, change) or _is_answered(case, change, persons)):
                because = f"referral {referral.reference} is {referral.status}"
                yield closed(case, by="onward", because=because, now=change.at)


def _is_over(case: DutyCase, change: ReferralChange) -> bool:
    """Whether the referral that it is about has moved on."""
    if case.referral_id != change.referral.referral_id:
        return False
    if case.kind == "withdraw-at-provider":
        return isinstance(change, WithdrawalSent | WithdrawalAcknowledged)
    if not isinstance(change, StatusChange) or change.was == change.referral.status:
        return False  # said again, it is not over
    # That the provider has it, is no answer to what it asked.
    return not (case.kind == "information-requested" and isinstance(change, ReferralReceived))


def _is_answered(case: DutyCase, change: ReferralChange, persons: Collection[str]) -> bool:
    """Whether another referral for its need goes out: one that waits for a yes may yet be declined."""
    referral = change.referral
    return (
        isinstance(change, ReferralOpened | ApprovalGiven)
        and case.kind in _UNTIL_ANOTHER_HELPS
        and case.subject == referral.category
        and case.person in (referral.person, *persons)
    )


def may_gather(case: DutyCase) -> bool:
    """Whether it is with whoever sees to the whole person, and ends with no referral: what is added must not, too."""
    lasts = case.referral_id is None and case.kind not in _UNTIL_ANOTHER_HELPS
    return case.role in COORDINATING and case.urgency != "digest" and lasts
