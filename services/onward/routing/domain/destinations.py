"""
Which provider takes a referral: the first that is open to this person, and for each one before it why not.

Order: as the rule prefers; else those whose catchment names the area before those that serve everywhere, then the
nearest to the area (measured from its housing authority's office), then by id. A provider that something unknown
stands against is never chosen; if no other can be, that something is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from onward.contracts.codes import LegalBasisKind
from onward.contracts.contact import Consent
from onward.contracts.decision import Tried
from onward.directory.model import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE, Bound, Objection, bounds, standing
from onward.routing.domain.language import Refer
from onward.routing.domain.offices import distance_km, offices_of
from onward.routing.domain.recipient_consent import RecipientConsent

_ELSEWHERE = "elsewhere"
"""Stands for every area that no provider names."""


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """The provider chosen, or None; every provider considered; and the facts that could still open one."""

    provider: Provider | None
    tried: tuple[Tried, ...]
    missing: frozenset[str] = frozenset()
    """Empty when a provider was chosen."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A provider as it stands for everybody of one area."""

    provider: Provider
    refused: Tried | None
    """Set where something certain stands against it."""
    unknown: tuple[Objection, ...]
    bounds: tuple[Bound, ...]
    chosen: Tried


class Destinations:
    """The directory, arranged for choosing."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._providers = sorted(directory.providers.values(), key=lambda provider: provider.id)
        self.offices = offices_of(directory)
        self._areas = frozenset(area for provider in self._providers for area in provider.catchment)
        self._ranked: dict[tuple[Refer, str | None], tuple[_Candidate, ...]] = {}

    def choose(
        self, refer: Refer, kind: LegalBasisKind, known: Mapping[str, Any], consents: Sequence[Consent]
    ) -> ProviderChoice:
        """The provider for a referral on a basis of *kind*, for what is known and the person's wishes."""
        tried: list[Tried] = []
        missing: set[str] = set()
        wish = RecipientConsent.of(refer.category, kind, consents, service=refer.service)
        for candidate in self._candidates(refer, known.get(refer.catchment_by)):
            verdict, asks = _judge(candidate, known, wish)
            tried.append(verdict)
            if verdict.chosen:
                return ProviderChoice(candidate.provider, tuple(tried))
            missing.update(asks)
        tried += [
            _refused(name, "not in the directory")
            for name, _ in refer.providers
            if name not in self.directory.providers
        ]
        return ProviderChoice(None, tuple(tried), frozenset(missing))

    def _candidates(self, refer: Refer, area: str | None) -> tuple[_Candidate, ...]:
        """Every provider to consider, in order; remembered for each area of the directory and for all others."""
        place = area if area is None or area in self._areas else _ELSEWHERE
        found = self._ranked.get((refer, place))
        if found is None:
            candidates = (self._candidate(provider, refer, place) for provider in self.ranked(refer, place))
            found = self._ranked[refer, place] = tuple(candidates)
        return found

    def _candidate(self, provider: Provider, refer: Refer, area: str | None) -> _Candidate:
        against = list(standing(provider, refer, area))
        if provider.profile not in self.directory.profiles:
            against.append(("no disclosure profile, so nothing may be sent", ""))
        certain = next((why for why, asks in against if not asks), None)
        return _Candidate(
            provider,
            None if certain is None else _refused(provider.id, certain),
            tuple(against),
            bounds(provider.eligibility),
            Tried(provider=provider.id, chosen=True, why="open to this person, and first in order"),
        )

    def ranked(self, refer: Refer, area: str | None) -> tuple[Provider, ...]:
        """Every provider to consider for a referral of somebody of *area*, first come first, whether or not open."""
        if refer.providers:
            named = (self.directory.providers.get(name) for name, _ in refer.providers)
            return tuple(provider for provider in named if provider is not None)
        office = self.offices.get(area) if area is not None else None

        def rank(provider: Provider) -> tuple[int, float, str]:
            serves = 0 if area in provider.catchment else 1 if EVERYWHERE in provider.catchment else 2
            return serves, distance_km(office, provider.location), provider.id

        offered = (each for each in self._providers if refer.service in each.services)
        return tuple(sorted((each for each in offered if refer.category in each.categories), key=rank))


def _judge(candidate: _Candidate, known: Mapping[str, Any], wish: RecipientConsent) -> tuple[Tried, tuple[str, ...]]:
    """What becomes of a candidate, and what is not known: certain objections first, since no answer mends them."""
    if candidate.refused is not None:
        return candidate.refused, ()
    unknown = candidate.unknown
    for bound in candidate.bounds:
        objection = bound.objection(known)
        if objection is not None:
            if not objection[1]:
                return _refused(candidate.provider.id, objection[0]), ()
            unknown = (*unknown, objection)
    if against := wish.objection(candidate.provider.id):
        return _refused(candidate.provider.id, against), ()
    if not unknown:
        return candidate.chosen, ()
    why = "; ".join([why for why, _ in unknown])
    return _refused(candidate.provider.id, why), tuple([asks for _, asks in unknown])


@lru_cache(maxsize=4096)
def _refused(provider: str, why: str) -> Tried:
    """The same words are one value: a provider refuses most people for one of a few reasons."""
    return Tried(provider=provider, chosen=False, why=why)
