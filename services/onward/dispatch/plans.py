"""
What a provider learns of a plan: kinds of service, and of those only what its disclosure profile lets it know anyway.

Default deny. That there is another service for a need tells of the need: so whoever may not see the need, learns of no
service for it. A plan of which a provider may know nothing is not mentioned.
"""

from collections.abc import Callable
from typing import Final

from onward.contracts.codes import Category
from onward.contracts.decision import LegalBasis
from onward.contracts.facts import FACTS, Facts
from onward.contracts.ids import pseudonym
from onward.contracts.plans import CarePlan, PlanKind, PlannedService, ProviderPlan
from onward.directory.model import Profile

_CONDITIONS: Final = "event.caution_conditions"
_OF_PRISON: Final = ("custody.status", "release.on", "release.planned_on", "event.movement")


class SeenPlan:
    """One plan through the eyes of one profile."""

    def __init__(
        self, plan: CarePlan, profile: Profile, facts: Facts, basis: LegalBasis, *, tells_health: Callable[[str], bool]
    ) -> None:
        """*basis* is that of the referral that it goes with; *tells_health* says of a field whether it is of health."""
        self._plan = plan
        self._profile = profile
        self._facts = facts
        self._basis = basis
        self._tells_health = tells_health
        self._others = tuple(one for one in plan.others if self._may_know(one))

    @property
    def advice(self) -> str:
        """What is said of the others, for a provider that may know of one; else nothing."""
        return self._plan.advice if self._others else ""

    def projected(self, id_key: bytes, provider: str) -> ProviderPlan | None:
        """What the *provider* receives; None where it may know of nothing in it."""
        plan, kind = self._plan, self._kind()
        if not self._others and not (plan.leads and kind not in (None, "joint")):
            return None
        lead = plan.lead if plan.leads or plan.lead in self._others else None
        return ProviderPlan(
            plan=pseudonym(id_key, "plan", provider, str(plan.plan_id)),
            kind=kind,
            leads=plan.leads,
            lead_service=lead.service if lead else None,
            lead_role=plan.lead_role if kind else None,
            services=tuple(dict.fromkeys(one.service for one in self._others)),
        )

    def _may_know(self, member: PlannedService) -> bool:
        field = _field_of(member.category)
        if field is None or not self._names(field):
            return False
        return self._basis.article_9 is not None or not self._tells_health(field)

    def _kind(self) -> PlanKind | None:
        """A caution and a prison are criminal offence data (UK GDPR Article 10)."""
        match self._plan.kind:
            case "joint":
                return "joint"
            case "conditional_caution":
                fields: tuple[str, ...] = (_CONDITIONS,)
            case "release":
                fields = _OF_PRISON
        known = self._basis.article_10 is not None and any(self._names(field) for field in fields)
        return self._plan.kind if known else None

    def _names(self, field: str) -> bool:
        profile = self._profile
        allowed = field in profile.fields and FACTS[field].data_class not in profile.never
        return allowed and (field not in profile.only or profile.shows(field, self._facts.get(field)))


def _field_of(category: Category) -> str | None:
    """The field by which a profile says that its recipient may know of a need; None: nobody may."""
    if category == "OUT_OF_COURT":
        return _CONDITIONS
    field = f"needs.{category.lower()}"
    return field if field in FACTS else None
