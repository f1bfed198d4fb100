"""What another name does to a rule: of rules of one class that refer for the same, the earlier name wins."""

from collections.abc import Iterator, Mapping

from onward.routing.domain.language import Rule
from onward.workbench.difference.acting import target as target_of
from onward.workbench.difference.findings import Shown
from onward.workbench.difference.referring import Offer, Referring, space_of
from onward.workbench.logic import Witness


def overtaken(
    pair: tuple[Rule, Rule], sides: tuple[Referring, Referring], names: Mapping[str, str], effort: int
) -> Iterator[Shown]:
    """
    Somebody whom another rule refers because one was renamed, for each that the renamed one now comes before or after.

    *names* are the present ids of rules that were renamed.
    """
    (old, new), (before, after) = pair, sides
    olds = {names.get(name, name): rule for name, rule in before.side.rules.items()}
    for offer in after.by_rule.get(new.id, ()):
        for other in after.by_target[offer.target]:
            known = olds.get(other.rule.id)
            if known is None or other.rule.id == new.id:
                continue
            if (old.order < known.order) != (new.order < other.rule.order):
                yield from _both(offer, other, before, after, effort)


def _both(offer: Offer, other: Offer, before: Referring, after: Referring, effort: int) -> Iterator[Shown]:
    """Somebody whom both would refer, and whom the bundles help otherwise."""
    space = space_of(after.side, offer, other)

    def shown(witness: Witness) -> bool:
        return _how(before, witness, offer) != _how(after, witness, offer)

    witness = space.find(offer.made(space), other.made(space), check=shown, effort=effort).witness
    if witness is not None:
        first, second = sorted((offer, other), key=lambda each: each.rule.order)
        words = f"for {target_of(offer.refer)} `{first.rule.id}` now comes before `{second.rule.id}`, by its name"
        decisions = before.side.decide(witness), after.side.decide(witness)
        yield Shown("moves", witness, before=True, after=True, words=(words,), decisions=decisions)


def _how(side: Referring, witness: Witness, offer: Offer) -> list[object]:
    return [
        (made.provider, made.urgency, made.approval, made.legal_basis)
        for made in side.side.decide(witness).referrals
        if (made.category, made.service) == offer.target
    ]
