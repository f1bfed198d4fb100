"""
A compacted topic followed into a value: rule sets, for one.

It is read from its beginning to its end before the service takes its first record, and on from there for as long as
the service runs: without a consumer group, committed records only. What is kept is the place of each key's last
record, not the records, so that memory grows with the number of keys and not with what they hold.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Generic, Protocol

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord, TopicPartition

from onward.chassis import clock, codec
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.observability.metrics import Metrics
from onward.chassis.observability.server_errors import told
from onward.chassis.record import M, Received
from onward.contracts.topics import Topic
from onward.diagnostics.json_text import Unreadable

log = structlog.get_logger()

_POLL_MS = 200
_FETCH_SECONDS = 30


class Refused(Exception):  # noqa: N818 - it names an outcome, not a fault of ours
    """A followed record does not count. *reason* is a stable code; *detail* may be logged."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class NotYet(Exception):  # noqa: N818 - it names an outcome, not a fault of ours
    """The service must not start with what is there; says what is missing, for whoever looks at `/ready`."""


class Contents(Protocol[M]):
    """The last record of each key that the view did not refuse, wherever in the topic it stands."""

    async def latest(self, key: str) -> Received[M] | None:
        """
        The last record under *key*, read again from the topic; None if there is none, or it cannot be read.

        Raises:
            KafkaError, TimeoutError: The broker is away.
        """
        ...

    def place(self, key: str) -> int | None:
        """The offset of that record: whether it is still the same one."""
        ...


class TopicView(Protocol[M]):
    """What a service makes of a followed topic."""

    def take(self, record: Received[M]) -> None:
        """
        The next record, in order. Quick: many come at once when the service starts.

        Raises:
            Refused: It does not count; the value stays as it was.
        """
        ...

    async def settle(self, contents: Contents[M]) -> None:
        """
        Everything that is there now has been taken: bring the value up to it.

        Also called when nothing of it counted. May raise what `Contents.latest` raises; it is then called again.
        Whatever else it raises leaves a service that works with what it has, and one that begins does not start.

        Raises:
            NotYet: The service must not start with this. Before it has started only; it is then called again.
        """
        ...

    def refused(self, reason: str) -> None:
        """
        Something did not count.

        *reason* is the view's own, `unreadable`, `handler_error` (a fault of ours), or `made_anew`: the topic was
        emptied or made anew, and what was read of it before is not there any more. The value stays.
        """
        ...


class Following(Generic[M]):
    """
    Follows *topic*, which has one partition, into *view*. A bad record is refused and counted; it stops nothing.

    *quietly*: what is refused is not logged, for whoever shows it in another way. *again* says whether the view wants
    to be settled although nothing came: somebody asked it for what it has not looked up yet.
    """

    def __init__(
        self, topic: Topic[M], view: TopicView[M], *, quietly: bool = False, again: Callable[[], bool] = lambda: False
    ) -> None:
        self.topic = topic
        self._again = again
        self._warn: Callable[..., object] = _say_nothing if quietly else _warn
        self._view = view
        self._partition = TopicPartition(topic.name, 0)
        self._places: dict[str, int] = {}
        self._position = 0
        self._unsettled = True
        self._kafka = KafkaConnection("")
        self._client_id = ""
        self._metrics: Metrics | None = None
        self._consumer: AIOKafkaConsumer | None = None

    def open(self, kafka: KafkaConnection, client_id: str, metrics: Metrics | None = None) -> None:
        """Say where the topic is, and who wants to know how far it is read. Nothing is read yet."""
        self._kafka, self._client_id, self._metrics = kafka, client_id, metrics

    async def catch_up(self) -> None:
        """
        Read everything that is there, and settle.

        Raises:
            KafkaError, OSError, TimeoutError: The broker is away; call it again, and it goes on where it was.
            NotYet: The view does not want to begin with it, or failed at it; call it again later.
        """
        try:
            consumer = await self._connected()
            end = (await consumer.end_offsets([self._partition]))[self._partition]
            if end < self._position:
                self._begin_again()
                consumer.seek(self._partition, 0)
            # By position, not by the last record: compaction and transactions leave gaps.
            while self._position < end:
                await self._read(consumer)
            await self._settle(begins=True)
        except BaseException:
            await self.close()
            raise

    async def follow(self) -> None:
        """Go on for ever; a broker that is away is waited for."""
        pauses = clock.pauses()
        while True:
            try:
                if await self._read(await self._connected()) or self._unsettled or self._again():
                    await self._settle()
                pauses = clock.pauses()
            except Exception as error:
                log.warning("server.away", topic=self.topic.name, why=told(error, server="Kafka"), exc_info=error)
                await self.close()
                await asyncio.sleep(next(pauses))

    async def close(self) -> None:
        """Close the connection; reading opens another."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(Exception):
                await consumer.stop()

    async def latest(self, key: str) -> Received[M] | None:
        """See `Contents`."""
        place = self._places.get(key)
        if place is None:
            return None
        consumer = await self._connected()
        consumer.seek(self._partition, place)
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                record = await consumer.getone(self._partition)
        finally:
            consumer.seek(self._partition, self._position)
        # Another offset: it was written again since, and the next reading comes to it.
        return self._decoded(record) if record.offset == place else None

    def place(self, key: str) -> int | None:
        """See `Contents`."""
        return self._places.get(key)

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = self._kafka.consumer(
                client_id=self._client_id,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
            )
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            consumer.assign([self._partition])
            consumer.seek(self._partition, self._position)
            self._consumer = consumer
        return self._consumer

    async def _read(self, consumer: AIOKafkaConsumer) -> bool:
        """Take what comes next; False when nothing came."""
        records = (await consumer.getmany(self._partition, timeout_ms=_POLL_MS)).get(self._partition, [])
        position = await consumer.position(self._partition)
        if position < self._position or (records and records[0].offset < self._position):
            self._begin_again()
        for record in records:
            self._take(record)
        self._position = position
        if self._metrics is not None:
            end = consumer.highwater(self._partition) or self._position
            self._metrics.following(self.topic.name, behind=max(0, end - self._position))
        self._unsettled |= bool(records)
        return bool(records)

    def _begin_again(self) -> None:
        """What was read is not there any more; its value stays."""
        log.error("followed.made_anew", topic=self.topic.name, offset=self._position)
        self._places.clear()
        self._position = 0
        self._view.refused("made_anew")

    def _take(self, record: ConsumerRecord[bytes | None, bytes | None]) -> None:
        key = (record.key or b"").decode(errors="replace")
        if record.value is None:
            self._places.pop(key, None)
            return
        try:
            decoded = self._decoded(record)
            if decoded is None:
                self._refuse(record.offset, Refused("unreadable"))
                return
            self._view.take(decoded)
            self._places[key] = record.offset
        except Refused as why:
            self._refuse(record.offset, why)
        except Exception:
            log.exception("record.handler_failed", topic=self.topic.name, offset=record.offset)
            self._refuse(record.offset, Refused("handler_error"))

    def _decoded(self, record: ConsumerRecord[bytes | None, bytes | None]) -> Received[M] | None:
        try:
            return codec.decode(self.topic, record)
        except Unreadable as why:
            self._warn("followed.unreadable", topic=self.topic.name, offset=record.offset, reason=why.reason)
            return None

    def _refuse(self, offset: int, why: Refused) -> None:
        self._warn("followed.refused", topic=self.topic.name, offset=offset, reason=why.reason, why=why.detail or None)
        self._view.refused(why.reason)

    async def _settle(self, *, begins: bool = False) -> None:
        try:
            await self._view.settle(self)
        except (KafkaError, OSError, TimeoutError, NotYet):
            self._unsettled = True
            raise
        except Exception as error:
            log.exception("followed.not_settled", topic=self.topic.name)
            if begins:
                # Who works already goes on with what it has; who begins has nothing good to go on with.
                why = f"`{self.topic.name}` was read, and nothing came of it: `followed.not_settled` in the log"
                raise NotYet(why) from error
        self._unsettled = False


def _warn(event: str, **what: object) -> None:
    """Looks the logger up each time: this module's is set up only after a service has been put together."""
    log.warning(event, **what)


def _say_nothing(event: str, **_: object) -> None:
    """For a reader who is told otherwise."""
