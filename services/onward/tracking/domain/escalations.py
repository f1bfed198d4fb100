"""What people on duty are told; an escalation has the same id each time, so that nobody is called twice for it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from onward.contracts import topics
from onward.contracts.codes import Urgency
from onward.contracts.ids import derived_id
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Escalation
from onward.tracking.domain.model import Referral

DUTY: Final = "duty-practitioner"
"""Who sees to what has no role of its own."""


def escalation(
    *,
    person: str,
    contact_id: UUID,
    kind: str,
    to: str,
    urgency: Urgency,
    rule: str,
    why: str,
    at: datetime,
    referral_id: UUID | None = None,
    apart: str = "",
) -> Outgoing[Escalation]:
    """An escalation; *apart* tells two of one kind, rule and referral apart."""
    about = str(referral_id or "")
    body = Escalation(
        escalation_id=derived_id("escalation", str(contact_id), kind, to, rule, about, apart),
        person=person,
        contact_id=contact_id,
        kind=kind,
        to=to,
        urgency=urgency,
        rule=rule,
        why=why,
        referral_id=referral_id,
        raised_at=at,
    )
    return topics.ESCALATIONS.message(body, key=person)


def about(
    referral: Referral, *, kind: str, urgency: Urgency, why: str, at: datetime, to: str = DUTY, apart: str = ""
) -> Outgoing[Escalation]:
    """An escalation about one referral."""
    return escalation(
        person=referral.person,
        contact_id=referral.contact_id,
        kind=kind,
        to=to,
        urgency=urgency,
        rule=referral.rule,
        why=why,
        at=at,
        referral_id=referral.referral_id,
        apart=apart,
    )


def not_yet_raised(
    escalations: Collection[Outgoing[Escalation]], raised: Collection[UUID]
) -> tuple[Outgoing[Escalation], ...]:
    """Those of *escalations* that nobody has been told of."""
    fresh = {item.body.escalation_id: item for item in escalations if item.body.escalation_id not in raised}
    return tuple(fresh.values())
