"""A stored decision, turned back into the situation it was made on, as far as it tells."""

from onward.contracts.decision import Decision
from onward.contracts.situation import Situation


def situation_of(decision: Decision) -> Situation:
    """
    The situation that *decision* was made on.

    What the person said of single providers, and which identity fields were known, no decision holds: both are empty.
    Derived facts among the decision's are worked out anew.
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
        sealed=decision.sealed,
    )
