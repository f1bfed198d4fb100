from datetime import UTC, date, datetime, timedelta

import pytest

from onward.contracts.codes import Urgency
from onward.contracts.decision import Notice, Unmet, Waiting
from onward.contracts.referral import Delivery
from onward.contracts.situation import PastStatement
from onward.tracking.domain.phone_references import choose
from unit.tracking.ledger_builders import MONDAY_9AM, PERSON, Desk, a_decision, a_proposal, a_suppression


def test_a_proposed_referral_is_delivered_and_told_to_the_partner_that_raised_the_person() -> None:
    desk = Desk()
    proposal = a_proposal()
    step = desk.decide(a_decision(proposal, facts={"accommodation.status": "homeless"}, sealed="v1.x"))
    assert step.result == "opened"
    [delivery] = desk.deliveries()
    assert (delivery.referral_id, delivery.provider, delivery.reason) == (
        proposal.referral_id,
        "sandwell-housing",
        "Homeless and agrees",
    )
    assert (delivery.facts, delivery.sealed) == ({"accommodation.status": "homeless"}, "v1.x")
    assert [message.key for message in desk.said if message.topic == "deliveries"] == [PERSON]
    [told] = desk.statuses()["status.custody"]
    assert (told.reference, told.status, told.category) == ("custody-1", "READY", "ACCOMMODATION")
    [event] = desk.events()
    assert (event.was, event.now) == (None, "READY")


def test_every_partner_that_knows_the_person_is_told_under_its_own_reference() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal(), references={"custody": "C/1", "probation": "X000001"}))
    keys = {message.topic: message.key for message in desk.said if message.topic.startswith("status.")}
    assert keys == {"status.custody": "C/1", "status.probation": "X000001"}


def test_a_partner_without_topics_of_its_own_is_not_told() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal(), references={"custody": "C/1", "somebody-else": "1"}))
    assert list(desk.statuses()) == ["status.custody"]


def test_the_same_decision_again_opens_nothing() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    said = len(desk.said)
    step = desk.decide(a_decision(a_proposal()))
    assert (step.result, step.changes_nothing, step.dropped) == ("repeat", True, ("repeat",))
    assert len(desk.said) == said


def test_a_newer_revision_of_the_same_contact_opens_nothing_twice() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    desk.decide(
        a_decision(a_proposal(), a_proposal("debt", category="FINANCE_DEBT", service="debt_advice"), revision=2)
    )
    assert [delivery.category for delivery in desk.deliveries()] == ["ACCOMMODATION", "FINANCE_DEBT"]


def test_a_need_that_is_being_helped_already_keeps_its_first_provider() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    again = a_proposal(contact="second", provider="dudley-housing")
    step = desk.decide(a_decision(again, contact="second"))
    assert step.dropped == ("already_open",)
    assert [delivery.provider for delivery in desk.deliveries()] == ["sandwell-housing"]


def test_the_partner_that_raises_a_helped_person_again_is_told_how_it_stands_from_then_on() -> None:
    desk = Desk()
    first = a_proposal()
    desk.decide(a_decision(first))
    desk.receipt(first.referral_id)
    step = desk.decide(
        a_decision(a_proposal(contact="second"), contact="second", source="probation", references={"probation": "P/2"})
    )
    assert step.result == "linked"
    [told] = desk.statuses()["status.probation"]
    assert (told.referral_id, told.status, told.reference) == (first.referral_id, "SENT", "P/2")
    desk.reply(first.referral_id, "ACCEPTED")
    assert [told.status for told in desk.statuses()["status.probation"]] == ["SENT", "ACCEPTED"]
    assert [told.status for told in desk.statuses()["status.custody"]] == ["READY", "SENT", "ACCEPTED"]


def test_the_same_partner_raising_a_helped_person_again_under_one_reference_is_counted_and_not_told_twice() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    step = desk.decide(a_decision(a_proposal(contact="second"), contact="second"))
    assert (step.result, step.changes_nothing) == ("already_open", True)


def test_another_service_for_the_same_need_is_another_referral() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    desk.decide(a_decision(a_proposal("cas3", contact="second", service="cas3"), contact="second"))
    assert len(desk.deliveries()) == 2


def test_after_a_rejection_a_later_decision_may_refer_again() -> None:
    desk = Desk()
    first = a_proposal()
    desk.decide(a_decision(first))
    desk.reply(first.referral_id, "REJECTED", reason="NO_CAPACITY")
    desk.decide(a_decision(a_proposal(contact="second"), contact="second"))
    assert len(desk.deliveries()) == 2


def test_a_referral_without_a_step_for_half_a_year_no_longer_stands_in_the_way() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    desk.later(weeks=25)
    assert desk.decide(a_decision(a_proposal(contact="second"), contact="second")).dropped == ("already_open",)
    desk.later(weeks=1)
    assert desk.decide(a_decision(a_proposal(contact="third"), contact="third")).result == "opened"


def test_two_rules_for_one_need_and_service_in_one_decision_make_one_referral() -> None:
    desk = Desk()
    step = desk.decide(a_decision(a_proposal("a"), a_proposal("b")))
    assert (len(desk.deliveries()), step.dropped) == (1, ("already_open",))


def kinds(delivery: Delivery) -> list[str]:
    return [each.service for each in delivery.plan.others] if delivery.plan else []


def test_linked_referrals_are_one_plan_and_name_one_another_and_not_themselves() -> None:
    desk = Desk()
    alcohol = a_proposal(
        "alcohol", category="SUBSTANCE_ALCOHOL", service="alcohol_treatment", linked=("alcohol", "housing", "unmatched")
    )
    housing = a_proposal("housing", linked=("alcohol",))
    desk.decide(a_decision(alcohol, housing))
    assert {delivery.rule: kinds(delivery) for delivery in desk.deliveries()} == {
        "alcohol": ["housing_authority"],
        "housing": ["alcohol_treatment"],
    }
    assert len({delivery.plan.plan_id for delivery in desk.deliveries() if delivery.plan}) == 1


def test_a_linked_need_that_is_helped_already_is_linked_to_the_referral_that_helps() -> None:
    desk = Desk()
    housing = a_proposal("housing")
    desk.decide(a_decision(housing))
    alcohol = a_proposal(
        "alcohol", contact="second", category="SUBSTANCE_ALCOHOL", service="alcohol_treatment", linked=("housing",)
    )
    desk.decide(a_decision(alcohol, a_proposal("housing", contact="second"), contact="second"))
    assert kinds(desk.deliveries()[-1]) == ["housing_authority"]
    plans = {referral.plan for referral in desk.live()}
    assert len(plans) == 1
    assert None not in plans


def test_crisis_clocks_count_hours_and_ordinary_ones_working_days_from_when_the_message_arrived() -> None:
    desk = Desk()
    friday = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
    desk.now = friday + timedelta(hours=1)
    desk.decide(
        a_decision(
            a_proposal("now", urgency="within_4_hours"),
            a_proposal("soon", category="FINANCE_DEBT", service="debt_advice", urgency="within_5_working_days"),
            at=friday,
        )
    )
    by = {delivery.rule: delivery.respond_by for delivery in desk.deliveries()}
    assert by["now"] == friday + timedelta(hours=4)
    # Summer time starts on the Sunday and Good Friday is a day off: the Tuesday after Easter, 09:00 in London.
    assert by["soon"] == datetime(2026, 4, 7, 8, 0, tzinfo=UTC)


def test_a_taken_reference_is_never_given_out_twice() -> None:
    desk = Desk()
    proposal = a_proposal()
    first = choose(proposal.referral_id, "ACCOMMODATION", ())
    desk.book = type(desk.book)(references_in_use=[first])
    desk.decide(a_decision(proposal))
    assert desk.deliveries()[0].reference != first


def test_a_notice_goes_to_its_role_once() -> None:
    desk = Desk()
    notice = Notice(kind="crisis-phone-call", to="crisis-line", rule="life-at-risk", why="w", urgency="immediate")
    assert desk.decide(a_decision(notices=[notice])).result == "escalated"
    assert desk.decide(a_decision(notices=[notice], revision=2)).result == "repeat"
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to, escalation.urgency) == ("crisis-phone-call", "crisis-line", "immediate")


def test_an_unmet_need_is_said_loudly_and_once() -> None:
    desk = Desk()
    unmet = Unmet(rule="housing-voluntary", category="ACCOMMODATION", destinations=())
    desk.decide(a_decision(unmet=[unmet]))
    desk.decide(a_decision(unmet=[unmet], revision=2))
    assert [escalation.kind for escalation in desk.escalations()] == ["unmet-need"]


@pytest.mark.parametrize(
    ("wanted", "called"), [("within_4_hours", "within_4_hours"), ("within_4_weeks", "next_working_day")]
)
def test_whoever_sees_to_an_unmet_need_has_no_longer_than_a_provider_would_have(wanted: Urgency, called: str) -> None:
    desk = Desk()
    unmet = Unmet(rule="crisis", category="MENTAL_HEALTH", urgency=wanted, destinations=())
    desk.decide(a_decision(unmet=[unmet]))
    assert [escalation.urgency for escalation in desk.escalations()] == [called]


def test_a_referral_that_waits_for_another_is_said_loudly_and_once() -> None:
    desk = Desk()
    waiting = Waiting(
        rule="cas3", category="ACCOMMODATION", prerequisites=("duty-to-refer",), why="The authority must know"
    )
    step = desk.decide(a_decision(waiting=[waiting]))
    again = desk.decide(a_decision(waiting=[waiting], revision=2))
    assert (step.result, again.result) == ("escalated", "repeat")
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to, escalation.rule) == ("waiting-referral", "duty-practitioner", "cas3")
    assert escalation.why == "Not referred yet for ACCOMMODATION, first this: The authority must know"


def test_that_a_partner_says_none_of_what_another_found_is_said_loudly_and_once() -> None:
    desk = Desk()
    disputed = {"needs.substance_drugs": PastStatement(value=3, on=date(2026, 3, 2), by="custody")}
    step = desk.decide(a_decision(disputed=disputed))
    again = desk.decide(a_decision(disputed=disputed, revision=2))
    assert (step.result, again.result) == ("escalated", "repeat")
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to) == ("need-disputed", "duty-practitioner")
    assert "needs.substance_drugs" in escalation.why
    assert "3" not in escalation.why


def test_a_decision_with_nothing_in_it_changes_nothing() -> None:
    step = Desk().decide(a_decision(suppressed=[a_suppression("court", "none")]))
    assert (step.result, step.changes_nothing) == ("nothing_to_do", True)


def test_messages_of_a_decision_are_the_same_each_time_it_is_made() -> None:
    one, two = Desk(), Desk()
    decision = a_decision(a_proposal(), missing=["accommodation.status", "needs.finance_debt"], at=MONDAY_9AM)
    one.decide(decision)
    two.decide(decision)
    assert one.said == two.said
