"""What is kept of a person with a referral or a case, and that it is what is known by now."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from onward.calendar.times import london_day
from onward.contracts.decision import Decision
from onward.contracts.facts import Facts
from onward.contracts.referral import Delivery
from onward.contracts.validity import validity_of
from onward.tracking.domain.model import CaseCard, Referral
from onward.tracking.domain.subject import happened

_OF_EVENT: Final = "event."


def card_of(decision: Decision, about: Collection[str]) -> CaseCard:
    """The card of a case that *decision* opens; of its facts only the event's, the person's area, and those *about*."""
    shown = {
        path: value
        for path, value in decision.facts.items()
        if path in about or path.startswith(_OF_EVENT) or path in ("person.area", "person.age")
    }
    return CaseCard(
        source=decision.source,
        contact_type=decision.contact_type,
        occurred_at=decision.occurred_at,
        received_at=decision.received_at,
        references=decision.references,
        sealed=decision.sealed,
        facts=shown,
    )


def card_of_referral(decision: Decision) -> CaseCard:
    """What is kept with a referral for whoever is called because of it: no fact of the person's stands in the clear."""
    return replace(card_of(decision, ()), facts={})


def newer_card(card: CaseCard, decision: Decision, *, whose: str) -> CaseCard:
    """A card of the person of the key *whose*, with what is known by *decision*, unless that is of an earlier time."""
    if not decision.sealed or happened(decision) < (card.known_at or card.occurred_at):
        return card
    sealed_for = None if decision.person == whose else decision.person
    kept = card.references if card.sealed_for == sealed_for else {}
    known = replace(card, sealed=decision.sealed, sealed_for=sealed_for, references={**kept, **decision.references})
    return card if known == card else replace(known, known_at=happened(decision))


def known_by_now(referral: Referral, decision: Decision, *, whatever_came_later: bool = False) -> Referral:
    """
    The referral with what is known of its person by *decision*: on its card, and in what waits for an approval.

    What is delivered is what is known when it goes: an address that changed, a number that is not safe any more. What
    its own event said stays.

    Args:
        referral: One of the decision's person.
        decision: What is known.
        whatever_came_later: What it was known by until now may have been somebody else's.
    """
    card = referral.card and newer_card(referral.card, decision, whose=referral.person)
    held = referral.held and _newer(referral.held, decision, referral.occurred_at, whatever_came_later)
    if card is referral.card and held == referral.held:
        return referral
    return replace(referral, card=card, held=held)


def _newer(held: Delivery, decision: Decision, since: datetime, whatever_came_later: bool) -> Delivery:
    if not whatever_came_later and happened(decision) < (held.known_at or since):
        return held
    told = {path: value for path, value in held.facts.items() if path.startswith(_OF_EVENT)}
    facts = told | {path: value for path, value in decision.facts.items() if not path.startswith(_OF_EVENT)}
    return held.model_copy(
        update={
            "facts": facts,
            "sealed": decision.sealed,
            "sealed_for": "" if decision.person == held.person else decision.person,
            "known_at": happened(decision),
        }
    )


def denied(referral: Referral, before: Facts, now: Facts) -> tuple[str, ...]:
    """What a referral that waits for approval rests on and is known not to be so: a yes that is a no, no need."""
    rests_on = (path for path in referral.rests_on if not path.startswith((_OF_EVENT, "consent.")))
    return tuple(path for path in rests_on if before.get(path) and path in now and _is_none(now[path]))


def _is_none(value: object) -> bool:
    return value is False or (isinstance(value, int) and value == 0)


def said_otherwise(referral: Referral, before: Facts, now: Facts) -> tuple[str, ...]:
    """What a referral that waits for approval rests on and is something else by now, so that the approver must know."""
    rests_on = (path for path in referral.rests_on if not path.startswith((_OF_EVENT, "consent.", "person.age")))
    return tuple(path for path in rests_on if path in before and path in now and before[path] != now[path])


def too_old(referral: Referral, *, now: datetime) -> bool:
    """Whether what a referral that waits for approval rests on was said too long ago to decide, were it decided now."""
    known_at = (referral.held and referral.held.known_at) or referral.occurred_at
    rests_on = (*referral.rests_on, *(referral.consents or ()))
    shortest = _shortest(path for path in rests_on if not path.startswith(_OF_EVENT))
    return shortest is not None and london_day(now) - london_day(known_at) > shortest


def _shortest(paths: Iterable[str]) -> timedelta | None:
    days = [found.days for path in paths if (found := validity_of(path)) is not None and found.days is not None]
    return timedelta(days=min(days)) if days else None
