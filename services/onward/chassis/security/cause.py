"""
What a message follows from, sealed into its id.

The id of a message must be the same whenever its record is handled again, must never be another message's (also not
after a topic was made anew and its offsets begin again), and must tell a recipient nothing: a partner's status comes
from a provider's reply. So it is the cause, encrypted in a way that gives the same text each time (AES-SIV, RFC 5297)
under a key of its own; whoever holds the master key can open it.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from onward.chassis.errors import SealBrokenError

_VERSION = b"1."
"""Which key sealed it, once keys rotate."""
_NUMBERS = struct.Struct(">HQQH")
_TOPIC_BYTES = 60
"""Names are padded to whole blocks of so many bytes, so that their lengths do not show. All of ours fit into one."""


class Cause(NamedTuple):
    """The record that a message follows from."""

    topic: str
    partition: int
    offset: int
    appended_ms: int
    """When the broker appended the record, in milliseconds since 1970: tells records of one place apart."""
    message: int
    """Which of the record's messages it is, from 0."""

    @property
    def place(self) -> str:
        """As people write it: `situations/2/41`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class Sealer:
    """Seals and opens causes under a key derived from *master*."""

    def __init__(self, master: bytes) -> None:
        self._cipher = AESSIV(hmac.new(master, b"onward message id", hashlib.sha512).digest())

    def seal(self, cause: Cause) -> bytes:
        """*cause* as an id: ASCII letters, digits, `-`, `_` and one `.`; the same for the same cause."""
        topic, *numbers = cause
        name = topic.encode()
        padded = name + bytes(-len(name) % _TOPIC_BYTES)
        sealed = self._cipher.encrypt(_NUMBERS.pack(*numbers) + padded, None)
        return _VERSION + base64.urlsafe_b64encode(sealed).rstrip(b"=")

    def open(self, ce_id: bytes | str) -> Cause:
        """
        The cause in *ce_id*.

        Raises:
            SealBrokenError: It is no id of ours, or was sealed under another key.
        """
        text = ce_id.encode() if isinstance(ce_id, str) else ce_id
        try:
            if not text.startswith(_VERSION):
                raise SealBrokenError("no message id of this release")
            sealed = base64.b64decode(text[len(_VERSION) :] + b"==", altchars=b"-_")
            opened = self._cipher.decrypt(sealed, None)
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SealBrokenError("a message id that does not open: sealed under another ONWARD_MASTER_KEY") from error
        partition, offset, appended_ms, message = _NUMBERS.unpack_from(opened)
        return Cause(opened[_NUMBERS.size :].rstrip(b"\0").decode(), partition, offset, appended_ms, message)


@lru_cache(maxsize=4)
def _sealer(master: bytes) -> Sealer:
    return Sealer(master)


def cause_of(master: bytes, ce_id: bytes | str) -> Cause:
    """
    The record that the message with *ce_id* follows from; *master* is the key of the installation.

    Raises:
        SealBrokenError: It is no id of ours, or was sealed under another key.
    """
    return _sealer(master).open(ce_id)
