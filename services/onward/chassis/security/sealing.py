"""
What of a person is sealed: direct identifiers under that person's own key, opened only for a field of a profile.

A partner's own reference for a person is sealed by itself, under a key of its own, and opened only to write to that
partner. All are `envelope.Envelope`s, bound to what they are for: the purpose, the field, the recipient and the
person's pseudonym. One moved to another person's record, or to another partner's place, does not open. The same
identity under the same key gives the same text, so that a record handled again is the same record; nothing is learnt
from that but that the identity did not change.
"""

import json
import os

from pydantic import ValidationError
from pydantic_core import from_json

from onward.chassis.security.envelope import Envelope, UnsealableError, Use, derive
from onward.chassis.security.wrapping import PERSON_KEY_BYTES
from onward.contracts.contact import Identity

KEY_BYTES = PERSON_KEY_BYTES
"""Every person's key has this length."""

_PAD_TO = 128  # so that the length of an envelope does not tell whether an address or an e-mail is known
_PAD_TEXT_TO = 32  # a NOMS number and a case number of the police look alike
_PROVIDERS = "referrals"  # whom an identity is for; which of its fields, a profile says


def new_key() -> bytes:
    """A person's key, from the system's source of randomness."""
    return os.urandom(KEY_BYTES)


def reference_key(key: bytes) -> bytes:
    """
    The key for references that follows from a person's *key*: it opens how partners refer to them, not who they are.

    Raises:
        UnsealableError: *key* does not have 32 bytes.
    """
    return derive(_whole(key), Use.REFERENCE_KEY, length=KEY_BYTES)


class ReferenceEnvelopes:
    """What seals and opens partners' references for one person under their key for references."""

    def __init__(self, key: bytes, person: str) -> None:
        """
        For *person*, whose `reference_key` it is.

        Raises:
            UnsealableError: *key* does not have 32 bytes.
        """
        self._envelope = Envelope.under(_whole(key), Use.REFERENCE)
        self._person = person

    def seal(self, source: str, text: str) -> str:
        """A short *text*, the reference of the partner *source*, for that partner alone; the same each time."""
        plain = json.dumps(text).encode()  # as JSON, so that the padding is never taken for a part of it
        return self._envelope.seal_text(plain + b" " * (-len(plain) % _PAD_TEXT_TO), *self._bound_to(source))

    def open(self, source: str, sealed: str) -> str:
        """
        The text that `seal` was given for *source*.

        Raises:
            UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key, person or
                partner.
        """
        plain = self._envelope.open_text(sealed, *self._bound_to(source))
        try:
            text: object = from_json(plain)
        except ValueError:
            raise UnsealableError("not_a_text") from None
        if not isinstance(text, str):
            raise UnsealableError("not_a_text")
        return text

    def _bound_to(self, source: str) -> tuple[bytes, ...]:
        return _bound_to(Use.REFERENCE, "reference", source, self._person)


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
        self._person = person
        self._identities: Envelope | None = None
        self._references: ReferenceEnvelopes | None = None

    def seal(self, identity: Identity) -> str:
        """*identity* as text that only this key opens, and only for this person; the same each time."""
        plain = identity.model_dump_json(exclude_defaults=True).encode()
        return self._identity.seal_text(plain + b" " * (-len(plain) % _PAD_TO), *self._bound_to())

    def open_sealed(self, sealed: str) -> Identity:
        """
        The identity that `seal` was given.

        Raises:
            UnsealableError: *sealed* is not ours, was changed or cut short, or belongs to another key or person.
        """
        plain = self._identity.open_text(sealed, *self._bound_to())
        try:
            return Identity.model_validate_json(plain)
        except ValidationError:
            # `from None`: pydantic's error could carry what it could not read.
            raise UnsealableError("not_an_identity") from None

    @property
    def references(self) -> ReferenceEnvelopes:
        """How partners refer to the person."""
        if self._references is None:
            self._references = ReferenceEnvelopes(reference_key(self._key), self._person)
        return self._references

    @property
    def _identity(self) -> Envelope:
        if self._identities is None:
            self._identities = Envelope.under(self._key, Use.IDENTITY)
        return self._identities

    def _bound_to(self) -> tuple[bytes, ...]:
        return _bound_to(Use.IDENTITY, "sealed", _PROVIDERS, self._person)


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


def _whole(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise UnsealableError("bad_key")
    return key


def _bound_to(use: Use, field: str, recipient: str, person: str) -> tuple[bytes, ...]:
    """What a seal is for, the field that it stands in, whom it may be opened for, and whom it is about."""
    return use.value.encode(), field.encode(), recipient.encode(), person.encode()
