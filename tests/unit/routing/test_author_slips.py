"""Slips of rule authors that would load, pass every test and mean something else: each is told."""

import pytest

from onward.contracts import contact_types, topics
from onward.directory import files as directory_files
from onward.routing.domain import surroundings
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.loader import load
from unit.routing.routing_builders import BASES, rule_file

RULE = "  - id: a-rule\n    why: For the tests here\n    when: {event.source: custody}\n"
TELLS = "    notify: {kind: told, to: duty-practitioner}\n"


def problems(rules: str, *, theme: str = "need", more: str = "") -> list[str]:
    """What `onward rules check` says of the rules of a file."""
    files = [SourceFile("bases.yaml", BASES.encode()), rule_file(theme, rules)]
    if more:
        files.append(SourceFile("more.yaml", f"schema: routing/v1\n{more}".encode()))
    try:
        loaded = load(files)
    except BundleError as error:
        return [f"{each.line}:{each.column}: {each.code}: {each.message}" for each in error.diagnostics]
    found = surroundings.problems(loaded, directory_files.load(), topics.sources(), contact_types.known())
    return [f"{each.line}:{each.column}: {each.code}: {each.message}" for each in found]


def test_a_rule_of_theme_suppress_that_lost_its_suppression_is_refused() -> None:
    (found,) = problems(RULE + TELLS, theme="suppress")
    assert "P007: rules of theme suppress stop referrals, and this one does not" in found
    assert problems(RULE + "    suppress: {reason: told, what: everything}\n" + TELLS, theme="suppress") == []


@pytest.mark.parametrize(
    "part",
    [
        "unless: {person.deceased: true}",
        "any_of:\n        - {person.age: 18}",
        "requires: [told]",
        "effective: {from: 2026-01-01}",
        "notify: {kind: told, to: duty_practitioner}",
        "approval: offender_manager",
        "providers: [one]",
        "catchment_by: housing_authority.chosen",
        "linked: [other]",
        "category: ACCOMMODATION",
    ],
)
@pytest.mark.parametrize("mark", [">", "|"])
def test_a_part_of_a_rule_that_slid_into_the_text_above_it_is_missed(mark: str, part: str) -> None:
    why = f"{mark}\n      For the tests here\n      {part}"
    (found,) = problems(RULE.replace("For the tests here", why) + TELLS)
    key = part.partition(" ")[0].partition("\n")[0]
    assert found == (
        f"6:10: R001: `why` holds `{key}` as a part of its text; put that in the column of its key, or reword"
    )


@pytest.mark.parametrize("words", ["Unless: they say so", "it says: unless", "all of any_of:them", "an xunless: y"])
def test_words_that_are_no_part_of_a_rule_may_stand_in_a_text(words: str) -> None:
    assert problems(RULE.replace("For the tests here", f'"{words}"') + TELLS) == []


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("Call back", "call-back"),
        ("call_back", "call-back"),
        ("c\u0430ll-back", "c-ll-back"),
        ("call\u2011back", "call-back"),
        ("call back call back", "call-back-call-back"),
        ("=", "call-back"),
    ],
)
def test_the_kind_of_a_notice_is_a_name_in_lower_case(written: str, instead: str) -> None:
    (found,) = problems(f"{RULE}    notify: {{kind: {written}, to: duty-practitioner}}\n")
    assert "R019" in found
    assert found.endswith(f"such as `{instead}`")


def test_the_reason_of_a_suppression_is_a_name_in_lower_case() -> None:
    (found,) = problems(f"{RULE}    suppress: {{reason: Has died, what: everything}}\n", theme="suppress")
    assert found.endswith(
        "R019: `reason` cannot be `Has died`; write words in lower case joined by `-`, such as `has-died`"
    )


@pytest.mark.parametrize("nothing", ["null", "~", "Null", "NULL"])
@pytest.mark.parametrize("line", ["id: {}", "why: {}", "owner: {}", "notify: {{kind: {}, to: crisis-line}}"])
def test_what_yaml_calls_nothing_is_no_text(line: str, nothing: str) -> None:
    key = line.partition(":")[0]
    lines = [each for each in (RULE + TELLS).splitlines() if each.strip(" -").partition(":")[0] != key]
    lines.append(f"    {line.format(nothing)}")
    if key == "id":
        lines[0] = lines[0].replace("    ", "  - ", 1)
    assert [each.partition(": ")[2] for each in problems("\n".join(lines) + "\n")] == [
        f"R001: `{'kind' if key == 'notify' else key}` must be a text, not `{nothing}`"
    ]


def test_a_quoted_null_is_the_word() -> None:
    assert problems(RULE.replace("For the tests here", '"null"') + TELLS) == []


def test_a_type_of_contact_that_nobody_sends_is_refused_in_rules_and_in_goals() -> None:
    asks = "{event.type: custody.detention-authorized}"
    (found,) = problems(RULE.replace("{event.source: custody}", asks) + TELLS)
    assert found.startswith(
        "7:24: D105: no contact has the type `custody.detention-authorized`; did you mean `custody."
    )
    (found,) = problems(RULE + TELLS, more=f"cover: [{{why: For the tests here, when: {asks}}}]\n")
    assert "D105" in found
    (found,) = problems(RULE + TELLS, more="cover: [{why: For the tests here, when: {event.source: custdy}}]\n")
    assert "D104" in found


@pytest.mark.parametrize(("fact", "code"), [("event.source: custdy", "D104"), ("event.type: custody.disposd", "D105")])
def test_a_test_of_what_cannot_happen_is_refused(fact: str, code: str) -> None:
    test = f"    tests:\n      - {{name: at night, given: {{{fact}}}, expect: no_match}}\n"
    (found,) = problems(RULE + TELLS + test)
    assert f"{code}: `at night`: no " in found
    assert "did you mean `custody" in found


def test_a_rule_may_ask_for_every_type_of_contact() -> None:
    types = ", ".join(contact_types.known())
    assert problems(RULE.replace("event.source: custody", f"event.type: [{types}]") + TELLS) == []


SETS = "sets:\n  police: [custody, cautions]\n  adult: [18, 19]\n"


@pytest.mark.parametrize(
    ("path", "written", "instead"),
    [
        ("person.age", '"=> 18"', '">= 18"'),
        ("person.age", '"\u2265 18"', '">= 18"'),
        ("person.age", '"> =18"', '">= 18"'),
        ("person.age", "\u201c>= 18\u201d", '">= 18"'),
        ("person.age", "18+", '">= 18"'),
        ("person.age", "18..", '">= 18"'),
        ("person.age", "18 or older", '">= 18"'),
        ("person.age", "18 years or over", '">= 18"'),
        ("person.age", '".. 17"', '"<= 17"'),
        ("person.age", "17 or under", '"<= 17"'),
        ("person.age", '"not >= 18"', '"< 18"'),
        ("person.age", '">= 18 years"', '">= 18"'),
        ("person.age", '">= 18 and <= 24"', "18..24"),
        ("person.age", "18-24", "18..24"),
        ("person.age", "18\u201324", "18..24"),
        ("person.age", "18 to 24", "18..24"),
        ("person.age", "18...24", "18..24"),
        ("release.on", "2026-01-01 - 2026-02-01", "2026-01-01..2026-02-01"),
        ("release.on", '"=> 2026-01-01"', '">= 2026-01-01"'),
        ("person.age", "unkown", "unknown"),
        ("cas1.application", "unkown", "unknown"),
        ("cas1.application", "null", "unknown"),
        ("person.age", "not unknown", "known"),
        ("person.age", "any", "known"),
        ("person.age", "Known", "known"),
        ("person.age", "not  known", "not known"),
        ("person.age", "adult", "$adult"),
        ("person.age", "not adult", "not $adult"),
        ("person.age", "$audlt", "$adult"),
    ],
)
def test_what_was_most_likely_meant_is_offered_and_not_taken(path: str, written: str, instead: str) -> None:
    rule = RULE.replace("event.source: custody", f"{path}: {written}")
    found = problems(rule + TELLS, more=SETS)
    assert [each.partition("did you mean ")[2] for each in found if "R004" not in each] == [f"`{instead}`?"]
    assert problems(RULE.replace("event.source: custody", f"{path}: {instead}") + TELLS, more=SETS) == []


@pytest.mark.parametrize("written", ['">= 18"', "18..24", "known", "$adult", "not 18"])
def test_what_no_list_can_hold_is_to_be_written_alone(written: str) -> None:
    (found,) = problems(RULE.replace("event.source: custody", f"person.age: [{written}]") + TELLS, more=SETS)
    bare = written.strip('"')
    assert found.endswith(f"`{bare}` cannot stand in a list; write it alone, as `person.age: {written}`")


@pytest.mark.parametrize("written", ["eighteen", '"> many"', "1.5", '"> 18 <"', '"> 9999999999"', ""])
def test_where_nobody_can_tell_what_was_meant_the_right_form_is_named(written: str) -> None:
    (found,) = problems(RULE.replace("event.source: custody", f"person.age: {written}") + TELLS)
    assert "did you mean" not in found
    assert "write a whole number" in found


def test_a_text_that_no_message_could_carry_is_refused() -> None:
    told = "    notify: {{kind: call-back, to: duty-practitioner}}\n"
    text = "  - id: long\n    why: {}\n    when: {{person.age: 5}}\n" + told
    assert problems(text.format("w" * 1_000)) == []
    (found,) = problems(text.format("w" * 1_200_000))
    assert "R021: `why` has 1200000 characters, over 1000; say it in fewer words" in found
