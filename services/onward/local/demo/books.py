"""The books: every record of every topic held against what follows from it. A pure count of what a chronicle holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


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


class Record(Protocol):
    """A record as the books need it."""

    @property
    def event_id(self) -> str:
        """What names it: no two records of one topic share it."""
        ...

    @property
    def body(self) -> dict[str, Any]:
        """Its document."""
        ...


def doubles(ids: Iterable[str]) -> int:
    """How many ids are one too many."""
    return sum(count - 1 for count in Counter(ids).values())


def balance(records: Mapping[str, Sequence[Record]], outcomes: Mapping[str, Mapping[str, int]]) -> list[Account]:
    """
    The accounts of a whole day.

    Args:
        records: Every record by kind of topic, families summed (`in`, `contacts`, `referrals`, …).
        outcomes: What the services counted, by kind of topic and outcome.
    """

    def body(kind: str) -> list[Mapping[str, Any]]:
        return [record.body for record in records.get(kind, ())]

    follows = {
        "situations": ("contact_id", {item["contact_id"] for item in body("contacts")}),
        "decisions": ("situation_id", {item["situation_id"] for item in body("situations")}),
        "deliveries": (
            "referral_id",
            {step["referral_id"] for step in body("referral-events") if step["now"] == "READY"},
        ),
        "receipts": ("referral_id", {item["referral_id"] for item in body("deliveries")}),
        "referrals": ("referral_id", {item["referral_id"] for item in body("receipts") if item["outcome"] == "sent"}),
    }
    unique = {
        "decisions": "situation_id",
        "situations": "situation_id",
        "deliveries": "referral_id",
        "referrals": "referral_id",
    }
    accounts: list[Account] = []
    for kind in sorted(records):
        counted = outcomes.get(kind)
        ids = [record.event_id for record in records[kind]]
        by, expected = follows.get(kind, ("", set[str]()))
        present = {item[by] for item in body(kind)} if by else set[str]()
        twice = doubles(item[unique[kind]] for item in body(kind)) if kind in unique else 0
        unhandled = max(0, len(ids) - sum(counted.values())) if counted is not None else 0
        again = max(0, sum(counted.values()) - len(ids)) if counted is not None else 0
        accounts.append(
            Account(
                kind, len(ids), counted or {}, max(doubles(ids), twice) + again, len(expected - present) + unhandled
            )
        )
    return accounts
