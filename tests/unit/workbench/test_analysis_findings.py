"""Each fault that the analysis is there for is found where it was planted, and no longer once it is mended."""

import pytest

from onward.routing.domain.decide import Router
from onward.routing.domain.kleene import rule_holds
from onward.routing.domain.language import RuleSet
from onward.workbench.analysis import AnalysisFinding, analyse
from unit.routing.routing_builders import BIRMINGHAM, CAMBRIDGE, a_directory, a_provider
from unit.workbench.analysed import EVERYBODY, HOUSING, a_file, a_rule, a_stop, codes, found, loaded, the

ADULT = 'person.age: ">= 18"'
SOONER = HOUSING.replace("within_5_working_days", "immediate")


def shown(finding: AnalysisFinding, rules: RuleSet) -> set[str]:
    """The rules that match in the situation that a finding shows, as the plain evaluator says."""
    assert finding.witness is not None
    known = finding.witness.known()
    return {rule.id for rule in rules.rules if rule_holds(rule, known) is True}


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ("person.area: E08000025, person.nation: wales", ""),
        ('release.days_until: "<= 3", release.working_days_until: "> 5"', ""),
        ("person.age: not known", "    any_of: [{person.age: known}]\n"),
        ("registrations has: {code: MAPP, active: true}, registrations has no: {active: true}", ""),
        ('event.nearest_deadline_hours: "> 4", event.s136_hours_left: "<= 4"', ""),
    ],
)
def test_a_rule_whose_conditions_exclude_each_other(when: str, more: str) -> None:
    findings = found(a_file(a_rule("never", when, more=more)))
    assert codes(findings) == ["A001"]
    assert (findings[0].severity, findings[0].rules, str(findings[0].place)) == ("error", ("never",), "need.yaml:5:5")


def test_a_rule_that_can_match_is_no_finding() -> None:
    assert codes(found(a_file(a_rule("now", "person.area: E08000025, person.nation: england")))) == []


def test_a_referral_that_a_suppression_always_stops() -> None:
    rule = a_rule("stopped", f"{ADULT}, event.movement: died")
    stop = a_stop("dead", "event.movement: died")
    findings = found(a_file(rule), a_file(stop, theme="suppress"))
    assert codes(findings) == ["A002"]
    assert findings[0].rules == ("stopped", "dead")
    assert shown(findings[0], loaded(a_file(rule), a_file(stop, theme="suppress"))) == {"stopped", "dead"}


def test_suppressions_that_only_together_always_stop_a_referral() -> None:
    stops = a_stop("women", "person.sex: female"), a_stop("men", "person.sex: male")
    findings = found(a_file(a_rule("stopped", f"{ADULT}, person.sex: known")), a_file(*stops, theme="suppress"))
    assert "one suppression or another" in the("A002", findings).message


def a_notice(name: str, when: str) -> str:
    notify = "{kind: look, to: duty-practitioner}"
    return f"  - {{id: {name}, why: tests, when: {{{when}}}, notify: {notify}}}\n"


def test_a_rule_that_only_tells_and_that_something_always_silences() -> None:
    notice = a_file(a_notice("told", f"{ADULT}, person.deceased: true"))
    stop = a_file(a_stop("dead", "person.deceased: true"), theme="suppress")
    findings = found(notice, stop)
    assert codes(findings) == ["A002"]
    assert (findings[0].rules, findings[0].severity) == (("told", "dead"), "warning")
    assert "`dead` always silences what it tells" in findings[0].message
    assert shown(findings[0], loaded(notice, stop)) == {"told", "dead"}


def test_a_notice_is_heard_where_somebody_is_left_and_where_only_referrals_are_stopped() -> None:
    told = a_file(a_notice("told", "person.deceased: known"))
    assert codes(found(told, a_file(a_stop("dead", "person.deceased: true"), theme="suppress"))) == []
    told = a_file(a_notice("told", "person.deceased: true"))
    assert codes(found(told, a_file(a_stop("dead", "person.deceased: true", "release"), theme="suppress"))) == []


def test_what_a_suppression_itself_tells_is_heard() -> None:
    stop = a_stop("dead", "person.deceased: true").rstrip() + "\n    notify: {kind: look, to: duty-practitioner}\n"
    assert codes(found(a_file(a_rule("all", ADULT)), a_file(stop, theme="suppress"))) == []


def test_notices_that_suppressions_silence_only_together() -> None:
    stops = a_stop("women", "person.sex: female"), a_stop("men", "person.sex: male")
    findings = found(a_file(a_notice("told", "person.sex: known")), a_file(*stops, theme="suppress"))
    assert "one suppression or another always silences" in the("A002", findings).message


@pytest.mark.parametrize("theme", ["safety", "need"])
def test_what_silences_all_but_safety_silences_no_rule_of_safety(theme: str) -> None:
    stop = a_file(a_stop("at-large", "event.movement: absconded", "all-but-safety"), theme="suppress")
    findings = found(a_file(a_notice("gate", "event.movement: absconded"), theme=theme), stop)
    assert codes(findings) == ([] if theme == "safety" else ["A002"])


@pytest.mark.parametrize("theme", ["safety", "need"])
def test_what_stops_all_but_safety_stops_no_rule_of_safety(theme: str) -> None:
    stop = a_stop("at-large", "event.movement: absconded", "all-but-safety")
    rule = a_rule("gate", "event.movement: absconded", basis="life")
    findings = found(a_file(rule, theme=theme), a_file(stop, theme="suppress"))
    assert codes(findings) == ([] if theme == "safety" else ["A002"])


def test_a_suppression_that_might_match_holds_a_referral_up_for_ever_when_nobody_could_answer() -> None:
    """The stop needs the area; the rule is for those of whom it is not known."""
    stop = a_stop("elsewhere", f"person.area: {CAMBRIDGE}")
    rule = a_rule("no-area", f"{ADULT}, person.area: not known")
    assert codes(found(a_file(rule), a_file(stop, theme="suppress"))) == ["A002"]
    assert codes(found(a_file(rule, theme="safety"), a_file(stop, theme="suppress"))) == []


def test_the_same_rule_twice() -> None:
    file = a_file(a_rule("one", "person.age: 18..25"), a_rule("two", "person.age: 18..25"))
    findings = found(file)
    assert codes(findings) == ["A003"]
    assert (findings[0].severity, findings[0].rules) == ("error", ("two", "one"))
    assert shown(findings[0], loaded(file)) == {"one", "two"}


def test_the_same_rule_twice_in_other_words() -> None:
    wales = a_rule("one", "person.area: known", more="    any_of: [{person.nation: wales}]\n")
    also = a_rule("two", "person.nation: wales", more="    unless: {person.area: not known}\n")
    assert codes(found(a_file(wales, also))) == ["A003"]


def test_the_same_rule_twice_with_its_referrals_in_another_order() -> None:
    drugs = "category: SUBSTANCE_DRUGS, service: drug_treatment, urgency: immediate"
    one, two = (
        a_rule(name, ADULT).replace(f"{{{HOUSING}}}", f"[{{{first}}}, {{{second}}}]")
        for name, first, second in (("one", HOUSING, drugs), ("two", drugs, HOUSING))
    )
    assert the("A003", found(a_file(one, two))).rules == ("two", "one")


def test_a_rule_about_a_release_is_not_the_same_as_one_that_only_matches_with_it() -> None:
    """What stops the referrals of releases stops one of them."""
    about = a_rule("one", "release.planned_on: known")
    other = a_rule("two", "event.type: known", more="    unless: {release.planned_on: not known}\n")
    assert "A003" not in codes(found(a_file(about, other)))


def test_two_notices_or_two_suppressions_for_the_same_people() -> None:
    notice = "  - {{id: {0}, why: x, when: {{person.sex: male}}, notify: {{kind: look, to: duty-practitioner}}}}\n"
    assert codes(found(a_file(notice.format("one"), notice.format("two")))) == ["A003"]
    stops = a_stop("one", "person.deceased: true"), a_stop("two", "person.deceased: true")
    assert codes(found(a_file(*stops, theme="suppress"), a_file(a_rule("all", ADULT)))) == ["A003"]


def test_a_rule_whose_people_an_earlier_rule_has_referred_already() -> None:
    file = a_file(a_rule("a-wide", ADULT), a_rule("b-narrow", "person.age: 18..25", refer=SOONER))
    findings = found(file)
    assert codes(findings) == ["A004"]
    assert (findings[0].severity, findings[0].rules) == ("error", ("b-narrow", "a-wide"))
    assert shown(findings[0], loaded(file)) == {"a-wide", "b-narrow"}


def test_a_rule_that_several_earlier_rules_cover_together() -> None:
    rules = a_rule("a-women", "person.sex: female"), a_rule("b-men", "person.sex: male")
    findings = found(a_file(*rules, a_rule("c-all", "person.sex: known")))
    covered = the("A004", findings)
    assert covered.rules == ("c-all", "a-women", "b-men")


def test_a_special_rule_that_comes_first_covers_nothing() -> None:
    file = a_file(a_rule("a-narrow", "person.age: 18..25"), a_rule("b-wide", ADULT))
    findings = found(file)
    assert codes(findings) == ["A005"]
    assert the("A005", findings).severity == "info"
    assert shown(the("A005", findings), loaded(file)) == {"a-narrow", "b-wide"}


def test_a_rule_behind_one_that_names_other_providers_may_act_after_all() -> None:
    directory = a_directory(a_provider("council"), a_provider("shelter"))
    rules = a_rule("a-wide", ADULT, refer=f"{HOUSING}, providers: [shelter]"), a_rule("b-narrow", "person.age: 18..25")
    covered = the("A004", found(a_file(*rules), directory=directory))
    assert covered.severity == "warning"
    assert "unless no provider" in covered.message


CHILDREN_TOO = a_directory(a_provider("council"), a_provider("youth", eligibility={"max_age": 17}))
FOR_YOUTH = a_rule("a-youth", "person.age: known", refer=f"{HOUSING}, providers: [youth]")


def test_the_example_of_a_covered_rule_shows_the_earlier_one_refer() -> None:
    file = a_file(FOR_YOUTH, a_rule("b-all", "person.age: known"))
    covered = the("A004", found(file, directory=CHILDREN_TOO))
    assert covered.witness is not None
    decision = Router(loaded(file), CHILDREN_TOO).decide(covered.witness.situation())
    assert [made.rule for made in decision.referrals] == ["a-youth"]


def test_a_rule_for_people_whom_no_provider_of_the_earlier_one_takes_is_not_covered() -> None:
    assert codes(found(a_file(FOR_YOUTH, a_rule("b-adults", ADULT)), directory=CHILDREN_TOO)) == ["A005"]


def test_a_rule_about_releases_covers_another_where_nothing_stops_releases_alone() -> None:
    release = a_file(a_rule("release", "release.on: known"), theme="statutory")
    later = a_rule("later", "person.age: known", more="    unless: {release.on: not known}\n")
    assert codes(found(release, a_file(later))) == ["A004"]
    stop = a_file(a_stop("stop", "custody.status: in_prison", "release"), theme="suppress")
    assert "A004" not in codes(found(release, a_file(later), stop))


SHELTER = HOUSING.replace("housing_authority", "supported_housing")


def test_two_services_for_one_need_are_noted_where_both_rules_match() -> None:
    directory = a_directory(a_provider("council"), a_provider("shelter", services=("supported_housing",)))
    rules = a_rule("a-council", "person.age: 18..40"), a_rule("b-shelter", "person.age: 30..50", refer=SHELTER)
    findings = found(a_file(*rules), directory=directory)
    assert codes(findings) == ["A015"]
    assert (findings[0].severity, findings[0].rules) == ("info", ("a-council", "b-shelter"))
    assert "for ACCOMMODATION to housing_authority, and `b-shelter` to supported_housing too" in findings[0].message
    assert shown(findings[0], loaded(a_file(*rules))) == {"a-council", "b-shelter"}
    assert findings[0].witness is not None
    decision = Router(loaded(a_file(*rules)), directory).decide(findings[0].witness.situation())
    assert [made.rule for made in decision.referrals] == ["a-council", "b-shelter"]


def test_two_services_for_one_need_are_no_news_where_the_author_links_them_or_nobody_gets_both() -> None:
    linked = a_rule("b-shelter", ADULT, refer=f"{SHELTER}, linked: [a-council]")
    apart = a_rule("b-shelter", 'person.age: "< 18"', refer=SHELTER)
    directory = a_directory(a_provider("council"), a_provider("shelter", services=("supported_housing",)))
    for other in (linked, apart):
        assert codes(found(a_file(a_rule("a-council", ADULT), other), directory=directory)) == []


def test_rules_for_other_needs_or_other_people_are_no_overlap() -> None:
    drugs = "category: SUBSTANCE_DRUGS, service: drug_treatment, urgency: immediate"
    assert codes(found(a_file(a_rule("one", ADULT), a_rule("two", ADULT, refer=drugs)))) == []
    assert codes(found(a_file(a_rule("one", "person.age: 18..20"), a_rule("two", "person.age: 21..30")))) == []


APPROVED = f"{HOUSING}, approval: approving-practitioner"


def test_an_automatic_referral_that_hides_one_to_be_approved() -> None:
    rules = a_rule("a-automatic", "person.age: 18..40"), a_rule("b-approved", "person.age: 30..50", refer=APPROVED)
    findings = found(a_file(*rules))
    assert codes(findings) == ["A006"]
    assert (findings[0].severity, findings[0].rules) == ("error", ("a-automatic", "b-approved"))
    assert shown(findings[0], loaded(a_file(*rules))) == {"a-automatic", "b-approved"}


def test_approval_that_wins_by_its_name_alone_is_a_warning() -> None:
    rules = a_rule("b-automatic", "person.age: 18..40"), a_rule("a-approved", "person.age: 30..50", refer=APPROVED)
    assert [(each.code, each.severity) for each in found(a_file(*rules)) if each.code != "A010"] == [
        ("A006", "warning")
    ]


def test_no_contradiction_where_a_third_rule_refers_before_both() -> None:
    rules = (
        a_rule("a-first", "person.age: 30..40", refer=APPROVED),
        a_rule("b-automatic", "person.age: 18..40"),
        a_rule("c-approved", "person.age: 30..50", refer=APPROVED),
    )
    found_ = {(each.code, each.rules) for each in found(a_file(*rules))}
    assert ("A006", ("b-automatic", "c-approved")) not in found_
    assert ("A005", ("b-automatic", "c-approved")) in found_


@pytest.mark.parametrize("ages", ["18..40", "10..40"])
def test_a_contradiction_behind_a_rule_that_no_provider_takes_everybody_for(ages: str) -> None:
    rules = a_rule("b-automatic", f"person.age: {ages}"), a_rule("c-approved", "person.age: 30..50", refer=APPROVED)
    file = a_file(FOR_YOUTH, *rules)
    clash = the("A006", found(file, directory=CHILDREN_TOO))
    assert clash.rules == ("b-automatic", "c-approved")
    assert clash.witness is not None
    decision = Router(loaded(file), CHILDREN_TOO).decide(clash.witness.situation())
    assert [made.rule for made in decision.referrals] == ["b-automatic"]


def test_a_contradiction_counts_though_the_provider_is_full_just_now() -> None:
    rules = a_rule("a-automatic", ADULT), a_rule("b-approved", ADULT, refer=APPROVED)
    full = a_directory(a_provider("council", accepting=False))
    assert "A004" in codes(found(a_file(*rules), directory=full))
    overlapping = (
        a_rule("a-automatic", "person.age: 18..40"),
        a_rule("b-approved", "person.age: 30..50", refer=APPROVED),
    )
    assert codes(found(a_file(*overlapping), directory=full)) == ["A006"]


def test_no_contradiction_where_no_provider_takes_those_whom_both_match() -> None:
    rules = a_rule("a-automatic", "person.age: 16..40"), a_rule("b-approved", "person.age: 18..50", refer=APPROVED)
    youth = a_directory(a_provider("youth", eligibility={"max_age": 17}))
    assert codes(found(a_file(*rules), directory=youth)) == ["A012", "A005"]


def test_the_class_of_a_rule_settles_what_the_alphabet_would() -> None:
    first = a_file(a_rule("automatic", "person.age: 18..40"), theme="statutory")
    second = a_file(a_rule("approved", "person.age: 30..50", refer=APPROVED))
    assert codes(found(first, second)) == ["A005"]


def test_another_urgency_or_basis_for_the_same_situation() -> None:
    findings = found(
        a_file(a_rule("one", "person.age: 18..40"), a_rule("two", "person.age: 30..50", refer=SOONER, basis="life"))
    )
    assert codes(findings) == ["A007"]
    assert "within_5_working_days instead of immediate and duty instead of life" in findings[0].message


def test_rules_of_a_unique_file_that_match_together() -> None:
    file = a_file(a_rule("one", ADULT), a_rule("two", "person.sex: female"), head="hit_policy: unique\n")
    findings = found(file)
    assert the("A008", findings).rules == ("one", "two")
    assert shown(the("A008", findings), loaded(file)) == {"one", "two"}
    apart = a_rule("one", f"{ADULT}, person.sex: male"), a_rule("two", "person.sex: female")
    assert codes(found(a_file(*apart, head="hit_policy: unique\n"))) == []


def test_rules_of_a_unique_file_are_proved_apart_through_what_facts_follow_from() -> None:
    rules = a_rule("one", "person.nation: wales"), a_rule("two", f"person.area: [{BIRMINGHAM}, {CAMBRIDGE}]")
    assert codes(found(a_file(*rules, head="hit_policy: unique\n"))) == []


OVERLAY = f"area: {BIRMINGHAM}\n"


def test_an_overlay_that_widens_silently() -> None:
    national = a_file(a_rule("nation", 'person.age: ">= 21"'))
    findings = found(national, a_file(a_rule("local", ADULT), name="z-local", head=OVERLAY))
    widened = the("A009", findings)
    assert (widened.severity, widened.rules) == ("error", ("local", "nation"))
    assert widened.witness is not None
    assert widened.witness.facts["person.area"] == BIRMINGHAM
    assert shown(widened, loaded(national, a_file(a_rule("local", ADULT), name="z-local", head=OVERLAY))) == {"local"}


def test_an_overlay_that_says_what_it_widens_or_widens_nothing() -> None:
    national = a_file(a_rule("nation", 'person.age: ">= 21"'))
    said = a_rule("local", ADULT, more="    widens: [nation]\n")
    assert "A009" not in codes(found(national, a_file(said, name="z-local", head=OVERLAY)))
    inside = a_rule("local", "person.age: 30..40")
    assert "A009" not in codes(found(national, a_file(inside, name="z-local", head=OVERLAY)))
    drugs = a_rule("local", ADULT, refer="category: SUBSTANCE_DRUGS, service: drug_treatment, urgency: immediate")
    assert "A009" not in codes(found(national, a_file(drugs, name="z-local", head=OVERLAY))), "a service of its own"


def test_a_provider_whose_services_no_rule_refers_to() -> None:
    findings = found(a_file(a_rule("one", ADULT)), directory=EVERYBODY)
    assert [(each.code, each.severity) for each in findings] == [("A010", "warning")]
    assert "`treatment`" in findings[0].message


def test_a_provider_who_takes_none_of_those_referred() -> None:
    directory = a_directory(a_provider("council"), a_provider("youth", eligibility={"max_age": 17}))
    assert "`youth`" in the("A010", found(a_file(a_rule("one", ADULT)), directory=directory)).message
    assert found(a_file(a_rule("one", "person.age: known")), directory=directory) == ()


def test_a_provider_that_is_full_is_reached_all_the_same() -> None:
    assert found(a_file(a_rule("one", ADULT)), directory=a_directory(a_provider("council", accepting=False))) == ()


@pytest.mark.parametrize(
    ("when", "changes"),
    [
        ("person.age: 18..25", {"eligibility": {"min_age": 26}}),
        ("person.sex: male", {"eligibility": {"sex": "female"}}),
        ("person.veteran: false", {"eligibility": {"veterans_only": True}}),
        (
            "person.no_recourse_to_public_funds: true",
            {"eligibility": {"takes_no_recourse_to_public_funds": False}},
        ),
        ("person.nation: wales", {"catchment": (BIRMINGHAM,)}),
        ("person.age: not known", {"eligibility": {"min_age": 18}}),
    ],
)
def test_a_rule_that_names_a_provider_who_can_take_nobody_it_refers(when: str, changes: dict[str, object]) -> None:
    directory = a_directory(a_provider("council"), a_provider("special", **changes))
    named = a_rule("one", when, refer=f"{HOUSING}, providers: [special, council]")
    findings = found(a_file(named), directory=directory)
    taken = the("A011", findings)
    assert taken.severity == "error"
    assert "`special`" in taken.message
    assert "A011" not in codes(
        found(a_file(named), directory=a_directory(a_provider("council"), a_provider("special")))
    )


def test_a_rule_for_whose_people_there_is_no_provider_at_all() -> None:
    directory = a_directory(a_provider("youth", eligibility={"max_age": 17}))
    assert the("A012", found(a_file(a_rule("one", ADULT)), directory=directory)).severity == "error"


def test_the_catchment_is_that_of_the_fact_the_rule_names() -> None:
    directory = a_directory(a_provider("council", catchment=(BIRMINGHAM,)))
    by_choice = f"{HOUSING}, catchment_by: accommodation.chosen_authority"
    welsh = a_rule("one", "person.nation: wales", refer=by_choice)
    assert "A012" not in codes(found(a_file(welsh), directory=directory))
    chosen = a_rule("one", "accommodation.chosen_nation: wales", refer=by_choice)
    assert "A012" in codes(found(a_file(chosen), directory=directory))


GOAL = "cover:\n  - {why: all adults, category: ACCOMMODATION, when: {person.age: '>= 18'}}\n"


def test_a_goal_with_a_gap() -> None:
    file = a_file(a_rule("one", "person.age: 21..60"), head=GOAL)
    gap = the("A013", found(file))
    assert gap.severity == "error"
    assert gap.witness is not None
    assert gap.witness.facts["person.age"] not in range(21, 61)
    assert shown(gap, loaded(file)) == set()


def test_a_goal_without_a_gap_even_where_information_is_missing() -> None:
    assert "A013" not in codes(found(a_file(a_rule("one", "person.age: known"), head=GOAL)))
    asking = a_rule("one", "person.age: known", more="    unless: {person.sex: male}\n")
    women = GOAL.replace("when: {", "when: {person.sex: not known, ")
    assert "A013" not in codes(found(a_file(asking, head=women))), "the sex is asked for"
    assert "A013" in codes(found(a_file(asking, head=GOAL))), "men are left out"


def test_a_goal_is_not_reached_by_a_suppression_or_by_another_category() -> None:
    stop = a_file(a_stop("stop", "person.age: known"), theme="suppress")
    assert "A013" in codes(
        found(stop, a_file(a_rule("one", "person.age: 18..60"), head=GOAL.replace("category: ACCOMMODATION, ", "")))
    )
    drugs = "category: SUBSTANCE_DRUGS, service: drug_treatment, urgency: immediate"
    assert "A013" in codes(found(a_file(a_rule("one", "person.age: known", refer=drugs), head=GOAL)))


@pytest.mark.parametrize(
    ("promised", "kept"),
    [
        ("service: housing_authority", True),
        ("service: debt_advice", False),
        ("urgency: within_24_hours", True),
        ("urgency: immediate", False),
        ("category: ACCOMMODATION, service: housing_authority, urgency: within_24_hours", True),
        ("told: crisis-line", True),
        ("told: offender-manager", False),
        ("told: crisis-line, urgency: immediate", True),
        ("told: duty-practitioner, urgency: within_5_working_days", True),
        ("told: duty-practitioner, urgency: immediate", False),
        ("told: duty-practitioner, category: ACCOMMODATION, urgency: within_24_hours", False),
    ],
)
def test_a_goal_promises_a_service_how_fast_and_who_is_told(promised: str, kept: bool) -> None:
    """The duty practitioner is told by the next working day, which is not within 24 hours."""
    refer = "category: ACCOMMODATION, service: housing_authority, urgency: within_24_hours"
    notices = "    notify: [{kind: a, to: crisis-line, urgency: immediate}, {kind: b, to: duty-practitioner}]\n"
    goal = GOAL.replace("category: ACCOMMODATION", promised)
    rules = a_file(a_rule("one", "person.age: known", refer=refer, more=notices), head=goal)
    assert ("A013" not in codes(found(rules))) is kept


def test_a_rule_that_waits_for_what_nobody_can_be_asked_reaches_nobody() -> None:
    """The release has happened, so that no day until it is known, and no partner is asked for one."""
    goal = "cover:\n  - {why: tests, when: {release.planned_on: known}}\n"
    gap = the("A013", found(a_file(a_rule("one", 'release.days_until: "<= 36000"'), head=goal)))
    assert gap.witness is not None
    assert gap.witness.facts["release.on"] >= gap.witness.facts["release.planned_on"]  # type: ignore[operator]  # days


def test_a_rule_that_asks_for_the_day_that_another_fact_follows_from_reaches_somebody() -> None:
    goal = "cover:\n  - {why: tests, when: {person.age: known}}\n"
    asking = a_rule("one", "release.days_since: known")
    other = a_rule("two", 'release.days_since: "<= 90"')
    late = a_rule("three", 'release.days_since: "> 90"')
    assert "A013" in codes(found(a_file(asking, head=goal))), "whether a fact is known is never asked"
    assert "A013" not in codes(found(a_file(other, late, head=goal)))


def test_a_rule_that_ends_within_the_year_leaves_a_gap() -> None:
    rule = a_rule("one", "person.age: known", more="    effective: {from: 2026-03-02, until: 2026-12-31}\n")
    gap = the("A013", found(a_file(rule, head=GOAL)))
    assert gap.witness is not None
    assert gap.witness.day.year == 2027


def test_a_goal_that_speaks_of_nobody() -> None:
    goal = GOAL.replace("when: {", "when: {person.area: E08000025, person.nation: wales, ")
    assert "A014" in codes(found(a_file(a_rule("one", "person.age: known"), head=goal)))


def test_the_weightiest_come_first_and_the_order_is_always_the_same() -> None:
    file = a_file(
        a_rule("b", "person.age: 18..40"), a_rule("a", "person.age: 30..50"), a_rule("c", "person.age: 32..35")
    )
    runs = [analyse(loaded(file), EVERYBODY) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    weights = [("error", "warning", "info").index(each.severity) for each in runs[0]]
    assert weights == sorted(weights)


def an_overlay(when: str) -> str:
    return f"area: {CAMBRIDGE}\nnarrows:\n  - {{rule: national, why: tests, when: {{{when}}}}}\n"


def test_an_overlay_that_leaves_nobody_of_a_national_rule() -> None:
    national = a_rule("national", ADULT)
    local = a_rule("local", "person.veteran: true", more="    widens: [national]\n")
    gone = found(a_file(national), a_file(local, name="local", head=an_overlay('person.age: "< 18"')))
    finding = the("A018", gone)
    assert (finding.severity, finding.rules, str(finding.place)) == ("error", ("national",), "local.yaml:6:5")
    some = found(a_file(national), a_file(local, name="local", head=an_overlay('person.age: ">= 30"')))
    assert "A018" not in codes(some)
