"""One situation as it is and as it could be: each told fact with the values it could have, and every answer to them."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from onward.calendar.times import london_day
from onward.contracts.fact_kinds import Code, Day, Whole
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.kleene import Truth
from onward.routing.domain.offices import Offices
from onward.workbench.explaining.asks import Ask, Asks
from onward.workbench.explaining.possible_values import Possible, Setting, Sight, possible
from onward.workbench.explaining.told import knowing, known_of, sources_of
from onward.workbench.explaining.views import Context, Ranks, directly, each_beside, now_and_by_kind, through

State: TypeAlias = Mapping[str, int]
"""For each changed fact the number of its value; every other is as it is."""


class Picture:
    """Answers questions about a situation under any changes; everything worked out is kept."""

    def __init__(self, situation: Situation, asks: Asks, offices: Offices) -> None:
        self.situation = situation
        self.day = london_day(situation.occurred_at)
        self.known = known_of(situation, offices)
        self._knowing = knowing(situation, offices)
        self._offices = offices
        self._asks = asks
        self._possible: dict[str, Possible] = {}
        self._at_first: dict[str, tuple[Setting, Possible]] = {}
        self._derived: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._truths: dict[Ask, dict[tuple[int, ...], Truth]] = {}
        self._masks: dict[Ask, int] = {}
        self._sharing = _sharing(asks)

    def possible(self, path: str) -> Possible:
        """
        The values that a told fact could have.

        They are chosen in two rounds: at first beside what the other facts are now, then also beside all that these
        could become by the first round. For a day is measured against another day that may have to change as well.
        Two rounds are enough, since nothing is measured against more than one other at a time: of the two nearest
        values that answer as wanted together, one is always where a question to it alone turns, or what it is now.
        """
        found = self._possible.get(path)
        if found is None:
            found = self._possible[path] = self._in_the_end(path)
        return found

    def changes(self, state: State) -> dict[str, Any]:
        """The changed facts with their new values."""
        return {path: self.possible(path).values[number] for path, number in state.items()}

    def truth(self, ask: Ask, state: State) -> Truth:
        """The answer to a question when *state* is so."""
        sources = sources_of(ask.path)
        numbers = tuple(state.get(path, 0) for path in sources)
        answers = self._truths.setdefault(ask, {})
        if numbers not in answers:
            values = tuple(self._numbered(path, number) for path, number in zip(sources, numbers, strict=True))
            answers[numbers] = ask.holds(self._value(ask.path, sources, values))
        return answers[numbers]

    def mask(self, ask: Ask, path: str) -> int:
        """The values of *path*, the one fact that decides *ask*, for which the answer is yes: bit by number."""
        found = self._masks.get(ask)
        if found is None:
            numbers = range(len(self.possible(path).values))
            found = sum(1 << number for number in numbers if self.truth(ask, {path: number}) is True)
            self._masks[ask] = found
        return found

    def _value(self, path: str, sources: tuple[str, ...], values: tuple[Any, ...]) -> Any:
        """The value of a fact when the told facts behind it are *values*."""
        if sources == (path,):
            return values[0]
        key = (path, tuple(repr(value) if isinstance(value, list) else value for value in values))
        if key not in self._derived:
            known = self._knowing(dict(zip(sources, values, strict=True)))
            for name in self._asks.by_path:
                if sources_of(name) == sources:
                    self._derived[name, key[1]] = known.get(name)
        return self._derived[key]

    def _numbered(self, path: str, number: int) -> Any:
        return self.possible(path).values[number] if number else self.known.get(path)

    def _first(self, path: str) -> tuple[Setting, Possible]:
        """The values of a fact beside what the others are now, and what they were chosen by."""
        found = self._at_first.get(path)
        if found is None:
            direct = [ask for ask in self._asks.by_path.get(path, ()) if not FACTS[path].derived]
            sights = [
                directly(path, direct, self._codes_beside(path)),
                *self._sights(path, lambda others: now_and_by_kind(others, self.day)),
            ]
            setting = Setting(self.known.get(path), self.day, direct, sights, ends_too=path in self._sharing)
            found = self._at_first[path] = (setting, possible(path, setting))
        return found

    def _in_the_end(self, path: str) -> Possible:
        """The values of a fact beside all that the others could become, as far as they are numbers or days too."""
        setting, at_first = self._first(path)
        further = self._sights(path, lambda others: each_beside(others, lambda other: self._first(other)[1].values))
        return possible(path, replace(setting, sights=[*setting.sights, *further])) if further else at_first

    def _sights(self, path: str, contexts: Callable[[list[str]], Iterable[Context]]) -> list[Sight]:
        """A number or day as it is seen through each fact that follows from it and is asked for, in all *contexts*."""
        if not isinstance(FACTS[path].kind, Day | Whole):
            return []
        found: list[Sight] = []
        for name, asks in self._asks.by_path.items():
            if FACTS[name].derived and path in sources_of(name):
                others = [other for other in sources_of(name) if other != path]
                turns = frozenset(value for value in map(self.known.get, others) if isinstance(value, date))
                rank = partial(self._rank, path, name, Ranks(asks))
                found += [through(rank, context, turns) for context in contexts(others)]
        return found

    def _rank(self, path: str, name: str, ranks: Ranks, value: Any, context: Context) -> Hashable:
        return ranks.of(self._with(name, {path: value, **context}))

    def _codes_beside(self, path: str) -> frozenset[Any]:
        """The codes that matter for a code, since something follows from it and others."""
        others = sorted(self._sharing.get(path, ()))
        if not others or not isinstance(FACTS[path].kind, Code):
            return frozenset()
        named = {value for other in others for ask in self._asks.by_path.get(other, ()) for value in ask.turns_at}
        codes = (*map(self.known.get, others), *named, *self._offices)
        return frozenset(value for value in codes if isinstance(value, str))

    def _with(self, name: str, changes: Context) -> Any:
        sources = sources_of(name)
        values = tuple(changes[path] if path in changes else self.known.get(path) for path in sources)
        return self._value(name, sources, values)


def _sharing(asks: Asks) -> dict[str, set[str]]:
    """For each told fact the others that decide the same derived fact, among those that are asked for."""
    found: dict[str, set[str]] = {}
    for name in asks.by_path:
        if FACTS[name].derived:
            for path in sources_of(name):
                found.setdefault(path, set()).update(set(sources_of(name)) - {path})
    return {path: others for path, others in found.items() if others}
