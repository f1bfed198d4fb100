"""
A plan: referrals of one person that belong together, and who leads.

FHIR has `CarePlan` for it, and `ServiceRequest.requisition` for the number that its referrals share.
"""

from typing import Literal
from uuid import UUID

from onward.contracts.base import Message
from onward.contracts.codes import Category, Service

PlanKind = Literal["conditional_caution", "release", "joint"]
"""
What makes referrals one plan.

The conditions of a caution, led by its scheme; a release from prison, led by whoever resettles the person; or that two
services must agree (`linked`), of which the more urgent leads.
"""


class PlannedService(Message):
    """One kind of help in a plan."""

    category: Category
    service: Service


class CarePlan(Message):
    """A plan as it is for one of its referrals, with all that any profile might let its provider see."""

    plan_id: UUID
    kind: PlanKind
    leads: bool
    """Whether this referral's provider leads."""
    lead: PlannedService | None = None
    """The service that leads; None: a role does, or the lead of the plan could not be had."""
    lead_role: str | None = None
    """The role that leads, where no service does."""
    others: tuple[PlannedService, ...] = ()
    """The kinds of help in it beside this referral's."""
    advice: str = ""
    """What its rule says of the others, behind the delivery's `advice`, to a provider that may know of one."""


class ProviderPlan(Message):
    """What a provider learns of a plan: kinds of service, and of those only what its disclosure profile allows."""

    plan: str
    """This provider's own pseudonym of the plan: two providers cannot join their lists."""
    kind: PlanKind | None = None
    """Absent where the profile does not let the provider know of a caution, or of prison."""
    leads: bool
    lead_service: Service | None = None
    lead_role: str | None = None
    services: tuple[Service, ...] = ()
    """Those of the others that this provider may know of."""
