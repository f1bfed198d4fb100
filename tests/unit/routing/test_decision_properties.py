"""What holds for every decision, whatever the situation."""

import re
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onward.contracts.contact import Consent
from onward.contracts.decision import Decision
from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router, decide
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from unit.routing.routing_builders import (
    BASES,
    BIRMINGHAM,
    CAMBRIDGE,
    CARDIFF,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    a_situation,
    rule_file,
)

SAFETY = """\
  - id: crisis
    why: Life at risk
    when: {risk.self_harm: 4, person.area: known}
    unless: {custody.status: [in_prison, hospital]}
    refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: within_4_hours}
    notify: {kind: crisis-phone-call, to: crisis-line, urgency: immediate}
    legal_basis: life
"""
NEED = (
    HOUSING
    + """\
  - id: housing-registered
    why: A registered person
    when: {registrations has: {code: [MAPP, RHRH], active: true}, consent.accommodation: true}
    any_of: [{person.care_leaver: true}, {release.days_since: "<= 28"}, {person.nation: not england}]
    release: true
    refer: {category: ACCOMMODATION, service: supported_housing, urgency: within_3_weeks, linked: [housing]}
    legal_basis: agreed
  - id: tell
    why: Tell
    when: {event.custody_hours_left: "< 4", registrations has no: {code: WEAP}}
    notify: {kind: check, to: custody-officer}
"""
)
SUPPRESS = """\
  - id: died
    why: x
    when: {event.movement: died}
    suppress: {reason: deceased, what: everything, closes: all, closure_reason: death}
  - {id: court, why: x, when: {event.movement: [court, transfer]}, suppress: {reason: still-held, what: release}}
"""
FILES = [
    SourceFile("bases.yaml", BASES.encode()),
    rule_file("safety", SAFETY),
    rule_file("need", NEED),
    rule_file("suppress", SUPPRESS),
]
RULES = load(FILES)
DIRECTORY = a_directory(
    a_provider("council", catchment=(BIRMINGHAM, CAMBRIDGE)),
    a_provider("team", services=("crisis_team",), categories=("MENTAL_HEALTH",), eligibility={"min_age": 16}),
    a_provider("house", services=("supported_housing",), eligibility={"sex": "female", "max_age": 60}),
)
ROUTER = Router(RULES, DIRECTORY)


def values(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case YesNo():
            return st.booleans()
        case Whole(low, high):
            return st.integers(low, high) | st.sampled_from([low, high, max(low, min(high, 18))])
        case Choice(words):
            return st.sampled_from(words)
        case Code(pattern, example_code):
            areas = st.sampled_from([BIRMINGHAM, CAMBRIDGE, CARDIFF, "S12000036"])
            return areas if "E0" in pattern else st.just(example_code)
        case Day():
            return st.dates()
        case Records(fields):
            record = st.fixed_dictionaries({}, optional={name: values(field) for name, field in fields.items()})
            return st.lists(record, max_size=3)


ASKED = {path for path, fact in FACTS.items() if f"{path}:" in SAFETY + NEED + SUPPRESS or "registrations" in fact.path}
FACTS_OF_INTEREST = sorted(
    ASKED | {"person.area", "person.sex", "release.on", "release.planned_on"} | {"event.custody_clock_minutes"}
)
known_facts = st.fixed_dictionaries({}, optional={path: values(FACTS[path].kind) for path in FACTS_OF_INTEREST})
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001 - zoned next
    lambda naive: naive.replace(tzinfo=NOON.tzinfo)
)
consents = st.builds(
    Consent,
    purpose=st.sampled_from(["ACCOMMODATION", "MENTAL_HEALTH", "DUTY_TO_REFER"]),
    given=st.booleans(),
    recipient=st.sampled_from([None, "council", "house"]),
    said_at=moments,
    how=st.just("verbal"),
)


@st.composite
def any_situation(draw: st.DrawFn) -> Situation:
    at = draw(moments)
    late = draw(st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=400)))
    said = draw(st.lists(consents, max_size=3))
    return a_situation(draw(known_facts), occurred_at=at, received_at=at + late, consents=tuple(said))


situations = any_situation()
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def text(decision: Decision) -> str:
    return decision.model_dump_json()


@thorough
@given(situations)
@example(a_situation({}))
def test_every_situation_gets_a_decision_that_its_readers_can_read(situation: Situation) -> None:
    decision = ROUTER.decide(situation)
    assert Decision.model_validate_json(text(decision)) == decision


@thorough
@given(situations)
def test_the_same_situation_gets_the_same_decision_byte_for_byte(situation: Situation) -> None:
    again = Situation.model_validate_json(situation.model_dump_json())
    assert text(ROUTER.decide(situation)) == text(decide(again, load(FILES[::-1]), DIRECTORY))


def shuffled(seed: int) -> RuleSet:
    """The same rules, each in a file of its own, in an order of files by chance; under the same version."""
    random = Random(seed)
    files = [FILES[0]]
    for theme, rules in {"safety": SAFETY, "suppress": SUPPRESS, "need": NEED}.items():
        single = re.split(r"^(?=  - )", rules, flags=re.MULTILINE)[1:]
        files += [SourceFile(f"{random.random()}.yaml", rule_file(theme, rule).content) for rule in single]
    return RuleSet(load(files).rules, RULES.version)


def meaning(decision: Decision) -> str:
    """A decision without the places of its conditions in files."""
    return re.sub(r'"where":"[^"]*"', "", text(decision))


@settings(thorough, max_examples=40)
@given(situations, st.integers(0, 1000))
def test_the_order_of_files_and_rules_has_no_meaning(situation: Situation, seed: int) -> None:
    assert meaning(decide(situation, shuffled(seed), DIRECTORY)) == meaning(ROUTER.decide(situation))


@thorough
@given(situations)
def test_a_rule_about_something_else_changes_nothing(situation: Situation) -> None:
    other = """\
  - {id: zz-other, why: x, when: {event.source: no-such-source}, notify: {kind: other, to: officer-in-case}}
"""
    more = RuleSet(load([*FILES, SourceFile("other.yaml", rule_file("need", other).content)]).rules, RULES.version)
    assert text(decide(situation, more, DIRECTORY)) == text(ROUTER.decide(situation))


@thorough
@given(situations)
def test_nothing_known_is_asked_for_and_nothing_unknown_is_disclosed(situation: Situation) -> None:
    decision = ROUTER.decide(situation)
    whole = set(decision.facts) - {"registrations", "event.caution_conditions"}  # records can have gaps
    for need in decision.needs_information:
        assert not set(need.missing) & whole
        assert list(need.missing) == sorted(set(need.missing))
    for referral in decision.referrals:
        assert set(referral.disclosed) <= set(decision.facts) | set(situation.identity_fields)
        assert referral.provider in DIRECTORY.providers


@thorough
@given(situations)
def test_a_rule_ends_in_one_way_for_each_category(situation: Situation) -> None:
    decision = ROUTER.decide(situation)
    ends = [
        *((referral.rule, referral.category) for referral in decision.referrals),
        *((need.rule, need.category) for need in decision.needs_information),
        *((unmet.rule, unmet.category) for unmet in decision.unmet),
    ]
    assert len(ends) == len(set(ends))
    services = [(referral.category, referral.service) for referral in decision.referrals]
    assert len(services) == len(set(services))
