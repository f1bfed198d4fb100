"""Hops onto FastStream: one batch subscriber each, with the framework's unsafe defaults turned off."""

import asyncio
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from aiokafka.errors import OffsetOutOfRangeError
from faststream import AckPolicy, BaseMiddleware, ContextRepo
from faststream.kafka import KafkaBroker, KafkaMessage

from onward.chassis import clock
from onward.chassis.kafka.consuming import Broker
from onward.chassis.processing import transaction_marks
from onward.chassis.processing.hop import Hop
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import Claim, Record
from onward.chassis.settings import Settings

# Ten milliseconds: the framework sleeps as long again after an empty poll.
_POLL_MS = 10
_MARGIN_SECONDS = 2.0
_METADATA_MS = 10_000
"""How soon a partition or a topic that was added is seen; the client's default is five minutes."""


class _Claimed(KafkaMessage):
    """A batch with what of it may be worked on."""

    claims: Sequence[Claim[Any]] = ()


class _Guard:
    """
    Makes the outermost middleware: whatever fails on the way, nothing claimed stays uncommitted.

    One broker carries the subscribers of all hops, so the guard first finds the flow that the batch came to.
    """

    def __init__(self) -> None:
        self.flows: list[Ownership[Any]] = []

    def __call__(self, msg: Any, /, *, context: ContextRepo) -> "_Guarding":
        return _Guarding(msg, context=context, flows=self.flows)


class _Guarding(BaseMiddleware):
    def __init__(self, msg: Any, /, *, context: ContextRepo, flows: Sequence[Ownership[Any]]) -> None:
        super().__init__(msg, context=context)
        self._flows = flows

    async def after_processed(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> bool | None:
        subscriber = self.context.get_local("handler_")
        for flow in self._flows:
            if flow.subscriber is subscriber and flow.rewind_unfinished(self.msg or ()):
                await asyncio.sleep(next(clock.pauses()))
        return await super().after_processed(exc_type, exc_val, exc_tb)


def connect(settings: Settings, service: str, flows: Sequence[tuple[Ownership[Any], Hop]]) -> KafkaBroker:
    """A broker, not yet started, whose subscribers feed *flows*, each with the hop that it runs."""
    guard = _Guard()
    broker = Broker(
        settings.kafka,
        client_id=f"onward-{service}",
        # An answer that joining the group waits for takes up to the rebalance time-out.
        request_timeout_ms=int((settings.rebalance_timeout_s + _MARGIN_SECONDS) * 1000),
        consumer_only=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=_METADATA_MS,
        graceful_timeout=settings.stop_within_s,
        apply_types=False,
        middlewares=[guard],
        logger=logging.getLogger("faststream"),
        log_level=logging.DEBUG,
    )
    for flow, hop in flows:
        _subscribe(broker, settings, flow, hop)
        guard.flows.append(flow)
    return broker


def _watch(subscriber: Any, flow: Ownership[Any]) -> None:
    """
    Have *flow* see what the client hands over, and look again where the log no longer has what comes next.

    The framework's own loop would log the client's error and try the same for ever.
    """
    fetch = subscriber.get_msg

    async def get_msg(consumer: Any) -> Any:
        try:
            records: Sequence[Record] = await fetch(consumer)
        except OffsetOutOfRangeError as error:
            # Taken again, or refused: whoever takes a partition looks what its log holds.
            flow.abandon([flow.owned[each] for each in error.args[0] if each in flow.owned], error)
            return ()
        transaction_marks.handed(flow, records)
        return records

    subscriber.get_msg = get_msg


def _subscribe(broker: KafkaBroker, settings: Settings, flow: Ownership[Any], hop: Hop) -> None:
    async def parse(records: tuple[Record, ...]) -> KafkaMessage:
        """Claim in the step in which the batch was handed over; touch no key, header or value."""
        message = _Claimed(records, b"", headers={}, correlation_id="-", message_id="-", consumer=flow.consumer)
        message.claims = flow.claim(records)
        return message

    async def decode(message: _Claimed) -> Sequence[Claim[Any]]:
        return message.claims

    async def work(claims: Sequence[Claim[Any]]) -> None:
        await flow.work(claims)

    subscriber = broker.subscriber(
        *(() if hop.pattern is not None else hop.names),
        # The client sees within seconds what topics there are, and has the group hand out those that are new.
        pattern=hop.pattern,
        group_id=flow.group,
        batch=True,
        max_records=settings.batch_records,
        batch_timeout_ms=_POLL_MS,
        auto_offset_reset="none",
        isolation_level="read_committed",
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
        listener=flow,
        parser=parse,
        decoder=decode,
        session_timeout_ms=int(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=int(settings.heartbeat_s * 1000),
        rebalance_timeout_ms=int(settings.rebalance_timeout_s * 1000),
    )
    _watch(subscriber, flow)
    flow.subscriber = subscriber
    subscriber(work)
