"""Parking: what could not be handled is kept whole, sealed, with the reason beside it, for a person to mend."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from onward.chassis.errors import SealBrokenError
from onward.chassis.processing.redriving import Mark
from onward.chassis.record import ConsumedRecord, EncodedRecord
from onward.chassis.security.envelope import UnsealableError, Use, derive, under_master
from onward.contracts.outcome import Parked


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
    """Parks the records of one service under keys derived from *master*."""

    def __init__(self, service: str, master: bytes) -> None:
        self._service = service.encode()
        self._topic = topic_of(service)
        self._envelope = under_master(master, Use.PARKED_RECORD)
        self._order = derive(master, Use.PARKED_ORDER)

    def park(
        self, record: ConsumedRecord, why: Parked, *, attempts: int = 1, mark: Mark | None = None
    ) -> EncodedRecord:
        """
        The record to write on the service's parked topic; *mark* is that of a record that had been parked before.

        Its key is a keyed hash of the original's, so that parked records of one key stay in order and tell nothing.
        Its headers hold the reason, a pointer, the origin and the number of attempts; never a value or an error text.
        """
        origin = f"{record.topic}/{record.partition}/{record.offset}".encode()
        key = hmac.new(self._order, record.key or b"", hashlib.sha256).hexdigest()[:32].encode()
        sealed = self._envelope.seal_anew(_pack(record), origin)
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
        return EncodedRecord(self._topic, key, sealed, headers)


def unseal(master: bytes, value: bytes, headers: Mapping[str, bytes]) -> Original:
    """
    The original of the parked record with this *value* and these *headers*.

    Raises:
        SealBrokenError: *master* is not the key it was sealed under, it was changed since, or an earlier release
            sealed it.
    """
    envelope = under_master(master, Use.PARKED_RECORD)
    try:
        packed = envelope.open_anew(value, headers.get("origin", b""))
    except UnsealableError as error:
        if error.reason == "does_not_open":
            raise SealBrokenError("does not open: sealed under another ONWARD_MASTER_KEY, or changed since") from None
        raise SealBrokenError(f"not sealed by this release: {error}") from None
    return _unpack(packed)


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
