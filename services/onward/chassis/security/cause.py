"""
What a message follows from, sealed into its id.

The id of a message must be the same whenever its record is handled again, must never be another message's (also not
after a topic was made anew and its offsets begin again), and must tell a recipient nothing: a partner's status comes
from a provider's reply. So it is the cause, sealed in a way that gives the same text each time, under a key of its own;
whoever holds the id key can open it, and reads a place in one of our topics: nothing of anybody.
"""

import struct
from typing import NamedTuple

from onward.chassis.errors import SealBrokenError
from onward.chassis.security.envelope import UnsealableError, Use, under_root

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
    """Seals and opens causes under a key derived from *id_key*."""

    def __init__(self, id_key: bytes) -> None:
        self._envelope = under_root(id_key, Use.MESSAGE_ID)

    def seal(self, cause: Cause) -> bytes:
        """*cause* as an id: ASCII letters, digits, `-`, `_` and one `.`; the same for the same cause."""
        topic, *numbers = cause
        name = topic.encode()
        padded = name + bytes(-len(name) % _TOPIC_BYTES)
        return self._envelope.seal_text(_NUMBERS.pack(*numbers) + padded).encode()

    def open(self, ce_id: bytes | str) -> Cause:
        """
        The cause in *ce_id*.

        Raises:
            SealBrokenError: It is no id of ours, or was sealed under another key or by an earlier release.
        """
        text = ce_id.decode(errors="replace") if isinstance(ce_id, bytes) else ce_id
        try:
            opened = self._envelope.open_text(text)
        except UnsealableError as error:
            if error.reason == "does_not_open":
                raise SealBrokenError("a message id that does not open: another ONWARD_ID_KEY sealed it") from None
            raise SealBrokenError(f"no message id of this release: {error}") from None
        partition, offset, appended_ms, message = _NUMBERS.unpack_from(opened)
        return Cause(opened[_NUMBERS.size :].rstrip(b"\0").decode(), partition, offset, appended_ms, message)


def cause_of(id_key: bytes, ce_id: bytes | str) -> Cause:
    """
    The record that the message with *ce_id* follows from; *id_key* is that of the installation.

    Raises:
        SealBrokenError: It is no id of ours, or was sealed under another key.
    """
    return Sealer(id_key).open(ce_id)
