"""
The ids of contacts: ours, that no outsider can compute; and each partner's own for the contact it is asked about.

A partner is asked about a contact under an id that only that partner is given, and answers by it. So an id opens the
way to one contact for one partner: whoever was not asked has none, and one that another partner was given leads
nowhere. Nothing is stored for it: what a partner is told is the contact's id, enciphered under a key of that partner's.
"""

from collections.abc import Callable
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from onward.chassis.security.envelope import Use, derive
from onward.contracts.ids import keyed_id

_AES_256_BYTES = 32


def kept(id_key: bytes, named: UUID) -> UUID:
    """The id under which a contact is known inside, from what its partner's event id makes of it."""
    return keyed_id(id_key, "contact", str(named))


def asked(id_key: bytes, source: str, contact: UUID) -> UUID:
    """
    The id under which *source* is asked about *contact*, and answers: a UUIDv8, the same each time.

    *contact* is one of ours, so itself a UUIDv8.
    """
    return _walked(contact, _cipher(id_key, source).encryptor)


def answered(id_key: bytes, source: str, told: UUID) -> UUID:
    """
    The contact that *source* was asked about as *told*.

    Of an id that *source* was never given it makes one that no contact has.
    """
    return _walked(told, _cipher(id_key, source).decryptor)


def status(id_key: bytes, source: str, contact: UUID) -> UUID:
    """The id by which *source* is told of *contact* without being asked: nothing can be answered by it."""
    return keyed_id(id_key, "status", source, str(contact))


def _cipher(id_key: bytes, source: str) -> Cipher[ECB]:
    key = derive(id_key, Use.ASKED_ID, source, length=_AES_256_BYTES)
    # One block under a key of its own: here ECB is the block cipher itself, a permutation of all 128-bit values.
    return Cipher(AES256(key), ECB())  # noqa: S305


def _walked(value: UUID, context: Callable[[], CipherContext]) -> UUID:
    """
    *value* enciphered again and again until it is a UUIDv8.

    Such walking keeps the cipher a permutation of the UUIDv8 alone (Black and Rogaway, Ciphers with Arbitrary Finite
    Domains, 2002); one value in 64 is one.
    """
    cipher = context()
    while True:
        value = UUID(bytes=cipher.update(value.bytes))
        if value.version == 8:
            return value
