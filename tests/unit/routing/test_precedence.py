"""Of two rules that make the same referral, what is said decides, and never the alphabet."""

import pytest

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from unit.routing.routing_builders import BASES, BIRMINGHAM, CAMBRIDGE, a_directory, a_provider, decided

WHEN = "accommodation.status: homeless"
TOWN = a_directory(a_provider("council"), a_provider("hostel"))
SOMEBODY = {"accommodation.status": "homeless", "person.area": BIRMINGHAM, "person.age": 34}


def a_rule(name: str, more: str = "", *, providers: str = "", urgency: str = "within_5_working_days") -> str:
    named = f", providers: [{providers}]" if providers else ""
    return (
        f"  - id: {name}\n    why: For a test of order\n    when: {{{WHEN}}}\n{more}"
        f"    refer: {{category: ACCOMMODATION, service: housing_authority, urgency: {urgency}{named}}}\n"
        "    legal_basis: duty\n"
    )


def a_file(name: str, *rules: str, area: str = "", theme: str = "need") -> SourceFile:
    head = f"schema: routing/v1\ntheme: {theme}\nowner: tests\n" + (f"area: {area}\n" if area else "")
    return SourceFile(f"{name}.yaml", f"{head}rules:\n{''.join(rules)}".encode())


def loaded(*files: SourceFile) -> RuleSet:
    return load([SourceFile("bases.yaml", BASES.encode()), *files])


def winner(*files: SourceFile, directory: Directory = TOWN) -> tuple[str, str]:
    """The rule that refers somebody homeless in Birmingham, and to whom."""
    (referral,) = decided(SOMEBODY, loaded(*files), directory).referrals
    return referral.rule, referral.provider


def refused(*files: SourceFile) -> list[str]:
    with pytest.raises(BundleError) as error:
        loaded(*files)
    return [f"{each.code} {each.message}" for each in error.value.diagnostics]


def test_an_overlay_that_names_its_provider_wins_whatever_its_id() -> None:
    national, local = a_file("n", a_rule("advice")), a_file("l", a_rule("town", providers="hostel"), area=BIRMINGHAM)
    assert winner(national) == ("advice", "council")
    assert winner(national, local) == ("town", "hostel")


def test_of_two_overlays_the_one_of_the_smaller_area_wins() -> None:
    county = a_file("c", a_rule("a-county"), area=f"[{BIRMINGHAM}, {CAMBRIDGE}]")
    assert winner(county, a_file("t", a_rule("z-town"), area=BIRMINGHAM))[0] == "z-town"


def test_a_rule_that_names_its_provider_wins_over_one_that_takes_any() -> None:
    assert winner(a_file("n", a_rule("a-any"), a_rule("z-named", providers="hostel"))) == ("z-named", "hostel")


def test_instead_of_wins_over_a_more_specific_rule_too() -> None:
    fast = a_rule("z-tonight", "    instead_of: [town]\n", urgency="immediate")
    local = a_file("l", a_rule("town", providers="hostel"), area=BIRMINGHAM)
    assert winner(a_file("n", fast, a_rule("a-any")), local)[0] == "z-tonight"


def test_instead_of_holds_over_several_steps() -> None:
    chain = [a_rule("c", "    instead_of: [b]\n"), a_rule("b", "    instead_of: [a]\n"), a_rule("a")]
    assert [rule.id for rule in loaded(a_file("n", *chain)).rules] == ["c", "b", "a"]


def test_whoever_the_winner_finds_no_provider_for_the_other_rule_refers() -> None:
    directory = a_directory(a_provider("council"), a_provider("hostel", accepting=False))
    files = a_file("n", a_rule("a")), a_file("l", a_rule("town", providers="hostel"), area=BIRMINGHAM)
    assert winner(*files, directory=directory) == ("a", "council")


def test_another_rule_does_not_move_those_that_it_says_nothing_of() -> None:
    two = a_rule("b", "    instead_of: [a]\n"), a_rule("a")
    before, after = loaded(a_file("n", *two)), loaded(a_file("n", *two, a_rule("c")))
    places = {rule.id: rule.order for rule in after.rules}
    assert all(places[rule.id] == rule.order for rule in before.rules)


@pytest.mark.parametrize(
    ("losers", "said"),
    [
        ("advise", "R010 no rule `advise`; did you mean `advice`?"),
        ("it", "R020 `it` cannot win over itself; remove it"),
        ("alarm", "R020 `alarm` is of theme safety and this is need: the class decides; remove it"),
        ("told", "R020 `told` refers for nothing that `it` refers for, so both act; remove it"),
        ("advice, advice", "R004 `advice` twice in `instead_of`; remove one"),
    ],
)
def test_what_instead_of_cannot_say(losers: str, said: str) -> None:
    told = "  - {id: told, why: tells, when: {person.age: 5}, notify: {kind: k, to: crisis-line}}\n"
    own = a_file("n", a_rule("it", f"    instead_of: [{losers}]\n"), a_rule("advice"), told)
    assert refused(own, a_file("s", a_rule("alarm"), theme="safety")) == [said]


def test_two_rules_cannot_each_win_over_the_other() -> None:
    circle = a_rule("a", "    instead_of: [b]\n"), a_rule("b", "    instead_of: [a]\n")
    assert refused(a_file("n", *circle)) == [
        "R020 `a` wins over `b`, which wins over `a` again; remove one `instead_of`",
        "R020 `b` wins over `a`, which wins over `b` again; remove one `instead_of`",
    ]
