"""The books: every record of every topic held against what follows from it. A pure count of what a chronicle holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """One topic: how many records it holds, how each ended, and what does not add up."""

    topic: str
    records: int
    outcomes: Mapping[str, int]
    """What its reader counted, by outcome; empty where nobody of ours reads it."""
    doubled: int
    """Records that stand there more than once."""
    lost: int
    """Records that should be there, or should have been handled, and are not."""

    @property
    def balances(self) -> bool:
        """Whether nothing is lost and nothing doubled."""
        return self.lost == 0 and self.doubled == 0


def doubles(ids: Iterable[str]) -> int:
    """How many ids are one too many."""
    return sum(count - 1 for count in Counter(ids).values())


def account(
    topic: str, ids: Sequence[str], *, outcomes: Mapping[str, int] | None, expected: Iterable[str] = ()
) -> Account:
    """
    The account of one topic.

    Args:
        topic: Its name.
        ids: The id of each record on it, in any order.
        outcomes: What its reader counted, by outcome; None where nobody of ours reads it.
        expected: Ids that must be on it because of what stands on another topic.
    """
    unhandled = max(0, len(ids) - sum(outcomes.values())) if outcomes is not None else 0
    twice = max(0, sum(outcomes.values()) - len(ids)) if outcomes is not None else 0
    return Account(
        topic=topic,
        records=len(ids),
        outcomes=outcomes or {},
        doubled=doubles(ids) + twice,
        lost=len(set(expected) - set(ids)) + unhandled,
    )


def expected_situations(contacts: Iterable[Mapping[str, Any]]) -> set[str]:
    """The contacts that must each have a situation: all of them, a repeat once."""
    return {contact["contact_id"] for contact in contacts}


def expected_deliveries(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """The referrals that must have been handed to dispatch: those that were ever READY."""
    return {event["referral_id"] for event in events if event["now"] == "READY"}


def expected_referrals(receipts: Iterable[Mapping[str, Any]]) -> set[str]:
    """The referrals that must stand on a provider's topic: those with a receipt that says so."""
    return {receipt["referral_id"] for receipt in receipts if receipt["outcome"] == "sent"}
