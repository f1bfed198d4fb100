"""Two bundles, rule by rule and as wholes."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from onward.directory.model import Directory
from onward.routing.domain.language import Goal, Rule, RuleSet
from onward.workbench.difference.acting import changes
from onward.workbench.difference.compared import Side
from onward.workbench.difference.concerning import concern
from onward.workbench.difference.findings import Difference, RuleDifference, Shown, Status
from onward.workbench.difference.one_rule import RuleComparison
from onward.workbench.difference.overtaking import overtaken
from onward.workbench.difference.pairing import pair
from onward.workbench.difference.people import People
from onward.workbench.difference.referring import Referring
from onward.workbench.difference.wording import rewritten, words_changed
from onward.workbench.difference.writing import structure
from onward.workbench.logic.formulas import EFFORT

_ORDER: tuple[Status, ...] = ("changed", "not proved", "added", "removed", "renamed", "words", "unchanged")


def difference(before: Side, after: Side, *, effort: int = EFFORT) -> Difference:
    """
    Everything that the change from *before* to *after* means; the same on every machine.

    Args:
        before: The bundle as it is, with its directory.
        after: As it would be.
        effort: The most work for one question, in the solver's own count. A question that takes more is said to be
            not proved, and never that nothing differs.
    """
    return _Comparing(before, after, effort).all()


class _Comparing:
    def __init__(self, before: Side, after: Side, effort: int) -> None:
        self._before, self._after, self._effort = before, after, effort
        self._pairs = pair(before, after, effort)
        self._referring = Referring(before), Referring(after)

    def all(self) -> Difference:
        rules = sorted(self._rules(), key=lambda each: (_ORDER.index(each.status), each.rule.order))
        people = People(*self._referring, _changed(rules), self._effort)
        besides = tuple(_besides(self._before, self._after, self._pairs.names))
        equal = not besides and all(each.same for each in rules)
        effects = () if equal else tuple(people.effects())
        remarks = tuple(_remarks(self._before.rule_set, self._after.rule_set, silent=equal))
        return Difference(tuple(rules), effects, besides, remarks)

    def _rules(self) -> Iterator[RuleDifference]:
        for old, new in self._pairs.both:
            yield self._both(old, new)
        old_referring, new_referring = self._referring
        for rule in self._pairs.removed:
            whom = concern(rule, old_referring, new_referring, self._effort)
            yield RuleDifference("removed", rule, None, concern=whom)
        for rule in self._pairs.added:
            whom = concern(rule, new_referring, old_referring, self._effort)
            yield RuleDifference("added", None, rule, concern=whom)

    def _both(self, old: Rule, new: Rule) -> RuleDifference:
        words, moves = words_changed(old, new), changes(old, new, self._pairs.names)
        written = (*rewritten(old, new), *moves)
        renamed = old.id != new.id
        if not moves and structure(old) == structure(new):
            status: Status = "renamed" if renamed else "words" if words or written else "unchanged"
            return RuleDifference(status, old, new, words, written, self._overtaken(old, new))
        verdict = RuleComparison((self._before, old), (self._after, new), self._effort).verdict(moves)
        if verdict.shown or moves:
            # What a rule does otherwise counts even where it is not shown that both match together.
            status = "changed"
        else:
            status = "not proved" if verdict.not_proved else "renamed" if renamed else "words"
        shown = (*verdict.shown, *self._overtaken(old, new))
        return RuleDifference(status, old, new, words, written, shown, verdict.not_proved)

    def _overtaken(self, old: Rule, new: Rule) -> tuple[Shown, ...]:
        if old.id == new.id:
            return ()
        return tuple(overtaken((old, new), self._referring, self._pairs.names, self._effort))


def _changed(rules: list[RuleDifference]) -> Mapping[str, bool]:
    """Of every rule by id, whether it means something else on the other side, or has another name there."""
    found: dict[str, bool] = {}
    for each in rules:
        for rule in (each.before, each.after):
            if rule is not None:
                found[rule.id] = not each.same
    return found


_Promises: TypeAlias = frozenset[frozenset[str]]


def _besides(before: Side, after: Side, names: Mapping[str, str]) -> Iterator[str]:
    """What can matter to a decision besides the rules."""
    old: _Promises = frozenset(frozenset(names.get(each, each) for each in file) for file in before.rule_set.unique)
    new: _Promises = frozenset(after.rule_set.unique)
    for words, files in (("no longer promised", old - new), ("now promised", new - old)):
        for file in sorted(files, key=sorted):
            yield f"{words} that at most one matches of: {', '.join(sorted(file))}"
    yield from _directories(before.directory, after.directory)


def _directories(before: Directory, after: Directory) -> Iterator[str]:
    if before.profiles != after.profiles:
        yield "the directory says otherwise what providers may see"
    old, new = before.providers, after.providers
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"provider `{name}` is no longer in the directory"
        elif name not in old:
            yield f"provider `{name}` is new in the directory"
        elif old[name] != new[name]:
            fields = old[name].model_dump()
            what = ", ".join(field for field, value in new[name].model_dump().items() if fields[field] != value)
            yield f"provider `{name}` is described otherwise: {what}"


def _remarks(before: RuleSet, after: RuleSet, *, silent: bool) -> Iterator[str]:
    old, new = ({_asked(goal) for goal in rules.goals} for rules in (before, after))
    yield from (f"no longer a goal: {_in_words(goal)}" for goal in sorted(old - new))
    yield from (f"a new goal: {_in_words(goal)}" for goal in sorted(new - old))
    if silent and before.version.sha256 != after.version.sha256:
        yield "the files differ in writing only, so that decisions name another version"


_Asked: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A goal: why, what it promises, whom it is about."""


def _asked(goal: Goal) -> _Asked:
    whom = tuple(sorted(f"{condition.path} {condition.expected}" for condition in goal.when))
    wanted = (goal.category, goal.service, goal.urgency, goal.told and f"tells {goal.told}")
    return goal.why, ", ".join(each for each in wanted if each), whom


def _in_words(goal: _Asked) -> str:
    why, wanted, whom = goal
    return f"{why} ({'; '.join(whom)}{f'; {wanted}' if wanted else ''})"
