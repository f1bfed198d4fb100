"""One thing that a rule or a provider asks of a fact, and at which values of the fact the answer can turn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onward.routing.domain.kleene import Truth, check_holds
from onward.routing.domain.language import Between, Condition, Has, OneOf, Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """
    One question to one fact.

    Each is made once for all rules that ask the same, so that it is judged once for each value.
    """

    path: str
    holds: Callable[[Any], Truth]
    """The answer for a value, or for None where the fact is not known."""
    turns_at: frozenset[Scalar] = frozenset()
    """Every value named: the answer is the same for all values that lie between the same two."""
    record: Has | None = None
    """The test, where the fact is a list of records."""
    expected: str = ""
    """In words."""


class Asks:
    """All questions that matter to one search."""

    def __init__(self) -> None:
        self._conditions: dict[tuple[str, object], Ask] = {}
        self.by_path: dict[str, list[Ask]] = {}

    def of(self, condition: Condition) -> Ask:
        """The question that a condition of a rule asks."""
        key = (condition.path, condition.test)
        found = self._conditions.get(key)
        if found is None:
            found = self._conditions[key] = self.add(_asked_by(condition))
        return found

    def add(self, ask: Ask) -> Ask:
        """Take in a question that no rule asks, such as a provider's."""
        self.by_path.setdefault(ask.path, []).append(ask)
        return ask


def _asked_by(condition: Condition) -> Ask:
    test = condition.test

    def answer(value: Any) -> Truth:
        return check_holds(test, value)

    named: frozenset[Scalar] = frozenset()
    match test:
        case OneOf(values, _):
            named = values
        case Between(low, high):
            named = frozenset(edge for edge in (low, high) if edge is not None)
        case _:
            pass
    record = test if isinstance(test, Has) else None
    return Ask(condition.path, answer, named, record, condition.expected)
