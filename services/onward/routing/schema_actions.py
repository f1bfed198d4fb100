"""The parts of the JSON Schema of rule files that say what a rule does, and what a test says that it does."""

from typing import Any, TypeAlias

from onward.contracts.facts import FACTS
from onward.routing.domain.actions import (
    AREAS,
    CATEGORIES,
    CLOSES,
    CLOSURE_REASONS,
    NOTICE_URGENCIES,
    PLAN_KINDS,
    ROLES,
    SERVICES,
    STOPS,
    URGENCIES,
)

Schema: TypeAlias = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
NAMES: Schema = {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}


def table(properties: Schema, required: int, **more: Any) -> Schema:
    """A mapping whose first *required* keys must be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties)[:required],
        "additionalProperties": False,
        **more,
    }


def one_or_more(item: Schema) -> Schema:
    """An item, or a list of them."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def refer() -> Schema:
    """One referral."""
    return table(
        {
            "category": {"enum": list(CATEGORIES), "description": "The need that is to be met"},
            "service": {"enum": list(SERVICES), "description": "The kind of provider that is to meet it"},
            "urgency": {"enum": list(URGENCIES), "description": "By when the provider must see the person"},
            "providers": {
                **NAMES,
                "description": "Preferred providers in order; otherwise by catchment, nearest first",
            },
            "catchment_by": {"enum": list(AREAS), "description": "The fact whose area the provider must serve"},
            "approval": {"enum": list(ROLES), "description": "Who must approve before it is sent"},
            "advice": {**TEXT, "description": "What the provider is told beside the referral"},
            "linked": {**NAMES, "description": "Rules whose referrals travel with this one"},
            "linked_advice": {**TEXT, "description": "What is said of them, to whoever may know of one"},
        },
        3,
    )


def notify() -> Schema:
    """One notice."""
    return table(
        {
            "kind": NAME,
            "to": {"enum": list(ROLES)},
            "urgency": {"enum": list(NOTICE_URGENCIES)},
            "if_unmet": {
                "type": "boolean",
                "description": "Only where no provider takes what the rule refers, or it is not known where to look",
            },
        },
        2,
    )


def suppress() -> Schema:
    """What a rule stops."""
    categories = {"type": "array", "items": {"enum": list(CATEGORIES)}, "minItems": 1}
    return table(
        {
            "reason": NAME,
            "what": {"anyOf": [{"enum": list(STOPS)}, categories], "description": "Which referrals are stopped"},
            "closes": {"enum": list(CLOSES), "description": "Which referrals made before are closed"},
            "closure_reason": {
                "enum": list(CLOSURE_REASONS),
                "description": "Why they are closed: what services act on, whatever `reason` says. With `closes`",
            },
        },
        2,
    )


def approve() -> Schema:
    """Who must agree."""
    return table({"by": {"enum": list(ROLES)}, "advice": TEXT}, 1)


def plan() -> Schema:
    """Which plan it belongs to."""
    return table({"kind": {"enum": list(PLAN_KINDS)}, "lead": {"type": "boolean"}}, 1)


def then() -> Schema:
    """What a test says of all of these: each may be said in part."""
    referring, telling, stopping, approving, planning = (
        {**schema, "required": schema["required"][:least]}
        for schema, least in ((refer(), 1), (notify(), 1), (suppress(), 0), (approve(), 0), (plan(), 0))
    )
    return table(
        {
            "refer": one_or_more(referring),
            "notify": one_or_more(telling),
            "suppress": stopping,
            "approve": approving,
            "plan": planning,
            "release": {"type": "boolean"},
            "instead_of": NAMES,
            "legal_basis": TEXT,
            "asks": one_or_more({"enum": list(FACTS)}),
        },
        0,
        minProperties=1,
    )
