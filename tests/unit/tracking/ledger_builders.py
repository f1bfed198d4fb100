"""Decisions, replies and a small desk to try them on; each shows only what matters to a test."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from onward.contracts import codes
from onward.contracts.base import Message
from onward.contracts.codes import RuleClosureReason
from onward.contracts.decision import (
    Decision,
    LegalBasis,
    NeedsInformation,
    Notice,
    ProposedReferral,
    RuleVersion,
    Suppressed,
    Unmet,
)
from onward.contracts.ids import derived_id, referral_id
from onward.contracts.outcome import Ignored, Outgoing, Parked
from onward.contracts.referral import (
    Approval,
    Delivery,
    Escalation,
    Question,
    Receipt,
    ReferralEvent,
    Reply,
    StatusUpdate,
)
from onward.tracking.domain import replies
from onward.tracking.domain.changes import (
    RESULTS,
    Change,
    Changes,
    QuestionAsked,
    QuestionSettled,
    ReferralChange,
    ReferralRefreshed,
)
from onward.tracking.domain.decisions import changes_of_decision
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.model import KnownPartner, OpenQuestion, Partners, Referral
from onward.tracking.domain.notifications import write_messages

M = TypeVar("M", bound=Message)

PERSON = "7c" * 16
OPENED = {("custody", "custody-1"): "C/1", ("liaison", "liaison-1"): "L/1", ("probation", "probation-1"): "P/1"}
"""What the references of `a_decision` are when they are opened."""
ID_KEY = b"an id key for tests, thirty-two bytes or more"
MONDAY_9AM = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONSENT = LegalBasis(
    name="consent-referral", kind="consent", purpose="help with housing", article_6="6(1)(a)", citation="test"
)
VERSION = RuleVersion(name="test", version="1", sha256="0" * 64)

# Custody is asked for what it can see; liaison for needs and consent; probation for where somebody lives.
CAN_ANSWER: Mapping[str, tuple[str, ...]] = {
    "custody": ("person.date_of_birth", "accommodation.status", "event."),
    "liaison": ("needs.", "consent."),
    "probation": ("accommodation.", "release."),
}


WITH_THE_PERSON = "custody.detention-authorised"
"""The type of contact at which each of them has the person before it."""


def _answers(source: str, path: str, at: str, *, risk_unread: bool = False) -> bool:
    if risk_unread and path.startswith("risk."):
        return True
    return at in (WITH_THE_PERSON, "facts.answered") and path.startswith(CAN_ANSWER[source])


PARTNERS: Partners = {
    source: KnownPartner(partial(_answers, source), frozenset({"ACCOMMODATION"})) for source in CAN_ANSWER
}


def a_contact(name: str = "arrest") -> UUID:
    return derived_id("contact", name)


def a_proposal(
    rule: str = "housing-voluntary",
    *,
    contact: str = "arrest",
    category: codes.Category = "ACCOMMODATION",
    service: codes.Service = "housing_authority",
    provider: str = "sandwell-housing",
    **more: Any,
) -> ProposedReferral:
    given: dict[str, Any] = {
        "why": "Homeless and agrees",
        "urgency": "within_5_working_days",
        "legal_basis": CONSENT,
        "disclosed": (),
        "conditions": (),
        "destinations": (),
    }
    return ProposedReferral(
        referral_id=referral_id(a_contact(contact), rule, category),
        rule=rule,
        category=category,
        service=service,
        provider=provider,
        **(given | more),
    )


def a_decision(
    *proposals: ProposedReferral,
    contact: str = "arrest",
    source: str = "custody",
    references: Mapping[str, str] | None = None,
    at: datetime = MONDAY_9AM,
    missing: Sequence[str] = (),
    notices: Sequence[Notice] = (),
    suppressed: Sequence[Suppressed] = (),
    unmet: Sequence[Unmet] = (),
    in_reply_to: str | None = None,
    **more: Any,
) -> Decision:
    needs = (NeedsInformation(rule="housing-voluntary", category="ACCOMMODATION", missing=tuple(missing)),)
    given: dict[str, Any] = {
        "decision_id": derived_id("decision", contact, at.isoformat()),
        "situation_id": derived_id("situation", contact),
        "revision": 1,
        "person": PERSON,
        "contact_type": WITH_THE_PERSON,
        "episode": a_contact(f"first of {source}"),
        "to_ask": tuple(missing),
        "occurred_at": at - timedelta(minutes=5),
        "received_at": at,
        "in_reply_to": a_contact(in_reply_to) if in_reply_to else None,
        "directory": VERSION,
    }
    return Decision(
        contact_id=a_contact(contact),
        source=source,
        references={source: f"{source}-1"} if references is None else dict(references),
        referrals=proposals,
        notices=tuple(notices),
        needs_information=needs if missing else (),
        suppressed=tuple(suppressed),
        unmet=tuple(unmet),
        rules=VERSION,
        **(given | more),
    )


CLOSURE_REASONS: Mapping[str, RuleClosureReason] = {"deceased": "death", "deported": "removal_from_uk"}


def a_suppression(reason: str, closes: Any = "all") -> Suppressed:
    """A suppression with an author's word, and with the code for it if it closes any referral."""
    code = None if closes == "none" else CLOSURE_REASONS.get(reason, "return_to_prison")
    return Suppressed(rule=f"suppress-{reason}", reason=reason, closes=closes, closure_reason=code)


def a_reply(referral: UUID, status: Any, at: datetime = MONDAY_9AM, **more: Any) -> Reply:
    given: dict[str, Any] = {"reply_id": f"{status}-{at.isoformat()}", "replied_at": at}
    return Reply(referral_id=referral, status=status, **(given | more))


@dataclass(frozen=True, slots=True)
class Step:
    """What one record changed and told."""

    changes: tuple[Change, ...]
    messages: tuple[Outgoing[Message], ...]
    result: str
    dropped: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return all(isinstance(change, ReferralRefreshed) for change in self.changes)

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        return tuple(each.question for each in self.changes if isinstance(each, QuestionAsked | QuestionSettled))

    @property
    def referrals(self) -> tuple[Referral, ...]:
        return tuple(each.referral for each in self.changes if isinstance(each, ReferralChange))


def decide(decision: Decision, book: UnitOfWork, *, now: datetime) -> Step:
    """Make what a decision changes, and say what that was."""
    made = changes_of_decision(decision, book.entries_for(decision), partners=PARTNERS, now=now)
    return carry_out(made, book, decision)


def carry_out(made: Changes, book: UnitOfWork, decision: Decision | None = None) -> Step:
    """Write what some changes tell, and make them."""
    cases = tuple(book.cases.values())
    written = write_messages(made.changes, raised=book.raised, open_cases=cases, decision=decision)
    book.apply(written.changes, written.raised, written.cases)
    result = next(each for each in RESULTS if each in written.results) if written.results else made.if_nothing
    return Step(written.changes, written.messages, result, made.dropped)


class Desk:
    """A ledger in memory that takes records one by one and keeps everything that was said."""

    def __init__(self) -> None:
        self.book = UnitOfWork()
        self.now = MONDAY_9AM
        self.said: list[Outgoing[Message]] = []

    def decide(self, decision: Decision) -> Step:
        step = decide(decision, self.book, now=self.now)
        self.said.extend(step.messages)
        return step

    def reply(self, referral: UUID, status: Any, **more: Any) -> Step | Ignored | Parked:
        provider = more.pop("provider", "sandwell-housing")
        reply = a_reply(referral, status, self.now, **more)
        return self._keep(replies.changes_of_reply(self._found(referral), reply, provider=provider, now=self.now))

    def receipt(self, referral: UUID, outcome: Any = "sent", **more: Any) -> Step | Ignored | Parked:
        given: dict[str, Any] = {"person": PERSON, "provider": "sandwell-housing"}
        receipt = Receipt(referral_id=referral, outcome=outcome, **(given | more))
        return self._keep(replies.changes_of_receipt(self._found(referral), receipt, now=self.now))

    def approve(self, referral: UUID, *, approved: bool = True, role: str = "approving-practitioner") -> Any:
        approval = Approval(referral_id=referral, approved=approved, by="staff-0001", role=role, at=self.now)
        return self._keep(replies.changes_of_approval(self._found(referral), approval, now=self.now))

    def _found(self, referral: UUID) -> Referral | None:
        return self.book.referral(referral)

    def _keep(self, made: Changes | Ignored | Parked) -> Step | Ignored | Parked:
        if isinstance(made, Ignored | Parked):
            return made
        step = carry_out(made, self.book)
        self.said.extend(step.messages)
        return step if step.changes else Ignored(step.result)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def status(self, referral: UUID) -> str:
        found = self.book.referral(referral)
        assert found is not None
        return found.status

    def live(self) -> list[Referral]:
        return list(self.book.entries_for(a_decision()).referrals)

    def all_of(self, kind: type[M]) -> list[M]:
        return [message.body for message in self.said if isinstance(message.body, kind)]

    def deliveries(self) -> list[Delivery]:
        return self.all_of(Delivery)

    def escalations(self) -> list[Escalation]:
        return self.all_of(Escalation)

    def events(self) -> list[ReferralEvent]:
        return self.all_of(ReferralEvent)

    def questions(self) -> list[Question]:
        return self.all_of(Question)

    def statuses(self) -> dict[str, list[StatusUpdate]]:
        """What each partner was told, by topic."""
        told: dict[str, list[StatusUpdate]] = defaultdict(list)
        for message in self.said:
            if isinstance(message.body, StatusUpdate):
                told[message.topic].append(message.body)
        return told
