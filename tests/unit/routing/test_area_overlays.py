"""An area overlay adds rules in its area and narrows national ones there; it can do nothing else."""

from random import Random

import pytest

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.kleene import Truth, all_of, any_of, group_holds, negation, rule_holds
from onward.routing.domain.language import Condition, Narrowing, OneOf, RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.overlays import AREA, narrowed
from unit.routing.random_rules import AREAS, a_group, a_rule, knowledge
from unit.routing.routing_builders import BASES, BIRMINGHAM, CAMBRIDGE, HOMELESS_ADULT, HOUSING, decided, rule_file

HEAD = "schema: routing/v1\ntheme: need\nowner: tests\n"
HERE = f"{HEAD}area: [{CAMBRIDGE}]\n"
LOCAL = """\
rules:
  - id: local
    why: A check in this area only
    widens: [housing]
    when: {accommodation.status: at_risk}
    notify: {kind: check, to: duty-practitioner}
"""
NARROWS = """\
narrows:
  - rule: housing
    why: Here the need must be high
    when: {needs.accommodation: 3..4, person.veteran: not known}
    tests:
      - {name: a low need here, given: {person.area: E07000008, person.age: 34, accommodation.status: homeless,
         consent.accommodation: true, needs.accommodation: 1}, expect: no_match, because: needs.accommodation}
"""


def bundle(overlay: str, national: str = HOUSING, *, theme: str = "need") -> RuleSet:
    files = [SourceFile("bases.yaml", BASES.encode()), rule_file(theme, national)]
    return load([*files, SourceFile("cambridge.yaml", overlay.encode())])


def problems(overlay: str, national: str = HOUSING, *, theme: str = "need") -> list[str]:
    with pytest.raises(BundleError) as caught:
        bundle(overlay, national, theme=theme)
    return [str(problem) for problem in caught.value.diagnostics]


def test_a_rule_of_an_overlay_holds_in_its_area_only() -> None:
    rules = bundle(HERE + LOCAL)
    local = next(rule for rule in rules.rules if rule.id == "local")
    assert local.area is not None
    assert (local.area.path, local.area.test) == (AREA, OneOf(frozenset([CAMBRIDGE])))
    assert local.area in local.when
    assert [name for name, _ in local.widens] == ["housing"]
    for area, told in ((CAMBRIDGE, ["local"]), (BIRMINGHAM, [])):
        decision = decided({"accommodation.status": "at_risk", "person.area": area, "person.age": 17}, rules)
        assert [notice.rule for notice in decision.notices] == told


def test_a_narrowed_rule_asks_more_in_the_area_and_nothing_more_elsewhere() -> None:
    rules = bundle(HERE + NARROWS)
    high = {"needs.accommodation": 3}
    for facts, made in (
        ({"person.area": BIRMINGHAM}, 1),
        ({"person.area": BIRMINGHAM, "needs.accommodation": 1}, 1),
        ({"person.area": CAMBRIDGE, **high}, 1),
        ({"person.area": CAMBRIDGE, "needs.accommodation": 2}, 0),
        ({"person.area": CAMBRIDGE, **high, "person.veteran": False}, 0),
    ):
        decision = decided(HOMELESS_ADULT | facts, rules)
        assert (len(decision.referrals), decision.needs_information) == (made, ()), facts
    unknown = decided(HOMELESS_ADULT | {"person.area": CAMBRIDGE}, rules)
    assert [need.missing for need in unknown.needs_information] == [("needs.accommodation",)]


def test_the_explanation_of_a_narrowed_rule_shows_the_narrowing_where_it_stands() -> None:
    rules = bundle(HERE + NARROWS)
    (referral,) = decided(HOMELESS_ADULT | {"person.area": CAMBRIDGE, "needs.accommodation": 4}, rules).referrals
    narrowing = [held for held in referral.conditions if held.where.startswith("cambridge.yaml:")]
    assert [(held.field, held.expected, held.actual, held.where) for held in narrowing] == [
        ("needs.accommodation", "unless < 3", 4, "cambridge.yaml:8:33"),
        ("person.veteran", "unless known", None, "cambridge.yaml:8:55"),
    ]
    (rule,) = rules.rules
    assert [(each.why, str(each.place)) for each in rule.narrowed] == [
        ("Here the need must be high", "cambridge.yaml:6:5")
    ]
    assert [test.name for test in rule.tests] == ["a low need here"]


def test_narrowing_says_exactly_what_it_says_and_only_narrows() -> None:
    random = Random(7)
    seen: set[Truth] = set()
    for _ in range(4_000):
        rule = a_rule(random, "one")
        area = Condition(AREA, OneOf(frozenset(random.sample(AREAS, 2))), "", "f:1:1")
        added = a_group(random, random.randint(1, 3))
        narrower = narrowed(rule, Narrowing(area, "why", added, Place("f", 1, 1)))
        known = knowledge(random)
        # The rule, and: where the area holds, every condition that was added does too.
        meant = all_of(
            [
                rule_holds(rule, known),
                any_of([negation(group_holds((area,), known)), group_holds(added, known)]),
            ]
        )
        truth = rule_holds(narrower, known)
        assert truth is meant
        assert not (truth is True and rule_holds(rule, known) is not True)
        seen.add(truth)
    assert seen == {True, False, None}


@pytest.mark.parametrize(
    ("overlay", "code", "words"),
    [
        (HERE + NARROWS.replace("rule: housing", "rule: housng"), "R010", "did you mean `housing`?"),
        (HERE + LOCAL + NARROWS.replace("rule: housing", "rule: local"), "R018", "name a national rule"),
        (HERE + LOCAL.replace("widens: [housing]", "widens: [housng]"), "R010", "did you mean `housing`?"),
        (HERE + LOCAL.replace("widens: [housing]", "widens: [local]"), "R018", "name a national rule"),
        (HEAD + LOCAL, "R017", "add `area:`"),
        (HEAD + NARROWS, "R017", "add `area:`"),
        (HERE.replace(f"[{CAMBRIDGE}]", f"not {CAMBRIDGE}") + LOCAL, "R007", "name the areas"),
        (HERE.replace(f"[{CAMBRIDGE}]", "known") + LOCAL, "T006", "a code such as"),
        (HERE.replace(f"[{CAMBRIDGE}]", "$cambs") + LOCAL, "R006", "no set `$cambs`"),
        (HERE + NARROWS.replace("    why: Here the need must be high\n", ""), "R003", "a narrowing has no `why`"),
        (HERE + NARROWS.replace("when: {needs.", "when: {neds."), "T001", "did you mean `needs.accommodation`?"),
        (HERE + NARROWS + NARROWS.removeprefix("narrows:\n"), "R004", "has a test `a low need here` already"),
    ],
)
def test_an_overlay_that_makes_no_sense_is_refused(overlay: str, code: str, words: str) -> None:
    (found,) = problems(overlay)
    assert f"error[{code}]" in found
    assert words in found
    assert found.startswith("cambridge.yaml:")


def test_the_name_of_every_test_of_the_rule_is_taken_for_every_narrowing() -> None:
    """The first narrowing has tests of its own, so that the second must still see those of the rule itself."""
    national = (
        f"{HOUSING}    tests:\n      - {{name: an adult, given: {{person.age: 34}}, expect: needs_information}}\n"
    )
    second = NARROWS.removeprefix("narrows:\n").replace("name: a low need here", "name: an adult")
    (found,) = problems(HERE + NARROWS + second, national)
    assert "error[R004]: `housing` has a test `an adult` already" in found


def test_a_rule_that_stops_referrals_cannot_be_narrowed_since_that_would_let_more_through() -> None:
    stop = (
        "  - {id: stop, why: stop, when: {person.deceased: true}, "
        "suppress: {reason: died, what: everything, closes: none}}\n"
    )
    overlay = HERE.replace("theme: need\n", "") + NARROWS.replace("rule: housing", "rule: stop")
    (found,) = problems(overlay, stop, theme="suppress")
    assert "error[R018]: `stop` stops referrals" in found


def test_an_area_can_be_one_code_or_a_set() -> None:
    sets = SourceFile("sets.yaml", f"schema: routing/v1\nsets: {{here: [{CAMBRIDGE}, {BIRMINGHAM}]}}\n".encode())
    base = [SourceFile("bases.yaml", BASES.encode()), sets, rule_file("need", HOUSING)]
    for text, areas in (("$here", {CAMBRIDGE, BIRMINGHAM}), (CAMBRIDGE, {CAMBRIDGE})):
        overlay = SourceFile("o.yaml", HERE.replace(f"[{CAMBRIDGE}]", text).encode() + LOCAL.encode())
        local = next(rule for rule in load([*base, overlay]).rules if rule.id == "local")
        assert local.area is not None
        assert local.area.test == OneOf(frozenset(areas))
