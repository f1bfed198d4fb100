"""Each service dies once, by kill -9, while people are on their way through all of them: nobody is lost or doubled."""

import signal
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from integration.whole.partner_messages import arrest, message, somebody
from integration.whole.watching import Seen, Sending
from integration.whole.whole_system import System
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.local.demo import books
from onward.local.demo.chronicle import Entry

FIRST, MORE = 20, 80
PARTITIONS = topics.files()["in.custody"].partitions
REFERRALS_EACH = 2
HANDS_ON: Mapping[str, tuple[str, str]] = {
    "intake": ("in", "contacts"),
    "people": ("contacts", "situations"),
    "routing": ("situations", "decisions"),
    "tracking": ("decisions", "referral-events"),
    "dispatch": ("deliveries", "receipts"),
}
"""What a service reads, and what it writes for every record of it."""


@dataclass(frozen=True)
class Since:
    """What came onto the topics since a moment at which nothing was on its way."""

    whole: System
    before: Mapping[str, int]

    def records(self, kind: str) -> list[Seen]:
        return [
            seen
            for topic, start in self.before.items()
            if topic.partition(".")[0] == kind
            for seen in self.whole.watch.records[topic][start:]
        ]

    def entries(self) -> dict[str, list[Entry]]:
        """All of it, as the books of the demo take it."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for topic, start in self.before.items():
            found[topic.partition(".")[0]] += [as_entry(seen) for seen in self.whole.watch.records[topic][start:]]
        return dict(found)

    def handled(self, service: str) -> tuple[int, int]:
        """How many records *service* has handled, and how many it was given."""
        reads, writes = HANDS_ON[service]
        given = {seen.place for seen in self.records(reads)}
        return len({seen.cause for seen in self.records(writes)} & given), len(given)

    def in_flight(self, service: str) -> bool:
        """Whether *service* has handled something, and has more before it."""
        handled, given = self.handled(service)
        return 0 < handled < given


def as_entry(seen: Seen) -> Entry:
    headers = {name: (value or b"").decode(errors="replace") for name, value in seen.headers}
    key = (seen.key or b"").decode(errors="replace")
    return Entry(seen.topic, seen.partition, seen.offset, key, headers, seen.value or b"", cause=seen.cause)


def arrests(count: int) -> list[Sending]:
    # No key of their own: one key is one partition, and a partition is handled in one piece.
    return [message("custody", an_arrest(), partition=number % PARTITIONS) for number in range(count)]


def an_arrest() -> dict[str, Any]:
    """With a need that nobody can read: its sender hears of it."""
    body = arrest(somebody())
    return {**body, "needs": [*body["needs"], {"category": "shoplifting", "severity": "high"}]}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_killed_while_people_are_on_their_way_loses_and_doubles_nobody(whole: System, name: str) -> None:
    whole.rest()
    since = Since(whole, {topic: len(records) for topic, records in whole.watch.records.items()})
    killed = whole.services.running[name]
    whole.watch.send(*arrests(FIRST))
    whole.watch.until(lambda: bool(since.records(HANDS_ON[name][1])), what=f"{name} to be at work")
    people = stopped_in_flight(since, name)
    killed.kill()
    killed.start()
    killed.wait_ready()
    whole.watch.until(
        lambda: len(states(since)) == people * REFERRALS_EACH and set(states(since).values()) == {("READY", "SENT")},
        what="every referral to be sent",
        within=60,
    )
    whole.rest()
    assert_balanced(since, people)


def stopped_in_flight(since: Since, name: str) -> int:
    """Send people until the service, stopped by SIGSTOP, has handled some and not all of them; how many were sent."""
    whole, people = since.whole, FIRST
    reads, _ = HANDS_ON[name]
    while True:
        whole.watch.send(*arrests(MORE))
        people += MORE
        given = people * (REFERRALS_EACH if name == "dispatch" else 1)
        whole.watch.until(partial(handling_or_done, since, name, given), what=f"{name} to handle records")
        if not since.in_flight(name):
            continue  # on a busy machine all may be over before one looks
        whole.services.running[name].send(signal.SIGSTOP)
        # What was seen a moment ago is old: it is sure once all that the service should read is there.
        whole.watch.until(partial(there_are, since, reads, given), what=f"all that {name} should read")
        if since.in_flight(name):
            return people
        whole.services.running[name].send(signal.SIGCONT)


def handling_or_done(since: Since, name: str, given: int) -> bool:
    return since.in_flight(name) or since.handled(name) == (given, given)


def there_are(since: Since, kind: str, count: int) -> bool:
    return len(since.records(kind)) == count


def states(since: Since) -> dict[str, tuple[str, ...]]:
    """Every step of each referral."""
    steps: defaultdict[str, list[str]] = defaultdict(list)
    for step in since.records("referral-events"):
        steps[step.body["referral_id"]].append(step.body["now"])
    return {referral: tuple(sorted(taken)) for referral, taken in steps.items()}


def assert_balanced(since: Since, people: int, *, told_again: int = 0) -> None:
    accounts = books.balance(since.entries(), {})
    wrong = {each.topic: (each.lost, each.doubled) for each in accounts if not each.balances}
    assert wrong == {}
    counts = {kind: len(since.records(kind)) for kind in ("in", "contacts", "situations", "decisions")}
    assert counts == dict.fromkeys(counts, people)
    sent = people * REFERRALS_EACH
    assert {kind: len(since.records(kind)) for kind in ("deliveries", "receipts", "referrals")} == {
        "deliveries": sent,
        "receipts": sent,
        "referrals": sent,
    }
    assert twice([seen.body["contact_id"] for seen in since.records("decisions")]) == []
    assert twice([f"{seen.body['referral_id']} {seen.body['status']}" for seen in since.records("status")]) == []
    assert since.records("parked") == []
    heard = [seen.body for seen in since.records("feedback")]
    assert Counter(body["outcome"] for body in heard) == Counter(read_in_part=people, parked=told_again)
    assert twice([body["reference"] for body in heard if body["outcome"] == "read_in_part"]) == []


def twice(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
