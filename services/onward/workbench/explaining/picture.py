"""One situation as it is and as it could be: each told fact with the values it could have, and every answer to them."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, TypeAlias

from onward.contracts.contact import london_day
from onward.contracts.fact_kinds import Day, Whole
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.kleene import Truth
from onward.workbench.explaining.asks import Ask, Asks
from onward.workbench.explaining.possible_values import Possible, Setting, around, possible
from onward.workbench.explaining.told import changed, known_of, sources_of, told_behind

State: TypeAlias = Mapping[str, int]
"""For each changed fact the number of its value; every other is as it is."""


class Picture:
    """Answers questions about a situation under any changes; everything worked out is kept."""

    def __init__(self, situation: Situation, asks: Asks) -> None:
        self.situation = situation
        self.day = london_day(situation.occurred_at)
        self.known = known_of(situation)
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
            values = tuple(self.possible(path).values[number] for path, number in zip(sources, numbers, strict=True))
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
        key = (path, values)
        if key not in self._derived:
            known = known_of(changed(self.situation, dict(zip(sources, values, strict=True))))
            for name, behind in told_behind().items():
                if behind == sources:
                    self._derived[name, values] = known.get(name)
        return self._derived[key]

    def _setting(self, path: str) -> Setting:
        direct = [ask for ask in self._asks.by_path.get(path, ()) if not FACTS[path].derived]
        derived = [name for name in self._asks.by_path if FACTS[name].derived and path in sources_of(name)]
        others = sorted(self._sharing.get(path, ()))
        contexts = self._contexts(others)
        ranks = {name: _Ranks(self._asks.by_path[name]) for name in derived}

        def view(value: Any) -> Hashable:
            answers = tuple(ask.holds(value) for ask in direct)
            return answers, tuple(
                ranks[name].of(self._with(name, {path: value, **context})) for context in contexts for name in derived
            )

        turns: set[Any] = set()
        if isinstance(FACTS[path].kind, Day):
            compared = [self.known.get(other) for other in others]
            compared += [value for context in contexts for value in context.values()]
            turns = {value for value in (*around(self.day), *compared) if isinstance(value, date)}
        return Setting(self.known.get(path), self.day, direct, view, frozenset(turns), ends_too=bool(others))

    def _with(self, name: str, changes: Mapping[str, Any]) -> Any:
        sources = sources_of(name)
        values = tuple(changes[path] if path in changes else self.known.get(path) for path in sources)
        return self._value(name, sources, values)

    def _contexts(self, others: list[str]) -> list[dict[str, Any]]:
        """Under which circumstances the values of a fact are looked at that others are measured against."""
        if not others:
            return [{}]
        contexts: list[dict[str, Any]] = [{}, dict.fromkeys(others)]
        for other in others:
            match FACTS[other].kind:
                case Day():
                    contexts += [{other: day} for day in sorted(around(self.day))]
                case Whole(low, high):
                    contexts += [{other: low}, {other: high}]
                case _:
                    pass
        return contexts


class _Ranks:
    """Where a derived value stands among all values that a question about it names."""

    def __init__(self, asks: list[Ask]) -> None:
        numbers = {value for ask in asks for value in ask.turns_at if isinstance(value, int)}
        self._edges = sorted(edge for value in numbers for edge in (value, value + 1))

    def of(self, value: Any) -> Hashable:
        """The same for values that no question tells apart."""
        if isinstance(value, int) and not isinstance(value, bool):
            return bisect_right(self._edges, value)
        return repr(value)


def _sharing(asks: Asks) -> dict[str, set[str]]:
    """For each told fact the others that decide the same derived fact, among those that are asked for."""
    found: dict[str, set[str]] = {}
    for name in asks.by_path:
        if FACTS[name].derived:
            for path in sources_of(name):
                found.setdefault(path, set()).update(set(sources_of(name)) - {path})
    return {path: others for path, others in found.items() if others}
