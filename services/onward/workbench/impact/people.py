"""What a person is counted under: area and protected characteristics. What is not known is counted as that."""

from collections.abc import Mapping
from typing import Any, Final

from onward.directory.model import Directory

NOT_KNOWN: Final = "not known"

_BANDS = ((17, "under 18"), (24, "18 to 24"), (34, "25 to 34"), (49, "35 to 49"), (64, "50 to 64"))
_OLDEST = "65 and over"
AGE_BANDS: tuple[str, ...] = (*(name for _, name in _BANDS), _OLDEST, NOT_KNOWN)
"""In order."""

_AGES = tuple(next((name for last, name in _BANDS if age <= last), _OLDEST) for age in range(121))

PERSON: Mapping[str, str] = {
    "area": "person.area",
    "age": "person.age",
    "sex": "person.sex",
    "ethnicity": "person.ethnicity",
    "disability": "person.disabled",
    "pregnancy": "person.pregnant",
}
"""What people are counted by, with the fact that says it."""

_YES_NO: Mapping[str, tuple[str, str]] = {
    "person.disabled": ("not disabled", "disabled"),
    "person.pregnant": ("not pregnant", "pregnant"),
}


def area_names(*directories: Directory) -> dict[str, str]:
    """What areas are called, by their codes: by the name of the one housing authority that serves that area alone."""
    alone = [
        (area, provider.name)
        for directory in directories
        for provider in sorted(directory.providers.values(), key=lambda each: each.id, reverse=True)
        if "housing_authority" in provider.services and len(provider.catchment) == 1
        for area in provider.catchment
    ]
    return dict(alone)


def counted_under(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The dimension and the row of it, for each of `PERSON`."""
    return [(dimension, row_of(path, facts.get(path))) for dimension, path in PERSON.items()]


def row_of(path: str, value: Any) -> str:
    """What somebody is counted under whose fact at *path* is *value*."""
    if value is None:
        return NOT_KNOWN
    if path == "person.age":
        return _AGES[int(value)]
    words = _YES_NO.get(path)
    return str(value) if words is None else words[bool(value)]
