"""One batch of one partition: each record is decoded, decided and concluded, and every one is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

import structlog
from aiokafka.structs import TopicPartition

from onward.audit.chain import BEGINNING, Head
from onward.chassis import codec
from onward.chassis.errors import FailureLimitError
from onward.chassis.processing.accounting import BatchOutcomes
from onward.chassis.processing.auditing import Auditor
from onward.chassis.processing.awaiting import StillAwaits, decidable
from onward.chassis.processing.hop import FeedbackHook, StatelessHop
from onward.chassis.processing.parking import Parking
from onward.chassis.processing.redriving import Mark, Marks
from onward.chassis.record import ConsumedRecord, EncodedRecord, size
from onward.chassis.security.mending import ParkingKey
from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Parked, Published
from onward.contracts.redrive import Redrive
from onward.diagnostics.json_text import Unreadable

log = structlog.get_logger()

R = TypeVar("R")
_Ended: TypeAlias = Literal["published", "ignored", "parked"]


@dataclass(slots=True)
class ProcessedBatch:
    """What became of a batch, not yet committed."""

    outcomes: BatchOutcomes
    outputs: list[EncodedRecord] = field(default_factory=list[EncodedRecord])
    acts: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """What of it belongs on the audit chain, in its order."""
    chain: Head = BEGINNING
    """The newest record of the input partition on the audit chain, once that of this batch is among the outputs."""
    records: int = 0
    """How many of the batch were handled: all, unless one has to wait."""
    still_awaits: StillAwaits | None = None
    """Asks what the next record waits for; None when all were handled."""


class FailureLimit:
    """Stops a service whose own code fails on record after record, before it parks the whole topic."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failed = 0

    def succeeded(self) -> None:
        """A decision was made."""
        self._failed = 0

    def failed(self) -> None:
        """
        A decision raised.

        Raises:
            FailureLimitError: As did so many before it, without one success between.
        """
        self._failed += 1
        if self._failed >= self._limit:
            raise FailureLimitError(
                f"{self._failed} records in a row failed in the service's own code (`handler_error`); nothing more is "
                "parked. Look at `record.handler_failed` in the log, mend the service or its data, and start it again."
            )


class RecordProcessor:
    """Where the records of one service are handled: reads, decides, and writes down what follows."""

    def __init__(self, service: str, id_key: bytes, parking: Sequence[ParkingKey], *, failure_limit: int) -> None:
        self._service = service
        self._encoder = codec.Encoder(service, id_key)
        self._parking = Parking(service, id_key, parking[0])
        self._marks = Marks(parking)
        self._auditor = Auditor(service)
        self._failure_limit = FailureLimit(failure_limit)

    async def handle(self, hop: StatelessHop, records: Sequence[ConsumedRecord]) -> ProcessedBatch:
        """
        The outputs and the count of a batch of a stateless *hop*, up to the first record that has to wait.

        Records are decoded one at a time, since a whole batch of models at once costs twice the time.

        Raises:
            FailureLimitError: Our own code fails on everything.
            Exception: The hop's lookup failed: its store is away.
        """
        processed = ProcessedBatch(BatchOutcomes(records[0].topic), records=len(records))
        if hop.lookup is None:
            for record in records:
                outcome = self.decide(hop.decide, record, self.read(hop.read, record))
                self.conclude(record, outcome, processed, feedback=hop.feedback)
            return processed
        everything = [self.read(hop.read, record) for record in records]
        read, processed.still_awaits = decidable(everything, hop.awaits)
        processed.records = len(read)
        found = await hop.lookup([received for received in read if not isinstance(received, Parked)])
        for record, received in zip(records, read, strict=False):
            outcome = self.decide(hop.decide, record, received, found)
            self.conclude(record, outcome, processed, feedback=hop.feedback)
        return processed

    def bind(self, partition: TopicPartition, chain: Head, processed: ProcessedBatch) -> None:
        """Put the batch's acts on the audit chain of its input *partition*, behind *chain*, as one more output."""
        records, processed.chain = self._auditor.bound(partition, chain, processed.acts)
        processed.outputs += records

    def decide(
        self, decide: Callable[..., Outcome], record: ConsumedRecord, received: object, *known: object
    ) -> Outcome:
        """
        What *decide* makes of a record as it was *received*, and of what is *known* beside it.

        Raises:
            FailureLimitError: Our own code fails on everything.
        """
        if isinstance(received, Parked):
            return received
        try:
            outcome = decide(received, *known)
        except Exception as error:  # noqa: BLE001 - one record's fault must not stop the others
            return self.failed(record, error)
        self._failure_limit.succeeded()
        return outcome

    def read(self, read: Callable[[ConsumedRecord], R], record: ConsumedRecord) -> R | Parked:
        """*record* as *read* decodes it, or why it must be parked."""
        if (refused := _too_large(record)) is not None:
            return refused
        try:
            return read(record)
        except Unreadable as why:
            return Parked(why.reason, why.pointer, why.detail)
        except Exception as error:  # noqa: BLE001 - a contract's own validator may have a fault
            return self.failed(record, error)

    def failed(self, record: ConsumedRecord, error: Exception, *, reason: str = "handler_error") -> Parked:
        """Our own code raised *error* on *record*: note it without any value of the record, and park the record."""
        log.error(
            "record.handler_failed",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            exc_info=error,
        )
        self._failure_limit.failed()
        return Parked(reason)

    def conclude(
        self,
        record: ConsumedRecord,
        outcome: Outcome,
        processed: ProcessedBatch,
        *,
        feedback: FeedbackHook | None = None,
    ) -> Parked | None:
        """
        Enter *outcome* in *processed*: its messages, encoded, and its count. Never raises for a record's sake.

        Of a record that was parked before and went back, what came of it goes to `redrives` beside them; what
        *feedback* has to say of the record, to whoever sent it.

        Returns why the record was parked although it was decided: its messages cannot be written. None otherwise.
        """
        processed.outcomes.note(outcome.noted)
        why: Parked | None = None
        outputs: list[EncodedRecord] = []
        if isinstance(outcome, Published):
            written = self._written(record, outcome.messages)
            if isinstance(written, Parked):
                outcome = why = written
            else:
                outputs = written
                processed.acts += self._auditor.told(outcome.messages, written)
        mark = self._marks.of(record.headers, record.topic, record.partition)
        if isinstance(outcome, Parked):
            outputs.append(self._parking.park(record, outcome, mark=mark))
        ended, reason = _entry(outcome)
        processed.acts += self._auditor.taken(record, f"{ended}/{reason}")
        if mark is not None:
            concluded = self._concluded(record, mark, ended, reason)
            outputs.append(self._encode(concluded, record, len(outputs)))
            processed.acts += self._auditor.told([concluded], outputs[-1:])
        if feedback is not None:
            outputs += self._fed_back(feedback, record, outcome, mark, processed, after=len(outputs))
        processed.outputs.extend(outputs)
        processed.outcomes.add(ended, reason)
        return why

    def _written(self, record: ConsumedRecord, messages: Sequence[Outgoing[Message]]) -> list[EncodedRecord] | Parked:
        try:
            ready = [self._encode(message, record, index) for index, message in enumerate(messages)]
        except Exception as error:  # noqa: BLE001 - a message that cannot be written is its record's fault
            return self.failed(record, error)
        if any(len(each.value) > codec.MAX_OUTPUT_BYTES for each in ready):
            return Parked("output_too_large")
        return ready

    def _fed_back(
        self,
        feedback: FeedbackHook,
        record: ConsumedRecord,
        outcome: Outcome,
        mark: Mark | None,
        processed: ProcessedBatch,
        *,
        after: int,
    ) -> list[EncodedRecord]:
        """What *feedback* says, as the messages *after* so many others; nothing where it fails, which is logged."""
        try:
            told = feedback(record, outcome, redriven=mark is not None)
            if told is None:
                return []
            written = [self._encode(message, record, after + index) for index, message in enumerate(told.messages)]
        except Exception:  # what became of the record counts more than that somebody hears of it
            log.exception(
                "record.feedback_failed", topic=record.topic, partition=record.partition, offset=record.offset
            )
            return []
        processed.outcomes.note(told.noted)
        processed.acts += self._auditor.told(told.messages, written)
        return written

    def _encode(self, message: Outgoing[Any], cause: ConsumedRecord, index: int) -> EncodedRecord:
        return self._encoder.encode(message, cause=cause, index=index)

    def _concluded(self, record: ConsumedRecord, mark: Mark, ended: _Ended, reason: str) -> Outgoing[Redrive]:
        note = Redrive(
            parked=mark.parked,
            state=ended,
            topic=record.topic,
            partition=record.partition,
            redrives=mark.redrives,
            reason=reason,
            by=self._service,
        )
        return topics.REDRIVES.message(note, key=mark.parked)


def _entry(outcome: Outcome) -> tuple[_Ended, str]:
    """What a record ended as, and the reason it is counted under."""
    match outcome:
        case Published(_, result):
            return "published", result
        case Ignored(reason):
            return "ignored", reason
        case Parked(reason):
            return "parked", reason


def _too_large(record: ConsumedRecord) -> Parked | None:
    """Why *record* is longer than its topic allows, looked at before anything of it is decoded."""
    detail = topics.too_large(record.topic, size(record))
    return None if detail is None else Parked("too_large", "", detail)
