"""
Which provider takes a referral: the first that is open to this person, and for each one before it why not.

Order: as the rule prefers; else those whose catchment names the area before those that serve everywhere, then the
nearest to the area (measured from its housing authority's office), then by id. A provider that something unknown
stands against is never chosen; if no other can be, that something is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any

from onward.contracts.codes import LegalBasisKind
from onward.contracts.contact import Consent
from onward.contracts.decision import Tried
from onward.contracts.directory import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE, objections
from onward.routing.domain.language import Refer
from onward.routing.domain.wishes import Wish

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The provider chosen, or None; every provider considered; and the facts that could still open one."""

    provider: Provider | None
    tried: tuple[Tried, ...]
    missing: frozenset[str] = frozenset()
    """Empty when a provider was chosen."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a provider cannot take this person ("" if it can), and what is not known about that."""

    why: str
    missing: tuple[str, ...] = ()


class Destinations:
    """The directory, arranged for choosing."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._providers = sorted(directory.providers.values(), key=lambda provider: provider.id)
        self._offices = {
            area: provider.location
            for provider in reversed(self._providers)
            if provider.location is not None and "housing_authority" in provider.services
            for area in provider.catchment
        }
        self._areas = frozenset(area for provider in self._providers for area in provider.catchment)
        self._ranked: dict[tuple[int, str], tuple[Refer, tuple[Provider, ...]]] = {}

    def choose(
        self, refer: Refer, kind: LegalBasisKind, known: Mapping[str, Any], consents: Sequence[Consent]
    ) -> Choice:
        """The provider for a referral on a basis of *kind*, for what is known and the person's wishes."""
        tried: list[Tried] = []
        missing: set[str] = set()
        wish = Wish.of(refer.category, kind, consents)
        for provider in self._candidates(refer, known.get(refer.catchment_by, "")):
            verdict = self._judge(provider, refer, known, wish)
            why = verdict.why or "open to this person, and first in order"
            tried.append(Tried(provider=provider.id, chosen=not verdict.why, why=why))
            if not verdict.why:
                return Choice(provider, tuple(tried))
            missing.update(verdict.missing)
        tried += [
            Tried(provider=name, chosen=False, why="not in the directory")
            for name, _ in refer.providers
            if name not in self.directory.providers
        ]
        return Choice(None, tuple(tried), frozenset(missing))

    def _candidates(self, refer: Refer, area: str) -> tuple[Provider, ...]:
        """Every provider to consider, in order; remembered for each area of the directory and for all others."""
        place = area if area in self._areas else ""
        found = self._ranked.get((id(refer), place))
        if found is None:
            # The entry keeps `refer` alive, so that its id stays its own.
            found = self._ranked[id(refer), place] = (refer, self._rank(refer, place))
        return found[1]

    def _rank(self, refer: Refer, area: str) -> tuple[Provider, ...]:
        if refer.providers:
            named = (self.directory.providers.get(name) for name, _ in refer.providers)
            return tuple(provider for provider in named if provider is not None)
        office = self._offices.get(area)

        def rank(provider: Provider) -> tuple[int, float, str]:
            serves = 0 if area in provider.catchment else 1 if EVERYWHERE in provider.catchment else 2
            return serves, distance_km(office, provider.location), provider.id

        offered = (each for each in self._providers if refer.service in each.services)
        return tuple(sorted((each for each in offered if refer.category in each.categories), key=rank))

    def _judge(self, provider: Provider, refer: Refer, known: Mapping[str, Any], wish: Wish) -> _Verdict:
        """Certain objections first: what no answer can change is not asked for."""
        unknown: list[tuple[str, str]] = []
        for why, asks in objections(provider, refer, known):
            if not asks:
                return _Verdict(why)
            unknown.append((why, asks))
        if provider.profile not in self.directory.profiles:
            return _Verdict("no disclosure profile, so nothing may be sent")
        if objection := wish.objection(provider.id):
            return _Verdict(objection)
        return _Verdict("; ".join(why for why, _ in unknown), tuple(asks for _, asks in unknown))


def distance_km(a: tuple[float, float] | None, b: tuple[float, float] | None) -> float:
    """The great-circle distance of two (latitude, longitude); 0 without the first, endless without the second."""
    if a is None:
        return 0.0
    if b is None:
        return inf
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))
