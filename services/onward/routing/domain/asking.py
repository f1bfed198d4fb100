"""What a rule that needs information lacks, in the words a partner is asked in."""

from collections.abc import Iterable

from onward.contracts.codes import Category
from onward.contracts.decision import NeedsInformation
from onward.contracts.facts import FACTS
from onward.routing.domain.index import RuleRows
from onward.routing.domain.kleene import Known, open_facts
from onward.routing.domain.language import Group, Has, Presence, Rule


def asked(paths: Iterable[str]) -> tuple[str, ...]:
    """Each fact as a partner is asked for it, once, sorted."""
    return tuple(sorted({FACTS[path].asked_as for path in paths}))


class Asker:
    """
    Names what one rule lacks, without judging its conditions again.

    In a group that is not false every condition is met or not known, and the index has said which groups are not
    false. So what is open can be read off. Only records can be known in part: `kleene.open_facts` judges rules that
    ask about a list that is known.
    """

    def __init__(self, rule: Rule, rows: RuleRows) -> None:
        self._rule = rule
        self._lists = tuple({each.path for group in rule.groups for each in group if isinstance(each.test, Has)})
        self._when = _askable(rule.when)
        self._any_of = tuple(zip(rows.any_of, map(_askable, rule.any_of), strict=False))
        self._unless = tuple(zip(rows.unless, map(_askable, rule.unless), strict=True))
        paths = {each.path for group in rule.groups for each in group}
        self._sources = {path: FACTS[path].ask for path in paths if FACTS[path].ask in FACTS}
        # Every answer this rule has given, by category and what is missing; a rule asks about a few facts only.
        self._said: dict[tuple[Category | None, tuple[str, ...]], NeedsInformation] = {}

    def missing(self, known: Known, rows: int) -> tuple[str, ...]:
        """
        The facts that are not known and could still change the outcome, for a rule that needs information.

        Empty when nobody could be asked for anything new: see `onward.routing.domain.derived`.

        Args:
            known: What is known.
            rows: The rows that hold definitely or possibly, as the index found for *known*.
        """
        for path in self._lists:
            if path in known:
                return self._new(open_facts(self._rule, known), known)
        found = [path for path in self._when if path not in known]
        if self._any_of:
            found += _open(self._any_of, known, rows)
        if self._unless:
            found += _open(self._unless, known, rows)
        return self._new(found, known) if self._sources else tuple(found)

    def _new(self, paths: Iterable[str], known: Known) -> tuple[str, ...]:
        """
        Without facts whose source is known though they do not follow: that answer is known, and of no use.

        A fact that follows from two is asked for by the one of them that is not known.
        """
        found: list[str] = []
        for path in paths:
            if self._sources.get(path) not in known:
                found.append(path)
            elif (also := FACTS[path].also) and also not in known:
                found.append(also)
        return tuple(found)

    def needs(self, category: Category | None, missing: tuple[str, ...]) -> NeedsInformation:
        """What to ask for; equal answers are one value."""
        key = (category, missing)
        said = self._said.get(key)
        if said is None:
            said = NeedsInformation(rule=self._rule.id, category=category, missing=asked(missing))
            if len(self._said) < _REMEMBERED:
                self._said[key] = said
        return said


_REMEMBERED = 64


def _askable(group: Group) -> tuple[str, ...]:
    """The facts whose values a group asks about; whether a fact is known at all is never a question."""
    return tuple(dict.fromkeys(condition.path for condition in group if not isinstance(condition.test, Presence)))


def _open(groups: tuple[tuple[int, tuple[str, ...]], ...], known: Known, rows: int) -> list[str]:
    """What is not known in the groups that are not false; nothing if one of them holds."""
    found: list[str] = []
    for row, paths in groups:
        if row & rows:
            unknown = [path for path in paths if path not in known]
            if not unknown:
                return []
            found += unknown
    return found
