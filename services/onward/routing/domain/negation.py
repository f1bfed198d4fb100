"""The opposite of a condition, exactly: true where the condition is false, not known where it is not known."""

from dataclasses import replace
from datetime import date, timedelta

from onward.contracts.fact_kinds import Whole
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Between, Condition, Has, OneOf, Presence

_ONE_DAY = timedelta(days=1)


def negated(condition: Condition) -> tuple[Condition, ...]:
    """
    The conditions of which one holds wherever *condition* does not, and none where it does.

    A range has values on both of its sides, and so two opposites. A side on which the fact has no values at all is
    left out. Each opposite stands at the place of the condition.
    """
    test = condition.test
    match test:
        case OneOf(values, negative):
            return (replace(condition, test=OneOf(values, not negative), expected=_opposite(condition.expected)),)
        case Presence(known):
            words = "not known" if known else "known"
            return (replace(condition, test=Presence(not known), expected=words),)
        case Has(fields, negative):
            words = condition.expected.removeprefix("has no ").removeprefix("has ")
            expected = f"{'has' if negative else 'has no'} {words}"
            return (replace(condition, test=Has(fields, not negative), expected=expected),)
        case Between(low, high):
            sides = (
                () if low is None else (_below(condition, low),),
                () if high is None else (_above(condition, high),),
            )
            opposites = [each for side in sides for each in side]
            # With no side left the range always holds; one impossible side says so of a value that is known only.
            return tuple(each for each in opposites if _can_hold(each)) or tuple(opposites[:1])


def _opposite(words: str) -> str:
    return words.removeprefix("not ") if words.startswith("not ") else f"not {words}"


def _below(condition: Condition, low: int | date) -> Condition:
    last = low - _ONE_DAY if isinstance(low, date) else low - 1
    return replace(condition, test=Between(None, last), expected=f"< {low}")


def _above(condition: Condition, high: int | date) -> Condition:
    first = high + _ONE_DAY if isinstance(high, date) else high + 1
    return replace(condition, test=Between(first, None), expected=f"> {high}")


def _can_hold(condition: Condition) -> bool:
    """Whether the fact has values in the range."""
    kind, test = FACTS[condition.path].kind, condition.test
    if not isinstance(kind, Whole) or not isinstance(test, Between):
        return True
    low = test.low if isinstance(test.low, int) else kind.low
    high = test.high if isinstance(test.high, int) else kind.high
    return max(low, kind.low) <= min(high, kind.high)
