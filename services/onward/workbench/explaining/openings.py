"""What would let a provider take a referral: what it asks of the person, or why nothing ever would."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from onward.contracts.situation import Situation
from onward.directory.model import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE, Bound, bounds, offers, standing
from onward.routing.domain.kleene import Truth
from onward.routing.domain.language import Refer, Rule
from onward.routing.domain.wishes import Wish
from onward.workbench.explaining.asks import Ask, Asks


@dataclass(frozen=True, slots=True)
class Openings:
    """For one referral of one rule: each set of questions that opens a provider, and why the others stay closed."""

    ways: tuple[tuple[Ask, ...], ...]
    closed: tuple[tuple[str, str], ...]
    """Provider and reason, for each that no fact about the person would open."""


class Doors:
    """The providers of a directory, and what each asks; each question is made once."""

    def __init__(self, directory: Directory, asks: Asks) -> None:
        self._directory = directory
        self._asks = asks
        self._made: dict[Hashable, Ask] = {}

    def openings(self, rule: Rule, refer: Refer, situation: Situation) -> Openings:
        """What would open a provider of *refer* to this person, whose wishes stay as they are."""
        assert rule.legal_basis is not None, "the loader lets no rule refer without one"
        wish = Wish.of(refer.category, rule.legal_basis.kind, situation.consents)
        areas: dict[tuple[Ask, ...], set[str]] = {}
        closed: list[tuple[str, str]] = []
        for name, provider in self._considered(refer):
            why = "not in the directory" if provider is None else self._closed(provider, refer, wish)
            if provider is None or why:
                closed.append((name, why))
            else:
                asked = tuple(self._bound(provider, bound) for bound in bounds(provider.eligibility))
                areas.setdefault(asked, set()).update(provider.catchment)
        ways = [
            asked if EVERYWHERE in served else (self._serves(refer.catchment_by, frozenset(served)), *asked)
            for asked, served in areas.items()
        ]
        return Openings(tuple(_least(ways)), tuple(closed))

    def _considered(self, refer: Refer) -> Iterator[tuple[str, Provider | None]]:
        if refer.providers:
            yield from ((name, self._directory.providers.get(name)) for name, _ in refer.providers)
        else:
            for name, provider in sorted(self._directory.providers.items()):
                if offers(provider, refer):
                    yield name, provider

    def _closed(self, provider: Provider, refer: Refer, wish: Wish) -> str:
        """Why a provider takes nobody, or not this person, wherever they live and whoever they are."""
        if provider.profile not in self._directory.profiles:
            return "no disclosure profile, so nothing may be sent"
        own = next((area for area in provider.catchment if area != EVERYWHERE), None)
        for why, missing in standing(provider, refer, own):
            if not missing:
                return why
        return wish.objection(provider.id)

    def _bound(self, provider: Provider, bound: Bound) -> Ask:
        key = (bound.path, provider.eligibility.model_dump_json())
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._asks.add(Ask(bound.path, partial(_passes, bound)))
        return found

    def _serves(self, path: str, areas: frozenset[str]) -> Ask:
        key = (path, areas)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._asks.add(Ask(path, partial(_within, areas), frozenset(areas)))
        return found


def _passes(bound: Bound, value: Any) -> Truth:
    return None if value is None else not bound.against(value)


def _within(areas: frozenset[str], value: Any) -> Truth:
    return None if value is None else value in areas


def _least(ways: list[tuple[Ask, ...]]) -> list[tuple[Ask, ...]]:
    """Without those that ask all that another asks, and more."""
    sets = [frozenset(way) for way in ways]
    return [way for way, asked in zip(ways, sets, strict=True) if not any(other < asked for other in sets)]
