"""Whom a rule concerns that one bundle has and the other has not, or the proof that it concerns nobody."""

from onward.contracts.decision import Decision
from onward.routing.domain.language import Rule
from onward.workbench.difference.acting import target as target_of
from onward.workbench.difference.findings import Concern
from onward.workbench.difference.one_rule import matching
from onward.workbench.difference.referring import Offer, Referring, space_of
from onward.workbench.logic import Answer, Witness
from onward.workbench.logic.formulas import EFFORT


def concern(rule: Rule, here: Referring, there: Referring, effort: int = EFFORT) -> Concern:
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
            return Concern(found.witness, _whom(offer, found.witness, there))
        if found.open:
            open_ = f"whether it ever refers anybody for {target_of(offer.refer)}"
    if open_:
        return Concern(None, open_, proved=False)
    return Concern(None, _why_never(rule, here, answer.witness, effort))


def _acting(offer: Offer, here: Referring, effort: int) -> Answer:
    """Somebody whom the rule refers: nothing stops it, and no earlier rule refers them to the same service."""
    earlier = here.earlier(offer)
    space = space_of(offer, *earlier)

    def shown(witness: Witness) -> bool:
        return _acts(here.side.decide(witness), offer)

    wanted = (offer.free(space), *(~each.made(space) for each in earlier))
    placed = space.find(*wanted, offer.made(space), check=shown, effort=effort)
    return placed if placed.witness is not None else space.find(*wanted, check=shown, effort=effort)


def _acts(decision: Decision, offer: Offer) -> bool:
    """Whether the rule refers, finds no provider, or asks for what its providers ask."""
    done: list[tuple[str, str | None]] = [(each.rule, each.category) for each in decision.referrals]
    done += [(each.rule, each.category) for each in decision.unmet]
    done += [(each.rule, each.category) for each in decision.needs_information]
    return (offer.rule.id, offer.refer.category) in done


def _whom(offer: Offer, witness: Witness, there: Referring) -> str:
    decision = there.side.decide(witness)
    others = [made.rule for made in decision.referrals if (made.category, made.service) == offer.target]
    what = f"refers them for {target_of(offer.refer)}"
    return f"{what}; without it `{others[0]}` does" if others else f"{what}; without it nobody does"


def _why_never(rule: Rule, here: Referring, witness: Witness, effort: int) -> str:
    """Of a rule that matches and never refers."""
    offers = here.by_rule[rule.id]
    stopped = True
    for offer in offers:
        space = space_of(offer)
        shown = space.find(offer.free(space), check=lambda _: True, effort=effort)
        stopped = stopped and shown.outcome == "impossible"
    if stopped:
        return "it never refers anybody: whoever it matches, its referral is stopped"
    covering = [
        each.reason.removeprefix("covered_by:")
        for each in here.side.decide(witness).suppressed
        if each.rule == rule.id and each.reason.startswith("covered_by:")
    ]
    by = f", such as `{covering[0]}`" if covering else ""
    return f"it never refers anybody: whoever it matches, an earlier rule{by} refers them to the same service already"


def _told(rule: Rule) -> str:
    if rule.suppress is not None:
        return f"stops referrals: {rule.suppress.reason}"
    return "; ".join(f"tells {each.to} of {each.kind}" for each in rule.notify)
