"""Values of facts, in words."""

from datetime import date
from typing import Any

from onward.calendar.times import LONDON
from onward.contracts.decision import Decision
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Condition
from onward.workbench.explaining.possible_values import OTHER_CODES

SUCH = "such as"
"""Before a code of which there are others that would do."""


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


def would_be(path: str, value: Any) -> str:
    """A value that a fact would have to have; any code that stands for others is said to."""
    if value in OTHER_CODES:
        return "one that no rule names"
    if isinstance(FACTS[path].kind, Code) and value is not None and not path.startswith("event."):
        return f"{SUCH} {value}"
    return said(value)


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
