"""One batch of one partition: each record is decoded, decided and concluded, and every one is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import structlog

from onward.chassis import codec
from onward.chassis.errors import FuseBlownError
from onward.chassis.processing.accounting import Tally
from onward.chassis.processing.hop import Hop, LookupHop, RawHop, StatelessHop
from onward.chassis.processing.parking import Parking
from onward.chassis.processing.redriving import Mark, Marks
from onward.chassis.record import Fetched, Ready, Received, raw, size
from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Parked, Published
from onward.contracts.redrive import Redrive
from onward.contracts.topics import Topic
from onward.diagnostics.json_text import Unreadable

log = structlog.get_logger()

_Ended: TypeAlias = Literal["published", "ignored", "parked"]


@dataclass(slots=True)
class Handled:
    """What became of a batch, not yet committed."""

    tally: Tally
    outputs: list[Ready] = field(default_factory=list[Ready])


class Fuse:
    """Stops a service whose own code fails on record after record, before it parks the whole topic."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failed = 0

    def held(self) -> None:
        """A decision was made."""
        self._failed = 0

    def failed(self) -> None:
        """
        A decision raised.

        Raises:
            FuseBlownError: As did so many before it, without one success between.
        """
        self._failed += 1
        if self._failed >= self._limit:
            raise FuseBlownError(
                f"{self._failed} records in a row failed in the service's own code (`handler_error`); nothing more is "
                "parked. Look at `record.handler_failed` in the log, mend the service or its data, and start it again."
            )


class Bench:
    """Where the records of one service are handled: reads, decides, and writes down what follows."""

    def __init__(self, service: str, master: bytes, *, fuse: int) -> None:
        self._service = service
        self._encoder = codec.Encoder(service, master)
        self._parking = Parking(service, master)
        self._marks = Marks(master)
        self.fuse = Fuse(fuse)

    async def handle(self, hop: StatelessHop, records: Sequence[Fetched]) -> Handled:
        """
        The outputs and the count of a batch of a stateless *hop*.

        Records are decoded one at a time, since a whole batch of models at once costs twice the time.

        Raises:
            FuseBlownError: Our own code fails on everything.
            Exception: The hop's lookup failed: its store is away.
        """
        handled = Handled(Tally(records[0].topic))
        if isinstance(hop, LookupHop):
            await self._look_up(hop, records, handled)
        elif isinstance(hop, RawHop):
            for record in records:
                self.conclude(record, self._decide_raw(hop, record), handled)
        else:
            for record in records:
                received = self.read(hop.topic, record)
                outcome = received if isinstance(received, Parked) else self._decide(hop, record, received)
                self.conclude(record, outcome, handled)
        return handled

    async def _look_up(self, hop: LookupHop[Any, Any], records: Sequence[Fetched], handled: Handled) -> None:
        read = [self.read(hop.topic, record) for record in records]
        found = await hop.lookup([received for received in read if isinstance(received, Received)])
        for record, received in zip(records, read, strict=True):
            if isinstance(received, Parked):
                outcome: Outcome = received
            else:
                try:
                    outcome = hop.decide(received, found)
                    self.fuse.held()
                except Exception as error:  # noqa: BLE001 - one record's fault must not stop the others
                    outcome = self.failed(record, error)
            self.conclude(record, outcome, handled)

    def _decide(self, hop: Hop[Any], record: Fetched, received: Received[Any]) -> Outcome:
        try:
            outcome = hop.decide(received)
        except Exception as error:  # noqa: BLE001 - one record's fault must not stop the others
            return self.failed(record, error)
        self.fuse.held()
        return outcome

    def _decide_raw(self, hop: RawHop, record: Fetched) -> Outcome:
        if (refused := _too_large(record)) is not None:
            return refused
        try:
            outcome = hop.decide(raw(record))
        except Exception as error:  # noqa: BLE001 - one record's fault must not stop the others
            return self.failed(record, error)
        self.fuse.held()
        return outcome

    def read(self, topic: Topic[Any], record: Fetched) -> Received[Any] | Parked:
        """*record* decoded, or why it must be parked."""
        if (refused := _too_large(record)) is not None:
            return refused
        try:
            return codec.decode(topic, record)
        except Unreadable as why:
            return Parked(why.reason, why.pointer, why.detail)
        except Exception as error:  # noqa: BLE001 - a contract's own validator may have a fault
            return self.failed(record, error)

    def failed(self, record: Fetched, error: Exception, *, reason: str = "handler_error") -> Parked:
        """Our own code raised *error* on *record*: note it without any value of the record, and park the record."""
        log.error(
            "record.handler_failed",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            exc_info=error,
        )
        self.fuse.failed()
        return Parked(reason)

    def conclude(self, record: Fetched, outcome: Outcome, handled: Handled) -> Parked | None:
        """
        Enter *outcome* in *handled*: its messages, encoded, and its count. Never raises for a record's sake.

        Of a record that was parked before and went back, what came of it goes to `redrives` beside them.

        Returns why the record was parked although it was decided: its messages cannot be written. None otherwise.
        """
        handled.tally.note(outcome.noted)
        why: Parked | None = None
        outputs: list[Ready] = []
        if isinstance(outcome, Published):
            written = self._written(record, outcome.messages)
            if isinstance(written, Parked):
                outcome = why = written
            else:
                outputs = written
        mark = self._marks.of(record.headers, record.topic, record.partition)
        if isinstance(outcome, Parked):
            outputs.append(self._parking.park(record, outcome, mark=mark))
        ended, reason = _entry(outcome)
        if mark is not None:
            outputs.append(self._encode(self._concluded(record, mark, ended, reason), record, len(outputs)))
        handled.outputs.extend(outputs)
        handled.tally.add(ended, reason)
        return why

    def _written(self, record: Fetched, messages: Sequence[Outgoing[Message]]) -> list[Ready] | Parked:
        try:
            ready = [self._encode(message, record, index) for index, message in enumerate(messages)]
        except Exception as error:  # noqa: BLE001 - a message that cannot be written is its record's fault
            return self.failed(record, error)
        if any(len(each.value) > codec.MAX_OUTPUT_BYTES for each in ready):
            return Parked("output_too_large")
        return ready

    def _encode(self, message: Outgoing[Any], cause: Fetched, index: int) -> Ready:
        return self._encoder.encode(message, cause=cause, index=index)

    def _concluded(self, record: Fetched, mark: Mark, ended: _Ended, reason: str) -> Outgoing[Redrive]:
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


def _too_large(record: Fetched) -> Parked | None:
    """Why *record* is longer than its topic allows, looked at before anything of it is decoded."""
    detail = topics.too_large(record.topic, size(record))
    return None if detail is None else Parked("too_large", "", detail)
