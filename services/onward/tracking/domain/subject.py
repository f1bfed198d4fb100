"""What a decision is about: whom, when and where."""

from datetime import datetime

from onward.contracts.decision import Decision


def happened(decision: Decision) -> datetime:
    """When what it decides on happened: nothing is reported before it happens, whatever the partner's clock says."""
    return min(decision.occurred_at, decision.received_at)


def area_of(decision: Decision) -> str | None:
    """Where it happened, else where the person lives: a local authority's code."""
    area: str | None = decision.facts.get("event.area") or decision.facts.get("person.area")
    return area


def keys_of(decision: Decision) -> frozenset[str]:
    """Every key under which the ledger may have the decision's person: they may have been two persons before."""
    return frozenset((decision.person, *decision.formerly))
