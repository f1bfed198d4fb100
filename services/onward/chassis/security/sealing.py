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
from pydantic_core import from_json

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


class PersonEnvelopes:
    """
    What seals and opens for one person under their key, each key that follows from it worked out once.

    Made for a batch and gone with it: nothing keeps a person's key, or what follows from it, between two.
    """

    def __init__(self, key: bytes, person: str) -> None:
        """
        For *person*, whose *key* it is.

        Raises:
            UnsealableError: *key* does not have 32 bytes.
        """
        self._key = _whole(key)
        self._person = person.encode()
        self._made: dict[Use, Envelope] = {}

    def seal(self, identity: Identity) -> str:
        """*identity* as text that only this key opens, and only for this person; the same each time."""
        plain = identity.model_dump_json(exclude_defaults=True).encode()
        return self._sealed(Use.IDENTITY, plain + b" " * (-len(plain) % _PAD_TO))

    def open_sealed(self, sealed: str) -> Identity:
        """
        The identity that `seal` was given.

        Raises:
            UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
        """
        plain = self._opened(Use.IDENTITY, sealed)
        try:
            return Identity.model_validate_json(plain)
        except ValidationError:
            # `from None`: pydantic's error could carry what it could not read.
            raise UnsealableError("not_an_identity") from None

    def seal_text(self, text: str) -> str:
        """As `seal`, for a short *text* such as a partner's reference."""
        plain = json.dumps(text).encode()  # as JSON, so that the padding is never taken for a part of it
        return self._sealed(Use.REFERENCE, plain + b" " * (-len(plain) % _PAD_TEXT_TO))

    def open_text(self, sealed: str) -> str:
        """
        The text that `seal_text` was given.

        Raises:
            UnsealableError: As `open_sealed`.
        """
        plain = self._opened(Use.REFERENCE, sealed)
        try:
            text: object = from_json(plain)
        except ValueError:
            raise UnsealableError("not_a_text") from None
        if not isinstance(text, str):
            raise UnsealableError("not_a_text")
        return text

    def _sealed(self, use: Use, plain: bytes) -> str:
        return self._envelope(use).seal_text(plain, use.value.encode(), self._person)

    def _opened(self, use: Use, sealed: str) -> bytes:
        return self._envelope(use).open_text(sealed, use.value.encode(), self._person)

    def _envelope(self, use: Use) -> Envelope:
        made = self._made.get(use)
        if made is None:
            made = self._made[use] = Envelope.under(self._key, use)
        return made


def seal(key: bytes, person: str, identity: Identity) -> str:
    """
    *identity* as text that only *key* opens, and only for *person*; the same each time.

    Raises:
        UnsealableError: *key* does not have 32 bytes.
    """
    return PersonEnvelopes(key, person).seal(identity)


def open_sealed(key: bytes, person: str, sealed: str) -> Identity:
    """
    The identity that `seal` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    return PersonEnvelopes(key, person).open_sealed(sealed)


def seal_text(key: bytes, person: str, text: str) -> str:
    """
    A short *text*, such as a partner's reference, that only *key* opens, and only for *person*; the same each time.

    Raises:
        UnsealableError: *key* does not have 32 bytes.
    """
    return PersonEnvelopes(key, person).seal_text(text)


def open_text(key: bytes, person: str, sealed: str) -> str:
    """
    The text that `seal_text` was given.

    Raises:
        UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
    """
    return PersonEnvelopes(key, person).open_text(sealed)


def _wrapping(master: bytes) -> Envelope:
    return under_master(_whole(master), Use.PERSON_KEY)


def _whole(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    return key


def _bound_to(use: Use, person: str) -> tuple[bytes, bytes]:
    return use.value.encode(), person.encode()
