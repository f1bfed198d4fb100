from datetime import timedelta

import pytest

from onward.contracts.codes import RuleClosureReason
from onward.contracts.decision import Suppressed
from onward.contracts.referral import ReferralEvent, Withdrawal
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_decision, a_proposal, a_suppression


def test_a_death_closes_everything_and_tells_each_provider_that_has_it_to_stop() -> None:
    desk = Desk()
    housing, debt = a_proposal(release=True), a_proposal("debt", category="FINANCE_DEBT", service="debt_advice")
    desk.decide(a_decision(housing, debt))
    desk.receipt(housing.referral_id)
    step = desk.decide(a_decision(contact="death", suppressed=[a_suppression("deceased")]))
    assert step.result == "closed"
    assert {desk.status(housing.referral_id), desk.status(debt.referral_id)} == {"CLOSED_DECEASED"}
    # Only the one that was sent: nobody has the other.
    assert [withdrawal.referral_id for withdrawal in desk.all_of(Withdrawal)] == [housing.referral_id]
    assert desk.escalations() == []
    desk.receipt(housing.referral_id, "refused", of="withdrawal", reason="provider_unknown")
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.referral_id) == ("withdraw-at-provider", housing.referral_id)
    assert escalation.urgency == "within_4_hours"
    assert desk.statuses()["status.custody"][-1].reason == "deceased"


def test_a_death_reported_late_still_closes_what_came_after_it() -> None:
    desk = Desk()
    housing = a_proposal()
    desk.decide(a_decision(housing))
    desk.decide(
        a_decision(contact="death", suppressed=[a_suppression("deceased")], occurred_at=MONDAY_9AM - timedelta(days=3))
    )
    assert desk.status(housing.referral_id) == "CLOSED_DECEASED"


def test_a_return_to_prison_withdraws_release_referrals_only() -> None:
    desk = Desk()
    housing, debt = a_proposal(release=True), a_proposal("debt", category="FINANCE_DEBT", service="debt_advice")
    desk.decide(a_decision(housing, debt))
    desk.decide(
        a_decision(
            contact="recall",
            suppressed=[a_suppression("returned", "release")],
            occurred_at=MONDAY_9AM + timedelta(minutes=30),
        )
    )
    assert desk.status(housing.referral_id) == "WITHDRAWN"
    assert desk.status(debt.referral_id) == "READY"


def test_a_return_to_prison_before_the_release_does_not_end_what_the_release_opened() -> None:
    desk = Desk()
    housing = a_proposal(release=True)
    desk.decide(a_decision(housing))
    desk.decide(
        a_decision(
            contact="older",
            suppressed=[a_suppression("returned", "release")],
            occurred_at=MONDAY_9AM - timedelta(days=2),
        )
    )
    assert desk.status(housing.referral_id) == "READY"


def test_a_suppression_that_closes_nothing_closes_nothing() -> None:
    desk = Desk()
    housing = a_proposal(release=True)
    desk.decide(a_decision(housing))
    desk.decide(a_decision(contact="court", suppressed=[a_suppression("court", "none")], at=MONDAY_9AM + timedelta(1)))
    assert desk.status(housing.referral_id) == "READY"


def test_a_death_wins_over_any_other_end() -> None:
    desk = Desk()
    housing = a_proposal()
    desk.decide(a_decision(housing))
    desk.decide(a_decision(contact="x", suppressed=[a_suppression("deported"), a_suppression("deceased")]))
    assert desk.status(housing.referral_id) == "CLOSED_DECEASED"


def test_a_referral_waiting_for_approval_is_withdrawn_and_forgets_what_it_held() -> None:
    desk = Desk()
    proposal = a_proposal(approval="approving-practitioner")
    desk.decide(a_decision(proposal))
    desk.decide(a_decision(contact="x", suppressed=[a_suppression("deported")], at=MONDAY_9AM + timedelta(hours=1)))
    withdrawn = desk.book.referral(proposal.referral_id)
    assert withdrawn is not None
    assert (withdrawn.status, withdrawn.held) == ("WITHDRAWN", None)
    assert desk.deliveries() == []


def test_a_referral_withdrawn_on_its_way_and_sent_all_the_same_is_taken_back() -> None:
    desk = Desk()
    housing = a_proposal()
    desk.decide(a_decision(housing))
    desk.decide(a_decision(contact="x", suppressed=[a_suppression("deported")], at=MONDAY_9AM + timedelta(hours=1)))
    assert desk.all_of(Withdrawal) == []
    desk.receipt(housing.referral_id)
    assert [withdrawal.referral_id for withdrawal in desk.all_of(Withdrawal)] == [housing.referral_id]
    assert desk.status(housing.referral_id) == "WITHDRAWN"


def test_a_decision_may_end_old_referrals_and_open_new_ones() -> None:
    desk = Desk()
    housing = a_proposal(release=True)
    desk.decide(a_decision(housing))
    again = a_proposal(contact="hospital")
    desk.decide(
        a_decision(
            again,
            contact="hospital",
            suppressed=[a_suppression("hospital", "release")],
            at=MONDAY_9AM + timedelta(hours=1),
        )
    )
    assert (desk.status(housing.referral_id), desk.status(again.referral_id)) == ("WITHDRAWN", "READY")


def test_another_person_s_referrals_are_left_alone() -> None:
    desk = Desk()
    housing = a_proposal()
    desk.decide(a_decision(housing))
    desk.decide(a_decision(contact="x", suppressed=[a_suppression("deceased")], person="ab" * 16))
    assert desk.status(housing.referral_id) == "READY"


@pytest.mark.parametrize("word", ["deceased", "died", "returned", "stale"])
def test_how_a_referral_ends_hangs_on_the_code_and_not_on_the_author_s_word(word: str) -> None:
    ends: dict[RuleClosureReason, str] = {
        "death": "CLOSED_DECEASED",
        "removal_from_uk": "WITHDRAWN",
        "return_to_prison": "WITHDRAWN",
    }
    for code, status in ends.items():
        desk = Desk()
        housing = a_proposal(release=True)
        desk.decide(a_decision(housing))
        desk.receipt(housing.referral_id)
        ended = Suppressed(rule="any", reason=word, closes="all", closure_reason=code)
        desk.decide(a_decision(contact="end", suppressed=[ended], at=MONDAY_9AM + timedelta(hours=1)))
        assert desk.status(housing.referral_id) == status
        assert [withdrawal.reason for withdrawal in desk.all_of(Withdrawal)] == ["WITHDRAWN"]
        told = desk.statuses()["status.custody"][-1]
        assert (told.status, told.reason, told.closure_reason) == (status, word, code)
        [*_, event] = [message.body for message in desk.said if isinstance(message.body, ReferralEvent)]
        assert (event.now, event.closure_reason) == (status, code)


@pytest.mark.parametrize("word", ["deceased", "deported", "returned"])
def test_a_decision_that_is_handled_again_ends_nothing_that_was_made_since(word: str) -> None:
    """He was met alive after the prison told of his death; then the ledger is set back and reads it all again."""
    desk = Desk()
    gone = a_decision(contact="gone", suppressed=[a_suppression(word)])
    desk.decide(gone)
    told_at = desk.now
    desk.later(days=2)
    met = a_proposal(contact="met alive", release=True)
    desk.decide(a_decision(met, contact="met alive", at=MONDAY_9AM - timedelta(hours=1)))
    desk.now = told_at
    desk.decide(gone)
    assert desk.status(met.referral_id) == "READY"
