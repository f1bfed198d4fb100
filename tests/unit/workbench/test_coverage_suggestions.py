"""The tests that are suggested close the gaps, pass, and can be pasted as they are."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from onward.contracts import contact_types
from onward.contracts.fact_kinds import FactValue
from onward.routing.domain.language import Rule, RuleTest
from onward.routing.domain.rule_tests import run_test
from onward.workbench.coverage.covering import RuleCoverage, cover_rule
from onward.workbench.coverage.names import said
from onward.workbench.coverage.suggesting import as_yaml, suggest
from unit.routing.pack_builders import RULES
from unit.routing.routing_builders import rule_set

RULE = """\
  - id: a-rule
    why: For tests
    effective: {from: 2018-10-01}
    when:
      event.source: [custody, hmpps]
      release.planned_on: known
      release.working_days_until: "<= 5"
      accommodation.chosen_nation: england
      registrations has: {code: [RHRH, MAPP], active: true}
    any_of:
      - {custody.status: in_prison, duty_to_refer.status: unknown}
      - {custody.status: in_prison, duty_to_refer.age_days: "> 182"}
    unless: [{person.interpreter: "no", event.custody_hours_left: "< 4"}]
    notify: {kind: told, to: duty-practitioner}
"""


SOME = [rule.id for rule in RULES.rules[::7]]
"""Rules of the pack, of every theme."""


@cache
def with_its_first_test(name: str) -> tuple[RuleCoverage, list[RuleTest]]:
    """What is shown of a rule of the pack that has its first test alone, and what is suggested for the rest."""
    (rule,) = (rule for rule in RULES.rules if rule.id == name)
    covered = cover_rule(replace(rule, tests=rule.tests[:1]))
    return covered, suggest(covered)


def with_tests(text: str, tests: list[RuleTest]) -> Rule:
    (rule,) = rule_set(need=f"{text}    tests:\n" + "".join(map(as_yaml, tests))).rules
    return rule


@pytest.fixture(scope="module")
def suggested() -> list[RuleTest]:
    """What is suggested for `RULE`, which has no test."""
    (bare,) = rule_set(need=RULE).rules
    return suggest(cover_rule(bare))


def test_pasted_as_they_are_they_close_every_gap(suggested: list[RuleTest]) -> None:
    rule = with_tests(RULE, suggested)
    assert [run_test(rule, test).problem for test in rule.tests] == [""] * len(rule.tests)
    assert cover_rule(rule).gaps == []


def test_they_are_folded_at_the_width_of_the_pack(suggested: list[RuleTest]) -> None:
    lines = "".join(map(as_yaml, suggested)).splitlines()
    assert max(map(len, lines)) <= 120
    assert any(line.startswith("        ") and ": " in line and "given" not in line for line in lines)


def test_they_change_one_thing_of_the_test_that_matches() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {person.age: ">= 18", person.veteran: true}
    notify: {kind: told, to: duty-practitioner}
    tests:
      - {name: a soldier, given: {event.source: custody, person.veteran: true, person.age: 34}, expect: match}
"""
    (rule,) = rule_set(need=text).rules
    assert (
        "".join(map(as_yaml, suggest(cover_rule(rule))))
        == """\
      - name: the age is 17
        given: {event.source: custody, person.veteran: true, person.age: 17}
        expect: no_match
        because: person.age
      - name: not veteran
        given: {event.source: custody, person.veteran: false, person.age: 34}
        expect: no_match
        because: person.veteran
"""
    )


@pytest.mark.parametrize("name", SOME)
def test_every_gap_that_a_rule_of_the_pack_has_with_its_first_test_alone_can_be_closed(name: str) -> None:
    covered, suggested = with_its_first_test(name)
    assert covered.gaps
    whole = replace(covered.rule, tests=(*covered.rule.tests, *suggested))
    assert cover_rule(whole).gaps == []


def test_what_follows_from_changed_facts_is_not_carried_along() -> None:
    text = """\
  - id: a-rule
    why: For tests
    effective: {from: 2026-03-02}
    when: {release.days_since: "<= 28", person.veteran: true}
    notify: {kind: told, to: duty-practitioner}
    tests:
      - name: four weeks ago
        given: {person.veteran: true, release.on: 2026-02-02, release.days_since: 28}
        expect: match
"""
    (rule,) = rule_set(need=text).rules
    assert all("release.days_since" not in test.given for test in suggest(cover_rule(rule)))


def test_a_distance_is_given_only_between_two_places_that_are_not_one() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {person.area: known, accommodation.chosen_authority: known, accommodation.distance_km: ">= 50"}
    unless: [{accommodation.distance_km: "> 300", person.nation: wales}]
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    rule = with_tests(text, suggest(cover_rule(bare)))
    assert cover_rule(rule).gaps == []
    given = [test.given for test in rule.tests]
    far = [facts for facts in given if "accommodation.distance_km" in facts]
    assert far
    assert all(facts["person.area"] != facts["accommodation.chosen_authority"] for facts in far)


def test_a_place_alone_fails_beside_a_distance_that_is_then_not_known() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {person.area: known, accommodation.distance_km: ">= 50"}
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    levels = {each.obligation.what: each.level for each in cover_rule(bare).found}
    assert levels["only person.area fails"] == "does not fail"
    assert levels["only accommodation.distance_km fails"] == "holds"


SINCE_MARCH = """\
  - id: a-rule
    why: For tests
    effective: {from: 2026-03-01}
    when: {release.on: ">= 2026-03-01", release.days_since: "<= 28", person.age: ">= 18"}
    notify: {kind: told, to: duty-practitioner}
"""


def test_a_day_is_named_on_which_a_told_day_and_what_is_counted_from_it_part() -> None:
    (bare,) = rule_set(need=SINCE_MARCH).rules
    rule = with_tests(SINCE_MARCH, suggest(cover_rule(bare)))
    assert cover_rule(rule).gaps == []
    late = next(test for test in rule.tests if test.because == "release.days_since")
    assert (late.day, late.given["release.on"]) == (date(2026, 3, 30), date(2026, 3, 1))


def test_a_name_says_of_what_follows_what_it_is() -> None:
    (bare,) = rule_set(need=SINCE_MARCH).rules
    assert "the release days since is 29" in [test.name for test in suggest(cover_rule(bare))]


def test_what_a_test_would_have_without_saying_so_is_given() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {event.local_hour: "< 6", accommodation.distance_km: "> 50"}
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    by_because = {test.because: test for test in suggest(cover_rule(bare))}
    late, near = by_because["event.local_hour"], by_because["accommodation.distance_km"]
    assert (late.name, late.given["event.local_hour"]) == ("the local hour is 6", 6)
    assert (near.name, near.given["accommodation.distance_km"]) == ("the accommodation distance km is 50", 50)


def test_a_test_made_from_none_gives_no_fact_that_it_does_not_need() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {release.days_until: "<= 28", person.age: ">= 18"}
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    matching = next(test for test in suggest(cover_rule(bare)) if test.expect == "match")
    assert matching.given.keys() == {"release.planned_on", "person.age"}


def test_no_record_is_suggested_that_says_nothing_since_no_test_may_give_one() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {registrations has: {code: MAPP, active: true}, registrations has no: {code: [MAPP, RHRH]}}
    any_of:
      - {registrations has: {active: false}, registrations has no: {active: true}}
      - {registrations has: {code: AVIS}}
    unless: [{registrations has no: {code: [MAPP, RHRH]}}]
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    rule = with_tests(text, suggest(cover_rule(bare)))
    assert cover_rule(rule).gaps == []


def test_a_test_that_needs_no_fact_names_the_day_since_given_must_not_be_empty() -> None:
    text = """\
  - id: a-rule
    why: For tests
    when: {person.veteran: known}
    notify: {kind: told, to: duty-practitioner}
"""
    (bare,) = rule_set(need=text).rules
    suggested = suggest(cover_rule(bare))
    assert any(not test.given for test in suggested)
    assert cover_rule(with_tests(text, suggested)).gaps == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("person.age", 17, "the age is 17"),
        ("person.age", None, "age not known"),
        ("person.pregnant", True, "pregnant"),
        ("person.pregnant", False, "not pregnant"),
        ("needs.mental_health", 1, "the need mental health is 1"),
        ("consent.mental_health", False, "does not agree to a referral for mental health"),
        ("consent.duty_to_refer", True, "agrees to the referral to the authority"),
        ("consent.contact_details", None, "nobody has asked about passing on contact details"),
        ("custody.status", "in_prison", "the custody status is in prison"),
        ("event.source", "custody", "told by custody"),
        ("release.planned_on", date(2026, 3, 2), "release planned on 2026-03-02"),
        ("release.on", None, "day of release not known"),
        ("accommodation.next_arranged", False, "accommodation next arranged is no"),
        ("registrations", [], "no registrations"),
        ("registrations", [{"code": "MAPP"}], "other registrations"),
    ],
)
def test_a_fact_is_told_in_plain_words(path: str, value: FactValue | None, words: str) -> None:
    assert said(path, value) == words


@pytest.mark.parametrize("name", SOME)
def test_a_test_is_named_without_the_paths_of_facts(name: str) -> None:
    covered, suggested = with_its_first_test(name)
    names = [test.name for test in suggested]
    assert names
    # The rule's own word, and a type of contact, which is a value.
    own = re.compile("|".join(["any_of", *map(re.escape, contact_types.known())]))
    without = [own.sub("", name) for name in names]
    assert not [name for name in without if "_" in name or re.search(r"[a-z]\.[a-z]", name)]
    assert not {*names} & {covered.rule.tests[0].name}
    assert len({*names}) == len(names)
