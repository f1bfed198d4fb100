"""Why not, case by case: what is told, changed, or said to be impossible."""

from datetime import timedelta
from typing import Any

from onward.contracts.contact import Consent
from onward.directory.model import Directory
from onward.routing.domain.language import RuleSet
from onward.workbench.explaining.counterfactual import Counterfactual, WhyNot, why_not
from unit.routing.routing_builders import (
    BIRMINGHAM,
    CAMBRIDGE,
    CARDIFF,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    a_situation,
    rule_set,
    without,
)

DAY = NOON.date()


def asked(
    facts: dict[str, Any], rules: RuleSet, directory: Directory | None = None, *, most: int = 1_000, **more: Any
) -> WhyNot:
    return why_not(a_situation(facts, **more), "ACCOMMODATION", rules, directory or a_directory(), most=most)


def changes(found: Counterfactual | None) -> dict[str, Any] | None:
    return None if found is None else {change.path: change.then for change in found.changes}


def one_rule(when: str, more: str = "") -> str:
    release = "    release: true\n" if "release." in when else ""
    return f"""\
  - id: only
    why: The only one
    when: {{{when}}}
{release}{more}    refer: {{category: ACCOMMODATION, service: housing_authority, urgency: within_3_weeks}}
    legal_basis: life
"""


def suppress(when: str, what: str = "everything") -> str:
    return f"  - {{id: stop, why: x, when: {{{when}}}, suppress: {{reason: stop, what: {what}}}}}\n"


def test_a_referral_that_is_there_is_told_and_nothing_searched() -> None:
    answer = asked(HOMELESS_ADULT, rule_set(need=HOUSING))
    assert [made.rule for made in answer.already] == ["housing"]
    assert (answer.smallest, answer.looked_at) == (None, 0)


def test_what_is_not_known_is_to_be_told() -> None:
    answer = asked(without(HOMELESS_ADULT, "consent.accommodation"), rule_set(need=HOUSING))
    assert changes(answer.smallest) == {"consent.accommodation": True}
    assert answer.smallest is not None
    assert [made.rule for made in answer.smallest.referrals] == ["housing"]


def test_telling_goes_before_changing_what_is_known() -> None:
    rules = one_rule("accommodation.status: known", "    any_of: [{person.pregnant: true}, {person.veteran: true}]\n")
    answer = asked({"accommodation.status": "homeless", "person.pregnant": False}, rule_set(need=rules))
    assert changes(answer.smallest) == {"person.veteran": True}


def test_the_nearest_value_is_named() -> None:
    rules = rule_set(need=one_rule("needs.accommodation: 2..3"))
    assert changes(asked({"needs.accommodation": 0}, rules).smallest) == {"needs.accommodation": 2}
    assert changes(asked({"needs.accommodation": 4}, rules).smallest) == {"needs.accommodation": 3}


def test_a_derived_fact_is_changed_by_the_fact_it_follows_from() -> None:
    rules = rule_set(need=one_rule('release.days_until: "<= 56", person.nation: england'))
    facts = {"release.planned_on": DAY + timedelta(days=100), "person.area": CARDIFF}
    directory = a_directory(a_provider(catchment=(BIRMINGHAM,)))
    found = changes(asked(facts, rules, directory).smallest)
    assert found == {"person.area": BIRMINGHAM, "release.planned_on": DAY + timedelta(days=56)}


def test_a_day_is_found_beside_another_that_has_to_change_too() -> None:
    rules = rule_set(need=one_rule("release.days_since: 2, release.days_until: unknown"))
    facts = {"release.on": DAY - timedelta(days=7), "release.planned_on": DAY - timedelta(days=1)}
    released = DAY - timedelta(days=2)
    assert changes(asked(facts, rules).smallest) == {"release.on": released, "release.planned_on": released}


def test_a_number_is_found_beside_another_that_has_to_change_too() -> None:
    facts = {"event.custody_limit_hours": 24, "event.custody_clock_minutes": 600}
    longer = asked(facts, rule_set(need=one_rule("event.custody_limit_hours: 36, event.custody_hours_left: 10")))
    assert changes(longer.smallest) == {"event.custody_limit_hours": 36, "event.custody_clock_minutes": 1501}
    later = asked(facts, rule_set(need=one_rule("event.custody_clock_minutes: 3000, event.custody_hours_left: 10")))
    assert changes(later.smallest) == {"event.custody_limit_hours": 60, "event.custody_clock_minutes": 3000}


def test_a_code_that_a_rule_excludes_gives_way_to_one_that_no_rule_names_whatever_its_form() -> None:
    for path, excluded in {"supervision.tier": "A1", "person.interpreter": "pl", "person.area": BIRMINGHAM}.items():
        answer = asked({path: excluded}, rule_set(need=one_rule(f"{path}: not {excluded}")))
        changed = changes(answer.smallest)
        assert changed is not None, path
        assert changed.keys() == {path}
        assert changed[path] not in {excluded, None}


def test_a_suppression_is_lifted_by_the_fact_it_rests_on() -> None:
    rules = rule_set(need=HOUSING, suppress=suppress("event.declined: true"))
    answer = asked({**HOMELESS_ADULT, "event.declined": True}, rules)
    assert changes(answer.smallest) == {"event.declined": False}


def test_a_suppression_that_only_might_hold_is_ruled_out_too() -> None:
    rules = rule_set(need=HOUSING, suppress=suppress("event.declined: true"))
    assert changes(asked(HOMELESS_ADULT, rules).smallest) == {"event.declined": False}


def test_what_nobody_can_change_is_said_beside_what_somebody_can() -> None:
    rules = HOUSING + one_rule("person.sex: female, accommodation.status: homeless")
    answer = asked({**HOMELESS_ADULT, "person.age": 17, "person.sex": "male"}, rule_set(need=rules))
    assert answer.smallest is not None
    assert [change.unchangeable for change in answer.smallest.changes] == [True]
    assert answer.mendable is None
    young = one_rule('person.age: "< 18", needs.accommodation: ">= 3", person.pregnant: true')
    answer = asked({"person.age": 17, "person.sex": "male"}, rule_set(need=rules + young.replace("only", "young")))
    assert changes(answer.smallest) == {"needs.accommodation": 3, "person.pregnant": True}


def test_of_two_smallest_the_one_that_can_be_made_comes_first_and_the_least_that_can_be_made_is_told() -> None:
    facts = {"person.sex": "male"}
    either = "    any_of: [{person.sex: female}, {person.pregnant: false, needs.accommodation: 4}]\n"
    answer = asked(facts, rule_set(need=one_rule("event.source: known", either)))
    assert changes(answer.smallest) == {"person.sex": "female"}
    assert changes(answer.mendable) == {"needs.accommodation": 4, "person.pregnant": False}


def test_another_message_can_be_what_it_takes() -> None:
    answer = asked(HOMELESS_ADULT, rule_set(need=one_rule("event.source: liaison")))
    assert changes(answer.smallest) == {"event.source": "liaison"}
    assert answer.mendable is None


def test_a_record_is_added_to_those_there_are() -> None:
    rules = rule_set(need=one_rule("registrations has: {code: MAPP, active: true}"))
    facts = {"registrations": [{"code": "RVAD", "active": True}]}
    found = changes(asked(facts, rules).smallest)
    assert found == {"registrations": [{"code": "RVAD", "active": True}, {"code": "MAPP", "active": True}]}


def test_a_record_is_taken_from_those_there_are() -> None:
    rules = rule_set(need=one_rule("registrations has no: {code: MAPP}"))
    facts = {"registrations": [{"code": "RVAD", "active": True}, {"code": "MAPP", "active": True}]}
    assert changes(asked(facts, rules).smallest) == {"registrations": [{"code": "RVAD", "active": True}]}


def test_a_record_that_leaves_a_question_open_stays_where_nothing_hangs_on_it() -> None:
    other = one_rule("registrations has: {code: RVAD, active: true}").replace("id: only", "id: other")
    rules = rule_set(need=one_rule("registrations has: {code: MAPP}") + other)
    found = changes(asked({"registrations": [{"active": True}]}, rules).smallest)
    assert found is not None
    assert found["registrations"][0] == {"active": True}
    assert len(found["registrations"]) == 2


def test_what_was_said_is_taken_back_where_nothing_else_helps() -> None:
    answer = asked({"accommodation.status": "settled"}, rule_set(need=one_rule("accommodation.status: unknown")))
    assert changes(answer.smallest) == {"accommodation.status": None}


def test_a_category_without_a_rule_says_so() -> None:
    answer = why_not(a_situation({}), "GANGS_EXIT", rule_set(need=HOUSING), a_directory())
    assert (answer.smallest, answer.closed, answer.at_least) == (None, (), 0)


def test_providers_that_take_nobody_are_named() -> None:
    directory = a_directory(a_provider("full", accepting=False), a_provider("nobody", profile="none"))
    answer = asked({}, rule_set(need=HOUSING), directory)
    assert answer.smallest is None
    (closed,) = answer.closed
    assert "full: full" in closed.why
    assert "nobody: no disclosure profile" in closed.why


def test_a_provider_the_person_refused_stays_closed_and_another_area_opens_another() -> None:
    refused = (Consent(purpose="ACCOMMODATION", given=False, recipient="council", said_at=NOON),)
    only = asked(HOMELESS_ADULT, rule_set(need=HOUSING), consents=refused)
    assert only.smallest is None
    assert "the person refused this provider" in only.closed[0].why
    directory = a_directory(a_provider("council"), a_provider("there", catchment=(CAMBRIDGE,)))
    other = asked(HOMELESS_ADULT, rule_set(need=HOUSING), directory, consents=refused)
    assert changes(other.smallest) == {"person.area": CAMBRIDGE}


def test_a_rule_that_is_not_in_effect_says_so() -> None:
    rules = rule_set(need=HOUSING.replace("    when:", "    effective: {from: 2026-04-01}\n    when:"))
    answer = asked(HOMELESS_ADULT, rules)
    assert answer.smallest is None
    assert answer.closed[0].why.startswith("not in effect on 2026-03-04")


def test_what_only_the_hour_decides_cannot_be_changed() -> None:
    answer = asked({}, rule_set(need=one_rule("event.local_hour: 1..5")))
    assert answer.smallest is None
    assert "event.local_hour" in answer.closed[0].why


def test_a_suppression_that_no_fact_lifts_is_named() -> None:
    rules = rule_set(need=HOUSING, suppress=suppress("event.local_hour: 1..23"))
    answer = asked({}, rules)
    assert (answer.smallest, answer.closed[0].why) == (None, "stopped by stop, whatever else were known")


def test_what_contradicts_its_own_suppression_leads_nowhere() -> None:
    rules = rule_set(need=HOUSING, suppress=suppress("accommodation.status: homeless"))
    answer = asked({}, rules)
    assert answer.smallest is None
    assert answer.at_least == 0
    assert [closed.rule for closed in answer.closed] == ["housing"]


def test_a_search_that_gives_up_says_how_much_it_would_take_at_least() -> None:
    answer = asked({}, rule_set(need=HOUSING), most=4)
    assert answer.smallest is None
    assert answer.at_least == 3
