"""
Redriving: a parked record goes back to the topic it came from, marked, and its hop says what came of it.

The mark is three headers behind the record's own. Anybody who may write to a topic can write such headers, so the last
proves the others: the mending key's signature of which parked record it is, how often it has gone back, and where to.
No service can sign one. A mark that does not prove itself is a header like any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from onward.chassis.security.mending import MendingKey, ParkingKey
from onward.contracts.redrive import Redrive

Headers: TypeAlias = Sequence[tuple[str, bytes | None]]

State: TypeAlias = Literal["waiting", "redriven", "mended", "parked again"]
"""Of a parked record: nobody did anything; it went back and is not concluded yet; it was concluded otherwise than by
parking it again; it was parked again, and waits there."""

REDRIVEN = "onward_redriven"
REDRIVES = "onward_redrives"
PROOF = "onward_redrive_proof"
_NAMES = [REDRIVEN, REDRIVES, PROOF]
_PURPOSE: Final = b"onward redriven\n"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a record that went back carries."""

    parked: str
    """The name of the parked record, as `name_of` makes it."""
    redrives: int
    """How often it has gone back by now: 1 the first time."""


def name_of(topic: str, partition: int, offset: int, appended_ms: int) -> str:
    """
    The name of the parked record that stands there.

    With the time at which the broker appended it, so that it is another name once the topic was made anew.
    """
    return f"{topic}/{partition}/{offset}/{appended_ms}"


class Marks:
    """Reads marks that the mending key of one of these parking keys has signed."""

    def __init__(self, by: Iterable[ParkingKey]) -> None:
        self._by = tuple(by)

    def of(self, headers: Headers, topic: str, partition: int) -> Mark | None:
        """The mark of a record that stands in this partition; None when it has none, or one that proves nothing."""
        # Nearly every record has none, and this is asked of every record.
        if not headers or headers[-1][0] != PROOF or [name for name, _ in headers[-3:]] != _NAMES:
            return None
        parked, redrives, proof = [value or b"" for _, value in headers[-3:]]
        said = _said([parked, redrives], topic, partition)
        try:
            signature = bytes.fromhex(proof.decode())
        except ValueError:
            return None
        if not any(key.signed(signature, said) for key in self._by):
            return None
        return Mark(parked.decode(), int(redrives))

    def without(self, headers: Headers, topic: str, partition: int) -> Headers:
        """The headers of a record that stands in this partition, as they were before it went back."""
        return headers if self.of(headers, topic, partition) is None else headers[:-3]


def mark_headers(key: MendingKey, mark: Mark, topic: str, partition: int) -> list[tuple[str, bytes]]:
    """The headers to put behind those of the record that goes back to this partition."""
    told = [(REDRIVEN, mark.parked.encode()), (REDRIVES, str(mark.redrives).encode())]
    signature = key.sign(_said([value for _, value in told], topic, partition))
    return [*told, (PROOF, signature.hex().encode())]


def _said(told: Sequence[bytes], topic: str, partition: int) -> bytes:
    return _PURPOSE + b"\n".join([*told, f"{topic}/{partition}".encode()])


@dataclass(frozen=True, slots=True)
class RedriveNote:
    """What of a note tells how a record stands; there may be very many."""

    state: Literal["redriven", "published", "ignored", "parked"]
    reason: str
    by: str


class Standings:
    """How parked records stand, from what `redrives` says of them in order; those it does not name wait."""

    def __init__(self, notes: Iterable[Redrive] = ()) -> None:
        self._noted: dict[str, RedriveNote] = {}
        self._same: dict[RedriveNote, RedriveNote] = {}
        for note in notes:
            self.take(note)

    def take(self, note: Redrive) -> None:
        """One more note: of each record the first that it went back counts, and after that the first conclusion."""
        known = self._noted.get(note.parked)
        is_conclusion = note.state != "redriven"
        if (known is None and not is_conclusion) or (known and known.state == "redriven" and is_conclusion):
            noted = RedriveNote(note.state, note.reason, note.by)
            self._noted[note.parked] = self._same.setdefault(noted, noted)

    def state(self, parked: str) -> State:
        """How the parked record of this name stands."""
        noted = self._noted.get(parked)
        if noted is None:
            return "waiting"
        if noted.state == "redriven":
            return "redriven"
        return "parked again" if noted.state == "parked" else "mended"

    def noted(self, parked: str) -> RedriveNote | None:
        """What was said last that counts; None of a record that waits."""
        return self._noted.get(parked)

    def __len__(self) -> int:
        """How many parked records ever went back."""
        return len(self._noted)
