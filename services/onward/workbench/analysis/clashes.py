"""How two rules disagree about one referral, and whether anything but their names says which of them wins."""

from collections.abc import Iterator
from typing import Final, TypeAlias, get_args

from onward.contracts.codes import Urgency
from onward.routing.domain.precedence import Precedence
from onward.workbench.analysis.findings import Severity
from onward.workbench.analysis.study import ProviderOffer, Study
from onward.workbench.logic import Witness

Clash: TypeAlias = tuple[str, Severity, str]
"""Code, weight and words of how two referrals for the same differ."""
AGREED: Final[Clash] = ("A005", "info", "")
_FASTEST_FIRST: Final[tuple[Urgency, ...]] = get_args(Urgency)


def clash_of(precedence: Precedence, first: ProviderOffer, second: ProviderOffer) -> Clash:
    """
    How the winner of two rules differs from the other, unless something says that it wins.

    Rules of different classes disagree on purpose, and so do those of which `instead_of` speaks. A narrower area or a
    named provider says who wins too, but not that anybody should wait longer for it, or go without an approval.
    """
    if first.rule.theme != second.rule.theme:
        return AGREED
    said = precedence.said((first.rule, first.refer), (second.rule, second.refer))
    if said == "instead_of":
        return AGREED
    by = ", by its name alone" if said is None else f", because of its {said}"
    if first.refer.approval != second.refer.approval and not (said and first.refer.approval):
        severity: Severity = "warning" if first.refer.approval else "error"
        return "A006", severity, f", {_release(first)} and not {_release(second)}{by}"
    if said is None:
        differences = " and ".join(_differences(first, second))
        named = bool(second.refer.providers) and _named(first) != _named(second)
        return ("A007", "error" if named else "warning", f", {differences}{by}") if differences else AGREED
    slower = _FASTEST_FIRST.index(first.refer.urgency) > _FASTEST_FIRST.index(second.refer.urgency)
    waits = f", {first.refer.urgency} instead of {second.refer.urgency}"
    return ("A007", "warning", f"{waits}{by}") if slower else AGREED


def who_goes_where(study: Study, first: ProviderOffer, second: ProviderOffer, witness: Witness) -> str:
    """Of a situation in which both match, the provider of each, where it is not the same one."""
    here, there = (study.provider(offer, witness) or "nobody" for offer in (first, second))
    return "" if here == there else f"; the example goes to `{here}`, and by `{second.rule.id}` would go to `{there}`"


def _differences(first: ProviderOffer, second: ProviderOffer) -> Iterator[str]:
    one, other = first.refer, second.refer
    if _named(first) != _named(second):
        yield f"to {_to(first)} instead of {_to(second)}"
    if one.catchment_by != other.catchment_by:
        yield f"by {one.catchment_by} instead of {other.catchment_by}"
    if one.urgency != other.urgency:
        yield f"{one.urgency} instead of {other.urgency}"
    if _basis(first) != _basis(second):
        yield f"{_basis(first)} instead of {_basis(second)}"
    if (one.advice, one.linked_advice) != (other.advice, other.linked_advice):
        yield "with other advice"
    if {name for name, _ in one.linked} != {name for name, _ in other.linked}:
        yield "linked with other rules"


def _named(offer: ProviderOffer) -> tuple[str, ...]:
    return tuple(name for name, _ in offer.refer.providers)


def _to(offer: ProviderOffer) -> str:
    return " or ".join(f"`{name}`" for name in _named(offer)) or "any provider of the service"


def _release(offer: ProviderOffer) -> str:
    return f"after approval by {offer.refer.approval}" if offer.refer.approval else "automatically"


def _basis(offer: ProviderOffer) -> str:
    return "" if offer.rule.legal_basis is None else offer.rule.legal_basis.name
