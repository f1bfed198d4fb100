"""Everything that is wrong with a rule set as a whole, in one pass."""

from collections.abc import Iterator
from datetime import date

from onward.directory.model import Directory
from onward.routing.domain.language import Between, RuleSet
from onward.workbench.analysis import pairs, promises, single
from onward.workbench.analysis.findings import AnalysisFinding
from onward.workbench.analysis.providers import Reach, out_of_reach, partly_taken, without_provider, without_taker
from onward.workbench.analysis.study import Study
from onward.workbench.analysis.takers import acceptances


def analyse(rules: RuleSet, directory: Directory, *, day: date | None = None) -> tuple[AnalysisFinding, ...]:
    """
    What is wrong with a rule set, the weightiest first; nothing depends on a clock, or on the machine.

    Args:
        rules: A loaded rule set.
        directory: The directory it will be used with.
        day: Goals are proved for the year from this day; by default from when the last rule comes into force.

    A question that takes too much work, or whose examples the engine does not confirm, is a finding of its own (A090):
    no answer never counts as a good one.
    """
    first = day or _in_force(rules)
    goals = (promises.meant(goal, first) for goal in rules.goals)
    asking = promises.asking(rules.rules, rules.goals)
    study = Study(rules, directory, *acceptances(rules, directory), *goals, asking, start=first)
    return tuple(sorted(_all(study, first), key=lambda each: each.order))


def _all(study: Study, day: date) -> Iterator[AnalysisFinding]:
    yield from single.never_matching(study)
    same = list(pairs.twice(study))
    yield from same
    twice = frozenset(each.rules[0] for each in same)
    yield from single.without_effect(study, twice)
    yield from single.unheard(study)
    yield from pairs.matching_together(study, twice)
    yield from pairs.side_by_side(study, twice)
    yield from promises.not_unique(study)
    yield from promises.widening(study)
    yield from promises.narrowed_away(study)
    reach = Reach(study)
    yield from out_of_reach(study, reach)
    untaken = list(without_taker(study, reach))
    yield from untaken
    yield from partly_taken(study, frozenset(name for each in untaken for name in each.rules))
    yield from without_provider(study)
    yield from promises.gaps(study, day)


def _in_force(rules: RuleSet) -> date:
    tests = (rule.effective.test for rule in rules.rules)
    starts = (test.low for test in tests if isinstance(test, Between))
    return max((day for day in starts if isinstance(day, date)), default=date(2026, 3, 2))
