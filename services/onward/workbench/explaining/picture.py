"""One situation as it is and as it could be: each told fact with the values it could have, and every answer to them."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from datetime import date
from itertools import product
from math import prod
from typing import Any, TypeAlias

from onward.contracts.contact import london_day
from onward.contracts.fact_kinds import Choice, Code, Day, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.kleene import Truth
from onward.routing.domain.offices import Offices
from onward.workbench.explaining.asks import Ask, Asks
from onward.workbench.explaining.possible_values import Possible, Setting, around, possible
from onward.workbench.explaining.told import changed, known_of, sources_of, told_behind

State: TypeAlias = Mapping[str, int]
"""For each changed fact the number of its value; every other is as it is."""


_MOST_CONTEXTS = 64


class Picture:
    """Answers questions about a situation under any changes; everything worked out is kept."""

    def __init__(self, situation: Situation, asks: Asks, offices: Offices) -> None:
        self.situation = situation
        self.day = london_day(situation.occurred_at)
        self.known = known_of(situation, offices)
        self._offices = offices
        self._asks = asks
        self._possible: dict[str, Possible] = {}
        self._derived: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._truths: dict[Ask, dict[tuple[int, ...], Truth]] = {}
        self._masks: dict[Ask, int] = {}
        self._sharing = _sharing(asks)

    def possible(self, path: str) -> Possible:
        """The values that a told fact could have."""
        found = self._possible.get(path)
        if found is None:
            found = self._possible[path] = possible(path, self._setting(path))
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
            known = known_of(changed(self.situation, dict(zip(sources, values, strict=True))), self._offices)
            for name, behind in told_behind().items():
                if behind == sources:
                    self._derived[name, key[1]] = known.get(name)
        return self._derived[key]

    def _numbered(self, path: str, number: int) -> Any:
        return self.possible(path).values[number] if number else self.known.get(path)

    def _setting(self, path: str) -> Setting:
        direct = [ask for ask in self._asks.by_path.get(path, ()) if not FACTS[path].derived]
        others = sorted(self._sharing.get(path, ()))
        looks: list[tuple[_Ranks, str, list[dict[str, Any]]]] = []
        if isinstance(FACTS[path].kind, Day | Whole):
            names = [name for name in self._asks.by_path if FACTS[name].derived and path in sources_of(name)]
            looks = [
                (_Ranks(self._asks.by_path[name]), name, self._contexts([*filter(path.__ne__, sources_of(name))]))
                for name in names
            ]
        seen: dict[Any, Hashable] = {}

        def view(value: Any) -> Hashable:
            if value not in seen:
                seen[value] = (
                    *(ask.holds(value) for ask in direct),
                    *(
                        ranks.of(self._with(name, {path: value, **context}))
                        for ranks, name, contexts in looks
                        for context in contexts
                    ),
                )
            return seen[value]

        turns = self._turns(path, others, [context for _, _, contexts in looks for context in contexts])
        return Setting(self.known.get(path), self.day, direct, view, turns, ends_too=bool(others))

    def _turns(self, path: str, others: list[str], contexts: list[dict[str, Any]]) -> frozenset[Any]:
        """Values of a fact at which something that also follows from *others* may turn, and turn back."""
        compared = {*map(self.known.get, others), *(value for context in contexts for value in context.values())}
        if isinstance(FACTS[path].kind, Day):
            return around(self.day) | {value for value in compared if isinstance(value, date)}
        if isinstance(FACTS[path].kind, Code) and others:
            named = {value for other in others for ask in self._asks.by_path.get(other, ()) for value in ask.turns_at}
            return frozenset(value for value in (*compared, *named, *self._offices) if isinstance(value, str))
        return frozenset()

    def _with(self, name: str, changes: Mapping[str, Any]) -> Any:
        sources = sources_of(name)
        values = tuple(changes[path] if path in changes else self.known.get(path) for path in sources)
        return self._value(name, sources, values)

    def _contexts(self, others: list[str]) -> list[dict[str, Any]]:
        """Under which circumstances the values of a fact are looked at that others are measured against."""
        if not others:
            return [{}]
        offered = {other: self._circumstances(other) for other in others}
        contexts: list[dict[str, Any]] = [{}, dict.fromkeys(others)]
        contexts += [{other: value} for other, values in offered.items() for value in values]
        words = [other for other in others if isinstance(FACTS[other].kind, Choice | YesNo)]
        if len(words) > 1 and prod(len(offered[other]) for other in words) <= _MOST_CONTEXTS:
            contexts += [
                dict(zip(words, values, strict=True)) for values in product(*(offered[other] for other in words))
            ]
        return contexts

    def _circumstances(self, path: str) -> list[Any]:
        match FACTS[path].kind:
            case Day():
                return sorted(around(self.day))
            case Whole(low, high):
                return [low, high]
            case Choice(values):
                return list(values)
            case YesNo():
                return [True, False]
            case _:
                return []


class _Ranks:
    """Where a derived value stands among all values that a question about it names."""

    def __init__(self, asks: list[Ask]) -> None:
        numbers = {_number(value) for ask in asks for value in ask.turns_at if isinstance(value, int | date)}
        self._edges = sorted(edge for value in numbers for edge in (value, value + 1))

    def of(self, value: Any) -> Hashable:
        """The same for values that no question tells apart."""
        if isinstance(value, int | date) and not isinstance(value, bool):
            return bisect_right(self._edges, _number(value))
        return repr(value)


def _number(value: int | date) -> int:
    return value.toordinal() if isinstance(value, date) else value


def _sharing(asks: Asks) -> dict[str, set[str]]:
    """For each told fact the others that decide the same derived fact, among those that are asked for."""
    found: dict[str, set[str]] = {}
    for name in asks.by_path:
        if FACTS[name].derived:
            for path in sources_of(name):
                found.setdefault(path, set()).update(set(sources_of(name)) - {path})
    return {path: others for path, others in found.items() if others}
