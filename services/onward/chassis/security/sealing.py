"""A person's envelope: direct identifiers under that person's own key, opened only for a field that a profile names.

A partner's own reference for a person is sealed the same way, by itself, and opened only to write to that partner.

AES-256-GCM throughout. The person's pseudonym is authenticated with every ciphertext, so that an envelope moved to
another person's record does not open. The same identity under the same key gives the same text, so that a record
handled again is the same record; nothing is learnt from that but that the identity did not change.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from onward.contracts.contact import Identity

KEY_BYTES = 32
"""AES-256: the master key and every person's key have this length."""

_VERSION = "v1."
_NONCE_BYTES = 12
_TAG_BYTES = 16
_PAD_TO = 128  # so that the length of an envelope does not tell whether an address or an e-mail is known
_PAD_TEXT_TO = 32  # a NOMS number and a case number of the police look alike
_LONGEST = 64 * 1024  # far above any identity of ours; hostile text is not even decoded

UnsealableReason: TypeAlias = Literal[
    "bad_key",
    "unknown_version",
    "too_long",
    "not_base64",
    "truncated",
    "does_not_open",
    "not_an_identity",
    "not_a_text",
]


class UnsealableError(Exception):
    """
    A ciphertext cannot be opened with this key for this person.

    `reason` is a stable code; neither it nor the message ever holds a value, a key or a ciphertext.
    """

    def __init__(self, reason: UnsealableReason) -> None:
        super().__init__(f"cannot be unsealed: {reason}")
        self.reason: UnsealableReason = reason


def new_key() -> bytes:
    """A person's key, from the system's source of randomness."""
    return os.urandom(KEY_BYTES)


def wrap(master: bytes, person: str, key: bytes) -> bytes:
    """
    *key* under the master key, bound to *person*; different each time.

    Raises:
        UnsealableError: *master* or *key* does not have 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(master, b"wrap").encrypt(nonce, key, _bound_to("key", person))


def unwrap(master: bytes, person: str, wrapped: bytes) -> bytes:
    """
    The key that `wrap` was given.

    Raises:
        UnsealableError: it was changed, cut short, wrapped for another person or under another master key.
    """
    key = _decrypt(_cipher(master, b"wrap"), wrapped, _bound_to("key", person))
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    return key


def seal(key: bytes, person: str, identity: Identity) -> str:
    """
    *identity* as text that only *key* opens, and only for *person*; the same each time.

    Raises:
        UnsealableError: *key* does not have 32 bytes.
    """
    plain = identity.model_dump_json(exclude_defaults=True).encode()
    return _seal(key, plain + b" " * (-len(plain) % _PAD_TO), _bound_to("identity", person))


def open_sealed(key: bytes, person: str, sealed: str) -> Identity:
    """
    The identity that `seal` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    plain = _decrypt(_cipher(key, b"seal"), _decode(sealed), _bound_to("identity", person))
    try:
        return Identity.model_validate_json(plain)
    except ValidationError:
        # `from None`: pydantic's error could carry what it could not read.
        raise UnsealableError("not_an_identity") from None


def seal_text(key: bytes, person: str, text: str) -> str:
    """
    A short *text*, such as a partner's reference, that only *key* opens, and only for *person*; the same each time.

    Raises:
        UnsealableError: *key* does not have 32 bytes.
    """
    plain = json.dumps(text).encode()  # as JSON, so that the padding is never taken for a part of it
    return _seal(key, plain + b" " * (-len(plain) % _PAD_TEXT_TO), _bound_to("text", person))


def open_text(key: bytes, person: str, sealed: str) -> str:
    """
    The text that `seal_text` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    plain = _decrypt(_cipher(key, b"seal"), _decode(sealed), _bound_to("text", person))
    try:
        text: object = json.loads(plain)
    except ValueError:
        raise UnsealableError("not_a_text") from None
    if not isinstance(text, str):
        raise UnsealableError("not_a_text")
    return text


def _seal(key: bytes, plain: bytes, bound: bytes) -> str:
    # Derived, so that a re-run gives the same text: two contents under one nonce would need an HMAC collision.
    nonce = hmac.new(_subkey(key, b"nonce"), bound + plain, hashlib.sha256).digest()[:_NONCE_BYTES]
    sealed = nonce + _cipher(key, b"seal").encrypt(nonce, plain, bound)
    return _VERSION + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _decode(sealed: str) -> bytes:
    if not sealed.startswith(_VERSION):
        raise UnsealableError("unknown_version")
    if len(sealed) > _LONGEST:
        raise UnsealableError("too_long")
    text = sealed.removeprefix(_VERSION)
    try:
        # `validate`: without it, characters outside the alphabet are skipped and many texts mean one ciphertext.
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise UnsealableError("not_base64") from None


def _decrypt(cipher: AESGCM, data: bytes, bound: bytes) -> bytes:
    if len(data) < _NONCE_BYTES + _TAG_BYTES:
        raise UnsealableError("truncated")
    try:
        return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound)
    except InvalidTag:
        raise UnsealableError("does_not_open") from None


def _cipher(key: bytes, use: bytes) -> AESGCM:
    return AESGCM(_subkey(key, use))


def _subkey(key: bytes, use: bytes) -> bytes:
    """One key, one use: what encrypts never also derives a nonce."""
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    return hmac.new(key, b"onward.v1." + use, hashlib.sha256).digest()


def _bound_to(what: str, person: str) -> bytes:
    return f"onward.{what}.v1|{person}".encode()
