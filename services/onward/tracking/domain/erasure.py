"""Erasing a person from the ledger: their providers are withdrawn from, and all that needs not wait for them goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from onward.contracts.erasure import CONTACT, PERSON, ErasedPerson, KeptData, Tombstone
from onward.tracking.domain.changes import ReferralClosed
from onward.tracking.domain.lifecycle import OPEN, WITH_PROVIDER, move
from onward.tracking.domain.model import Referral

REFERRAL: Final = "REFERRAL"
"""Marks the id of a referral that went with its person."""
LEDGER: Final = "LEDGER"
"""Marks the id of an erasure that this service has carried out: a database without it was restored."""
_NO_CONTACT: Final = UUID(int=0)


@dataclass(slots=True)
class KeptLedger:
    """What the ledger keeps of some persons."""

    persons: tuple[str, ...] = ()
    referrals: dict[UUID, Referral] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    raised: int = 0
    cases: dict[UUID, bool] = field(default_factory=dict)
    """Whether each has a card."""
    openings: int = 0


@dataclass(frozen=True, slots=True)
class LedgerErasure:
    """What goes of a person, what is left of their referrals, and what providers are told."""

    persons: tuple[str, ...]
    contacts: tuple[UUID, ...]
    referrals: tuple[UUID, ...]
    """Those that go at once."""
    left: tuple[Referral, ...]
    """Those that stay until their provider has stopped, without anything that is not needed for it."""
    closed: tuple[ReferralClosed, ...]
    """Those that a provider has, and that were open."""
    erased: Mapping[str, int]
    openings: int

    @property
    def kept(self) -> tuple[KeptData, ...]:
        """What stays, for the report."""
        kept = (
            KeptData(
                what="referrals with a provider, without facts, partners and contacts",
                count=len(self.left),
                because="provider_must_acknowledge",
                until="their provider has acknowledged that they are withdrawn, or never got them",
            ),
            KeptData(
                what="openings of case cards: who, when and as which role, without the person and the reason",
                count=self.openings,
                because="accountability",
            ),
        )
        return tuple(one for one in kept if one.count)

    def tombstones(self, told: ErasedPerson) -> tuple[Tombstone, ...]:
        """What this service must know again: the persons, their contacts, the referrals that went, and that it did."""
        named = (
            f"{LEDGER}:{told.erasure_id}",
            *(f"{PERSON}:{person}" for person in self.persons),
            *(f"{CONTACT}:{contact}" for contact in self.contacts),
            *(f"{REFERRAL}:{referral}" for referral in self.referrals),
        )
        return tuple(Tombstone(named=each, erasure_id=told.erasure_id, at=told.at) for each in named)


def erasure_from_ledger(told: ErasedPerson, known: KeptLedger, *, now: datetime) -> LedgerErasure:
    """
    What goes of an erased person.

    A referral that a provider has, or may have by the time its receipt comes, stays until the provider has acknowledged
    the withdrawal: it keeps what the withdrawal needs, and nothing else. Every other goes at once.
    """
    left: list[Referral] = []
    closed: list[ReferralClosed] = []
    for referral in known.referrals.values():
        if not _may_be_with_provider(referral):
            continue
        bare = _bare(referral, told.erasure_id)
        if referral.status in OPEN:
            ended = move(bare, "WITHDRAWN", by="routing", now=now)
            bare = replace(ended, withdrawal="due") if referral.status in WITH_PROVIDER else ended
            closed.append(ReferralClosed(referral=bare, at=now, was=referral.status, reason=""))
        left.append(bare)
    stays = {one.referral_id for one in left}
    gone = tuple(referral for referral in known.referrals if referral not in stays)
    return LedgerErasure(
        persons=told.persons,
        contacts=told.contacts,
        referrals=gone,
        left=tuple(left),
        closed=tuple(closed),
        erased={
            "referrals": len(gone),
            "referrals reduced to what a withdrawal needs": len(left),
            "deliveries held for approval": sum(one.held is not None for one in known.referrals.values()),
            "questions": len(known.questions),
            "calls of people on duty": known.raised,
            "cases": len(known.cases),
            "case cards": sum(known.cases.values()),
        },
        openings=known.openings,
    )


def is_over(referral: Referral) -> bool:
    """Whether nothing of an erased person's referral has to be waited for any more."""
    return referral.withdrawal == "acknowledged" or (referral.withdrawal is None and referral.receipt == "refused")


def finished(referrals: Iterable[Referral]) -> list[Referral]:
    """Those of erased persons that go now."""
    return [one for one in referrals if one.erasure is not None and is_over(one)]


def _may_be_with_provider(referral: Referral) -> bool:
    if referral.withdrawal in ("due", "sent", "refused"):
        return True
    if referral.status == "READY":
        return referral.receipt is None  # on its way: the provider may have it before we know
    return referral.status in OPEN and referral.status in WITH_PROVIDER


def _bare(referral: Referral, erasure_id: UUID) -> Referral:
    return replace(
        referral,
        contact_id=_NO_CONTACT,
        episode=None,
        area=None,
        rests_on=(),
        disclosed=(),
        card=None,
        plan=None,
        instead_of=None,
        ended_by=None,
        raised_by=(),
        consents=(),
        held=None,
        last_reply=None,
        replied_at=None,
        erasure=erasure_id,
    )
