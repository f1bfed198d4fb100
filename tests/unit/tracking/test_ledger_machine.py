"""Any interleaving of decisions, receipts, replies, approvals and repeats: what must hold whatever comes."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from onward.chassis.record import Received
from onward.contracts.base import Message
from onward.contracts.codes import ReferralStatus
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Parked, Published
from onward.contracts.referral import Approval, Delivery, Escalation, Receipt, ReferralEvent, Reply
from onward.tracking import handlers
from onward.tracking.domain.changes import RESULTS
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.lifecycle import ALLOWED, stands_in_the_way
from onward.tracking.domain.model import Referral
from unit.tracking.ledger_builders import (
    ID_KEY,
    MONDAY_9AM,
    OPENED,
    PARTNERS,
    PERSON,
    a_contact,
    a_decision,
    a_proposal,
    a_suppression,
)

CONTACTS = ("one", "two", "three")
HOUSING: Mapping[str, Any] = {
    "rule": "housing",
    "category": "ACCOMMODATION",
    "service": "housing_authority",
    "release": True,
}
DEBT: Mapping[str, Any] = {
    "rule": "debt",
    "category": "FINANCE_DEBT",
    "service": "debt_advice",
    "approval": "approving-practitioner",
}
PROPOSALS = {
    (contact, need["rule"]): a_proposal(contact=contact, **need) for contact in CONTACTS for need in (HOUSING, DEBT)
}
IDS = (*(proposal.referral_id for proposal in PROPOSALS.values()), a_contact("never"))
PARKED = {"unknown_referral", "not_their_referral", "schema", "wrong_role", "no_approval_needed"}
IGNORED = {"repeat", "overtaken", "closed", "already_open", "nothing_to_do"}

contacts = st.sampled_from(CONTACTS)
ids = st.sampled_from(IDS)
hours = st.integers(min_value=0, max_value=24 * 40)


class LedgerMachine(RuleBasedStateMachine):
    """One ledger, and everything that was ever said."""

    def __init__(self) -> None:
        super().__init__()
        self.book = UnitOfWork(opened=OPENED)
        self.now = MONDAY_9AM
        self.said: list[Outgoing[Message]] = []
        self.offset = 0

    def take(self, handle: Any, body: Message, topic: str = "t", **more: Any) -> None:
        self.offset += 1
        record = Received(body, topic, None, self.now, self.offset, 0)
        outcome: Outcome = handle(record, self.book, id_key=ID_KEY, **more)
        match outcome:
            case Published(messages, result):
                assert result in RESULTS
                self.said.extend(messages)
            case Ignored(reason):
                assert reason in IGNORED
            case Parked(reason, pointer):
                assert reason in PARKED
                assert pointer.startswith("/")
            case _:
                raise AssertionError(outcome)

    @rule(by=hours)
    def time_passes(self, by: int) -> None:
        self.now += timedelta(hours=by)

    @rule(
        contact=contacts,
        needs=st.sets(st.sampled_from(["housing", "debt"])),
        missing=st.sets(st.sampled_from(["accommodation.status", "needs.finance_debt", "event.setting"])),
        source=st.sampled_from(["custody", "liaison"]),
    )
    def a_decision_comes(self, contact: str, needs: set[str], missing: set[str], source: str) -> None:
        proposals = [PROPOSALS[contact, need] for need in sorted(needs)]
        decision = a_decision(*proposals, contact=contact, source=source, missing=sorted(missing), at=self.now)
        before = {found.referral_id for found in self.referrals}
        self.take(handlers.handle_decision, decision, partners=PARTNERS)
        # Of a need that is being helped, no second referral is opened.
        for opened in (found for found in self.referrals if found.referral_id not in before):
            beside = [
                found
                for found in self.referrals
                if (found.category, found.service) == (opened.category, opened.service)
                and stands_in_the_way(found, now=self.now)
            ]
            assert beside == [opened]

    @rule(reason=st.sampled_from(["deceased", "returned"]), closes=st.sampled_from(["all", "release", "none"]))
    def a_suppression_comes(self, reason: str, closes: str) -> None:
        decision = a_decision(contact="end", suppressed=[a_suppression(reason, closes)], at=self.now)
        self.take(handlers.handle_decision, decision, partners=PARTNERS)

    @rule(referral=ids, outcome=st.sampled_from(["sent", "refused"]))
    def a_receipt_comes(self, referral: UUID, outcome: Any) -> None:
        receipt = Receipt(referral_id=referral, person=PERSON, provider="sandwell-housing", outcome=outcome)
        self.take(handlers.handle_receipt, receipt)

    @rule(
        referral=ids,
        said=st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["RECEIVED", "ACCEPTED", "REJECTED", "INFO_REQUESTED"]),
            st.sampled_from([None, "NO_CAPACITY"]),
        ),
        provider=st.sampled_from(["sandwell-housing", "sandwell-housing", "dudley-housing"]),
        before=hours,
    )
    def a_reply_comes(self, referral: UUID, said: tuple[Any, Any, Any], provider: str, before: int) -> None:
        reply_id, status, reason = said
        replied_at = self.now - timedelta(hours=before)
        reply = Reply(reply_id=reply_id, referral_id=referral, status=status, reason=reason, replied_at=replied_at)
        self.take(handlers.handle_reply, reply, f"replies.{provider}")

    @rule(referral=ids, approved=st.booleans(), role=st.sampled_from(["approving-practitioner", "custody-officer"]))
    def an_approval_comes(self, referral: UUID, approved: bool, role: str) -> None:
        approval = Approval(referral_id=referral, approved=approved, by="staff-0001", role=role, at=self.now)
        self.take(handlers.handle_approval, approval)

    def of(self, kind: type[Any]) -> list[Any]:
        return [message.body for message in self.said if isinstance(message.body, kind)]

    @property
    def referrals(self) -> list[Referral]:
        return [found for one in IDS if (found := self.book.referral(one)) is not None]

    @invariant()
    def every_step_is_allowed_and_follows_the_one_before(self) -> None:
        stands: dict[UUID, ReferralStatus | None] = {}
        for event in self.of(ReferralEvent):
            assert event.was == stands.get(event.referral_id)
            assert event.now in ALLOWED[event.was]
            stands[event.referral_id] = event.now
        assert stands == {referral.referral_id: referral.status for referral in self.referrals}

    @invariant()
    def no_referral_is_delivered_twice_or_without_the_approval_it_needs(self) -> None:
        deliveries: list[Delivery] = self.of(Delivery)
        assert max(Counter(delivery.referral_id for delivery in deliveries).values(), default=0) <= 1
        assert all((delivery.approved_by is not None) == (delivery.rule == "debt") for delivery in deliveries)

    @invariant()
    def personal_data_is_held_only_while_somebody_must_approve(self) -> None:
        assert all((found.held is not None) == (found.status == "AWAITING_APPROVAL") for found in self.referrals)

    @invariant()
    def nobody_is_called_twice_for_one_thing(self) -> None:
        called = [escalation.escalation_id for escalation in self.of(Escalation)]
        assert len(called) == len(set(called))


LedgerMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestLedgerMachine = LedgerMachine.TestCase
