"""What would let a provider take a referral: what it asks of the person, or why nothing ever would."""

from collections.abc import Iterator
from dataclasses import dataclass

from onward.contracts.situation import Situation
from onward.directory.model import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE, offers, standing
from onward.routing.domain.language import Group, Refer, Rule
from onward.routing.domain.recipient_consent import RecipientConsent
from onward.workbench.analysis.takers import accepted


@dataclass(frozen=True, slots=True)
class Openings:
    """For one referral of one rule: what each open provider asks, and why the others stay closed."""

    takers: tuple[Group, ...]
    closed: tuple[tuple[str, str], ...]
    """Provider and reason, for each that no fact about the person would open."""


def openings(rule: Rule, refer: Refer, situation: Situation, directory: Directory) -> Openings:
    """What would open a provider of *refer* to this person, whose wishes stay as they are."""
    assert rule.legal_basis is not None, "the loader lets no rule refer without one"
    wish = RecipientConsent.of(refer.category, rule.legal_basis.kind, situation.consents, service=refer.service)
    takers: dict[Group, None] = {}
    closed: list[tuple[str, str]] = []
    for name, provider in _considered(refer, directory):
        why = "not in the directory" if provider is None else _closed(provider, refer, wish, directory)
        if provider is None or why:
            closed.append((name, why))
        else:
            takers[accepted(provider, refer)] = None
    return Openings(tuple(takers), tuple(closed))


def _considered(refer: Refer, directory: Directory) -> Iterator[tuple[str, Provider | None]]:
    if refer.providers:
        yield from ((name, directory.providers.get(name)) for name, _ in refer.providers)
    else:
        for name, provider in sorted(directory.providers.items()):
            if offers(provider, refer):
                yield name, provider


def _closed(provider: Provider, refer: Refer, wish: RecipientConsent, directory: Directory) -> str:
    """Why a provider takes nobody, or not this person, wherever they live and whoever they are."""
    if provider.profile not in directory.profiles:
        return "no disclosure profile, so nothing may be sent"
    own = next((area for area in provider.catchment if area != EVERYWHERE), None)
    for why, missing in standing(provider, refer, own):
        if not missing:
            return why
    return wish.objection(provider.id)
