"""What a rule file says is what is read, to the last word: values, ranges, sets, referrals, examples, bases."""

from datetime import date
from typing import Any

import pytest

from onward.contracts.decision import LegalBasis
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import (
    EVENT_DAY,
    Between,
    Condition,
    Has,
    Notify,
    OneOf,
    Presence,
    Refer,
    Rule,
    RuleSet,
    Suppress,
)
from onward.routing.domain.loader import load
from onward.routing.domain.policy import about_release
from unit.routing.loader_messages import HEAD, HERE, LIFE, OTHER, TELL, example, referring, rule, stopping

SETS = "sets: {bases: [E07000008, W06000015]}\n"


def read(text: str, *more: str) -> RuleSet:
    files = [SourceFile(f"{name}.yaml", content.encode()) for name, content in zip("fghi", (text, *more), strict=False)]
    return load(files)


def the_rule(text: str, *more: str) -> Rule:
    return next(rule for rule in read(text, *more).rules if rule.id == "it")


def one(*values: Any, negated: bool = False) -> OneOf:
    return OneOf(frozenset(values), negated)


DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("condition", "test", "words"),
    [
        ('person.age: ">= 18"', Between(18, None), ">= 18"),
        ('person.age: "> 18"', Between(19, None), "> 18"),
        ('person.age: "<= 18"', Between(None, 18), "<= 18"),
        ('person.age: "< 18"', Between(None, 17), "< 18"),
        ('person.age: "<18"', Between(None, 17), "<18"),
        ('person.age: "<= 0"', Between(None, 0), "<= 0"),
        ('person.age: ">= 120"', Between(120, None), ">= 120"),
        ("person.age: 18..25", Between(18, 25), "18..25"),
        ("person.age: 18 .. 25", Between(18, 25), "18 .. 25"),
        ('person.age: " >= 18 "', Between(18, None), ">= 18"),
        ("person.age: ' 18..25 '", Between(18, 25), "18..25"),
        ("person.age: 18..18", Between(18, 18), "18..18"),
        ("person.age: 0..119", Between(0, 119), "0..119"),
        ("person.age: 1..120", Between(1, 120), "1..120"),
        ('release.on: ">= 2026-03-04"', Between(DAY, None), ">= 2026-03-04"),
        ('release.on: "> 2026-03-04"', Between(date(2026, 3, 5), None), "> 2026-03-04"),
        ('release.on: "<= 2026-03-04"', Between(None, DAY), "<= 2026-03-04"),
        ('release.on: "< 2026-03-04"', Between(None, date(2026, 3, 3)), "< 2026-03-04"),
        ("release.on: 2026-03-04..2026-03-04", Between(DAY, DAY), "2026-03-04..2026-03-04"),
        ("release.on: 2026-03-04", one(DAY), "2026-03-04"),
        ("release.on: 1900-01-01", one(date(1900, 1, 1)), "1900-01-01"),
        ("release.on: 2199-12-31", one(date(2199, 12, 31)), "2199-12-31"),
        ("person.age: 5", one(5), "5"),
        ("person.age: 0", one(0), "0"),
        ("person.age: 120", one(120), "120"),
        ("person.age: not 5", one(5, negated=True), "not 5"),
        ("person.age: [7, 5]", one(5, 7), "7 or 5"),
        ("person.veteran: true", one(True), "true"),
        ("person.veteran: false", one(False), "false"),
        ("person.sex: not female", one("female", negated=True), "not female"),
        ("person.area: $bases", one("E07000008", "W06000015"), "E07000008 or W06000015"),
        ("person.area: not $bases", one("E07000008", "W06000015", negated=True), "not E07000008 or W06000015"),
        ("person.age: known", Presence(known=True), "known"),
        ("person.age: unknown", Presence(known=False), "not known"),
        ("person.age: not known", Presence(known=False), "not known"),
        ("registrations: known", Presence(known=True), "known"),
        ("event.movement: [unknown]", one("unknown"), "unknown"),
    ],
)
def test_a_test_means_what_it_says_and_is_told_in_the_words_it_was_written_in(
    condition: str, test: object, words: str
) -> None:
    path = condition.partition(":")[0]
    (read_,) = the_rule(rule(when=f"{{{condition}}}", head=SETS)).when
    assert read_ == Condition(path, test, words, f"f.yaml:8:{14 + len(path)}")  # type: ignore[arg-type]


@pytest.mark.parametrize(("operator", "negated"), [("has", False), ("has no", True)])
def test_a_question_about_records_keeps_its_fields_with_their_places(operator: str, negated: bool) -> None:
    when = f"{{registrations {operator}: {{code: [MAPP, AVIS], active: true}}}}"
    (read_,) = the_rule(rule(when=when)).when
    assert (read_.path, read_.expected) == ("registrations", f"{operator} code MAPP or AVIS, active true")
    at = when.index("{code") + 11
    assert read_.where == f"f.yaml:7:{at}"
    assert read_.test == Has(
        (
            Condition("code", one("MAPP", "AVIS"), "MAPP or AVIS", f"f.yaml:7:{at + 7}"),
            Condition("active", one(True), "true", f"f.yaml:7:{when.index('true') + 11}"),
        ),
        negated,
    )


def test_a_referral_keeps_every_key_with_the_places_of_its_names() -> None:
    more = ", providers: [b, a], catchment_by: accommodation.chosen_authority, approval: custody-officer"
    (refer,) = the_rule(referring(f"{more}, advice: ' Take care ', linked: [it]")).refer
    assert refer == Refer(
        "ACCOMMODATION",
        "cas3",
        "immediate",
        refer.place,
        refer.providers,
        "accommodation.chosen_authority",
        "custody-officer",
        "Take care",
        refer.linked,
    )
    assert str(refer.place) == "f.yaml:9:12"
    assert [(name, place.line, place.column) for name, place in refer.providers] == [("b", 9, 85), ("a", 9, 88)]
    assert [name for name, _ in refer.linked] == ["it"]
    (plain,) = the_rule(referring()).refer
    assert (plain.providers, plain.catchment_by, plain.approval, plain.advice, plain.linked) == (
        (),
        "person.area",
        None,
        "",
        (),
    )


def test_two_referrals_of_a_rule_keep_their_order() -> None:
    second = "{category: MENTAL_HEALTH, service: crisis_team, urgency: within_4_hours}]"
    text = referring().replace("{category", "[{category").replace("immediate}", f"immediate}}, {second}")
    assert [(refer.category, refer.urgency) for refer in the_rule(text).refer] == [
        ("ACCOMMODATION", "immediate"),
        ("MENTAL_HEALTH", "within_4_hours"),
    ]


def test_notices_keep_kind_role_and_urgency() -> None:
    act = "notify: [{kind: a, to: crisis-line}, {kind: b, to: custody-officer, urgency: immediate}]"
    assert the_rule(rule(act=act)).notify == (
        Notify("a", "crisis-line", "next_working_day"),
        Notify("b", "custody-officer", "immediate"),
    )


@pytest.mark.parametrize(
    ("suppress", "meant"),
    [
        ("{reason: r, what: everything}", Suppress("r", "everything")),
        (
            "{reason: r, what: all-but-safety, closes: all, closure_reason: removal_from_uk}",
            Suppress("r", "all-but-safety", "all", "removal_from_uk"),
        ),
        (
            "{reason: r, what: release, closes: release, closure_reason: return_to_prison}",
            Suppress("r", "release", "release", "return_to_prison"),
        ),
        (
            "{reason: r, what: everything, closes: all, closure_reason: death}",
            Suppress("r", "everything", "all", "death"),
        ),
        (
            "{reason: r, what: [ACCOMMODATION, MENTAL_HEALTH]}",
            Suppress("r", frozenset(["ACCOMMODATION", "MENTAL_HEALTH"])),
        ),
    ],
)
def test_a_suppression_keeps_what_it_stops_and_closes(suppress: str, meant: Suppress) -> None:
    assert the_rule(stopping(suppress)).suppress == meant


def test_a_legal_basis_keeps_every_word() -> None:
    full = LIFE.replace("citation: c", "citation: c, article_9: nine, article_10: ten")
    assert the_rule(referring().replace(LIFE, full)).legal_basis == LegalBasis(
        name="life",
        kind="vital_interests",
        purpose="p",
        article_6="a",
        article_9="nine",
        article_10="ten",
        citation="c",
    )
    plain = read(referring()).bases["life"]
    assert (plain.article_9, plain.article_10) == (None, None)


def test_consent_may_be_required_by_every_alternative() -> None:
    text = referring(
        after="    any_of: [{consent.accommodation: true, person.age: 6}, {consent.accommodation: true}]\n"
    )
    assert the_rule(text.replace("vital_interests", "consent")).legal_basis is not None


def test_a_rule_keeps_owner_theme_place_and_days() -> None:
    plain = the_rule(rule())
    assert (plain.why, plain.theme, plain.owner, str(plain.place)) == ("w", "need", "o", "f.yaml:5:5")
    assert plain.effective == Condition(EVENT_DAY, Between(None, None), "at any time", "f.yaml:5:5")
    assert (plain.order[0], plain.order[-1], plain.is_release) == (3, "it", False)
    other = the_rule(rule("    owner: me\n    effective: {from: 2026-03-04}\n"))
    assert other.owner == "me"
    assert other.effective == Condition(EVENT_DAY, Between(DAY, None), "from 2026-03-04", "f.yaml:10:16")
    ended = the_rule(rule("    effective: {from: 2026-03-04, until: 2026-03-04}\n"))
    assert ended.effective == Condition(EVENT_DAY, Between(DAY, DAY), "from 2026-03-04 until 2026-03-04", "f.yaml:9:16")


RELEASES = (
    ("{event.movement: released}", "", ("event.movement",)),
    ("{release.on: known}", "", ("release.on",)),
    ("{person.age: 5}", "    any_of: [{person.age: 6}, {release.planned_on: known}]\n", ("release.planned_on",)),
    ("{person.age: 5}", "    unless: {release.on: known}\n", ()),
    ("{person.age: 5}", "", ()),
)


@pytest.mark.parametrize(("when", "more", "about"), RELEASES)
@pytest.mark.parametrize("said", [True, False])
def test_a_rule_makes_release_referrals_if_it_says_so(
    when: str, more: str, about: tuple[str, ...], *, said: bool
) -> None:
    text = referring(after=f"{more}    release: {str(said).lower()}\n", when=when)
    assert the_rule(text).is_release is said
    assert about_release(the_rule(text)) == about


@pytest.mark.parametrize(("when", "more", "about"), RELEASES)
def test_a_rule_that_refers_and_asks_about_a_release_says_whether_it_makes_release_referrals(
    when: str, more: str, about: tuple[str, ...]
) -> None:
    text = referring(after=more, when=when)
    if not about:
        assert the_rule(text).release is None
        return
    with pytest.raises(BundleError, match=rf"P009.*asks for {about[0]} and does not say"):
        the_rule(text)
    assert the_rule(rule(more, when=when)).is_release is False, "who is told something is referred nowhere"


def test_groups_keep_their_order_and_one_exception_may_stand_alone() -> None:
    text = rule("    any_of: [{person.age: 6}, {person.age: 7, person.sex: male}]\n    unless: {person.age: 8}\n")
    read_ = the_rule(text)
    assert [[each.expected for each in group] for group in read_.any_of] == [["6"], ["7", "male"]]
    assert [[each.expected for each in group] for group in read_.unless] == [["8"]]


def test_an_example_keeps_what_it_gives_and_expects() -> None:
    given = (
        "{person.age: 5, person.veteran: false, release.on: 2026-03-04, event.day: 2026-03-05, person.sex: male, "
        "registrations: [{code: MAPP, active: true}, {active: false}], event.caution_conditions: []}"
    )
    (test,) = the_rule(example(f"{{name: a, given: {given}, expect: needs_information, because: event.day}}")).tests
    assert test.given == {
        "person.age": 5,
        "person.veteran": False,
        "release.on": DAY,
        "person.sex": "male",
        "registrations": [{"code": "MAPP", "active": True}, {"active": False}],
        "event.caution_conditions": [],
    }
    assert (test.name, test.day, test.expect, test.because) == (
        "a",
        date(2026, 3, 5),
        "needs_information",
        "event.day",
    )
    assert str(test.place) == "f.yaml:9:13"
    first, second = the_rule(
        example(
            "{name: a, given: {person.age: 5}, expect: match, because: person.age}, "
            "{name: b, given: {person.age: 6}, expect: no_match}"
        )
    ).tests
    assert (first.because, first.day, second.name, second.because) == ("person.age", None, "b", None)


def test_what_files_share_reaches_every_file_whatever_their_names() -> None:
    shared = "schema: routing/v1\nsets: {near: [E07000008]}\n" + LIFE
    told = "schema: routing/v1\nprerequisites: {told: {why: first, when: {person.area: $near}}}\n"
    text = rule("    requires: [told, told]\n", when="{person.area: $near}", act=TELL)
    for order in ((text, shared, told), (told, text, shared), (shared, told, text)):
        read_ = the_rule(*order)
        assert [each.test for each in read_.when] == [one("E07000008")] * 2
        (required,) = read_.requires
        assert (required.name, required.why, required.when) == ("told", "first", read_.when[1:])
        assert str(required.place) == f"{'fgh'[order.index(told)]}.yaml:2:17"


def test_each_of_several_files_may_bring_legal_bases() -> None:
    more = "schema: routing/v1\n" + LIFE.replace("life", "other")
    assert sorted(read(referring(), more).bases) == ["life", "other"]


def test_rules_stand_by_theme_then_by_id_whatever_the_files() -> None:
    late = rule(name="aa").replace("theme: need", "theme: logistics")
    early = rule(name="zz").replace("theme: need", "theme: safety")
    assert [each.id for each in read(late, rule(name="b"), early, rule(name="a")).rules] == ["zz", "a", "b", "aa"]


def test_widening_and_narrowing_name_national_rules_of_any_file() -> None:
    overlay = (
        f"{HEAD}{HERE}narrows: [{{rule: other, why: n, when: {{person.age: 30..40}}}}]\n"
        "rules: [{id: it, why: w, when: {person.age: 5}, widens: [other], notify: {kind: k, to: crisis-line}}]\n"
    )
    rules = {each.id: each for each in read(overlay, f"{HEAD}rules:\n{OTHER}").rules}
    assert [name for name, _ in rules["it"].widens] == ["other"]
    (narrowed,) = rules["other"].narrowed
    assert (narrowed.why, narrowed.area.test, str(narrowed.place)) == ("n", one("E07000008"), "f.yaml:5:11")
    assert [[each.test for each in group] for group in rules["other"].unless] == [
        [one("E07000008"), Between(None, 29)],
        [one("E07000008"), Between(41, None)],
    ]


def test_what_a_narrowing_takes_away_is_told_in_the_opposite_words() -> None:
    asks = "{person.veteran: known, person.sex: not known, person.age: 30.., person.area: not E08000025}"
    asks = asks.replace("30..", '">= 30"')
    overlay = f"{HEAD}{HERE}narrows: [{{rule: other, why: n, when: {asks}}}]\n"
    (narrowed,) = read(overlay, f"{HEAD}rules:\n{OTHER}").rules
    assert [group[1].expected for group in narrowed.unless] == ["not known", "known", "< 30", "E08000025"]
