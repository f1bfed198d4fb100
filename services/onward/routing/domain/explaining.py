"""The conditions of a matched rule, with the values that met them."""

from typing import Any

from onward.contracts.decision import Held
from onward.routing.domain.kleene import Known, group_holds, holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Group, Rule


class Explainer:
    """Explains one rule; what does not depend on the event is prepared once."""

    def __init__(self, rule: Rule) -> None:
        timed = isinstance(rule.effective.test, Between) and (rule.effective.test.low or rule.effective.test.high)
        self._always = (rule.effective, *rule.when) if timed else rule.when
        self._rule = rule

    def held(self, known: Known) -> tuple[Held, ...]:
        """
        Every condition that held, for a rule that matches.

        Of `any_of` the groups that held; of each group of `unless` one condition that kept it from holding.
        """
        found = [_held(condition, condition.expected, known) for condition in self._always]
        for group in self._rule.any_of:
            if group_holds(group, known):
                found += [_held(condition, condition.expected, known) for condition in group]
        found += [_excluded(group, known) for group in self._rule.unless]
        return tuple(found)


def _excluded(group: Group, known: Known) -> Held:
    failed = next(condition for condition in group if holds(condition, known) is False)
    return _held(failed, f"unless {failed.expected}", known)


def _held(condition: Condition, expected: str, known: Known) -> Held:
    path = condition.path
    actual: Any = known.get(path)
    return Held(
        field="effective" if path == EVENT_DAY else path, expected=expected, actual=actual, where=condition.where
    )
