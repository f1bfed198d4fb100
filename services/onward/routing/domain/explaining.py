"""The conditions of a matched rule, with the values that met them."""

from typing import Any

from onward.contracts.decision import MetCondition
from onward.routing.domain.kleene import Known, group_holds, holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Group, Rule


class Explainer:
    """Explains one rule; what does not depend on the event is prepared once."""

    def __init__(self, rule: Rule) -> None:
        timed = isinstance(rule.effective.test, Between) and (rule.effective.test.low or rule.effective.test.high)
        always = (rule.effective, *rule.when) if timed else rule.when
        self._always = tuple(map(_Line, always))
        self._any_of = tuple((group, tuple(map(_Line, group))) for group in rule.any_of)
        self._unless = rule.unless

    def held(self, known: Known) -> tuple[MetCondition, ...]:
        """
        Every condition that held, for a rule that matches.

        Of `any_of` the groups that held; of each group of `unless` one condition that kept it from holding.
        """
        found = [line.held(known) for line in self._always]
        for group, lines in self._any_of:
            if group_holds(group, known):
                found += [line.held(known) for line in lines]
        found += [_excluded(group, known) for group in self._unless]
        return tuple(found)


class _Line:
    """One condition of an explanation. The last words for a value are kept: most people have few different values."""

    __slots__ = ("_condition", "_field", "_said")

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._field = "effective" if condition.path == EVENT_DAY else condition.path
        self._said: dict[Any, MetCondition] = {}

    def held(self, known: Known) -> MetCondition:
        actual: Any = known.get(self._condition.path)
        if isinstance(actual, list):
            return self._held(actual)
        said = self._said.get(actual)
        if said is None:
            said = self._held(actual)
            if len(self._said) < _REMEMBERED:
                self._said[actual] = said
        return said

    def _held(self, actual: Any) -> MetCondition:
        return MetCondition(
            field=self._field, expected=self._condition.expected, actual=actual, where=self._condition.where
        )


_REMEMBERED = 128
"""Values of one condition; a limit, so that no stream of odd values fills the memory."""


def _excluded(group: Group, known: Known) -> MetCondition:
    failed = next(condition for condition in group if holds(condition, known) is False)
    return MetCondition(
        field=failed.path, expected=f"unless {failed.expected}", actual=known.get(failed.path), where=failed.where
    )
