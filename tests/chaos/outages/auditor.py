"""
An independent audit: what stands on the topics, read by a client of its own, with nothing of the services' code.

Every message that the broker acknowledged must have led to one contact, each contact to one first situation, and so on
to the provider; and nothing may be there twice.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

_QUIET_POLLS = 3


@dataclass(frozen=True)
class Audit:
    """What was found, in numbers; `faults` says each fault in words, with an example."""

    counts: dict[str, int]
    lost: int = 0
    doubled: int = 0
    parked: int = 0
    faults: list[str] = field(default_factory=list[str])


async def read_everything(bootstrap: str) -> dict[str, list[Any]]:
    """Every committed record, by the first part of its topic's name, with bodies parsed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if not name.startswith("__")]
        described = await admin.describe_topics(names)
    finally:
        await admin.close()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(each["topic"], one["partition"]) for each in described for one in each["partitions"]]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        found: dict[str, list[Any]] = defaultdict(list)
        quiet = 0
        while quiet < _QUIET_POLLS:
            batch = await consumer.getmany(timeout_ms=500)
            quiet = 0 if batch else quiet + 1
            for place, records in batch.items():
                family = place.topic.partition(".")[0]
                found[family] += [
                    record if family == "parked" else json.loads(record.value or b"null") for record in records
                ]
        return found
    finally:
        await consumer.stop()


def audit(found: dict[str, list[Any]], acknowledged: Collection[str]) -> Audit:
    """Hold what was *found* against the references of the messages that were *acknowledged*."""
    lost: dict[str, list[str]] = {}
    doubled: dict[str, list[str]] = {}

    def once(what: str, there: Iterable[str], wanted: Iterable[str]) -> None:
        counts = Counter(there)
        if missing := [one for one in wanted if one not in counts]:
            lost[what] = missing
        if twice := [one for one, count in counts.items() if count > 1]:
            doubled[what] = twice

    contacts, inputs = found["contacts"], Counter(each["custodyRecordNo"] for each in found["in"])
    once("inputs", inputs, acknowledged)
    made = Counter(each["reference"] for each in contacts)
    # A message whose acknowledgement was lost is sent again, and makes the same contact again.
    if missing := list((inputs - made).elements()):
        lost["contacts"] = missing
    if twice := list((made - inputs).elements()):
        doubled["contacts"] = twice
    first = [each for each in found["situations"] if each["revision"] == 1]
    once("first situations", (each["contact_id"] for each in first), {each["contact_id"] for each in contacts})
    situations = [each["situation_id"] for each in found["situations"]]
    once("situations", situations, situations)
    once("decisions", (each["situation_id"] for each in found["decisions"]), situations)
    events = found["referral-events"]
    steps = [f"{each['referral_id']} {each['now']}" for each in events]
    once("steps of referrals", steps, steps)
    ready = [each["referral_id"] for each in events if each["now"] == "READY"]
    deliveries = [each["referral_id"] for each in found["deliveries"]]
    once("deliveries", deliveries, ready)
    once("receipts", (each["referral_id"] for each in found["receipts"]), deliveries)
    sent = [each["referral_id"] for each in found["receipts"] if each["outcome"] == "sent"]
    once("referrals at providers", (each["referral_id"] for each in found["referrals"]), sent)
    replied = {each["referral_id"] for each in found["replies"]}
    accepted = {each["referral_id"] for each in events if each["now"] == "ACCEPTED"}
    once("answers taken", accepted, replied)
    doubled.pop("inputs", None)
    kinds = (("lost", lost), ("doubled", doubled))
    faults = [f"{what}: {len(ids)} {kind}, such as {ids[0]}" for kind, all_of in kinds for what, ids in all_of.items()]
    return Audit(
        {family: len(records) for family, records in sorted(found.items())},
        sum(map(len, lost.values())),
        sum(map(len, doubled.values())),
        len(found["parked"]),
        faults,
    )
