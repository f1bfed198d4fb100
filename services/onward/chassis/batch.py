"""One batch of one partition: each record is decoded, decided and concluded, and every one is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from onward.chassis import codec
from onward.chassis.accounting import Tally
from onward.chassis.errors import FuseBlownError
from onward.chassis.hop import Hop, LookupHop, RawHop, StatelessHop
from onward.chassis.parking import Parking
from onward.chassis.record import Fetched, Ready, Received, raw
from onward.contracts.json_text import Unreadable
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Parked, Published
from onward.contracts.topics import Topic

log = structlog.get_logger()


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
        self._encoder = codec.Encoder(service, master)
        self._parking = Parking(service, master)
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
        try:
            outcome = hop.decide(raw(record))
        except Exception as error:  # noqa: BLE001 - one record's fault must not stop the others
            return self.failed(record, error)
        self.fuse.held()
        return outcome

    def read(self, topic: Topic[Any], record: Fetched) -> Received[Any] | Parked:
        """*record* decoded, or why it must be parked."""
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

        Returns why the record was parked although it was decided: its messages cannot be written. None otherwise.
        """
        match outcome:
            case Published(messages, result):
                try:
                    ready = [self._encode(message, record, index) for index, message in enumerate(messages)]
                except Exception as error:  # noqa: BLE001 - a message that cannot be written is its record's fault
                    return self._park(record, self.failed(record, error), handled)
                if any(len(each.value) > codec.MAX_OUTPUT_BYTES for each in ready):
                    return self._park(record, Parked("output_too_large"), handled)
                handled.outputs.extend(ready)
                handled.tally.add("published", result)
            case Ignored(reason):
                handled.tally.add("ignored", reason)
            case Parked():
                self._park(record, outcome, handled)
        return None

    def _encode(self, message: Outgoing[Any], cause: Fetched, index: int) -> Ready:
        return self._encoder.encode(message, cause=cause, index=index)

    def _park(self, record: Fetched, why: Parked, handled: Handled) -> Parked:
        handled.outputs.append(self._parking.park(record, why))
        handled.tally.add("parked", why.reason)
        return why
