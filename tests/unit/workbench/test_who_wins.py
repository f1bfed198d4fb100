"""Where only the names of two rules decide who refers, it is told: who goes where, and of somebody ordinary."""

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.workbench.analysis import AnalysisFinding
from onward.workbench.difference.compared import Side
from onward.workbench.difference.comparing import difference
from onward.workbench.logic.ordinary import is_odd
from unit.routing.routing_builders import BIRMINGHAM, a_directory, a_provider
from unit.workbench.analysed import HOUSING, a_file, a_rule, found, loaded, the

ADULT = 'person.age: ">= 18"'
TOWN = a_directory(a_provider("council"), a_provider("hostel"))


def named(provider: str, urgency: str = "within_5_working_days", more: str = "") -> str:
    return f"{HOUSING.replace('within_5_working_days', urgency)}, providers: [{provider}]{more}"


def a_local(*rules: str, area: str = BIRMINGHAM) -> SourceFile:
    return a_file(*rules, name="local", head=f"area: {area}\n")


def the_clash(*files: SourceFile, directory: Directory = TOWN) -> AnalysisFinding:
    return the("A007", found(*files, directory=directory))


def no_clash(*files: SourceFile, directory: Directory = TOWN) -> bool:
    return not {"A006", "A007"} & {each.code for each in found(*files, directory=directory)}


def test_two_rules_that_name_other_providers_are_an_error_that_says_who_goes_where() -> None:
    rules = a_rule("first", ADULT, refer=named("council")), a_rule("second", ADULT, refer=named("hostel"))
    finding = the_clash(a_file(*rules))
    assert finding.severity == "error"
    assert "to `council` instead of `hostel`" in finding.message
    assert "the example goes to `council`, and by `second` would go to `hostel`" in finding.message


def test_what_else_the_names_decide_is_a_warning() -> None:
    others = {
        "catchment_by: event.area": "by person.area instead of event.area",
        "advice: Ring first": "with other advice",
        "linked: [first]": "linked with other rules",
    }
    for more, said in others.items():
        rules = a_rule("first", ADULT), a_rule("second", "person.sex: male", refer=f"{HOUSING}, {more}")
        finding = the_clash(a_file(*rules))
        assert (finding.severity, said in finding.message) == ("warning", True), finding.message


def test_whoever_says_who_wins_hears_no_more_of_it() -> None:
    said = a_rule("second", ADULT, refer=named("hostel", "within_4_hours"), more="    instead_of: [first]\n")
    assert no_clash(a_file(a_rule("first", ADULT, refer=named("council")), said))


def test_a_rule_of_an_area_that_names_its_provider_needs_to_say_nothing() -> None:
    local = a_local(a_rule("town", ADULT, refer=named("hostel"), more="    widens: [advice]\n"))
    assert no_clash(a_file(a_rule("advice", ADULT)), local)


def test_a_rule_of_an_area_that_makes_people_wait_longer_is_told() -> None:
    local = a_local(a_rule("town", ADULT, refer=named("hostel", "within_4_weeks"), more="    widens: [advice]\n"))
    finding = the_clash(a_file(a_rule("advice", ADULT)), local)
    assert "within_4_weeks instead of within_5_working_days, because of its area" in finding.message


def test_an_area_does_not_say_that_an_approval_is_passed_over() -> None:
    approved = a_rule("advice", ADULT, refer=f"{HOUSING}, approval: approving-practitioner")
    local = a_rule("town", ADULT, refer=named("hostel"), more="    widens: [advice]\n")
    assert the("A006", found(a_file(approved), a_local(local), directory=TOWN)).severity == "error"
    knowing = local + "    instead_of: [advice]\n"
    assert no_clash(a_file(approved), a_local(knowing))


def test_a_rule_that_another_rule_pushes_ahead_by_its_name_is_told() -> None:
    """It stands before the town's rule only because it wins over a third."""
    general = a_file(a_rule("any", ADULT, more="    instead_of: [other]\n"))
    local = a_local(
        a_rule("other", "accommodation.status: at_risk", refer=named("hostel")),
        a_rule("town", "accommodation.status: homeless", refer=named("hostel")),
        a_rule("woman", "person.sex: female", refer=named("hostel"), more="    instead_of: [town]\n"),
    )
    told = [each for each in found(general, local, directory=TOWN) if each.code == "A007"]
    assert [(each.severity, each.rules) for each in told] == [("error", ("any", "town"))]


def test_the_example_is_of_somebody_ordinary() -> None:
    """At liberty and of working age, wherever there is such a person."""
    sooner = HOUSING.replace("within_5_working_days", "immediate")
    wide = "    any_of: [{custody.status: hospital}, {custody.status: in_prison}, {custody.status: community}]\n"
    rules = a_rule("first", "person.age: known", more=wide), a_rule("second", "person.age: known", refer=sooner)
    finding = the_clash(a_file(*rules))
    assert finding.witness is not None
    assert not is_odd(finding.witness)
    assert finding.witness.facts["custody.status"] == "community"


def test_where_only_odd_people_are_concerned_the_example_is_of_one() -> None:
    sooner = HOUSING.replace("within_5_working_days", "immediate")
    rules = a_rule("first", "custody.status: hospital"), a_rule("second", ADULT, refer=sooner)
    finding = the_clash(a_file(*rules))
    assert finding.witness is not None
    assert is_odd(finding.witness)


def test_of_an_added_rule_diff_says_that_people_go_to_another_provider() -> None:
    before = loaded(a_file(a_rule("advice", ADULT)))
    after = loaded(a_file(a_rule("advice", ADULT), a_rule("town", ADULT, refer=named("hostel"))))
    (rule,) = (each for each in difference(Side(before, TOWN), Side(after, TOWN)).rules if each.status == "added")
    assert rule.concern is not None
    assert "to `hostel`, and without it `advice` refers them to `council`" in rule.concern.words
    assert rule.concern.witness is not None
    assert not is_odd(rule.concern.witness)


def test_diff_shows_whom_another_rule_refers_because_of_instead_of() -> None:
    sooner = HOUSING.replace("within_5_working_days", "immediate")
    first, second = a_rule("first", ADULT), a_rule("second", "person.sex: male", refer=sooner)
    said = second + "    instead_of: [first]\n"
    found_ = difference(Side(loaded(a_file(first, second)), TOWN), Side(loaded(a_file(first, said)), TOWN))
    assert not found_.equal
    words = [words for rule in found_.rules for shown in rule.shown for words in shown.words]
    assert words == ["for ACCOMMODATION to housing_authority `second` now comes before `first`, by its `instead_of`"]


def test_an_instead_of_that_changes_nothing_proves_equal() -> None:
    sooner = HOUSING.replace("within_5_working_days", "immediate")
    first, second = a_rule("first", ADULT, refer=sooner), a_rule("second", "person.sex: male")
    said = first + "    instead_of: [second]\n"
    found_ = difference(Side(loaded(a_file(first, second)), TOWN), Side(loaded(a_file(said, second)), TOWN))
    assert found_.equal
    assert [rule.words for rule in found_.rules if rule.words] == [("instead_of",)]
