"""The books: every record of every topic held against what follows from it. A pure count of what a chronicle holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onward.local.demo.chronicle import Entry


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


_NAMED_BY = {
    "situations": "situation_id",
    "decisions": "situation_id",
    "deliveries": "referral_id",
    "receipts": "referral_id",
    "referrals": "referral_id",
}
"""What no two records of a topic may share."""


def balance(records: Mapping[str, Sequence[Entry]], outcomes: Mapping[str, Mapping[str, int]]) -> list[Account]:
    """
    The accounts of a whole day.

    Args:
        records: Every record by kind of topic, families summed (`in`, `contacts`, `referrals`, …).
        outcomes: What the services counted, by kind of topic and outcome; kinds nobody of ours reads are absent.
    """
    expected = _expected(records)
    accounts: list[Account] = []
    for kind in sorted(records):
        present = [_name(kind, entry) for entry in records[kind]]
        counted = outcomes.get(kind)
        handled = len(present) if counted is None else sum(counted.values())
        missing = expected.get(kind, set[str]()) - set(present)
        untraced = _untraced(records, counted or {}) if kind == "in" else 0
        accounts.append(
            Account(
                topic=kind,
                records=len(present),
                outcomes=counted or {},
                doubled=doubles(present) + max(0, handled - len(present)),
                lost=len(missing) + max(0, len(present) - handled) + untraced,
            )
        )
    return accounts


def _name(kind: str, entry: Entry) -> str:
    if kind in _NAMED_BY:
        return str(entry.body[_NAMED_BY[kind]])
    return f"{entry.topic} {entry.headers['ce_id']}" if "ce_id" in entry.headers and kind != "in" else entry.place


def _expected(records: Mapping[str, Sequence[Entry]]) -> dict[str, set[str]]:
    """What must stand on a topic because of what stands on the one before it, by kind of topic."""

    def named(kind: str, by: str, **where: str) -> set[str]:
        return {
            str(entry.body[by])
            for entry in records.get(kind, ())
            if all(entry.body[field] == value for field, value in where.items())
        }

    return {
        "decisions": named("situations", "situation_id"),
        "deliveries": named("referral-events", "referral_id", now="READY"),
        "receipts": named("deliveries", "referral_id"),
        "referrals": named("receipts", "referral_id", outcome="sent"),
    }


def _untraced(records: Mapping[str, Sequence[Entry]], counted: Mapping[str, int]) -> int:
    """Partners' messages that led to no contact, are not parked, and are not among those counted as ignored."""
    traced = {entry.cause for kind in ("contacts", "parked") for entry in records.get(kind, ())}
    silent = sum(entry.place not in traced for entry in records.get("in", ()))
    return max(0, silent - counted.get("ignored", 0))
