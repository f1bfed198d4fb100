"""From a situation to the decision that is published for it, and to what a shadow bundle would have done otherwise."""

import structlog

from onward.chassis import clock
from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.outcome import Noted, Outgoing, Published
from onward.contracts.situation import Situation
from onward.routing import metrics
from onward.routing.bundles import Bundles
from onward.routing.domain.decide import Router
from onward.routing.domain.publishing.shadowing import Allowance, difference

log = structlog.get_logger()

_OVERLAPPED = Noted(metrics.OVERLAPS)


def handle_situation(record: Received[Situation], *, bundles: Bundles) -> Published:
    """Route by whatever is live at this moment: one bundle decides the whole of a record."""
    live, shadow = bundles.live, bundles.shadow
    return route(
        record,
        live.router,
        release_number=bundles.live_number,
        shadow=shadow.router if shadow else None,
        allowance=bundles.allowance,
        noted=(Noted(metrics.DECISIONS, live.names),),
    )


def route(
    record: Received[Situation],
    router: Router,
    *,
    release_number: int = 0,
    shadow: Router | None = None,
    allowance: Allowance | None = None,
    noted: tuple[Noted, ...] = (),
) -> Published:
    """
    Decide who should help, and publish the decision with its reasons; a decision to do nothing is published too.

    *release_number* is that of the release that *router* is of. *shadow* decides as well, as far as the time that is
    its *allowance* goes.
    """
    decision = router.decide(record.body)
    if release_number:
        decision = decision.model_copy(update={"release_number": release_number})
    if decision.overlaps:
        noted = (*noted, _OVERLAPPED)
    messages: tuple[Outgoing[Message], ...] = (topics.DECISIONS.message(decision, key=decision.person),)
    if shadow is not None:
        beside = _beside(record, decision, shadow, allowance)
        messages, noted = (*messages, *beside.messages), (*noted, *beside.noted)
    return Published(messages, result_of(decision), noted)


def _beside(record: Received[Situation], decision: Decision, shadow: Router, allowance: Allowance | None) -> Published:
    began = clock.monotonic()
    if allowance is not None and not allowance.is_left(began):
        return Published(noted=(Noted(metrics.SHADOW_DECISIONS, ("skipped",)),))
    compared = _compared(record, decision, shadow)
    if allowance is not None:
        allowance.spend(clock.monotonic() - began)
    return compared


def _compared(record: Received[Situation], decision: Decision, shadow: Router) -> Published:
    """What *shadow* would have done otherwise. Nothing it does may touch the decision."""
    try:
        found = difference(decision, shadow.decide(record.body))
    except Exception:
        log.exception("shadow.failed", partition=record.partition, offset=record.offset)
        return Published(noted=(Noted(metrics.SHADOW_DECISIONS, ("failed",)),))
    if found is None:
        return Published(noted=(Noted(metrics.SHADOW_DECISIONS, ("same",)),))
    changes = (Noted(metrics.SHADOW_DIFFERENCES, (change.kind,)) for change in found.changes)
    noted = (Noted(metrics.SHADOW_DECISIONS, ("different",)), *changes)
    return Published((topics.SHADOW_DIFFERENCES.message(found, key=found.person),), noted=noted)


def result_of(decision: Decision) -> str:
    """What a decision is counted as, by the strongest thing it does."""
    if decision.unmet:
        return "unmet"
    if decision.referrals:
        return "referred"
    if decision.needs_information:
        return "asked"
    if decision.waiting:
        return "waiting"
    if decision.notices:
        return "notified"
    return "suppressed" if decision.suppressed else "nothing_to_do"
