"""Values of facts, in words."""

from datetime import date
from typing import Any

from onward.calendar.times import LONDON
from onward.contracts.decision import Decision
from onward.routing.domain.language import Condition


def said(value: Any) -> str:
    """A value as a person says it; None is not known."""
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case list():
            return " and ".join(_record(each) for each in value) or "none"
        case _:
            return str(value)


def expected(condition: Condition) -> str:
    """What a condition asks, in the words of `said`."""
    return {"true": "yes", "false": "no"}.get(condition.expected, condition.expected)


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ").replace("-", " ")


def event(decision: Decision) -> str:
    """What a decision was made on, and when that was, in London."""
    when = decision.occurred_at.astimezone(LONDON)
    return f"{decision.contact_type} from {decision.source}, {when:%A %d %B %Y at %H:%M}"


def _record(record: dict[str, Any]) -> str:
    return ", ".join(f"{name} {said(value)}" for name, value in record.items())
