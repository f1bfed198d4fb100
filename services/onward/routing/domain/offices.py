"""Housing authorities' offices and how far apart they are, as the directory places them."""

from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any, Final, TypeAlias

from onward.contracts.facts import FACTS
from onward.directory.model import Directory

Location: TypeAlias = tuple[float, float]
"""Latitude and longitude, in degrees."""
Offices: TypeAlias = Mapping[str, Location]
"""Where the office of each area's housing authority is; areas of which nobody says so are absent."""

NO_OFFICES: Final[Offices] = {}
"""For whoever has no directory: no distance is known then."""

_EARTH_KM = 6371.0
_DISTANCE = "accommodation.distance_km"
_FURTHEST = FACTS[_DISTANCE].kind.high  # type: ignore[union-attr]  # it is a whole number
_FROM, _TO = "person.area", "accommodation.chosen_authority"
DISTANCE_SOURCES: Final[Mapping[str, tuple[str, ...]]] = {_DISTANCE: (_FROM, _TO)}
"""What the distance follows from, beside the offices."""


def offices_of(directory: Directory) -> Offices:
    """The offices of a directory; of two authorities that serve one area, that of the first id."""
    providers = sorted(directory.providers.values(), key=lambda provider: provider.id, reverse=True)
    return {
        area: provider.location
        for provider in providers
        if provider.location is not None and "housing_authority" in provider.services
        for area in provider.catchment
    }


def derive_distance(known: Mapping[str, Any], offices: Offices, found: MutableMapping[str, Any]) -> None:
    """
    Add the distance to the authority that the person chose, where both offices are known, to *found*.

    In whole kilometres as the crow flies, rounded; 0 for the authority of the person's own area.
    """
    here, there = known.get(_FROM), known.get(_TO)
    if here is None or there is None or not (here == there or (here in offices and there in offices)):
        return
    found[_DISTANCE] = 0 if here == there else _whole_km(offices[here], offices[there])


@lru_cache(maxsize=4096)
def _whole_km(a: Location, b: Location) -> int:
    return min(round(distance_km(a, b)), _FURTHEST)


def distance_km(a: Location | None, b: Location | None) -> float:
    """The great-circle distance of two places; 0 without the first, endless without the second."""
    if a is None:
        return 0.0
    if b is None:
        return inf
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))
