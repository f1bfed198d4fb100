"""Whom a provider takes: what stands against it, and whether that is certain or only not known."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from onward.contracts.directory import Eligibility, Provider
from onward.routing.domain.language import Refer

EVERYWHERE = "*"
"""In a catchment: every area."""


def objections(provider: Provider, refer: Refer, known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything against a provider: why, and the fact that is not known, or "" where the objection is certain."""
    if not provider.accepting:
        yield "full", ""
    if refer.service not in provider.services:
        yield f"does not offer {refer.service}", ""
    if refer.category not in provider.categories:
        yield f"does not take {refer.category}", ""
    if EVERYWHERE not in provider.catchment:
        area = known.get(refer.catchment_by)
        if area is None:
            yield "area not known", refer.catchment_by
        elif area not in provider.catchment:
            yield "serves another area", ""
    yield from _bounds(provider.eligibility, known)


def _bounds(bounds: Eligibility, known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, asks, name, against in _BOUNDS:
        if asks(bounds):
            value = known.get(path)
            if value is None:
                yield f"{name} not known", path
            elif why := against(bounds, value):
                yield why, ""


def _age(bounds: Eligibility, age: int) -> str:
    if bounds.min_age is not None and age < bounds.min_age:
        return f"only from age {bounds.min_age}"
    if bounds.max_age is not None and age > bounds.max_age:
        return f"only up to age {bounds.max_age}"
    return ""


def _sex(bounds: Eligibility, sex: str) -> str:
    return "" if sex == bounds.sex else f"{bounds.sex} only"


def _veteran(_: Eligibility, veteran: bool) -> str:
    return "" if veteran else "veterans only"


def _funds(_: Eligibility, barred: bool) -> str:
    return "only with recourse to public funds" if barred else ""


_BOUNDS: tuple[tuple[str, Callable[[Eligibility], bool], str, Callable[[Eligibility, Any], str]], ...] = (
    ("person.age", lambda bounds: bounds.min_age is not None or bounds.max_age is not None, "age", _age),
    ("person.sex", lambda bounds: bounds.sex is not None, "sex", _sex),
    ("person.veteran", lambda bounds: bounds.veterans_only, "service in the armed forces", _veteran),
    (
        "person.no_recourse_to_public_funds",
        lambda bounds: not bounds.takes_no_recourse_to_public_funds,
        "recourse to public funds",
        _funds,
    ),
)
"""The fact each bound is about, whether a provider sets it, its name, and what stands against a known value."""
