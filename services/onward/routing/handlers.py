"""From a situation to the decision that is published for it."""

from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.decision import Decision
from onward.contracts.outcome import Published
from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router


def route(record: Received[Situation], router: Router) -> Published:
    """Decide who should help, and publish the decision with its reasons; a decision to do nothing is published too."""
    decision = router.decide(record.body)
    return Published((topics.DECISIONS.message(decision, key=decision.person),), result=result_of(decision))


def result_of(decision: Decision) -> str:
    """What a decision is counted as, by the strongest thing it does."""
    if decision.unmet:
        return "unmet"
    if decision.referrals:
        return "referred"
    if decision.needs_information:
        return "asked"
    if decision.notices:
        return "notified"
    return "suppressed" if decision.suppressed else "nothing_to_do"
