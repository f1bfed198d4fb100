"""Whom a provider takes: what stands against it, and whether that is certain or only not known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from onward.directory.model import Eligibility, Provider
from onward.routing.domain.language import Refer

EVERYWHERE = "*"
"""In a catchment: every area."""


Objection: TypeAlias = tuple[str, str]
"""Why a provider cannot take somebody, and the fact that is not known, or "" where the objection is certain."""


def offers(provider: Provider, refer: Refer) -> bool:
    """Whether a provider has the service of a referral, for its category, and takes what no rule names it for."""
    able = refer.service in provider.services and refer.category in provider.categories
    return able and (not provider.only_named or names(refer, provider))


def names(refer: Refer, provider: Provider) -> bool:
    """Whether a referral is meant for this very provider, among others."""
    return any(name == provider.id for name, _ in refer.providers)


def standing(provider: Provider, refer: Refer, area: str | None) -> Iterator[Objection]:
    """What stands against a provider for everybody in *area* (None: not known)."""
    if provider.only_named and not names(refer, provider):
        yield "takes only those whom a rule names it for", ""
    if not provider.accepting:
        yield "full", ""
    if refer.service not in provider.services:
        yield f"does not offer {refer.service}", ""
    if refer.category not in provider.categories:
        yield f"does not take {refer.category}", ""
    if EVERYWHERE not in provider.catchment:
        if area is None:
            yield "area not known", refer.catchment_by
        elif area not in provider.catchment:
            yield "serves another area", ""


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that a provider asks of the people it takes."""

    path: str
    name: str
    against: Callable[[Any], str]
    """What stands against a known value, or ""."""

    def objection(self, known: Mapping[str, Any]) -> Objection | None:
        """What stands against a person of whom *known* is known, if anything."""
        value = known.get(self.path)
        if value is None:
            return f"{self.name} not known", self.path
        why = self.against(value)
        return (why, "") if why else None


def bounds(eligibility: Eligibility) -> tuple[Bound, ...]:
    """Everything a provider asks of the people it takes."""
    found: list[Bound] = []
    if eligibility.min_age is not None or eligibility.max_age is not None:
        found.append(Bound("person.age", "age", partial(_age, eligibility.min_age, eligibility.max_age)))
    if eligibility.sex is not None:
        found.append(Bound("person.sex", "sex", partial(_sex, eligibility.sex)))
    if eligibility.veterans_only:
        found.append(Bound("person.veteran", "service in the armed forces", _veteran))
    if not eligibility.takes_no_recourse_to_public_funds:
        found.append(Bound("person.no_recourse_to_public_funds", "recourse to public funds", _funds))
    return tuple(found)


def _age(lowest: int | None, highest: int | None, age: int) -> str:
    if lowest is not None and age < lowest:
        return f"only from age {lowest}"
    return f"only up to age {highest}" if highest is not None and age > highest else ""


def _sex(wanted: str, sex: str) -> str:
    return "" if sex == wanted else f"{wanted} only"


def _veteran(veteran: bool) -> str:
    return "" if veteran else "veterans only"


def _funds(barred: bool) -> str:
    return "only with recourse to public funds" if barred else ""
