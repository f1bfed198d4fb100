"""
Sealed bytes: one form, one way to derive keys, one list of what each key is for.

What is sealed is encrypted with AES-SIV (RFC 5297) as the `cryptography` library has it, under a 512-bit key (AES-256
for the content, as much again for the authentication). The same content gives the same bytes, so that a record handled
again is the same record; where even that must not show, a nonce is drawn and authenticated as well (`seal_anew`). No
nonce has to be unique for the key to stay safe. Every seal is bound to words of the caller's, such as the person and
the field, and opens for the same words only, in the same order.

Keys follow with HKDF-SHA-512 (RFC 5869) from a secret of the installation or a person's key, one for each use. See
docs/adr/0019-one-envelope.md and docs/adr/0050-no-key-that-is-not-needed.md.
"""

import base64
import binascii
import os
from enum import Enum, unique
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION: Final = 2
"""Of the form and of the keys. The first, before November 2026, was AES-GCM with nonces made by hand."""

NONCE_BYTES: Final = 16
_TEXT: Final = f"v{VERSION}."
_BYTES: Final = bytes([VERSION])
_EARLIER_TEXTS: Final = ("v1.", "1.")  # an identity or a reference; the id of a message
_EARLIER_BYTES: Final = b"\x01"
_TAG_BYTES: Final = 16
_KEY_BYTES: Final = 64
_ROOT_BYTES: Final = 32
_LONGEST_TEXT: Final = 64 * 1024  # far above any of ours; hostile text is not even decoded


@unique
class Use(Enum):
    """What each derived key is for. There are no others: a new use is a new line here."""

    IDENTITY = "identity"
    """From a person's key: encrypts the person's identity on its way to providers."""
    REFERENCE = "reference"
    """From a person's key for references: encrypts a partner's own reference for the person."""
    PERSON_KEY = "person-key"
    """From the master key: wraps persons' keys in the keyring."""
    REFERENCE_KEY = "reference-key"
    """From a person's key, the key for references; from the reference key of the installation, what wraps it."""
    MESSAGE_ID = "message-id"
    """From the id key: encrypts the cause of a message into its id."""
    PARKED_RECORD = "parked-record"
    """From the mending key: the private key that opens what is parked."""
    REDRIVE_MARK = "redrive-mark"
    """From the mending key: the private key that signs the mark of what goes back."""
    PARKED_ORDER = "parked-order"
    """From the id key: hashes the key of a parked record, so that those of one key stay in order."""
    ASKED_ID = "asked-id"
    """From the id key, one for each partner: enciphers the id of a contact into the one that the partner is given."""


UnsealableReason: TypeAlias = Literal[
    "bad_key",
    "earlier_version",
    "unknown_version",
    "too_long",
    "not_base64",
    "truncated",
    "does_not_open",
    "not_an_identity",
    "not_a_text",
]

_IN_WORDS: Final[dict[UnsealableReason, str]] = {
    "bad_key": "a key must have 32 bytes",
    "earlier_version": (
        "an earlier release sealed it (version 1), which this one no longer opens: open it with the release that "
        "sealed it, or make the topics and the database anew"
    ),
    "unknown_version": f"not sealed by Onward in version {VERSION}: by a later release, or by nobody",
    "too_long": f"longer than {_LONGEST_TEXT} characters",
    "not_base64": "not the text that a seal is written as",
    "truncated": "cut short",
    "does_not_open": "another key sealed it, or it was sealed for somebody or something else, or changed since",
    "not_an_identity": "what it holds is no identity",
    "not_a_text": "what it holds is no text",
}


class UnsealableError(Exception):
    """
    Sealed bytes cannot be opened with this key for this purpose.

    `reason` is a stable code; neither it nor the message ever holds a value, a key or a ciphertext.
    """

    def __init__(self, reason: UnsealableReason) -> None:
        super().__init__(f"cannot be unsealed ({reason}): {_IN_WORDS[reason]}")
        self.reason: UnsealableReason = reason


def derive(secret: bytes, use: Use, *parts: str, length: int = _KEY_BYTES) -> bytes:
    """
    The key of so many bytes for one use, and for one of its *parts* where it has some (a partner).

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    info = f"onward v{VERSION} {use.value}" + "".join(f"|{len(part)}:{part}" for part in parts)
    return HKDF(algorithm=SHA512(), length=length, salt=None, info=info.encode()).derive(secret)


class Envelope:
    """Seals and opens under one key."""

    def __init__(self, key: bytes) -> None:
        """*key*: 64 bytes, as `derive` gives them."""
        self._cipher = AESSIV(key)

    @classmethod
    def under(cls, secret: bytes, use: Use) -> "Envelope":
        """The envelope for *use* under the key derived from *secret*."""
        return cls(derive(secret, use))

    def seal(self, plain: bytes, *bound: bytes) -> bytes:
        """*plain* sealed, with the version before it: the same bytes for the same content bound to the same."""
        return _BYTES + self._cipher.encrypt(plain, list(bound))

    def open(self, sealed: bytes, *bound: bytes) -> bytes:
        """
        What `seal` was given.

        Raises:
            UnsealableError: *sealed* is not ours, was changed or cut short, or is bound to something else.
        """
        return self._decrypt(_unversioned(sealed, at_least=_TAG_BYTES), bound)

    def seal_anew(self, plain: bytes, *bound: bytes) -> bytes:
        """*plain* sealed with a nonce, so that not even the same content gives the same bytes twice."""
        nonce = os.urandom(NONCE_BYTES)
        return _BYTES + nonce + self._cipher.encrypt(plain, [*bound, nonce])

    def open_anew(self, sealed: bytes, *bound: bytes) -> bytes:
        """
        What `seal_anew` was given.

        Raises:
            UnsealableError: As `open`.
        """
        body = _unversioned(sealed, at_least=NONCE_BYTES + _TAG_BYTES)
        nonce = body[:NONCE_BYTES]
        return self._decrypt(body[NONCE_BYTES:], (*bound, nonce))

    def seal_text(self, plain: bytes, *bound: bytes) -> str:
        """As `seal`, in letters, digits, `-`, `_` and one `.`."""
        return _TEXT + _written(self._cipher.encrypt(plain, list(bound)))

    def open_text(self, sealed: str, *bound: bytes) -> bytes:
        """
        What `seal_text` was given; no other text opens, not even one that means the same bytes.

        Raises:
            UnsealableError: As `open`.
        """
        body = _read(sealed)
        if len(body) < _TAG_BYTES:
            raise UnsealableError("truncated")
        return self._decrypt(body, bound)

    def _decrypt(self, data: bytes, bound: tuple[bytes, ...]) -> bytes:
        try:
            return self._cipher.decrypt(data, list(bound))
        except InvalidTag:
            raise UnsealableError("does_not_open") from None


@lru_cache(maxsize=16)
def under_root(root: bytes, use: Use) -> Envelope:
    """
    The envelope for *use* under a secret of the installation. Kept, as that is: never for a person's key.

    Raises:
        UnsealableError: *root* does not have 32 bytes.
    """
    if len(root) != _ROOT_BYTES:
        raise UnsealableError("bad_key")
    return Envelope.under(root, use)


def _unversioned(sealed: bytes, *, at_least: int) -> bytes:
    if sealed.startswith(_EARLIER_BYTES):
        raise UnsealableError("earlier_version")
    if not sealed.startswith(_BYTES):
        raise UnsealableError("unknown_version")
    if len(sealed) < len(_BYTES) + at_least:
        raise UnsealableError("truncated")
    return sealed[len(_BYTES) :]


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _read(sealed: str) -> bytes:
    if sealed.startswith(_EARLIER_TEXTS):
        raise UnsealableError("earlier_version")
    if not sealed.startswith(_TEXT):
        raise UnsealableError("unknown_version")
    if len(sealed) > _LONGEST_TEXT:
        raise UnsealableError("too_long")
    text = sealed.removeprefix(_TEXT)
    try:
        body = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise UnsealableError("not_base64") from None
    # Base64 leaves up to four bits of the last letter unused: only one way of writing them is ours.
    if _written(body) != text:
        raise UnsealableError("not_base64")
    return body
