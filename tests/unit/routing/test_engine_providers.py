"""Who may be taken by a provider, in which order providers are tried, and what each is passed over for."""

from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.codes import LegalBasisKind
from onward.contracts.contact import Consent, ConsentPurpose
from onward.contracts.decision import Decision
from onward.directory.model import Eligibility, Provider
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.eligibility import bounds
from onward.routing.domain.recipient_consent import RecipientConsent
from unit.routing.routing_builders import (
    BIRMINGHAM,
    CAMBRIDGE,
    CARDIFF,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    decided,
    rule_set,
    without,
)


def housed(*providers: Provider, facts: dict[str, Any] | None = None, rule: str = HOUSING) -> Decision:
    return decided(facts or HOMELESS_ADULT, rule_set(need=rule), a_directory(*providers))


def tried(decision: Decision) -> list[tuple[str, bool, str]]:
    made = [each.destinations for each in decision.referrals]
    (listed,) = made + [each.destinations for each in decision.unmet]
    return [(each.provider, each.chosen, each.why) for each in listed]


EVERYONE = Eligibility()
AGED = Eligibility(min_age=18, max_age=25)
BOUNDS: list[tuple[Eligibility, dict[str, Any], list[tuple[str, str] | None]]] = [
    (EVERYONE, {}, []),
    (AGED, {"person.age": 17}, [("only from age 18", "")]),
    (AGED, {"person.age": 18}, [None]),
    (AGED, {"person.age": 25}, [None]),
    (AGED, {"person.age": 26}, [("only up to age 25", "")]),
    (AGED, {}, [("age not known", "person.age")]),
    (Eligibility(min_age=18), {"person.age": 99}, [None]),
    (Eligibility(max_age=25), {"person.age": 0}, [None]),
    (Eligibility(sex="female"), {"person.sex": "female"}, [None]),
    (Eligibility(sex="female"), {"person.sex": "male"}, [("female only", "")]),
    (Eligibility(sex="male"), {}, [("sex not known", "person.sex")]),
    (Eligibility(veterans_only=True), {"person.veteran": True}, [None]),
    (Eligibility(veterans_only=True), {"person.veteran": False}, [("veterans only", "")]),
    (Eligibility(veterans_only=True), {}, [("service in the armed forces not known", "person.veteran")]),
    (
        Eligibility(takes_no_recourse_to_public_funds=False),
        {"person.no_recourse_to_public_funds": True},
        [("only with recourse to public funds", "")],
    ),
    (Eligibility(takes_no_recourse_to_public_funds=False), {"person.no_recourse_to_public_funds": False}, [None]),
    (
        Eligibility(takes_no_recourse_to_public_funds=False),
        {},
        [("recourse to public funds not known", "person.no_recourse_to_public_funds")],
    ),
]


@pytest.mark.parametrize(("eligibility", "known", "objections"), BOUNDS)
def test_a_bound_takes_its_own_ends_and_says_what_is_against_anybody_else(
    eligibility: Eligibility, known: dict[str, Any], objections: list[tuple[str, str] | None]
) -> None:
    assert [bound.objection(known) for bound in bounds(eligibility)] == objections


def test_the_chosen_one_is_said_to_be_open_and_first() -> None:
    assert tried(housed(a_provider())) == [("council", True, "open to this person, and first in order")]


def test_all_that_is_not_known_of_a_provider_is_said_and_asked_for() -> None:
    choosy = a_provider(eligibility=Eligibility(sex="male", veterans_only=True), catchment=(BIRMINGHAM,))
    facts = without(HOMELESS_ADULT, "person.area")
    (need,) = housed(choosy, facts=facts).needs_information
    assert need.missing == ("person.area", "person.sex", "person.veteran")
    open_ = a_provider("zz-open")
    why = "area not known; sex not known; service in the armed forces not known"
    named = HOUSING.replace("urgency:", "providers: [council, zz-open], urgency:")
    assert tried(housed(choosy, open_, facts=facts, rule=named))[0] == ("council", False, why)


def test_those_of_the_area_come_before_those_of_everywhere_and_those_of_elsewhere_last() -> None:
    providers = [
        a_provider("a-elsewhere", catchment=(CARDIFF,), accepting=True),
        a_provider("b-everywhere", accepting=False),
        a_provider("c-here", catchment=(BIRMINGHAM, CAMBRIDGE), accepting=False),
    ]
    assert tried(housed(*providers)) == [
        ("c-here", False, "full"),
        ("b-everywhere", False, "full"),
        ("a-elsewhere", False, "serves another area"),
    ]


def test_what_a_rule_prefers_is_tried_though_it_does_not_offer_that_and_said_to_be_missing_where_it_is() -> None:
    rule = HOUSING.replace("urgency:", "providers: [nowhere, other-service, other-need], urgency:")
    other_service = a_provider("other-service", services=("cas3",))
    decision = housed(other_service, a_provider("other-need", categories=("MENTAL_HEALTH",)), rule=rule)
    assert decision.needs_information == ()
    assert tried(decision) == [
        ("other-service", False, "does not offer housing_authority"),
        ("other-need", False, "does not take ACCOMMODATION"),
        ("nowhere", False, "not in the directory"),
    ]


def test_areas_that_no_provider_names_are_remembered_as_one() -> None:
    destinations = Destinations(a_directory(a_provider("here", catchment=(BIRMINGHAM,)), a_provider("everywhere")))
    (refer,) = rule_set(need=HOUSING).rules[0].refer
    areas = [BIRMINGHAM, None, *(f"E{number:08}" for number in range(100))]
    chosen = [destinations.choose(refer, "consent", {"person.area": area}, ()).provider for area in areas]
    assert [provider.id for provider in chosen if provider] == ["here", *["everywhere"] * 101]
    assert len(destinations._ranked) == 3  # no promise speaks of memory


def said(recipient: str | None, *, given: bool, minutes: int = 0, purpose: ConsentPurpose = "ACCOMMODATION") -> Consent:
    return Consent(purpose=purpose, given=given, recipient=recipient, said_at=NOON + timedelta(minutes=minutes))


YES, NO = said(None, given=True), said(None, given=False)
ONE, NOT_ONE = said("one", given=True), said("one", given=False)
REFUSED, ANOTHER = "the person refused this provider", "the person agreed to another provider only"


@pytest.mark.parametrize(
    ("consents", "kind", "one", "two"),
    [
        ([], "consent", "", ""),
        ([YES], "consent", "", ""),
        ([NO], "consent", "", ""),  # whether help is wanted at all is what the rule asks
        ([ONE], "consent", "", ANOTHER),
        ([YES, ONE], "consent", "", ""),
        ([NO, ONE], "consent", "", ANOTHER),
        ([NOT_ONE], "consent", REFUSED, ""),
        ([YES, NOT_ONE], "consent", REFUSED, ""),
        ([ONE], "statutory_duty", "", ""),
        ([NOT_ONE], "statutory_duty", REFUSED, ""),
        ([YES, NOT_ONE], "public_task", REFUSED, ""),
        ([NOT_ONE], "vital_interests", "", ""),
        ([NOT_ONE], "safeguarding", "", ""),
        ([NOT_ONE], "court_order", "", ""),
        ([ONE, NOT_ONE], "consent", REFUSED, ""),
        ([NOT_ONE, ONE], "consent", REFUSED, ""),
        ([NOT_ONE, said("one", given=True, minutes=1)], "consent", "", ANOTHER),
        ([said("one", given=False, purpose="DUTY_TO_REFER")], "statutory_duty", REFUSED, ""),
        ([said("one", given=False, purpose="DUTY_TO_REFER")], "consent", "", ""),
        ([said("one", given=False, purpose="MENTAL_HEALTH")], "consent", "", ""),
    ],
)
def test_the_last_word_to_each_provider_counts_and_of_two_at_once_the_refusal(
    consents: list[Consent], kind: LegalBasisKind, one: str, two: str
) -> None:
    wish = RecipientConsent.of("ACCOMMODATION", kind, consents)
    assert (wish.objection("one"), wish.objection("two")) == (one, two)
