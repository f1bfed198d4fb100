"""Rule files: what an author got wrong is said, all of it, with its place; and then nothing is loaded."""

import pytest

from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import Between, Has, OneOf, Presence
from onward.routing.domain.loader import load
from unit.routing.routing_builders import BASES, HOUSING, problems, rule_file, rule_set


def a_rule(when: str = "{person.age: 5}", action: str = "notify: {kind: check, to: duty-practitioner}") -> str:
    return f"  - id: it\n    why: for a test\n    when: {when}\n    {action}\n"


P001 = (
    "need.yaml:9:5: error[P001]: the basis is consent, but the rule does not require `consent.accommodation: true`; "
    "add that to `when`"
)


def only(found: list[str]) -> str:
    assert len(found) == 1, found
    return found[0]


def test_a_rule_file_says_what_it_says() -> None:
    rules = rule_set(need=HOUSING)
    (rule,) = rules.rules
    age, status, consent = rule.when
    assert (age.path, age.test, age.expected) == ("person.age", Between(18, None), ">= 18")
    assert (status.path, status.test) == ("accommodation.status", OneOf(frozenset(["homeless"])))
    assert (consent.path, consent.where) == ("consent.accommodation", "need.yaml:7:88")
    assert rule.legal_basis is not None
    assert rule.legal_basis.citation == "UK GDPR Art. 6"


def test_every_problem_of_every_file_is_said_in_one_pass_and_nothing_is_loaded() -> None:
    broken = HOUSING.replace("person.age", "person.agee").replace("homeless,", "homles,").replace("true", "no")
    other = a_rule("{person.sex: man}")
    files = [SourceFile("bases.yaml", BASES.encode()), rule_file("need", broken), rule_file("safety", other)]
    with pytest.raises(BundleError) as caught:
        load(files)
    assert str(caught.value).splitlines() == [
        "need.yaml:7:12: error[T001]: no fact `person.agee`; did you mean `person.age`?",
        "need.yaml:7:56: error[T003]: `homles` is no value of accommodation.status; did you mean `homeless`?",
        "need.yaml:7:87: error[T004]: `no` is no value of consent.accommodation; write true or false",
        P001,
        "safety.yaml:7:24: error[T003]: `man` is no value of person.sex; write one of `female`, `male`",
    ]


@pytest.mark.parametrize(
    ("when", "code", "words"),
    [
        ("{person.aeg: 5}", "T001", "did you mean `person.age`?"),
        ("{person.age: eighteen}", "T005", "write a whole number from 0 to 120"),
        ("{person.age: 010}", "T005", "whole number"),
        ("{person.age: 121}", "T005", "from 0 to 120"),
        ('{person.age: ">= 121"}', "T008", "can never hold"),
        ('{person.age: "<= 120"}', "T009", "always holds"),
        ("{person.age: 30..20}", "T008", "can never hold"),
        ('{needs.mental_health: ">= 5"}', "T008", "can never hold"),
        ("{person.sex: [female, male]}", "T009", "write `known`"),
        ("{person.sex: femal}", "T003", "did you mean `female`?"),
        ("{person.veteran: yes}", "T004", "write true or false"),
        ("{person.veteran: not true}", "T002", "write `person.veteran: false`"),
        ("{person.area: Birmingham}", "T006", "a code such as `E08000025`"),
        ("{release.on: 2026-02-30}", "T007", "a day such as"),
        ('{release.on: ">= 0026-01-01"}', "T007", "a day such as"),
        ("{person.age has: {x: 1}}", "T002", "has one value"),
        ("{person.age hs: 5}", "T002", "`hs` is no operator"),
        ("{registrations: MAPP}", "T002", "registrations has"),
        ("{registrations has: {cod: MAPP}}", "T001", "did you mean `code`?"),
        ("{registrations has: {code: MAP}}", "T003", "did you mean `MAPP`?"),
        ("{registrations has: {code: known}}", "T003", "is no value of code"),
        ("{person.age: {from: 5}}", "R001", "not `key: value` pairs"),
        ("{person.age: [[5]]}", "R001", "a flat list"),
        ("{person.age: []}", "R012", "allows nothing"),
        ("{}", "R012", "`when` is empty"),
        ("{event.source: $polic}", "R006", "did you mean `$police`?"),
        ("{event.movement: unknown}", "T002", "write `[unknown]` for the value"),
        ("{person.age: 5, person.age: 6}", "Y012", "written twice"),
        ("{person.age: &age 5}", "Y008", "anchor"),
        ("{person.age: !!int 5}", "Y009", "tag"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(when: str, code: str, words: str) -> None:
    found = only(problems(a_rule(when), sets="sets: {police: [custody]}\n"))
    assert f"error[{code}]" in found
    assert words in found


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        (a_rule(action=""), "R008", "the rule does nothing"),
        (a_rule(action="notify: {kind: x, to: duty-practicioner}"), "R007", "did you mean `duty-practitioner`?"),
        (a_rule(action="notfy: {kind: x, to: crisis-line}\n    notify: {kind: x, to: crisis-line}"), "R002", "notify"),
        (HOUSING.replace("    legal_basis: agreed\n", ""), "P002", "needs a `legal_basis`"),
        (HOUSING.replace("basis: agreed", "basis: agred"), "R009", "did you mean `agreed`?"),
        (HOUSING.replace("consent.accommodation", "consent.mental_health"), "P001", "consent.accommodation: true"),
        (HOUSING.replace("consent.accommodation: true", "consent.accommodation: known"), "P001", "require"),
        (a_rule() + "    legal_basis: agreed\n", "P003", "nothing is referred"),
        (a_rule(action="suppress: {reason: x, what: everything}"), "P004", "only theme suppress may stop"),
        (HOUSING + HOUSING, "R004", "rule `housing` again; it is already at need.yaml:5:9"),
        (HOUSING.replace("id: housing", "id: Housing!"), "R005", "no rule id"),
        (HOUSING.replace("    why: A homeless adult who agrees\n", ""), "R003", "a rule has no `why`"),
        (HOUSING + "    effective: {from: 2026-05-01, until: 2026-04-01}\n", "T010", "ends before it starts"),
        (HOUSING.replace("urgency:", "linked: [housng], urgency:"), "R010", "did you mean `housing`?"),
        (a_rule() + "    tests: [{name: a, given: {person.agee: 1}, expect: match}]\n", "T001", "person.age"),
        (a_rule() + "    tests: [{name: a, given: {person.age: 1}, expect: matches}]\n", "R007", "`match`"),
        (a_rule() + "    any_of: {person.age: 4}\n", "R001", "must be a list"),
    ],
)
def test_a_rule_that_must_not_be_is_refused(rule: str, code: str, words: str) -> None:
    found = only(problems(rule))
    assert f"error[{code}]" in found
    assert words in found


def test_one_rule_makes_one_referral_for_a_category() -> None:
    one = "{category: ACCOMMODATION, service: %s, urgency: immediate}"
    twice = f"[{one % 'cas3'}, {one % 'supported_housing'}]"
    rule = HOUSING.replace(
        "{category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}", twice
    )
    assert "error[R011]: ACCOMMODATION twice" in only(problems(rule))


def test_a_suppression_stands_only_in_its_theme_and_refers_nobody() -> None:
    assert "error[P004]" in only(problems(HOUSING, theme="suppress"))


def test_what_is_stopped_is_said_in_full() -> None:
    rule = a_rule(action="suppress: {reason: deceased, what: all}")
    assert "error[R007]: `what` is wrong; write `everything`, `all-but-safety`" in only(
        problems(rule, theme="suppress")
    )
    assert problems(rule.replace("what: all", "what: everything"), theme="suppress") == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "Y005"),
        (b"rules: [", "Y004"),
        (b"schema: routing/v1\n\trules: []", "Y003"),
        (b"\xff\xfe", "Y002"),
        (b"schema: routing/v2\nrules: [x]\ntheme: need\nowner: x", "R007"),
        (b"schema: routing/v1", "R003"),
        (b"- a list", "R001"),
    ],
)
def test_a_file_that_is_no_rule_file_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        load([SourceFile("bases.yaml", BASES.encode()), rule_file("need", HOUSING), SourceFile("odd.yaml", content)])
    assert any(problem.code == code and problem.file == "odd.yaml" for problem in caught.value.diagnostics)


def test_words_that_yaml_would_change_keep_their_meaning() -> None:
    (rule,) = rule_set(need=a_rule("{person.interpreter: no, person.area: [E06000022]}")).rules
    assert rule.when[0].test == OneOf(frozenset(["no"]))


def test_sets_negations_presence_and_records_are_understood() -> None:
    when = (
        "{event.source: not $police, person.area: known, person.sex: unknown, "
        "registrations has no: {code: [MAPP, AVIS], active: true}}"
    )
    sets = SourceFile("sets.yaml", b"schema: routing/v1\nsets: {police: [custody, control-room]}\n")
    (rule,) = load([SourceFile("b.yaml", BASES.encode()), sets, rule_file("need", a_rule(when))]).rules
    source, area, sex, records = rule.when
    assert source.test == OneOf(frozenset(["custody", "control-room"]), negated=True)
    assert (area.test, sex.test) == (Presence(known=True), Presence(known=False))
    assert isinstance(records.test, Has)
    assert records.test.negated
    assert records.expected == "has no code MAPP or AVIS, active true"


def test_the_hash_follows_the_content_and_not_the_order_of_files() -> None:
    files = [SourceFile("bases.yaml", BASES.encode()), rule_file("need", HOUSING), rule_file("safety", a_rule())]
    same, turned = load(files), load(files[::-1])
    assert same.version == turned.version
    assert [rule.id for rule in same.rules] == [rule.id for rule in turned.rules] == ["it", "housing"]
    changed = load([*files[:2], rule_file("safety", a_rule("{person.age: 6}"))])
    assert changed.version.sha256 != same.version.sha256


@pytest.mark.parametrize(
    ("rule", "theme", "where"),
    [
        (
            a_rule(action="suppress: {reason: x, what: [GANGS_EXIT, HOUSING_X]}").replace("HOUSING_X", "GANGS_EXIT"),
            "suppress",
            "8:46",
        ),
        (a_rule() + "    any_of: [{person.sex: male}, {person.veteran: true}, {person.sex: male}]\n", "need", "9:58"),
        (
            a_rule()
            + "    any_of: [{person.sex: male, person.veteran: true}, {person.veteran: true, person.sex: male}]\n",
            "need",
            "9:56",
        ),
        (a_rule() + "    unless: [{person.sex: male}, {person.sex: male}]\n", "need", "9:34"),
        (
            a_rule(action="notify: [{kind: x, to: crisis-line}, {kind: x, to: crisis-line}]"),
            "need",
            "8:42",
        ),
    ],
)
def test_what_one_list_of_a_rule_has_twice_is_refused_at_its_second_place(rule: str, theme: str, where: str) -> None:
    found = only(problems(rule, theme=theme))
    assert f":{where}: error[R004]" in found


def test_a_set_that_is_no_list_is_told_once_and_not_by_all_who_name_it() -> None:
    found = problems(a_rule("{event.source: $police}"), sets="sets: {police: custody}\n")
    assert "error[R001]: set `police` must be a list" in only(found)
