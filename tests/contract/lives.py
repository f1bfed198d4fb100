"""What becomes of people under some rules, from their situation to what providers and partners are told."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from onward.calendar.times import LONDON
from onward.chassis.record import Received
from onward.chassis.releases.directories import Directories
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Delivery, Escalation, ProviderReferral, Receipt, ReferralEvent, Withdrawal
from onward.contracts.situation import Situation
from onward.directory import files as directory_files
from onward.dispatch import channels
from onward.dispatch.handlers import handle_delivery
from onward.routing.domain.decide import Router
from onward.routing.domain.language import RuleSet
from onward.routing.domain.rule_tests import ordinary_day
from onward.tracking.domain import calls
from onward.tracking.domain.model import Referral
from unit.tracking.ledger_builders import ID_KEY, WITH_THE_PERSON, Desk

Facts: TypeAlias = Mapping[str, Any]

Service: TypeAlias = Callable[[Decision], Decision]
"""What a service makes of a decision before it acts on it: nothing else, unless it goes by an author's word."""

DIRECTORY = directory_files.load()
SEND = partial(handle_delivery, directories=Directories(DIRECTORY, {}), channels=channels.load(), id_key=ID_KEY)
FREE: Mapping[type[Message], frozenset[str]] = {
    Delivery: frozenset({"rule", "reason", "advice", "warning", "reference"}),
    Withdrawal: frozenset({"reference"}),
    ProviderReferral: frozenset({"advice", "warning", "reference"}),
    ReferralEvent: frozenset({"rule"}),
    Escalation: frozenset({"escalation_id", "rule", "why"}),
}
"""The parts of each message that hold an author's words, or follow from the id of a rule."""
OF_A_BASIS = frozenset({"name", "purpose", "article_6", "citation"})


@dataclass(frozen=True, slots=True)
class Life:
    """A person: what is known when they come to notice, and what happens to them later, a day apart."""

    day: date
    first: Facts
    later: tuple[Facts, ...]


def lives(rules: RuleSet) -> Iterator[Life]:
    """Everybody whom an author thought of as one that a rule is for; then they return to prison, and die or must go."""
    known: set[str] = set()
    for rule in rules.rules:
        for test in (test for test in rule.tests if test.expect == "match"):
            day = test.day or ordinary_day(rule)
            if (seen := f"{day} {sorted(test.given.items())}") in known:
                continue
            known.add(seen)
            returned = {"event.movement": "admitted", "custody.status": "in_prison", "release.on": day}
            ended = {"event.movement": "died" if len(known) % 2 else "deported"}
            yield Life(day, test.given, (returned, ended))


def become(
    rules: RuleSet, people: Sequence[Life], *, service: Service = lambda decision: decision
) -> Iterator[list[str]]:
    """Of each person all that is said and how each referral stands in the end, without any word of an author's."""
    router = Router(rules, DIRECTORY)
    return (_lived(router, number, life, service) for number, life in enumerate(people, start=1))


def _lived(router: Router, number: int, life: Life, service: Service) -> list[str]:
    desk, told = Desk(), list[str]()
    facts = dict(life.first)
    for step, more in enumerate(({}, *life.later)):
        facts |= more
        at = datetime.combine(life.day + timedelta(days=step), time(12), LONDON)
        desk.now = at + timedelta(minutes=1)
        before = len(desk.said)
        decision = router.decide(_situation(number, step, facts, at))
        told.append(desk.decide(service(decision)).result)
        for waiting in [each for each in desk.book.changed_referrals.values() if each.status == "AWAITING_APPROVAL"]:
            if number % 3:  # of some nobody decides, so that they end unapproved
                desk.approve(waiting.referral_id, role=waiting.approval or "")
        deliveries = [each for each in desk.said[before:] if isinstance(each.body, Delivery)]
        dispatched = [message for each in deliveries for message in _dispatch(desk, each)]
        told += sorted(_plain(each, desk) for each in (*desk.said[before:], *dispatched))
    referrals = desk.book.changed_referrals.values()
    return [*told, *sorted(f"{each.category} {each.service} {each.provider} {each.status}" for each in referrals)]


def _situation(number: int, step: int, facts: Facts, at: datetime) -> Situation:
    return Situation(
        situation_id=UUID(int=number * 10 + step),
        contact_id=UUID(int=number * 10 + step),
        person=f"{number:032x}",
        source=str(facts.get("event.source", "custody")),
        type=str(facts.get("event.type", WITH_THE_PERSON)),
        occurred_at=at,
        received_at=at + timedelta(minutes=1),
        references={source: f"{source}-1" for source in ("custody", "liaison", "probation")},
        facts=dict(facts),
        identity_fields=("name", "phone", "address"),
    )


def _dispatch(desk: Desk, delivery: Outgoing[Message]) -> list[Outgoing[Message]]:
    """Send what is to be delivered, and tell tracking what became of it."""
    body = delivery.body
    assert isinstance(body, Delivery)
    done = SEND(Received(body, delivery.topic, delivery.key, desk.now, 0, 0), {})
    for receipt in (each.body for each in done.messages if isinstance(each.body, Receipt)):
        desk.receipt(receipt.referral_id, receipt.outcome, provider=receipt.provider, reason=receipt.reason)
    return list(done.messages)


def _plain(message: Outgoing[Message], desk: Desk) -> str:
    """A message without its author's words; a referral is named by what it is for."""
    body: dict[str, Any] = message.body.model_dump(mode="json")
    free = set(FREE.get(type(message.body), ()))
    if body.get("closure_reason") is not None:
        free.add("reason")
    if body.get("kind") not in calls.KINDS:
        free.add("kind")
    if "legal_basis" in body:
        basis = {key: value for key, value in body["legal_basis"].items() if key not in OF_A_BASIS}
        body["legal_basis"] = basis | {key: basis[key] is not None for key in ("article_9", "article_10")}
    kept = {key: _named(value, desk) for key, value in body.items() if key not in free}
    return f"{message.topic} {json.dumps(kept, sort_keys=True)}"


def _named(value: Any, desk: Desk) -> Any:
    """The value, with each referral named by what it is for: its id follows from that of its rule."""
    match value:
        case list():
            return [_named(each, desk) for each in value]
        case str() if (found := _referral(value, desk)) is not None:
            return f"the referral for {found.category} to {found.service}"
        case _:
            return value


def _referral(text: str, desk: Desk) -> Referral | None:
    try:
        return desk.book.referral(UUID(text))
    except ValueError:
        return None
