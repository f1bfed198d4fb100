"""Whom a rule concerns that one bundle has and the other has not, or the proof that it concerns nobody."""

from collections.abc import Callable

from onward.contracts.decision import ProposedReferral
from onward.routing.domain.language import Rule
from onward.workbench.difference.acting import target as target_of
from onward.workbench.difference.findings import Concern
from onward.workbench.difference.one_rule import matching
from onward.workbench.difference.referring import Offer, Referring, space_of
from onward.workbench.logic import Answer, Formula, Space, Witness


def concern(rule: Rule, here: Referring, there: Referring, effort: int) -> Concern:
    """Somebody for whom the rule does something in its bundle, or why it never does."""
    answer = matching(here.side, rule, effort)
    if answer.outcome == "impossible":
        return Concern(None, "it can never match: its conditions exclude each other")
    if answer.witness is None:
        return Concern(None, "whether it ever matches", proved=False)
    if not rule.refer:
        return Concern(answer.witness, _told(rule))
    open_ = ""
    for offer in here.by_rule[rule.id]:
        found = _acting(offer, here, effort)
        if found.witness is not None:
            return Concern(found.witness, _whom(offer, found.witness, here, there))
        if found.open:
            open_ = f"whether it ever refers anybody for {target_of(offer.refer)}"
    if open_:
        return Concern(None, open_, proved=False)
    return Concern(None, _why_never(rule, here, effort))


def _acting(offer: Offer, here: Referring, effort: int) -> Answer:
    """Somebody whom the rule refers: nothing stops it, a provider takes them, and no earlier rule has referred them."""
    earlier = here.earlier(offer)
    space = space_of(here.side, offer, *earlier)

    def shown(witness: Witness) -> bool:
        return any(
            (made.rule, made.category, made.service) == (offer.rule.id, *offer.target)
            for made in here.side.decide(witness).referrals
        )

    return space.find(offer.made(space), *(~each.made(space) for each in earlier), check=shown, effort=effort)


def _whom(offer: Offer, witness: Witness, here: Referring, there: Referring) -> str:
    """What it does, and what is done without it; to which providers, where they are not the same."""
    now, without = (_made(side, offer, witness) for side in (here, there))
    what = f"refers for {target_of(offer.refer)}"
    if without is None or now is None:
        return f"{what}, and without it nothing does"
    if now.provider == without.provider:
        return f"{what}, as `{without.rule}` does without it"
    return f"{what} to `{now.provider}`, and without it `{without.rule}` refers them to `{without.provider}`"


def _made(side: Referring, offer: Offer, witness: Witness) -> ProposedReferral | None:
    decision = side.side.decide(witness)
    return next((made for made in decision.referrals if (made.category, made.service) == offer.target), None)


def _why_never(rule: Rule, here: Referring, effort: int) -> str:
    """Of a rule that matches and is proved never to refer anybody."""
    never = "it never refers anybody: "
    offers = here.by_rule[rule.id]
    if all(_never(offer, here, offer.free, effort) for offer in offers):
        return f"{never}whoever it matches, its referral is stopped"
    if all(_never(offer, here, offer.made, effort) for offer in offers):
        return f"{never}no provider takes those whom it is for"
    named = next(filter(None, (_covering(offer, here, effort) for offer in offers)), "")
    by = f", such as `{named}`," if named else ""
    return f"{never}an earlier rule{by} refers the same people to the same service"


def _covering(offer: Offer, here: Referring, effort: int) -> str:
    """A rule that refers first somebody whom this one would refer; "" if no example is found."""

    def first(witness: Witness) -> str:
        covered = here.side.decide(witness).covered
        return next((each.by for each in covered if each.rule == offer.rule.id), "")

    space = space_of(here.side, offer)
    answer = space.find(offer.made(space), check=lambda witness: bool(first(witness)), effort=effort)
    return first(answer.witness) if answer.witness is not None else ""


def _never(offer: Offer, here: Referring, claim: Callable[[Space], Formula], effort: int) -> bool:
    space = space_of(here.side, offer)
    # Any situation that the solver names will do: it is not shown to anybody.
    return space.find(claim(space), check=lambda _: True, effort=effort).outcome == "impossible"


def _told(rule: Rule) -> str:
    if rule.suppress is not None:
        return f"stops referrals: {rule.suppress.reason}"
    parts = [f"tells {each.to} of {each.kind}" for each in rule.notify]
    if rule.approve is not None:
        parts.append(f"holds what is referred until {rule.approve.by} agrees")
    return "; ".join(parts)
