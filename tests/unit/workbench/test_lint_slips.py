"""Slips that load and pass every test: `onward rules lint` says what would let them through."""

from pathlib import Path

import pytest

from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle, read_files
from onward.workbench.linting.all_findings import lint
from unit.workbench.pack_folders import folder_of

HEAD = "  - id: a-rule\n    why: For tests\n"
TELLS = "    notify: {kind: told, to: duty-practitioner}\n"
HOUSES = "    refer: {category: ACCOMMODATION, service: housing_authority, urgency: immediate}\n"


def found(folder: Path, rules: str, *codes: str) -> list[str]:
    """The messages of these codes, for rules of theme need."""
    folder_of(folder, need=rules)
    findings = lint(load_bundle(folder), read_files(folder), directory_files.load())
    return [each.message for each in findings if each.code in codes]


def rule(when: str, *given: str, effective: str = "") -> str:
    """A rule, with a test for each of the facts given."""
    first = f"    effective: {effective}\n" if effective else ""
    tests = "".join(
        f"      - {{name: test {number}, given: {{{facts}}}, expect: match}}\n"
        for number, facts in enumerate(given, start=1)
    )
    beside = f"    tests:\n{tests}" if tests else ""
    return f"{HEAD}{first}    when: {{{when}}}\n{TELLS}{beside}"


@pytest.mark.parametrize(
    ("when", "given", "named"),
    [
        ('person.age: ">= 18"', (34, 12), "`person.age: 17` and `person.age: 18`"),
        ('person.age: ">= 18"', (18, 12), "`person.age: 17`"),
        ('person.age: "> 18"', (18, 17), "`person.age: 19`"),
        ('person.age: "< 18"', (17, 19), "`person.age: 18`"),
        ("person.age: 18..24", (17, 18, 25), "`person.age: 24`"),
        ("person.age: 0..24", (0, 24), "`person.age: 25`"),
    ],
)
def test_each_end_of_a_range_wants_a_test_on_both_of_its_sides(
    tmp_path: Path, when: str, given: tuple[int, ...], named: str
) -> None:
    (message,) = found(tmp_path, rule(when, *(f"person.age: {age}" for age in given)), "L013")
    assert f"gives {named}, where" in message


def test_the_ends_of_a_range_are_shown_by_any_test_of_the_rule(tmp_path: Path) -> None:
    assert found(tmp_path, rule('person.age: ">= 18"', "person.age: 18", "person.age: 17"), "L013") == []


def test_a_derived_fact_is_shown_by_what_it_follows_from(tmp_path: Path) -> None:
    days = ("2026-02-02", "2026-02-01")
    given = [f"event.day: 2026-03-02, release.on: {day}" for day in days]
    assert found(tmp_path, rule('release.days_since: "<= 28"', *given), "L013") == []


def test_the_days_of_effective_want_tests_that_name_them(tmp_path: Path) -> None:
    span = "{from: 2026-03-01, until: 2026-03-31}"
    (message,) = found(tmp_path, rule("person.age: known", "person.age: 18", effective=span), "L013")
    ends = ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    assert "gives " + " and ".join(f"`event.day: {day}`" for day in ends) in message
    given = [f"event.day: {day}, person.age: 18" for day in ends]
    assert found(tmp_path, rule("person.age: known", *given, effective=span), "L013") == []


def test_each_value_of_a_list_wants_a_test_in_which_it_decides(tmp_path: Path) -> None:
    when = "event.source: [custody, courts, liaison]"
    (message,) = found(tmp_path, rule(when, "event.source: custody", "event.source: hmpps"), "L014")
    assert "no test of `a-rule` fails where `event.source` loses `courts`, `liaison`;" in message
    every = [f"event.source: {source}" for source in ("custody", "courts", "liaison")]
    assert found(tmp_path, rule(when, *every), "L014") == []


def test_a_value_that_a_test_gives_and_that_does_not_decide_there_is_not_shown(tmp_path: Path) -> None:
    """The status decides only where the day is known: with `none` gone, a test without a day still matches."""
    when = "duty_to_refer.status: [none, withdrawn], event.source: custody"
    stopped = "event.source: courts, duty_to_refer.status: none"
    text = rule(when, "event.source: custody, duty_to_refer.status: withdrawn", stopped)
    text = text.replace(f"given: {{{stopped}}}, expect: match", f"given: {{{stopped}}}, expect: no_match")
    (message,) = found(tmp_path, text, "L014")
    assert "`duty_to_refer.status` loses `none`" in message


SETS = "schema: routing/v1\nsets:\n  some: [custody, courts]\n"


@pytest.mark.parametrize(("listed", "told"), [("$some", 0), ("[custody, courts]", 1)])
def test_a_set_is_shown_by_the_tests_of_every_rule_that_names_it_and_an_inline_list_by_its_own(
    tmp_path: Path, listed: str, told: int
) -> None:
    (tmp_path / "sets.yaml").write_text(SETS)
    when = f"event.source: {listed}"
    other = rule(when, "event.source: courts", "event.source: custody")
    other = other.replace("a-rule", "another").replace("For tests", "For other tests")
    assert len(found(tmp_path, rule(when, "event.source: custody") + other, "L014")) == told


HAS = "registrations has: {code: [MAPP, AVIS], active: true}"


def test_values_and_fields_inside_has_want_tests_in_which_they_decide(tmp_path: Path) -> None:
    messages = found(tmp_path, rule(HAS, "registrations: [{code: MAPP, active: true}]"), "L014", "L030")
    assert [message.partition(";")[0] for message in messages] == [
        "no test of `a-rule` fails where `registrations code` loses `AVIS`",
        "no test of `a-rule` fails where `registrations code` is not asked for",
        "no test of `a-rule` fails where `registrations active` is not asked for",
    ]
    matching = [f"registrations: [{{code: {code}, active: true}}]" for code in ("MAPP", "AVIS")]
    failing = ["registrations: [{code: RCPR, active: true}]", "registrations: [{code: MAPP, active: false}]"]
    text = rule(HAS, *matching, *failing)
    for given in failing:
        text = text.replace(f"given: {{{given}}}, expect: match", f"given: {{{given}}}, expect: no_match")
    assert found(tmp_path, text, "L014", "L030") == []


STOPS = "    suppress: {reason: moved, what: release}\n"


@pytest.mark.parametrize(
    ("conditions", "lacking"),
    [
        ("when: {person.area: E08000025}", "person.area"),
        ("when: {person.area: E08000025, person.sex: male}", "person.area and person.sex"),
        ("when: {event.source: custody, person.sex: male}", "person.sex"),
        ("when: {event.source: custody}\n    unless: {person.sex: male}", "person.sex"),
        ("when: {registrations has: {code: MAPP}}", "registrations"),
        ("when: {person.area: known}\n    any_of: [{person.area: E08000025}]", ""),
        ("when: {person.deceased: known, person.sex: male}", ""),
        ("when: {event.source: custody}", ""),
        ('when: {event.age_days: "> 28"}', ""),
        ("when: {person.area: not known}", ""),
    ],
)
def test_a_suppression_begins_with_what_is_known_or_holds_up_everybody(
    tmp_path: Path, conditions: str, lacking: str
) -> None:
    folder_of(tmp_path, suppress=f"{HEAD}    {conditions}\n{STOPS}")
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    messages = [each.message for each in findings if each.code == "L015"]
    assert [message.partition(" is not known")[0] for message in messages] == (
        [f"`a-rule` holds up the referrals of everybody of whom {lacking}"] if lacking else []
    )


def test_a_rule_that_refers_may_wait_for_what_it_asks(tmp_path: Path) -> None:
    assert found(tmp_path, rule("person.area: E08000025"), "L015") == []


@pytest.mark.parametrize("asked", ["accommodation.chosen_authority: known", "accommodation.chosen_nation: england"])
def test_a_referral_for_home_by_a_rule_about_the_chosen_place_is_found(tmp_path: Path, asked: str) -> None:
    text = f"{HEAD}    when: {{{asked}}}\n{HOUSES}    legal_basis: duty\n"
    (message,) = found(tmp_path, text, "L016")
    assert "add `catchment_by: accommodation.chosen_authority`" in message
    chosen = text.replace("immediate}", "immediate, catchment_by: accommodation.chosen_authority}")
    assert found(tmp_path, chosen, "L016") == []
    assert found(tmp_path, text.replace(asked, "person.area: known"), "L016") == []


def test_a_rule_that_requires_consent_and_rests_on_another_basis_is_found(tmp_path: Path) -> None:
    text = f"{HEAD}    when: {{consent.accommodation: true}}\n{HOUSES}    legal_basis: duty\n"
    (message,) = found(tmp_path, text, "L017")
    assert "requires `consent.accommodation: true`, and names `duty`" in message
    assert found(tmp_path, text.replace("basis: duty", "basis: agreed"), "L017") == []
    assert found(tmp_path, text.replace("consent.accommodation", "consent.duty_to_refer"), "L017") == []


def test_release_referrals_of_a_rule_that_asks_for_no_release_are_found(tmp_path: Path) -> None:
    text = f"{HEAD}    when: {{person.age: known}}\n    release: true\n{HOUSES}    legal_basis: duty\n"
    (message,) = found(tmp_path, text, "L019")
    assert message.startswith("`a-rule` says `release: true` and asks for no fact about a release")
    unless = text.replace("    release: true\n", "    release: true\n    unless: {release.on: known}\n")
    assert len(found(tmp_path, unless, "L019")) == 1
    for otherwise in ("release: false", "any_of: [{release.on: known}]\n    release: true"):
        assert found(tmp_path, text.replace("release: true", otherwise), "L019") == []


@pytest.mark.parametrize(
    ("sets", "named"),
    [
        ("homeless: [homeless, at_risk]", ["homeless"]),
        ("homeless_or_at_risk: [homeless, at_risk]", []),
        ("homeless: [homeless]", []),
        ("homeless: [at_risk, settled]", []),
    ],
)
def test_a_set_with_the_name_of_one_of_several_values_is_a_trap(tmp_path: Path, sets: str, named: list[str]) -> None:
    folder_of(tmp_path, need=rule("person.age: known"))
    (tmp_path / "sets.yaml").write_text(f"schema: routing/v1\nsets: {{{sets}}}\n")
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    assert [each.message.split("`")[1] for each in findings if each.code == "L018"] == named


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ('person.age: ">= 18", consent.accommodation: true', True),
        ("needs.mental_health: 3", True),
        ("risk.self_harm: 4", False),
        ("needs.mental_health: 4", False),
        ('person.age: "< 18"', False),
        ("person.exploited: true", False),
    ],
)
def test_a_referral_that_nobody_may_stop_asks_of_danger(tmp_path: Path, when: str, told: bool) -> None:
    basis = "    legal_basis: life\n"
    text = f"{HEAD}    when: {{{when}}}\n{HOUSES}{basis}"
    folder_of(tmp_path, safety=text)
    bases = "schema: routing/v1\nbases: {life: {kind: public_task, purpose: p, article_6: a, citation: c}}\n"
    (tmp_path / "bases.yaml").write_text(bases)
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    assert [each.code for each in findings if each.code == "L020"] == ["L020"] * told
