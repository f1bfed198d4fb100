"""
Rules that would leave somebody without an answer in sight are found.

The rules in use are changed in each such way, wherever they can be: each change is found, and without one nothing is.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from onward.contracts import paths
from onward.contracts.codes import Urgency
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.conditions import consent_path
from onward.routing.domain.eligibility import offers
from onward.routing.domain.language import Condition, OneOf, Rule, RuleSet
from onward.workbench.linting import lint_answers

YES = OneOf(frozenset({True}))


@cache
def rules() -> RuleSet:
    return load_bundle(paths.schemas() / "routing")


@cache
def directory() -> Directory:
    return directory_files.load()


def found(*changed: Rule, providers: Directory | None = None) -> set[tuple[str, str]]:
    """Code and place of what is found in the rules in use, some of them changed."""
    instead = {each.id: each for each in changed}
    bundle = replace(rules(), rules=tuple(instead.get(each.id, each) for each in rules().rules))
    return {(each.code, str(each.place)) for each in lint_answers.findings(bundle, providers or directory())}


def a_rule(name: str) -> Rule:
    return next(each for each in rules().rules if each.id == name)


def without(rule: Rule, path: str) -> Rule:
    """A rule that does not ask about a fact."""
    kept = [tuple(each for each in group if each.path != path) for group in (rule.when, *rule.any_of)]
    return replace(rule, when=kept[0], any_of=tuple(kept[1:]))


def test_in_the_rules_in_use_nothing_is_found() -> None:
    assert found() == set()


SILENT = ("died-at-the-gate-and-met-since", "deported-at-the-gate-and-met-since", "event-too-old", "absconded")


@pytest.mark.parametrize("name", [*SILENT, "still-unlawfully-at-large", "declined-on-this-occasion"])
def test_everything_stopped_and_nobody_told_is_found(name: str) -> None:
    rule = a_rule(name)
    assert rule.notify
    assert found(replace(rule, notify=())) == {("L034", str(rule.place))}


def test_everything_stopped_is_found_too_where_the_rule_that_tells_is_gone_or_would_be_silenced() -> None:
    stop = a_rule("in-prison-and-in-a-cell")
    assert stop.suppress is not None
    assert found(replace(a_rule("met-while-held"), notify=())) == {("L034", str(stop.place))}
    assert found(replace(stop, suppress=replace(stop.suppress, what="everything"))) == {("L034", str(stop.place))}
    died = a_rule("died-before")
    assert died.suppress is not None
    assert found(replace(died, suppress=replace(died.suppress, closes="none"))) == {("L034", str(died.place))}


def named(profile: str) -> Iterator[str]:
    """The places of the referrals that may reach a provider with a profile."""
    for rule in rules().rules:
        for refer in rule.refer:
            providers = [each for each in directory().providers.values() if each.profile == profile]
            names = {name for name, _ in refer.providers}
            if any(offers(each, refer) and (not names or each.id in names) for each in providers):
                yield str(refer.place)


def test_a_profile_that_drops_the_safe_contact_is_found_at_each_referral_that_it_is_for() -> None:
    dropping = {name: each for name, each in directory().profiles.items() if "safe_contact" in each.fields}
    assert len(dropping) > 20
    for name, profile in dropping.items():
        fields = tuple(each for each in profile.fields if each != "safe_contact")
        profiles = {**directory().profiles, name: profile.model_copy(update={"fields": fields})}
        places = {("L035", place) for place in named(name)}
        assert found(providers=directory().model_copy(update={"profiles": profiles})) == places != set(), name


def test_victims_sent_to_somebody_who_is_told_no_way_that_is_safe_are_found() -> None:
    rule = a_rule("victim-support")
    providers = {
        name: each.model_copy(update={"profile": "minimal-safety-alert"}) if "victim_support" in each.services else each
        for name, each in directory().providers.items()
    }
    assert ("L035", str(rule.refer[0].place)) in found(
        providers=directory().model_copy(update={"providers": providers})
    )


def test_an_agreement_to_something_else_is_found_wherever_a_rule_asks_for_one() -> None:
    asked = 0
    for rule in rules().rules:
        path = rule.refer and consent_path(rule.refer[0].category)
        agreed = [each for each in rule.when if each.path == path and each.test == YES]
        if len(rule.refer) == len(agreed) == 1 and "dual-diagnosis" not in rule.id:
            other = replace(agreed[0], path="consent.out_of_court")
            changed = replace(rule, when=tuple(other if each is agreed[0] else each for each in rule.when))
            assert found(changed) == {("L036", agreed[0].where)}, rule.id
            asked += 1
    assert asked > 30


@pytest.mark.parametrize(
    ("name", "service"),
    [("idva", "perpetrator_programme"), ("victim-support", "thinking_skills"), ("perpetrator-programme", "idva")],
)
def test_help_for_a_victim_and_work_on_ones_own_behaviour_are_never_one_agreement(name: str, service: str) -> None:
    rule = a_rule(name)
    refer = replace(rule.refer[0], service=service)  # type: ignore[arg-type]
    assert found(replace(rule, refer=(refer,))) == {("L036", str(refer.place))}


YOUTH = [("youth-justice-liaison", "event.suspected"), ("youth-justice-before-release", "custody.status")]


@pytest.mark.parametrize(("name", "path"), [*YOUTH, ("youth-justice-resettlement", "custody.status")])
def test_youth_justice_for_a_child_who_is_suspected_of_nothing_is_found(name: str, path: str) -> None:
    rule = a_rule(name)
    assert found(without(rule, path)) == {("L037", str(rule.refer[0].place))}


def test_youth_justice_told_of_such_a_child_or_of_one_who_is_not_suspected_is_found() -> None:
    rule = a_rule("youth-justice-liaison")
    told = replace(without(rule, "event.suspected"), refer=())
    assert found(told) == {("L037", str(rule.place))}
    no = OneOf(frozenset({False}))
    when = tuple(replace(each, test=no) if each.path == "event.suspected" else each for each in rule.when)
    assert found(replace(rule, when=when)) == {("L037", str(rule.refer[0].place))}


RISKS = {
    "risk.self_harm": "within_2_working_days",
    "event.threshold": "within_24_hours",
    "person.adult_at_risk": "next_working_day",
    "person.exploited": "next_working_day",
    "risk.domestic_abuse_high": "within_5_working_days",
    "risk.dash_score": "within_5_working_days",
    "event.in_crisis": "within_2_working_days",
    "event.outcome": "within_4_weeks",
    "person.sexual_violence": "within_3_weeks",
    "needs.mental_health": "within_3_weeks",
}
"""Slower than any rule that reads this may be; of a need, the rules that read it as urgent."""

HIGH = ("4", "3", ">= 3", ">= 14", "true", "s136", "serious_harm", "immediate_risk_to_life", "recent", "recent or past")


def reads(rule: Rule, path: str) -> Iterator[Condition]:
    yield from (each for group in rule.alternatives for each in group if each.path == path and each.expected in HIGH)


@pytest.mark.parametrize(("path", "slow"), RISKS.items())
def test_a_referral_or_notice_slower_than_the_risk_that_its_rule_reads_is_found(path: str, slow: Urgency) -> None:
    changed = 0
    for rule in rules().rules:
        if not any(reads(rule, path)) or "appropriate-adult" in rule.id or "dual-diagnosis" in rule.id:
            continue
        for at, refer in enumerate(rule.refer):
            sent = tuple(replace(each, urgency=slow) if each is refer else each for each in rule.refer)
            assert found(replace(rule, refer=sent)) == {("L038", str(refer.place))}, (rule.id, at)
        for at, notify in enumerate(rule.notify):
            told = tuple(replace(each, urgency=slow) if each is notify else each for each in rule.notify)
            assert found(replace(rule, notify=told)) == {("L038", str(rule.place))}, (rule.id, at)
        changed += 1
    assert changed
