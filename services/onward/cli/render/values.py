"""Values of facts and parts of decisions, in words: each is said in one way, whatever command says it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onward.calendar.times import LONDON
from onward.contracts.decision import Decision, Notice, ProposedReferral, Suppressed, Unmet
from onward.contracts.situation import PastStatement
from onward.routing.domain.derived import sources_of
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


def too_old(path: str, history: Mapping[str, PastStatement]) -> str:
    """Why a fact is not known that was said once, or that follows from one that was; "" where nobody ever said it."""
    found = [source for source in sources_of(path) if source in history]
    told = (f"{'' if source == path else f'{source} '}said on {day(history[source].on)}" for source in found)
    return f"{', '.join(told)}, too old to decide" if found else ""


def day(of: date) -> str:
    """A day as people write it: 10 January 2024."""
    return f"{of.day} {of:%B %Y}"


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


def referral(made: ProposedReferral) -> str:
    """What for, to whom and how soon."""
    return f"{made.category} to {made.provider}, {plain(made.urgency)}"


def notice(told: Notice) -> str:
    """What of, to whom and how soon."""
    return f"{plain(told.kind)} to {told.to}, {plain(told.urgency)}"


def stopped(by: Suppressed) -> str:
    """Why referrals are stopped."""
    return f"{plain(by.reason)} ({by.rule})"


def unmet(need: Unmet) -> str:
    """What nobody can take."""
    return f"{need.category}: no provider can take this ({need.rule})"


def _record(record: dict[str, Any]) -> str:
    return ", ".join(f"{name} {said(value)}" for name, value in record.items())
