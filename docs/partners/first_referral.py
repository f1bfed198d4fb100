"""
Your first referral, in a client of your own: be a custody suite and a housing service for a minute.

    python first_referral.py HOST:PORT          (or the file that `onward up --addresses FILE` wrote)

It sends one made-up person to `in.custody`, and shows what comes back to the suite and what reaches the service; then
once more with a word that nobody knows, of which the suite hears. It needs nothing of Onward's but its topics: any
Kafka client does the same. This one is aiokafka (`pip install aiokafka`).
"""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

EVENT = Path(__file__).resolve().parents[2] / "schemas" / "examples" / "in.custody" / "homeless-and-agrees.json"
STATUS, REFERRALS, REPLIES = "status.custody", "referrals.birmingham-housing", "replies.birmingham-housing"
FEEDBACK = "feedback.custody"
WAIT_SECONDS = 60


def broker(argument: str) -> str:
    """Where the broker is: as it was given, or as `onward up` wrote it down."""
    if Path(argument).is_file():
        return str(json.loads(Path(argument).read_text())["kafka"])
    return argument


async def messages(consumer: AIOKafkaConsumer) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """What comes, each message once: a repeat has the `ce_source` and the `ce_id` of the first."""
    seen: set[tuple[bytes, bytes]] = set()
    async for record in consumer:
        headers = dict(record.headers)
        name = (headers["ce_source"], headers["ce_id"])
        if name not in seen:
            seen.add(name)
            yield record.topic, json.loads(record.value or b"{}")


async def main(bootstrap: str) -> None:
    """Send the event, wait for the referral, accept it, wait to be told; send what is read in part, and hear of it."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    consumer = AIOKafkaConsumer(
        STATUS,
        REFERRALS,
        FEEDBACK,
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",  # what Onward gave up and did again is never seen
        group_id=None,  # for a look; your own client has a group, and commits what it has dealt with
        auto_offset_reset="latest",
    )
    async with producer, consumer:
        await consumer.seek_to_end()
        for partition in consumer.assignment():
            await consumer.position(partition)
        coming = messages(consumer)

        async def next_of(topic: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
            while not (early := [body for name, body in waiting if name == topic and fits(body)]):
                waiting.append(await anext(coming))
            return early[0]

        waiting: list[tuple[str, dict[str, Any]]] = []
        event = json.loads(EVENT.read_text())
        mine = f"CUSTODY-{uuid.uuid4()}"
        event |= {"eventId": mine, "custodyRecordNo": mine, "occurredAt": datetime.now(UTC).isoformat()}
        # Somebody new each time: who gives the name, birthday and telephone number of somebody else is that person.
        event["person"]["name"] = f"Test {mine[-12:]}"
        await producer.send_and_wait("in.custody", json.dumps(event).encode(), key=mine.encode())
        tell("in.custody", f"sent {event['eventType']} under a reference of my own")

        async def status(wanted: str) -> dict[str, Any]:
            found = await next_of(STATUS, lambda body: body["reference"] == mine and body["status"] == wanted)
            tell(STATUS, f"{found['category']} is {wanted}, for my reference")
            return found

        ready = await status("READY")
        referral = await next_of(REFERRALS, lambda body: body["referral_id"] == ready["referral_id"])
        tell(REFERRALS, f"{referral['category']}, {referral['urgency']}; told: {', '.join(referral['disclosed'])}")
        await status("SENT")

        reply = {
            "reply_id": str(uuid.uuid4()),
            "referral_id": referral["referral_id"],
            "status": "ACCEPTED",
            "replied_at": datetime.now(UTC).isoformat(),
        }
        await producer.send_and_wait(REPLIES, json.dumps(reply).encode(), key=referral["referral_id"].encode())
        tell(REPLIES, "sent ACCEPTED")
        await status("ACCEPTED")

        again = {"eventId": str(uuid.uuid4()), "needs": [{"category": "fear of heights", "severity": "high"}]}
        await producer.send_and_wait("in.custody", json.dumps(event | again).encode(), key=mine.encode())
        tell("in.custody", "sent it again, with a need that is in no list")
        heard = await next_of(FEEDBACK, lambda body: body["event_id"] == again["eventId"])
        for fault in heard["faults"]:
            tell(FEEDBACK, f"{heard['outcome']}: {fault['pointer']}: {fault['reason']}")


def tell(topic: str, text: str) -> None:
    """One line for one message."""
    print(f"{topic:<30} {text}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(asyncio.wait_for(main(broker(sys.argv[1])), WAIT_SECONDS))
