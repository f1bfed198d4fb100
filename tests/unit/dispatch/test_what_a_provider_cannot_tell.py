"""
What a profile denies, a provider cannot tell: not by a field, and not by urgency, basis, advice, warning or plan.

Whoever knows the rules could read a denied fact off the way in which a referral is made, where only one rule makes it
so. Two worlds that differ only in a secret give the recipient the same bytes, apart from ids that tell nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from onward.contracts.contact import Identity
from onward.contracts.decision import Decision
from onward.contracts.facts import FACTS, Facts
from onward.contracts.referral import Delivery, ProviderReferral
from onward.directory.model import Profile
from onward.dispatch.domain import project
from onward.routing.domain.language import Group, OneOf, Presence, Refer, Rule
from unit.dispatch.dispatch_builders import MONDAY_9AM, a_delivery
from unit.routing.pack_builders import DIRECTORY, ROUTER, RULES, situation
from unit.tracking.ledger_builders import Desk

TELLING = frozenset({"need", "health", "offence", "risk", "safeguarding"})
SECRETS: Mapping[str, Facts] = {
    "registrations": {"registrations": [{"code": "MAPP", "active": True}]},
    "risk.self_harm": {"risk.self_harm": 3},
    "needs.substance_alcohol": {"needs.substance_alcohol": 3, "consent.substance_alcohol": True},
    "needs.substance_drugs": {"needs.substance_drugs": 3, "consent.substance_drugs": True},
    "needs.mental_health": {"needs.mental_health": 3, "consent.mental_health": True},
    "needs.gambling": {"needs.gambling": 3, "consent.gambling": True},
    "person.gang_affected": {"person.gang_affected": True},
    "person.sexual_violence": {"person.sexual_violence": "past"},
    "risk.domestic_abuse_role": {"risk.domestic_abuse_role": "victim"},
}
SAID_BY_THE_SERVICE: Mapping[str, frozenset[str]] = {
    "caution_scheme": frozenset({"event.caution_stage"}),
    "perpetrator_programme": frozenset({"risk.domestic_abuse_role"}),
    "idva": frozenset({"risk.domestic_abuse_role"}),
    "youth_justice_liaison": frozenset({"event.suspected"}),
    "liaison_diversion": frozenset({"event.detained_in"}),
    "liaison_handover": frozenset({"event.suspected"}),
    "early_help": frozenset({"person.low_needs_found"}),
}
"""What a service is for: to be referred to it says so much, and no more."""
SAID_BY_A_FIELD: Mapping[str, frozenset[str]] = {
    "release.on": frozenset({"custody.status", "release.days_since"}),
    "release.planned_on": frozenset({"custody.status", "release.days_until", "release.days_since"}),
    "risk.self_harm": frozenset({"event.in_crisis"}),
}
"""What whoever may see a field may know beside it."""
Signature = tuple[str, str, str, str, str, str]


def asked(group: Group) -> set[str]:
    """The facts of which a group asks for something that is not the usual."""
    usual = {"event.detained_in": "nowhere", "custody.status": "community"}
    return {
        each.path
        for each in group
        if not isinstance(each.test, Presence)
        and not (isinstance(each.test, OneOf) and (usual.get(each.path) in each.test.values) is not each.test.negated)
    }


def told_by(rules: Iterable[Rule]) -> set[str]:
    """What whoever knows that one of *rules* matched knows for certain."""
    certain = [asked(rule.when) | set.intersection(*map(asked, rule.any_of or [()])) for rule in rules]
    return {path for path in set.intersection(*certain) if path in FACTS and FACTS[path].data_class in TELLING}


def may_know(profile: Profile, refer: Refer) -> set[str]:
    need = refer.category.lower()
    by_fields = (SAID_BY_A_FIELD.get(field, frozenset[str]()) for field in profile.fields)
    by_service = SAID_BY_THE_SERVICE.get(refer.service, frozenset[str]())
    return {*profile.fields, f"needs.{need}", *by_service, *(each for some in by_fields for each in some)}


def signatures() -> dict[Signature, list[tuple[Rule, Refer]]]:
    """By what a provider of a profile gets, the rules that may have made it so."""
    found: dict[Signature, list[tuple[Rule, Refer]]] = defaultdict(list)
    for rule in RULES.rules:
        for refer in rule.refer:
            basis = rule.legal_basis.name if rule.legal_basis else ""
            named = {name for name, _ in refer.providers}
            takers = (
                each for each in DIRECTORY.providers.values() if refer.service in each.services and named <= {each.id}
            )
            for profile in {each.profile for each in takers}:
                found[profile, refer.category, refer.service, refer.urgency, basis, refer.advice].append((rule, refer))
    return found


def test_no_urgency_basis_or_advice_tells_what_a_profile_denies() -> None:
    told: list[str] = []
    for signature, made in signatures().items():
        denied = told_by(rule for rule, _ in made) - may_know(DIRECTORY.profiles[signature[0]], made[0][1])
        told += [f"{signature[:5]} by {[rule.id for rule, _ in made]} tells {each}" for each in sorted(denied)]
    assert told == []


def delivered(decision: Decision) -> dict[tuple[str, str], Delivery]:
    """What goes to each provider for each need, once all is approved."""
    desk = Desk()
    desk.decide(decision)
    for each in desk.live():
        if each.status == "AWAITING_APPROVAL" and each.approval:
            desk.approve(each.referral_id, role=each.approval)
    return {(each.provider, each.category): each for each in desk.deliveries()}


def received(delivery: Delivery) -> dict[str, Any]:
    """What the provider reads, without the ids."""
    profile = DIRECTORY.profiles[DIRECTORY.providers[delivery.provider].profile]
    sent = project(delivery, Identity(name="Test Person-0001"), profile, pseudonym="theirs", id_key=b"id_key")
    dumped = sent.model_dump(mode="json", exclude={"referral_id": True, "reference": True, "plan": {"plan": True}})
    # Who approved is known where a register is not, if the profile says so.
    return dumped | ({"approved_by": None, "warning": ""} if profile.warned else {})


def worlds() -> list[Any]:
    """For each rule that refers the people of its first matching test."""
    return [
        pytest.param(next(test.given for test in rule.tests if test.expect == "match"), id=rule.id)
        for rule in RULES.rules
        if rule.refer
    ]


@pytest.mark.parametrize("given", worlds())
def test_two_worlds_that_differ_in_a_secret_look_the_same_to_whoever_may_not_know_it(given: Facts) -> None:
    named = {"person.area": "E08000025", "event.area": "E08000025", **given}
    source = str(named.pop("event.source", "liaison"))
    one = delivered(ROUTER.decide(situation(source, named)))
    for secret, facts in SECRETS.items():
        denying = {
            key
            for key, each in one.items()
            if secret not in may_know(DIRECTORY.profiles[DIRECTORY.providers[each.provider].profile], _refer(each))
        }
        if secret in given or not denying:
            continue
        other = delivered(ROUTER.decide(situation(source, {**named, **facts})))
        for key in denying & other.keys():
            assert received(one[key]) == received(other[key]), (secret, key)


def _refer(delivery: Delivery) -> Refer:
    return next(each for rule in RULES.rules if rule.id == delivery.rule for each in rule.refer)


def sent(profile: Profile, **changes: Any) -> ProviderReferral:
    return project(a_delivery(**changes), Identity(), profile, pseudonym="theirs", id_key=b"id_key")


def test_whoever_meets_the_person_is_told_to_ask_first_and_nobody_else_that_somebody_approved() -> None:
    office = Profile(name="office", why="test", fields=("name",))
    approved = {"approved_by": "staff-0001", "warning": "Speak to the practitioner before you meet the person"}
    assert sent(office, **approved) == sent(office)
    met = sent(office.model_copy(update={"warned": True}), **approved)
    assert (met.approved_by, met.warning) == (approved["approved_by"], approved["warning"])


def test_the_day_of_a_release_goes_with_a_release_referral_alone() -> None:
    profile = Profile(name="treatment", why="test", fields=("release.on",))
    facts = {"release.on": MONDAY_9AM.date()}
    assert sent(profile, facts=facts).disclosed == {}
    assert sent(profile, facts=facts, release=True).disclosed == {"release.on": "2026-03-02"}
