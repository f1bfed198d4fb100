"""
Two people who were taken for one: which referrals are whose, and which went out on the other's word.

What a provider was told of somebody else is withdrawn, and a referral that ended by what happened to somebody else is
made anew.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from onward.contracts.decision import Decision
from onward.contracts.situation import Parting
from onward.tracking.domain.lifecycle import ENDED
from onward.tracking.domain.model import OpenedReferences, Referral
from onward.tracking.domain.subject import keys_of


def own_referrals(decision: Decision, referrals: Iterable[Referral], opened: OpenedReferences) -> tuple[Referral, ...]:
    """
    The referrals that are the decision's person's own, kept as theirs.

    Those of the others' contacts are left out, whoever's key they have. One of the person's own contacts has the
    person's key from now on, and names no partner that knows the others only.
    """
    parted = decision.parted
    if parted is None:
        return tuple(referrals)
    others = frozenset(parted.contacts)
    return tuple(_own(each, parted, decision, opened) for each in referrals if each.contact_id not in others)


def _own(referral: Referral, parted: Parting, decision: Decision, opened: OpenedReferences) -> Referral:
    if referral.contact_id not in parted.own:
        return referral
    kept = tuple(each for each in referral.raised_by if _knows(each.source, each.reference, referral, decision, opened))
    own = replace(referral, raised_by=kept)
    if own.card is not None and parted.own[own.contact_id]:
        # Who that was may have been the other; who it is, this decision says, if anybody knows.
        own = replace(own, card=replace(own.card, sealed="", references={}, known_at=None))
    if own.person in keys_of(decision):
        return own
    if own.held is not None:
        return replace(own, person=decision.person, held=own.held.model_copy(update={"person": decision.person}))
    return replace(own, person=decision.person, delivered_as=own.delivered_as or own.person)


def _knows(source: str, reference: str, referral: Referral, decision: Decision, opened: OpenedReferences) -> bool:
    """Whether a partner knows this person under that reference; whoever raised the contact itself does."""
    known = decision.references.get(source)
    if known is None:
        return False
    raised_it = referral.card is not None and referral.card.source == source
    return raised_it or opened.get((source, reference), reference) == opened.get((source, known), known)


def is_on_others_word(referral: Referral, decision: Decision) -> bool:
    """
    Whether a referral was made on, or told its provider, what was said of others alone.

    One that does not say what it rests on, from before that was kept, is taken to be: the safe error.
    """
    theirs = decision.parted.own.get(referral.contact_id, ()) if decision.parted else ()
    if decision.parted is None or not theirs:
        return False
    if referral.instead_of is not None and referral.made_at >= decision.parted.at:
        return False  # made anew since, on their own
    rests_on = {*referral.rests_on, *(referral.consents or ())}
    # What is still held goes out as it is known then; what has gone out told what was known before.
    told = set[str]() if referral.held is not None else set(referral.disclosed)
    return referral.card is None or not (rests_on | told).isdisjoint(theirs)


def _by_others(ended: Referral, parted: Parting) -> bool:
    if ended.ended_by is None:
        return ended.status == "CLOSED_DECEASED"
    return ended.ended_by in parted.contacts or ended.status == "ENTERED_IN_ERROR"


def ended_by_others(referrals: Iterable[Referral], decision: Decision) -> frozenset[UUID]:
    """
    Those of the person's own referrals that ended by what happened to somebody else, or because they said it.

    Of a death from before it was kept by which contact, it is taken to be so: a crisis that nobody hears of is worse
    than a referral too many.
    """
    parted = decision.parted
    if parted is None:
        return frozenset()
    return frozenset(
        each.referral_id
        for each in referrals
        if each.status in ENDED and each.contact_id in parted.own and _by_others(each, parted)
    )
