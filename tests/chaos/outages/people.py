"""The load of an outage run: custody assessments of made-up people, three about each, who need help and agree to it."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from onward.rehearsal import synthetic

PER_SECOND = 20
_EACH = 3
_PATIENCE_MS = 5000  # of the partner and the providers: what is measured is the services' patience, not theirs
_FIRST = 60_000  # above the people of other tests


def reference(number: int) -> str:
    """What custody calls its record."""
    return f"OUTAGE-{number:06d}"


def assessed(number: int) -> bytes:
    """The message: somebody homeless who drinks, and agrees to help with both."""
    now = datetime.now(UTC)  # noqa: TID251 - partners send what has just happened
    person = _FIRST + number // _EACH
    body: dict[str, Any] = {
        "eventType": "custody.detention.risk-assessed",
        "eventId": f"OUT-{number}",
        "occurredAt": (now - timedelta(minutes=30)).isoformat(),
        "custodyRecordNo": reference(number),
        "relevantTime": (now - timedelta(hours=1)).isoformat(),
        "person": {
            "name": f"Test Person-{person}",
            "dateOfBirth": str(synthetic.birthday(34, now.date())),
            "sex": "female",
            "pncId": synthetic.pnc(person),
            "phone": "07700 900123",
            "areaCode": "E08000025",
        },
        "accommodation": {"status": "homeless", "current": "street"},
        "needs": [{"category": "accommodation", "severity": "high"}, {"category": "alcohol", "severity": "high"}],
        "riskAssessment": {"selfHarm": "low"},
        "consent": {"given": True, "purposes": ["accommodation", "alcohol", "contact details"], "how": "verbal"},
    }
    return json.dumps(body).encode()


@dataclass
class Load:
    """Writes so many messages a second for as long as it runs, as a partner does: each until it is acknowledged."""

    bootstrap: str
    sent: int = 0
    acknowledged: set[str] = field(default_factory=set[str])
    _open: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def on_their_way(self) -> int:
        """Messages that the broker has not acknowledged."""
        return len(self._open)

    async def run(self) -> None:
        """Write until it is over, and until the last is acknowledged."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            enable_idempotence=True,
            retry_backoff_ms=200,
            request_timeout_ms=_PATIENCE_MS,
        )
        await producer.start()
        began = time.monotonic()
        try:
            while not self.over.is_set():
                while self.sent < (time.monotonic() - began) * PER_SECOND:
                    task = asyncio.create_task(self._send(producer, self.sent))
                    self._open.add(task)
                    task.add_done_callback(self._open.discard)
                    self.sent += 1
                await asyncio.sleep(0.02)
            await asyncio.gather(*self._open)
        finally:
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, number: int) -> None:
        value, key = assessed(number), f"person-{number // _EACH}".encode()
        while True:
            try:
                await producer.send_and_wait("in.custody", value, key=key)
            except KafkaError:
                await asyncio.sleep(0.5)  # the same event id: one that came twice is a repeat
                continue
            self.acknowledged.add(reference(number))
            return


async def answer(bootstrap: str, providers: list[str]) -> None:
    """Accept every referral, until cancelled; begins anew when the broker is away at the wrong moment."""
    while True:
        consumer = AIOKafkaConsumer(
            *(f"referrals.{provider}" for provider in providers),
            bootstrap_servers=bootstrap,
            isolation_level="read_committed",
            group_id="outage-providers",
            auto_offset_reset="earliest",
            session_timeout_ms=6000,
            heartbeat_interval_ms=1000,
            rebalance_timeout_ms=6000,
            request_timeout_ms=2 * _PATIENCE_MS,
        )
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, retry_backoff_ms=200, request_timeout_ms=_PATIENCE_MS)
        try:
            await consumer.start()
            await producer.start()
            await _accept_all(consumer, producer)
        except KafkaError:
            await asyncio.sleep(0.5)
        finally:
            await consumer.stop()
            await producer.stop()


async def _accept_all(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
    async for record in consumer:
        referral = json.loads(record.value or b"")["referral_id"]
        reply = {
            "reply_id": f"reply-{referral}",
            "referral_id": referral,
            "status": "ACCEPTED",
            "replied_at": datetime.now(UTC).isoformat(),  # noqa: TID251 - providers answer now
        }
        topic = record.topic.replace("referrals.", "replies.", 1)
        while True:
            try:
                await producer.send_and_wait(topic, json.dumps(reply).encode(), key=referral.encode())
            except KafkaError:
                await asyncio.sleep(0.5)
                continue
            break
