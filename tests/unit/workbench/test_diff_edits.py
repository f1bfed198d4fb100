"""What an author changes, and what `onward rules diff` says that it does."""

import pytest

from unit.routing.routing_builders import a_directory, a_provider
from unit.workbench.analysed import HOUSING, a_file, a_rule, a_stop
from unit.workbench.diffed import ADULT, compared, directions, effects, of_rules, the_rule

RULE = a_rule("housing", ADULT)
CONSENT = f"{ADULT}, consent.accommodation: true"


@pytest.mark.parametrize(
    ("before", "after", "expected", "people"),
    [
        (ADULT, ADULT.replace("18", "21"), {"loses", "asks no longer"}, {"loses ACCOMMODATION"}),
        (ADULT, ADULT.replace("18", "16"), {"gains", "asks"}, {"gains ACCOMMODATION"}),
        (ADULT, ADULT.replace(">= 18", "16..20"), {"gains", "loses", "asks", "asks no longer"}, None),
        (ADULT, CONSENT, {"loses", "asks", "asks no longer"}, {"loses ACCOMMODATION"}),
        (CONSENT, ADULT, {"gains", "asks", "asks no longer"}, {"gains ACCOMMODATION"}),
        (ADULT, ADULT.replace("homeless", "[homeless, at_risk]"), {"gains", "asks"}, {"gains ACCOMMODATION"}),
        (ADULT, f"{ADULT}, person.sex: known", {"loses", "asks no longer"}, {"loses ACCOMMODATION"}),
        (ADULT, f"{ADULT}, registrations has: {{code: MAPP, active: true}}", {"loses", "asks", "asks no longer"},
         {"loses ACCOMMODATION"}),
        ("release.days_until: 0..5", "release.days_until: 0..7", {"gains"}, {"gains ACCOMMODATION"}),
        ("release.days_until: 0..5", "release.working_days_until: 0..5", {"gains"}, {"gains ACCOMMODATION"}),
    ],
)  # fmt: skip
def test_who_gains_and_who_loses_by_a_condition(before: str, after: str, expected: set[str], people: set[str]) -> None:
    found = of_rules(a_rule("housing", before), a_rule("housing", after))
    assert the_rule(found).status == "changed"
    assert directions(found) == expected
    assert not the_rule(found).not_proved
    assert effects(found) == (people or {"gains ACCOMMODATION", "loses ACCOMMODATION"})
    assert not found.equal


@pytest.mark.parametrize(
    ("refer", "words"),
    [
        (HOUSING.replace("within_5_working_days", "immediate"), "urgency: was within_5_working_days; is immediate"),
        (f"{HOUSING}, approval: offender-manager", "approval: was none needed; is offender-manager"),
        (f"{HOUSING}, providers: [council]", "providers: was any of the service, by catchment; is council"),
        (HOUSING.replace("housing_authority", "supported_housing"), "service: was housing_authority; is"),
        (f"{HOUSING}, advice: two", "advice: was none; is two"),
        (f"{HOUSING}, catchment_by: accommodation.chosen_authority", "catchment by: was person.area; is"),
    ],
)
def test_what_is_done_otherwise_moves_people(refer: str, words: str) -> None:
    found = of_rules(RULE, a_rule("housing", ADULT, refer=refer))
    (moved,) = the_rule(found).shown
    assert moved.direction == "moves"
    assert moved.words[0].startswith(words)
    assert len(moved.decisions) == 2


def test_another_legal_basis_moves_people() -> None:
    found = of_rules(a_rule("housing", CONSENT, basis="agreed"), a_rule("housing", CONSENT))
    (moved,) = the_rule(found).shown
    assert moved.words == ("legal basis: was agreed (consent); is duty (statutory_duty)",)
    assert found.people == ()


def test_another_provider_is_shown_by_somebody_who_goes_there() -> None:
    directory = a_directory(a_provider("young", eligibility={"max_age": 30}), a_provider("old"))
    before = [a_file(a_rule("housing", ADULT, refer=f"{HOUSING}, providers: [old]"))]
    after = [a_file(a_rule("housing", ADULT, refer=f"{HOUSING}, providers: [young, old]"))]
    (moved,) = the_rule(compared(before, after, directories=(directory, directory))).shown
    assert [decision.referrals[0].provider for decision in moved.decisions] == ["old", "young"]
    age = moved.witness.facts["person.age"]
    assert isinstance(age, int)
    assert age <= 30


def test_a_change_that_another_rule_makes_up_for_costs_nobody_a_referral() -> None:
    other = a_rule("a-wider-one", "accommodation.status: homeless")
    found = of_rules(RULE + other, RULE.replace("18", "21") + other)
    assert "loses" in directions(found)
    assert found.people == ()


def test_a_suppression_that_stops_more_costs_referrals_of_rules_that_did_not_change() -> None:
    need = a_file(RULE)
    before = a_file(a_stop("stop", "{person.deceased: true}".strip("{}")), theme="suppress")
    after = a_file(a_stop("stop", "person.age: known"), theme="suppress")
    found = compared([need, before], [need, after])
    assert the_rule(found).status == "unchanged"
    assert directions(found, "stop") >= {"gains", "loses"}
    assert "loses ACCOMMODATION" in effects(found)
    (lost,) = (each for each in found.people if each.direction == "loses")
    assert lost.before is not None
    assert lost.after is not None
    assert lost.before.referrals
    assert lost.after.suppressed[0].stopped == ("housing",)


def test_what_a_suppression_stops_is_part_of_what_it_does() -> None:
    need = a_file(RULE)
    before, after = (
        a_file(a_stop("stop", "person.deported: true", what), theme="suppress") for what in ("everything", "release")
    )
    found = compared([need, before], [need, after])
    assert the_rule(found, "stop").shown[0].words == ("stops: was everything; is release",)
    assert effects(found) == {"gains ACCOMMODATION"}


def test_a_rule_that_is_added_or_removed_shows_whom_it_concerns() -> None:
    added = the_rule(
        found := of_rules(a_rule("other", "person.sex: female"), a_rule("other", "person.sex: female") + RULE)
    )
    assert added.status == "added"
    assert added.concern is not None
    assert added.concern.witness is not None
    assert added.concern.words == "refers for ACCOMMODATION to housing_authority, and without it nothing does"
    assert effects(found) == {"gains ACCOMMODATION"}
    removed = of_rules(RULE + a_rule("other", "person.sex: female"), a_rule("other", "person.sex: female"))
    assert the_rule(removed).status == "removed"
    assert effects(removed) == {"loses ACCOMMODATION"}


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (a_rule("z", f"{ADULT}, person.sex: female"), "an earlier rule, such as `housing`, refers the same people"),
        (a_rule("z", "person.age: 1..2", more="    unless: [{person.age: 0..5}]\n"), "it can never match"),
        (a_rule("z", "person.deceased: true"), "whoever it matches, its referral is stopped"),
        (a_rule("z", "person.sex: male", refer=HOUSING.replace("authority", "support")), "no provider takes those"),
    ],
)
def test_a_rule_that_never_matters_is_proved_never_to_matter(rule: str, why: str) -> None:
    rule = rule.replace("housing_support", "supported_housing")
    stop = a_file(a_stop("stop", "person.deceased: true"), theme="suppress")
    found = compared([a_file(RULE), stop], [a_file(RULE + rule), stop])
    concern = the_rule(found, "z").concern
    assert concern is not None
    assert concern.witness is None
    assert concern.proved
    assert why in concern.words
    assert found.people == ()
    assert not found.equal


def test_a_rule_under_another_name_is_recognised_by_its_meaning() -> None:
    rewritten = a_rule("home", 'accommodation.status: homeless, person.age: "18..120"')
    found = of_rules(RULE, rewritten)
    renamed = the_rule(found, "home")
    assert (renamed.status, renamed.before and renamed.before.id) == ("renamed", "housing")
    assert found.people == ()
    assert not found.equal


def test_a_name_that_comes_later_shows_whom_another_rule_now_refers() -> None:
    urgent = a_rule("nobody-home", "person.sex: female", refer=HOUSING.replace("within_5_working_days", "immediate"))
    renamed = the_rule(of_rules(RULE + urgent, RULE.replace("housing\n", "zz\n", 1) + urgent), "zz")
    assert renamed.status == "renamed"
    (moved,) = renamed.shown
    assert moved.words == ("for ACCOMMODATION to housing_authority `nobody-home` now comes before `zz`, by its name",)
    assert [decision.referrals[0].urgency for decision in moved.decisions] == ["within_5_working_days", "immediate"]


def test_a_rule_that_only_resembles_a_removed_one_is_another_rule() -> None:
    found = of_rules(RULE, a_rule("home", ADULT.replace("18", "19")))
    assert {each.rule.id: each.status for each in found.rules} == {"home": "added", "housing": "removed"}


def test_asking_whether_a_fact_is_known_before_what_it_is_asks_nobody_for_it() -> None:
    found = of_rules(
        a_rule("housing", "release.days_since: 0..5"), a_rule("housing", "release.days_since: 0..5, release.on: known")
    )
    (asked,) = the_rule(found).shown
    assert (asked.direction, asked.words) == ("asks no longer", ("release.on",))


def test_what_a_rule_requires_makes_people_wait() -> None:
    head = "prerequisites:\n  agreed-first: {why: tests, when: {consent.accommodation: true}}\n"
    asking = a_file(a_rule("housing", CONSENT), head=head)
    requiring = a_file(a_rule("housing", ADULT, more="    requires: [agreed-first]\n"), head=head)
    assert directions(compared([asking], [requiring])) == {"waits"}
    assert directions(compared([requiring], [asking])) == {"waits no longer"}
    assert compared([requiring], [requiring]).equal


def test_a_condition_that_repeats_what_is_required_ends_the_waiting() -> None:
    head = "prerequisites:\n  agreed-first: {why: tests, when: {consent.accommodation: true}}\n"
    requires = "    requires: [agreed-first]\n"
    waiting = a_file(a_rule("housing", ADULT, more=requires), head=head)
    repeating = a_file(a_rule("housing", CONSENT, more=requires), head=head)
    assert directions(compared([waiting], [repeating])) == {"waits no longer"}


def test_too_much_work_is_never_taken_for_equal() -> None:
    before, after = a_rule("housing", ADULT), a_rule("housing", ADULT.replace(">= 18", "18..120"))
    found = compared([a_file(before)], [a_file(after)], effort=1)
    assert the_rule(found).status == "not proved"
    assert the_rule(found).not_proved
    assert not found.equal
    assert compared([a_file(before)], [a_file(after)]).equal


def test_another_directory_is_a_difference_and_shows_who_is_taken_no_more() -> None:
    full = a_directory(a_provider("council", accepting=False))
    found = compared([a_file(RULE)], [a_file(RULE)], directories=(a_directory(), full))
    assert found.besides == ("provider `council` is described otherwise: accepting",)
    assert effects(found) == {"loses ACCOMMODATION"}
    assert not found.equal


def test_a_promise_of_one_match_at_most_is_part_of_what_decisions_say() -> None:
    promised = a_file(RULE, a_rule("other", "person.sex: female"), head="hit_policy: unique\n")
    plain = a_file(RULE, a_rule("other", "person.sex: female"))
    found = compared([plain], [promised])
    assert found.besides == ("now promised that at most one matches of: housing, other",)
    assert not found.equal


def test_a_goal_that_asks_of_other_people_is_another_goal() -> None:
    goal = 'cover: [{why: Adults are reached, when: {person.age: ">= 18"}, category: ACCOMMODATION}]\n'
    older = goal.replace("18", "21")
    found = compared([a_file(RULE, head=goal)], [a_file(RULE, head=older)])
    assert found.equal
    less, new = found.promises
    assert (less.gone, less.weaker, less.words) == (True, True, "Adults are reached (person.age >= 18; ACCOMMODATION)")
    assert less.witness is not None
    assert less.witness.facts["person.age"] in range(18, 21)
    assert (new.gone, new.words) == (False, "Adults are reached (person.age >= 21; ACCOMMODATION)")
    assert found.promises_less
    assert not compared([a_file(RULE, head=older)], [a_file(RULE, head=goal)]).promises_less


def test_saying_that_referrals_are_release_referrals_is_shown() -> None:
    """It moves people: what is no release stops them then, and a return to prison ends them."""
    said = [RULE.replace("    refer:", f"    release: {word}\n    refer:") for word in ("false", "true")]
    (moved,) = the_rule(of_rules(*said)).shown
    assert moved.words == ("now makes release referrals",)
    assert of_rules(RULE, said[0]).equal
