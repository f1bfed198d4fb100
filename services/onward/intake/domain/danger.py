"""Whether what a message says of somebody means that help must not wait for a name, a number or a moment."""

from collections.abc import Mapping
from typing import Any, Final

_PRESSING: Final = frozenset(
    {
        ("risk.self_harm", 4),
        ("event.threshold", "immediate_risk_to_life"),
        ("event.threshold", "serious_harm"),
        ("event.outcome", "s136"),
    }
)


def must_be_gone_to(*told: Mapping[str, Any]) -> bool:
    """Whether somebody has to go to the person at once: in immediate danger or a danger, or held under section 136."""
    return any(facts.get(path) == value for facts in told for path, value in _PRESSING)
