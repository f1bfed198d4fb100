"""Whether one rule's referral is really made where another rule matches too: nothing stops it, somebody takes it."""

from collections.abc import Sequence

from onward.routing.domain.language import Rule
from onward.workbench.analysis.study import Offer, Study
from onward.workbench.logic import Answer, Witness, any_of

_TRIED = 4
"""So many sorts of provider are tried by algebra before the solver is asked."""


def made_beside(study: Study, offers: Sequence[Offer], other: Rule, earlier: Sequence[Offer] = ()) -> Answer:
    """
    An example in which one of *offers* is made and none of *earlier*, though *other* matches too.

    Providers that are full just now count as open; what the person said of single providers does not count.
    """
    target = offers[0].target
    names = {each.rule.id for each in offers}
    numbers = {study.number[name] for name in names}
    number = study.number[other.id]

    def shown(witness: Witness) -> bool:
        matching = study.judge(witness).matching
        if number not in matching or not numbers & matching:
            return False
        made = [each for each in study.decide(witness).referrals if (each.category, each.service) == target]
        return any(each.rule in names for each in made)

    for offer in offers:
        for group in study.takers(offer)[:_TRIED]:
            witness = study.guess(offer.rule, other, more=group, check=shown)
            if witness is not None:
                return Answer("found", witness)
    wanted = [any_of(study.made(each) for each in offers), *(~study.made(each) for each in earlier)]
    return study.space.find(study.space.matches(other), *wanted, check=shown)
