"""What a provider learns of a plan: kinds of service, and of those only what its profile lets it know anyway."""

from typing import Any
from uuid import UUID

import pytest

from onward.contracts.contact import Identity
from onward.contracts.plans import CarePlan, PlannedService, ProviderPlan
from onward.contracts.referral import ProviderReferral
from onward.directory.model import Profile
from onward.dispatch.domain import project
from unit.dispatch.dispatch_builders import CONSENT, a_delivery

ALCOHOL = PlannedService(category="SUBSTANCE_ALCOHOL", service="alcohol_treatment")
HOUSING = PlannedService(category="ACCOMMODATION", service="housing_authority")
SCHEME = PlannedService(category="OUT_OF_COURT", service="caution_scheme")
MARAC = PlannedService(category="DOMESTIC_ABUSE", service="marac")
ALL_BASES = CONSENT.model_copy(update={"article_9": "9(2)(h)", "article_10": "s. 10(5)"})


def a_plan(*others: PlannedService, **more: Any) -> CarePlan:
    given: dict[str, Any] = {"plan_id": UUID(int=7), "kind": "joint", "leads": False, "lead": others[0]}
    return CarePlan.model_validate(given | {"others": others} | more)


def referral(plan: CarePlan, *fields: str, basis: Any = ALL_BASES, never: Any = (), **more: Any) -> ProviderReferral:
    profile = Profile(name="p", why="test", fields=fields, never=never)
    delivery = a_delivery(plan=plan, legal_basis=basis, **more)
    return project(delivery, Identity(), profile, pseudonym="theirs", id_key=b"id_key")


def seen(plan: CarePlan, *fields: str, **more: Any) -> ProviderPlan | None:
    return referral(plan, *fields, **more).plan


def test_a_provider_learns_of_a_service_whose_need_it_may_see() -> None:
    plan = seen(a_plan(ALCOHOL, MARAC), "needs.substance_alcohol")
    assert plan is not None
    assert (plan.services, plan.lead_service) == (("alcohol_treatment",), "alcohol_treatment")


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        (("name", "needs.accommodation"), {}),
        (("needs.substance_alcohol",), {"never": ("need",)}),
        (("needs.substance_alcohol",), {"basis": CONSENT.model_copy(update={"article_9": None})}),
    ],
    ids=["not named", "a class that is forbidden", "no condition for health data"],
)
def test_a_plan_of_which_a_provider_may_know_nothing_is_not_mentioned(fields: Any, more: Any) -> None:
    assert seen(a_plan(ALCOHOL), *fields, **more) is None


def test_advice_about_the_others_goes_only_where_they_may_be_known() -> None:
    plan = a_plan(ALCOHOL, advice="Agree a lead worker with the other half of this pair")
    assert referral(plan, "name", advice="Ask first").advice == "Ask first"
    assert "other half" in referral(plan, "needs.substance_alcohol", advice="Ask first").advice


def test_the_lead_of_a_caution_s_plan_is_told_that_it_leads_and_a_housing_authority_not_of_a_caution() -> None:
    led = a_plan(HOUSING, kind="conditional_caution", leads=True, lead=SCHEME)
    plan = seen(led, "event.caution_conditions", "needs.accommodation")
    assert plan is not None
    assert (plan.kind, plan.leads, plan.lead_service) == ("conditional_caution", True, "caution_scheme")
    of_housing = a_plan(SCHEME, ALCOHOL, kind="conditional_caution", lead=SCHEME)
    plan = seen(of_housing, "needs.substance_alcohol")
    assert plan is not None
    assert (plan.kind, plan.lead_service, plan.services) == (None, None, ("alcohol_treatment",))


def test_who_leads_a_release_is_not_told_where_prison_may_not_be_known() -> None:
    release = a_plan(ALCOHOL, kind="release", lead=None, lead_role="resettlement-team")
    plan = seen(release, "needs.substance_alcohol")
    assert plan is not None
    assert (plan.kind, plan.lead_role) == (None, None)
    plan = seen(release, "needs.substance_alcohol", "custody.status")
    assert plan is not None
    assert (plan.kind, plan.lead_role) == ("release", "resettlement-team")


def test_two_providers_cannot_join_their_lists_by_the_plan() -> None:
    names = set()
    for provider in ("test-housing", "test-alcohol"):
        plan = seen(a_plan(ALCOHOL), "needs.substance_alcohol", provider=provider)
        assert plan is not None
        names.add(plan.plan)
    assert len(names) == 2
    assert str(UUID(int=7)) not in names
