"""Two bundles, rule by rule and as wholes."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from onward.routing.domain.language import Rule
from onward.workbench.difference.acting import changes
from onward.workbench.difference.compared import Side
from onward.workbench.difference.concerning import concern
from onward.workbench.difference.directories import directories_differ
from onward.workbench.difference.findings import Difference, Direction, RuleDifference, Status
from onward.workbench.difference.one_rule import RuleComparison
from onward.workbench.difference.overtaking import Overtaken, overtaken
from onward.workbench.difference.pairing import pair
from onward.workbench.difference.people import People
from onward.workbench.difference.promises import promise_changes
from onward.workbench.difference.recipients import RecipientChanges
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
        sides = self._before, self._after
        directory = directories_differ(*((each.rule_set, each.directory) for each in sides))
        promised = tuple(_besides(*sides, self._pairs.names))
        besides = (*promised, *(each.short for each in directory.changes if each.kind != "area"))
        equal = not besides and all(each.same for each in rules)
        effects = () if equal else tuple(people.effects())
        moves = (
            tuple(RecipientChanges(*self._referring, directory.names, self._effort).moves())
            if directory.changes
            else ()
        )
        promises = tuple(promise_changes(self._before.rule_set.goals, self._after.rule_set.goals, self._effort))
        remarks = (*directory.words, *_remarks(*sides, silent=equal))
        return Difference(tuple(rules), effects, besides, remarks, moves, directory.changes, promises)

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
        passed = self._overtaken(old, new)
        not_proved: tuple[Direction, ...] = ("moves",) if passed.open else ()
        if not moves and structure(old) == structure(new):
            status: Status = "changed" if passed.shown else "not proved" if not_proved else "unchanged"
            if status == "unchanged" or renamed:
                status = "renamed" if renamed else "words" if words or written else "unchanged"
            return RuleDifference(status, old, new, words, written, passed.shown, not_proved)
        verdict = RuleComparison((self._before, old), (self._after, new), self._effort).verdict(moves)
        not_proved = tuple(dict.fromkeys((*verdict.not_proved, *not_proved)))
        if verdict.shown or moves or passed.shown:
            # What a rule does otherwise counts even where it is not shown that both match together.
            status = "changed"
        else:
            status = "not proved" if not_proved else "renamed" if renamed else "words"
        shown = (*verdict.shown, *passed.shown)
        return RuleDifference(status, old, new, words, written, shown, not_proved)

    def _overtaken(self, old: Rule, new: Rule) -> Overtaken:
        if old.order == new.order:
            return Overtaken((), open=False)
        return overtaken((old, new), self._referring, self._pairs.names, self._effort)


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


def _remarks(before: Side, after: Side, *, silent: bool) -> Iterator[str]:
    if not silent or before.rule_set.version.sha256 == after.rule_set.version.sha256:
        return
    if before.text and before.text == after.text:
        yield "the files are the same, in a folder of another name, so that decisions name another version"
    else:
        yield "the files differ in writing only, so that decisions name another version"
