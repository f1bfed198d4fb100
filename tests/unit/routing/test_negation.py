"""The opposite of a condition holds exactly where the condition does not."""

from datetime import date
from random import Random

from onward.routing.domain.kleene import any_of, holds, negation
from onward.routing.domain.language import Between, Condition, Has, OneOf
from onward.routing.domain.negation import negated
from unit.routing.random_rules import a_group, knowledge


def test_what_is_not_known_stays_not_known_and_everything_else_is_turned_round() -> None:
    random = Random(11)
    kinds: set[type] = set()
    for _ in range(20_000):
        (condition,) = a_group(random, 1)
        known = knowledge(random)
        assert any_of(holds(each, known) for each in negated(condition)) is negation(holds(condition, known))
        kinds.add(type(condition.test))
    assert len(kinds) == 4


def words(path: str, test: OneOf | Between | Has, expected: str) -> list[str]:
    return [each.expected for each in negated(Condition(path, test, expected, "f:1:1"))]


def test_the_opposite_is_said_in_the_authors_words() -> None:
    assert words("person.sex", OneOf(frozenset(["male"])), "male") == ["not male"]
    assert words("person.sex", OneOf(frozenset(["male"]), negated=True), "not male") == ["male"]
    assert words("person.age", Between(18, 24), "18..24") == ["< 18", "> 24"]
    assert words("person.age", Between(0, 24), "0..24") == ["> 24"]
    assert words("person.age", Between(18, 120), "18..120") == ["< 18"]
    day = date(2026, 3, 1)
    (before,) = negated(Condition("release.on", Between(day, None), ">= 2026-03-01", "f:1:1"))
    assert before.test == Between(None, date(2026, 2, 28))
    code = Condition("code", OneOf(frozenset(["MAPP"])), "MAPP", "f:1:1")
    assert words("registrations", Has((code,)), "has code MAPP") == ["has no code MAPP"]
    assert words("registrations", Has((code,), negated=True), "has no code MAPP") == ["has code MAPP"]
