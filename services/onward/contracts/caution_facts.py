"""The facts about a conditional caution (Criminal Justice Act 2003 ss. 22 and 23)."""

from typing import get_args

from onward.contracts.codes import Category
from onward.contracts.fact_kinds import Choice, Day, DeclaredFact, Records

CAUTIONS: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "event.caution_stage", Choice(("issued", "condition_missed", "completed")), "offence", "Stage of a caution"
    ),
    DeclaredFact(
        "event.caution_conditions",
        Records({"kind": Choice(("support", "reparation", "restriction")), "category": Choice(get_args(Category))}),
        "offence",
        "Conditions of the caution",
    ),
    DeclaredFact("event.caution_complete_by", Day(), "offence", "Day by which the conditions are to be met"),
    DeclaredFact(
        "event.caution_missed_because",
        Choice(("ill", "caring", "work", "travel", "in_custody", "not_told", "no_place", "refused", "other")),
        "offence",
        "Why a condition was missed, as the person or the scheme says",
    ),
)
"""All of them."""
