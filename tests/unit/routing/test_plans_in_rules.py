"""A rule says who leads a plan, and what its lead meets is referred to nobody else beside."""

from typing import Any

import pytest

from onward.contracts.decision import Decision
from onward.routing.domain.decide import Router
from onward.routing.domain.outcomes import BundleComparison
from unit.routing.pack_builders import DIRECTORY, ROUTER, RULES, situation

KATE: dict[str, Any] = {
    "event.caution_stage": "issued",
    "event.caution_conditions": [{"kind": "support", "category": "SUBSTANCE_ALCOHOL"}, {"kind": "reparation"}],
    "person.age": 38,
    "person.area": "E06000031",
    "needs.substance_alcohol": 3,
    "consent.substance_alcohol": True,
    "needs.substance_drugs": 0,
    "custody.status": "community",
}


def decided(**changes: Any) -> Decision:
    facts = KATE | {path.replace("__", "."): value for path, value in changes.items()}
    return ROUTER.decide(situation("cautions", facts).model_copy(update={"identity_fields": ("name", "phone")}))


def test_several_needs_for_one_scheme_are_one_referral() -> None:
    decision = decided()
    assert [(each.category, each.plan, each.leads) for each in decision.referrals] == [
        ("OUT_OF_COURT", "conditional_caution", True)
    ]
    assert [(each.category, each.by) for each in decision.covered if each.category == "SUBSTANCE_ALCOHOL"] == [
        ("SUBSTANCE_ALCOHOL", "conditional-caution-support")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"event__caution_conditions": [{"kind": "support", "category": "FINANCE_DEBT"}]},
        {"event__caution_conditions": [{"kind": "support"}]},
    ],
    ids=["another need", "no need named"],
)
def test_what_no_condition_names_is_referred_beside_the_scheme_in_its_plan(changes: dict[str, Any]) -> None:
    made = {each.category: (each.plan, each.leads) for each in decided(**changes).referrals}
    assert made["SUBSTANCE_ALCOHOL"] == ("conditional_caution", False)
    assert made["OUT_OF_COURT"] == ("conditional_caution", True)


def test_what_cannot_wait_for_the_scheme_is_referred_beside_it() -> None:
    conditions = [{"kind": "support", "category": "SUBSTANCE_DRUGS"}]
    urgent = {"needs__substance_drugs": 4, "consent__substance_drugs": True, "substance__opioid": True}
    made = decided(event__caution_conditions=conditions, **urgent).referrals
    assert "SUBSTANCE_DRUGS" in {each.category for each in made}


def test_a_need_that_the_scheme_meets_is_not_unmet_where_nobody_else_is_near() -> None:
    directory = DIRECTORY.model_copy(
        update={
            "providers": {
                name: each for name, each in DIRECTORY.providers.items() if "alcohol_treatment" not in each.services
            }
        }
    )
    given = situation("cautions", KATE).model_copy(update={"identity_fields": ("name", "phone")})
    decision = Router(RULES, directory).decide(given)
    assert [each.category for each in decision.unmet] == []
    assert ("SUBSTANCE_ALCOHOL", "conditional-caution-support") in {
        (each.category, each.by) for each in decision.covered
    }


def test_impact_counts_a_referral_that_the_scheme_meets_as_none() -> None:
    given = situation("cautions", KATE).model_copy(update={"identity_fields": ("name", "phone")})
    (before, after) = BundleComparison((RULES, DIRECTORY), (RULES, DIRECTORY)).outcomes(given)
    assert {each.category for each in before.referred} == {"OUT_OF_COURT"}
    assert before == after
