"""Parking: what could not be handled is kept whole, sealed, with the reason beside it, for a person to mend."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from onward.chassis.errors import SealBrokenError
from onward.chassis.processing.redriving import Mark
from onward.chassis.record import ConsumedRecord, EncodedRecord
from onward.chassis.security.envelope import UnsealableError, Use, derive
from onward.chassis.security.mending import MendingKey, ParkingKey
from onward.contracts.outcome import Parked

_PURPOSE: Final = b"onward parked-record"


@dataclass(frozen=True, slots=True)
class Original:
    """A parked record as it was."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


def topic_of(service: str) -> str:
    """Where *service* parks."""
    return f"parked.{service}"


class Parking:
    """Parks the records of one service, to those who mend; nothing here opens them again."""

    def __init__(self, service: str, id_key: bytes, to: ParkingKey) -> None:
        self._service = service.encode()
        self._topic = topic_of(service)
        self._to = to
        self._order = derive(id_key, Use.PARKED_ORDER)

    def park(
        self, record: ConsumedRecord, why: Parked, *, attempts: int = 1, mark: Mark | None = None
    ) -> EncodedRecord:
        """
        The record to write on the service's parked topic; *mark* is that of a record that had been parked before.

        Its key is a keyed hash of the original's, so that parked records of one key stay in order and tell nothing.
        Its headers hold the reason, a pointer, the origin and the number of attempts; never a value or an error text.
        They are authenticated: beside any other header, or on another topic, it does not open.
        """
        origin = f"{record.topic}/{record.partition}/{record.offset}".encode()
        key = hmac.new(self._order, record.key or b"", hashlib.sha256).hexdigest()[:32].encode()
        headers = [
            ("reason", why.reason.encode()),
            ("pointer", why.pointer.encode()),
            ("service", self._service),
            ("origin", origin),
            ("origin_key", key),
            ("attempts", str(attempts).encode()),
        ]
        if mark is not None:
            headers += [("redriven", mark.parked.encode()), ("redrives", str(mark.redrives).encode())]
        return EncodedRecord(self._topic, key, self._to.seal(_pack(record), _beside(self._topic, headers)), headers)


def unseal(keys: Sequence[MendingKey], topic: str, value: bytes, headers: Mapping[str, bytes]) -> Original:
    """
    The original of the record that is parked on *topic* with this *value* and these *headers*, all that it has.

    Raises:
        SealBrokenError: It was sealed to none of these *keys*, it or what stands beside it was changed since, or an
            earlier release sealed it.
    """
    beside, reason = _beside(topic, headers.items()), ""
    for key in keys:
        try:
            return _unpack(key.open(value, beside))
        except UnsealableError as error:
            reason = "" if error.reason == "does_not_open" else f"not sealed by this release: {error}"
    raise SealBrokenError(reason or "does not open: sealed to another ONWARD_MENDING_KEY, or changed since")


def _beside(topic: str, headers: Iterable[tuple[str, bytes]]) -> bytes:
    """The purpose, the topic and the headers, each with its length before it, the headers in the order of names."""
    said = [_PURPOSE, topic.encode(), *(part for name, value in sorted(headers) for part in (name.encode(), value))]
    return b"".join(len(part).to_bytes(4, "big") + part for part in said)


def _pack(record: ConsumedRecord) -> bytes:
    """Length of the small part (4 bytes), key and headers as JSON, then the value as it is."""
    small = json.dumps(
        {
            "key": _text(record.key),
            "headers": [[name, _text(value)] for name, value in record.headers],
            "null": record.value is None,
        }
    ).encode()
    return len(small).to_bytes(4, "big") + small + (record.value or b"")


def _unpack(packed: bytes) -> Original:
    end = 4 + int.from_bytes(packed[:4], "big")
    small = json.loads(packed[4:end])
    headers = tuple((name, _bytes(value)) for name, value in small["headers"])
    return Original(_bytes(small["key"]), None if small["null"] else packed[end:], headers)


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
