"""
What of a person is sealed: direct identifiers under that person's own key, opened only for a field of a profile.

A partner's own reference for a person is sealed by itself, and opened only to write to that partner; a person's key is
itself wrapped under the master key. All are `envelope.Envelope`s, bound to the person's pseudonym: one moved to another
person's record does not open. The same identity under the same key gives the same text, so that a record handled again
is the same record; nothing is learnt from that but that the identity did not change.
"""

import json
import os

from pydantic import ValidationError

from onward.chassis.security.envelope import Envelope, UnsealableError, Use, under_master
from onward.contracts.contact import Identity

KEY_BYTES = 32
"""The master key and every person's key have this length."""

_PAD_TO = 128  # so that the length of an envelope does not tell whether an address or an e-mail is known
_PAD_TEXT_TO = 32  # a NOMS number and a case number of the police look alike
_EARLIER_WRAPPED_BYTES = 60  # a key as version 1 wrapped it, with no version before it


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
    return _wrapping(master).seal_anew(key, *_bound_to(Use.PERSON_KEY, person))


def unwrap(master: bytes, person: str, wrapped: bytes) -> bytes:
    """
    The key that `wrap` was given.

    Raises:
        UnsealableError: it was changed, cut short, wrapped for another person, by an earlier release or under another
            master key.
    """
    envelope = _wrapping(master)
    if len(wrapped) == _EARLIER_WRAPPED_BYTES:
        raise UnsealableError("earlier_version")
    key = envelope.open_anew(wrapped, *_bound_to(Use.PERSON_KEY, person))
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
    padded = plain + b" " * (-len(plain) % _PAD_TO)
    return _envelope(key, Use.IDENTITY).seal_text(padded, *_bound_to(Use.IDENTITY, person))


def open_sealed(key: bytes, person: str, sealed: str) -> Identity:
    """
    The identity that `seal` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    plain = _envelope(key, Use.IDENTITY).open_text(sealed, *_bound_to(Use.IDENTITY, person))
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
    padded = plain + b" " * (-len(plain) % _PAD_TEXT_TO)
    return _envelope(key, Use.REFERENCE).seal_text(padded, *_bound_to(Use.REFERENCE, person))


def open_text(key: bytes, person: str, sealed: str) -> str:
    """
    The text that `seal_text` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    plain = _envelope(key, Use.REFERENCE).open_text(sealed, *_bound_to(Use.REFERENCE, person))
    try:
        text: object = json.loads(plain)
    except ValueError:
        raise UnsealableError("not_a_text") from None
    if not isinstance(text, str):
        raise UnsealableError("not_a_text")
    return text


def _wrapping(master: bytes) -> Envelope:
    return under_master(_whole(master), Use.PERSON_KEY)


def _envelope(key: bytes, use: Use) -> Envelope:
    # Made each time: nothing keeps a person's key, or what follows from it, between two records.
    return Envelope.under(_whole(key), use)


def _whole(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    return key


def _bound_to(use: Use, person: str) -> tuple[bytes, bytes]:
    return use.value.encode(), person.encode()
