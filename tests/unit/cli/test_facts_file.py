"""The facts file is read by the vocabulary; every mistake is named with its place, and none is guessed away."""

from datetime import UTC, date, datetime

import pytest

from onward.cli.facts_file import Earlier, FactsFileError, read_earlier

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(text: str) -> Earlier:
    return read_earlier("facts.yaml", text.encode(), said_at=NOW)


def problem(text: str) -> str:
    with pytest.raises(FactsFileError) as caught:
        read(text)
    return str(caught.value)


def test_each_value_is_read_by_the_kind_of_its_fact() -> None:
    facts = read(
        """
        person.age: 34
        consent.accommodation: true
        accommodation.status: homeless
        release.planned_on: 2026-03-06
        registrations:
          - {code: MAPP, active: true}
        """
    ).facts
    assert facts == {
        "person.age": 34,
        "consent.accommodation": True,
        "accommodation.status": "homeless",
        "release.planned_on": date(2026, 3, 6),
        "registrations": [{"code": "MAPP", "active": True}],
    }


def test_json_is_read_too_indented_with_tabs_or_not() -> None:
    assert read('{\n\t"person.age": 34,\n\t"person.sex": "female"\n}').facts == {
        "person.age": 34,
        "person.sex": "female",
    }


def test_an_identity_and_consents_can_stand_beside_the_facts() -> None:
    earlier = read(
        """
        person.age: 34
        identity:
          name: Test Person-0001
          phone: "01632 960001"
          identifiers: [{type: CRN, value: X000001}]
        consents:
          - {purpose: ACCOMMODATION, given: true, recipient: test-housing}
          - {purpose: DUTY_TO_REFER, given: false, said_at: 2026-02-01T09:00}
        """
    )
    assert (earlier.identity.name, earlier.identity.phone) == ("Test Person-0001", "01632 960001")
    assert earlier.identity.identifiers[0].value == "X000001"
    first, second = earlier.consents
    assert (first.purpose, first.given, first.recipient, first.said_at) == ("ACCOMMODATION", True, "test-housing", NOW)
    assert (second.given, second.said_at) == (False, datetime(2026, 2, 1, 9, tzinfo=UTC))


def test_a_consent_is_a_fact_too_unless_it_is_to_one_recipient_or_the_fact_is_given() -> None:
    earlier = read(
        """
        consent.mental_health: false
        consents:
          - {purpose: ACCOMMODATION, given: true}
          - {purpose: MENTAL_HEALTH, given: true}
          - {purpose: FINANCE_DEBT, given: true, recipient: test-debt}
        """
    )
    assert earlier.facts == {"consent.accommodation": True, "consent.mental_health": False}


def test_a_fact_can_have_the_day_on_which_it_was_said_and_all_others_one() -> None:
    earlier = read(
        """
        risk.self_harm: 4
        person.area: E08000025
        said_on: {facts: 2024-01-10, person.area: 2026-02-01}
        """
    )
    assert earlier.said_on == {"risk.self_harm": date(2024, 1, 10), "person.area": date(2026, 2, 1)}


def test_a_fact_that_is_not_in_the_vocabulary_is_named_with_its_place_and_the_nearest_one() -> None:
    said = problem("person.age: 34\nacommodation.status: homeless\n")
    assert "facts.yaml:2:1" in said
    assert "did you mean `accommodation.status`?" in said


def test_a_wrong_value_is_named_with_its_place() -> None:
    assert "facts.yaml:1:13" in problem("person.age: old\n")
    assert "did you mean `homeless`" in problem("accommodation.status: homless\n")


def test_every_mistake_is_named_in_one_go() -> None:
    said = problem("person.age: old\nperson.sexx: male\n")
    assert "facts.yaml:1:" in said
    assert "facts.yaml:2:" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("event.movement: died\n", "said by the message itself"),
        ("person.nation: wales\n", "give `person.area`"),
        ("release.days_since: 3\n", "give `release.on`"),
        ("person.age: 3\nsaid_on: {person.age: soon}\n", "said_on.person.age: expected a day such as 2024-01-10"),
        ("person.age: 3\nsaid_on: {person.agee: 2024-01-10}\n", "did you mean `person.age`"),
        ("identity: {nmae: x}\n", "did you mean `name`"),
        ("identity: {date_of_birth: soon}\n", "identity.date_of_birth"),
        ("identity: Test Person\n", "pairs"),
        ("consents: [{purpose: HOUSING, given: true}]\n", "consents.purpose"),
        ("- person.age\n", "pairs"),
        ("a: &x 1\nb: *x\n", "facts.yaml:1:4"),
        ("person.age: 1\nperson.age: 2\n", "facts.yaml:2:1"),
        ("{", "not YAML"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(text: str, told: str) -> None:
    assert told in problem(text)


def test_a_value_of_the_identity_is_not_repeated_in_an_error() -> None:
    assert "canary" not in problem("identity: {date_of_birth: canary-0001}\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("person.age: Test-Canary", "write a whole number from 0 to 120, such as 0"),
        ("person.age: '300 `is no value of` Test-Canary'", "write a whole number from 0 to 120, such as 0"),
        ("person.sex: Femalecanary", "write one of `female`, `male`"),
        ("accommodation.status: homelesss", "did you mean `homeless`?"),
        ("registrations: [{code: MAPPCANARY}]", "(13 in all)"),
        ("release.on: 2026-02-30", "write a day such as `2026-03-31`"),
    ],
)
def test_a_mistake_in_what_may_be_personal_is_told_without_what_was_written(text: str, told: str) -> None:
    found = problem(text)
    path, written = text.split(": ", 1)
    assert found.startswith("facts.yaml:1:")
    assert f"this is no value of {path}" in found
    assert found.endswith(told)
    assert "canary" not in found.lower()
    assert written not in found


def test_a_mistake_in_a_consent_is_told_with_what_was_written() -> None:
    assert "`yes` is no value of consent.accommodation" in problem("consent.accommodation: yes")
