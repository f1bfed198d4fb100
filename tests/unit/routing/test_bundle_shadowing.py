"""What a shadow would have done otherwise; and that it never touches what is done."""

from datetime import UTC, datetime
from typing import Any

import pytest

from onward.chassis.codec import MAX_OUTPUT_BYTES
from onward.chassis.record import Received
from onward.contracts.decision import Decision
from onward.contracts.outcome import Noted, Published
from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router
from onward.routing.domain.publishing.shadowing import MOST_CHANGES, Allowance, difference
from onward.routing.handlers import route
from onward.routing.metrics import SHADOW_DECISIONS, SHADOW_DIFFERENCES
from unit.routing.routing_builders import HOMELESS_ADULT, HOUSING, a_directory, a_provider, a_situation, rule_set

OLDER = HOUSING.replace(">= 18", ">= 40")
DEBT = """\
  - id: debt
    why: Debt
    when: {person.age: ">= 18", consent.finance_debt: true}
    refer: {category: FINANCE_DEBT, service: debt_advice, urgency: within_10_working_days}
    legal_basis: agreed
"""
COUNCIL = a_provider()
ADVICE = a_provider("advice", services=("debt_advice",), categories=("FINANCE_DEBT",))
FACTS: dict[str, Any] = HOMELESS_ADULT | {"consent.finance_debt": True}


def router(rules: str, *providers: Any) -> Router:
    return Router(rule_set(need=rules), a_directory(*(providers or (COUNCIL, ADVICE))))


def decided(rules: str, *providers: Any) -> Decision:
    return router(rules, *providers).decide(a_situation(FACTS))


def kinds(live: Decision, shadow: Decision) -> list[tuple[str, str, str, str]]:
    found = difference(live, shadow)
    return [(each.kind, each.category, each.rule, each.provider) for each in found.changes] if found else []


def test_equal_referrals_are_no_difference_whatever_else_differs() -> None:
    renamed = HOUSING.replace("A homeless adult", "An adult without a home")
    assert difference(decided(HOUSING), decided(renamed)) is None


def test_a_referral_is_gained_or_lost() -> None:
    assert kinds(decided(OLDER), decided(HOUSING)) == [("gained", "ACCOMMODATION", "housing", "council")]
    assert kinds(decided(HOUSING), decided(OLDER)) == [("lost", "ACCOMMODATION", "housing", "council")]
    assert kinds(decided(HOUSING), decided(HOUSING + DEBT)) == [("gained", "FINANCE_DEBT", "debt", "advice")]


def test_a_referral_to_another_provider_has_moved_and_says_from_where() -> None:
    found = difference(decided(HOUSING), decided(HOUSING, a_provider("borough"), ADVICE))
    assert found is not None
    (change,) = found.changes
    assert (change.kind, change.provider, change.was_provider) == ("moved", "borough", "council")


@pytest.mark.parametrize(
    "change", [("id: housing", "id: homes"), ("within_5_working_days", "next_working_day"), ("agreed", "duty")]
)
def test_the_same_provider_by_another_rule_urgency_or_basis_is_a_change(change: tuple[str, str]) -> None:
    ((kind, *_),) = kinds(decided(HOUSING), decided(HOUSING.replace(*change)))
    assert kind == "changed"


def test_a_difference_names_both_bundles_and_no_fact() -> None:
    live, shadow = decided(HOUSING), decided(OLDER)
    found = difference(live, shadow)
    assert found is not None
    assert (found.live_rules, found.shadow_rules) == (live.rules.sha256, shadow.rules.sha256)
    text = found.model_dump_json()
    assert not any(str(value) in text for value in ("homeless", "E08000025", '"34"', "sealed"))


def published(shadow: Any, allowance: Allowance | None = None) -> Published:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    record: Received[Situation] = Received(a_situation(FACTS), "situations", "person-0001", at, 7, 0)
    return route(record, router(HOUSING), shadow=shadow, allowance=allowance)


def routed(shadow: Any) -> list[str]:
    return [message.topic for message in published(shadow).messages]


def counted(name: str, value: str) -> Noted:
    return Noted(name, (value,))


def test_a_difference_goes_out_with_the_decision_and_agreement_says_nothing() -> None:
    assert routed(None) == ["decisions"]
    assert routed(router(HOUSING)) == ["decisions"]
    assert routed(router(OLDER)) == ["decisions", "shadow-differences"]
    assert published(router(HOUSING)).noted == (counted(SHADOW_DECISIONS, "same"),)
    result, *changes = published(router(OLDER)).noted
    assert result == counted(SHADOW_DECISIONS, "different")
    assert {change.counter for change in changes} == {SHADOW_DIFFERENCES}


def test_a_shadow_that_would_refer_thousands_costs_the_decision_nothing() -> None:
    one = decided(HOUSING)
    found = difference(one, one.model_copy(update={"referrals": one.referrals * 10_000}))
    assert found is not None
    assert len(found.changes) == MOST_CHANGES
    assert len(found.model_dump_json()) < MAX_OUTPUT_BYTES / 10


def test_a_slow_shadow_is_spared_what_it_has_no_time_for_and_the_decisions_go_out() -> None:
    class Slow:
        def decide(self, _: Situation) -> Decision:
            allowance.spend(60)
            raise ZeroDivisionError

    allowance = Allowance(share=0.25, most=5)
    shadow: Any = Slow()
    outcomes = [published(shadow, allowance) for _ in range(4)]
    assert [message.topic for each in outcomes for message in each.messages] == ["decisions"] * 4
    results = ("failed", "skipped", "skipped", "skipped")
    assert [each.noted for each in outcomes] == [(counted(SHADOW_DECISIONS, result),) for result in results]


def test_a_shadow_has_a_share_of_the_time_and_saves_up_only_so_much() -> None:
    allowance = Allowance(share=0.25, most=2)
    assert allowance.is_left(100)
    allowance.spend(3)
    assert not allowance.is_left(100)
    assert not allowance.is_left(103.9)
    assert allowance.is_left(104.1)
    assert allowance.is_left(10_000)
    allowance.spend(2)
    assert not allowance.is_left(10_000)


def test_a_shadow_that_fails_is_counted_and_the_decision_goes_out() -> None:
    class Failing:
        def decide(self, _: Situation) -> Decision:
            raise ZeroDivisionError

    assert routed(Failing()) == ["decisions"]
    assert published(Failing()).noted == (counted(SHADOW_DECISIONS, "failed"),)
