"""What another name, area or `instead_of` does to a rule: of rules of one class that refer for the same, one wins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onward.routing.domain.language import Rule
from onward.routing.domain.precedence import Precedence
from onward.workbench.difference.acting import target as target_of
from onward.workbench.difference.findings import Shown
from onward.workbench.difference.referring import Offer, Referring, space_of
from onward.workbench.logic import Answer, Witness


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Whom another rule refers because one rule now stands elsewhere."""

    shown: tuple[Shown, ...]
    open: bool
    """Whether it is neither shown nor excluded of some pair that anybody is referred otherwise."""


def overtaken(
    pair: tuple[Rule, Rule], sides: tuple[Referring, Referring], names: Mapping[str, str], effort: int
) -> Overtaken:
    """
    Somebody whom another rule refers, for each that this one now comes before or after.

    *names* are the present ids of rules that were renamed. Of two rules that both moved only one tells it.
    """
    before, after = sides
    said = Precedence(after.side.rules)
    shown: list[Shown] = []
    is_open = False
    for offer, other in _passed(pair, sides, names):
        first, second = sorted((offer, other), key=lambda each: each.rule.order)
        answer = _both((first, second), sides, names, effort)
        is_open = is_open or answer.open
        if answer.witness is not None:
            why = said.said((first.rule, first.refer), (second.rule, second.refer))
            by = "its name" if why is None else f"its `{why}`"
            words = f"for {target_of(offer.refer)} `{first.rule.id}` now comes before `{second.rule.id}`, by {by}"
            decisions = before.side.decide(answer.witness), after.side.decide(answer.witness)
            shown.append(Shown("moves", answer.witness, before=True, after=True, words=(words,), decisions=decisions))
    return Overtaken(tuple(shown), is_open)


def _passed(
    pair: tuple[Rule, Rule], sides: tuple[Referring, Referring], names: Mapping[str, str]
) -> Iterator[tuple[Offer, Offer]]:
    """The offers of the rule, each with one of another rule that it now comes before or after."""
    (old, new), (before, after) = pair, sides
    olds = {names.get(name, name): rule for name, rule in before.side.rules.items()}
    for offer in after.by_rule.get(new.id, ()):
        for other in after.by_target[offer.target]:
            known = olds.get(other.rule.id)
            if known is None or other.rule.id == new.id or (_moved(known, other.rule) and other.rule.id < new.id):
                continue
            if (old.order < known.order) != (new.order < other.rule.order):
                yield offer, other


def _moved(old: Rule, new: Rule) -> bool:
    return old.order != new.order


def _both(
    pair: tuple[Offer, Offer], sides: tuple[Referring, Referring], names: Mapping[str, str], effort: int
) -> Answer:
    """Somebody whom both would refer, and whom the bundles help otherwise."""
    (first, second), (before, after) = pair, sides
    earlier = after.earlier(first)
    space = space_of(after.side, first, second, *earlier)

    def shown(witness: Witness) -> bool:
        known = witness.known()
        match = all(after.side.truth(each.rule.id, known) is True for each in pair)
        return match and _how(before, witness, first, names) != _how(after, witness, first, {})

    against = (~each.made(space) for each in earlier)
    return space.find(first.made(space), second.made(space), *against, check=shown, effort=effort)


def _how(side: Referring, witness: Witness, offer: Offer, names: Mapping[str, str]) -> list[object]:
    """What is done for the target of an offer, and by which rule."""
    return [
        (
            names.get(made.rule, made.rule),
            made.provider,
            made.urgency,
            made.approval,
            made.legal_basis,
            made.advice,
            made.linked_advice,
            made.release,
        )
        for made in side.side.decide(witness).referrals
        if (made.category, made.service) == offer.target
    ]
