"""Rules about which an archive says nothing: no situation of it lies in the days on which they are in force."""

from collections.abc import Iterator
from datetime import date

from onward.calendar.times import london_day
from onward.routing.domain.language import Between, Rule, RuleSet
from onward.workbench.impact.outcome_counts import OutcomeCounts


def unseen(tally: OutcomeCounts, before: RuleSet, after: RuleSet) -> tuple[str, ...]:
    """
    Each rule of either rule set whose period no situation of a tally lies in, in words.

    What such a rule would do is not counted: that nothing changes is then no finding about it.
    """
    if tally.first is None or tally.last is None:
        return ()
    first, last = london_day(tally.first), london_day(tally.last)
    rules = {rule.id: rule for rule in (*before.rules, *after.rules)}
    return tuple(
        f"no situation lies in the period of `{name}` ({rule.effective.expected}): they are of {first} to {last}"
        for name, rule in sorted(rules.items())
        if not any(_meets(each, first, last) for each in _versions(name, before, after))
    )


def _versions(name: str, *bundles: RuleSet) -> Iterator[Rule]:
    for bundle in bundles:
        yield from (rule for rule in bundle.rules if rule.id == name)


def _meets(rule: Rule, first: date, last: date) -> bool:
    test = rule.effective.test
    if not isinstance(test, Between):
        return True
    return (not isinstance(test.low, date) or test.low <= last) and (
        not isinstance(test.high, date) or test.high >= first
    )
