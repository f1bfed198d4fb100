"""The facts that somebody tells: which of them nobody can change, and a situation with other ones."""

from collections.abc import Mapping
from typing import Any

from onward.contracts.decision import Decision
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.derived import complete
from onward.routing.domain.offices import NO_OFFICES, Offices
from onward.routing.domain.reaching import PREREQUISITE

SOURCE, TYPE = "event.source", "event.type"
"""Facts that a situation holds beside its other facts: who sent the message, and what it tells of."""

_UNCHANGING = frozenset(
    {
        "person.age",
        "person.sex",
        "person.deceased",
        "person.deported",
        "person.veteran",
        "person.care_leaver",
    }
)
"""Who the person is and was: once it is known, nobody can change it."""

_HAPPENED = frozenset(
    {
        SOURCE,
        TYPE,
        "event.movement",
        "event.outcome",
        "event.order",
        "event.caution_stage",
        "event.caution_conditions",
    }
)
"""What happened, and who told us: another event, not another word about this one, would be needed to change it."""


def unchangeable(path: str, now: Any) -> bool:
    """Whether nobody could change the fact at *path*, which is *now* (None: not known), by telling or mending it."""
    return path in _HAPPENED or (path in _UNCHANGING and now is not None)


def known_of(situation: Situation, offices: Offices = NO_OFFICES) -> dict[str, Any]:
    """Everything known about a situation, derived facts included; *offices* are the directory's."""
    return complete(situation, offices)[0]


def changed(situation: Situation, changes: Mapping[str, Any]) -> Situation:
    """
    The situation as it would be with *changes* to told facts: a new value for a path, or None for not known.

    The event's source and type cannot become unknown.
    """
    facts = {path: value for path, value in situation.facts.items() if path not in changes}
    facts |= {path: value for path, value in changes.items() if value is not None}
    update: dict[str, Any] = {"facts": facts}
    if SOURCE in changes:
        update["source"] = changes[SOURCE]
    if TYPE in changes:
        update["type"] = changes[TYPE]
    return situation.model_copy(update=update)


def situation_of(decision: Decision) -> Situation:
    """
    The situation that *decision* was made on.

    What the person said of single providers no decision holds; of the identity fields only those that some provider is
    told, and a name where nothing is held for want of one. Derived facts among the decision's are worked out anew.
    """
    return Situation(
        situation_id=decision.situation_id,
        contact_id=decision.contact_id,
        revision=decision.revision,
        person=decision.person,
        formerly=decision.formerly,
        source=decision.source,
        type=decision.contact_type,
        occurred_at=decision.occurred_at,
        received_at=decision.received_at,
        in_reply_to=decision.in_reply_to,
        references=decision.references,
        facts=decision.facts,
        history=decision.history,
        disputed=decision.disputed,
        sealed=decision.sealed,
        identity_fields=_identity_fields(decision),
    )


def _identity_fields(decision: Decision) -> tuple[str, ...]:
    told = {name for referral in decision.referrals for name in referral.disclosed if name not in FACTS}
    is_held = any(PREREQUISITE in waiting.prerequisites for waiting in decision.waiting)
    return tuple(sorted(told if is_held else told | {"name"}))
