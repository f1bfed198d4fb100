"""
Whom parked records are sealed to: those who mend them, and no service.

A service has the public half, the parking key, and can seal but not open. Those who mend have the private half, the
mending key: it opens what was parked, and signs the mark of what goes back. Both follow from one secret of 32 bytes;
sealed is with HPKE (RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM), signed with Ed25519 (RFC 8032).
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from onward.chassis.security.envelope import UnsealableError, Use, derive

PARKING_KEY_BYTES: Final = 64
_HALF: Final = 32
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_VERSION: Final = b"\x03"
"""Of the form; the first two were sealed under the master key, which every service had."""


@dataclass(frozen=True, slots=True)
class ParkingKey:
    """The public half: seals, and checks signatures."""

    raw: bytes
    _to: X25519PublicKey = field(repr=False, compare=False)
    _by: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: bytes) -> "ParkingKey":
        """
        The one with these 64 bytes.

        Raises:
            ValueError: It is none.
        """
        if len(raw) != PARKING_KEY_BYTES:
            raise ValueError(f"must be {PARKING_KEY_BYTES} bytes, not {len(raw)}")
        return cls(raw, X25519PublicKey.from_public_bytes(raw[:_HALF]), Ed25519PublicKey.from_public_bytes(raw[_HALF:]))

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """*plain*, for the mending key alone, and only beside *bound*; different each time."""
        return _VERSION + _SUITE.encrypt(plain, self._to, info=bound)

    def signed(self, signature: bytes, said: bytes) -> bool:
        """Whether the mending key signed *said*."""
        try:
            self._by.verify(signature, said)
        except InvalidSignature:
            return False
        return True


class MendingKey:
    """The private half: opens, and signs."""

    def __init__(self, secret: bytes) -> None:
        """
        From its 32 bytes.

        Raises:
            UnsealableError: It does not have 32 bytes.
        """
        if len(secret) != _HALF:
            raise UnsealableError("bad_key")
        self._opens = X25519PrivateKey.from_private_bytes(derive(secret, Use.PARKED_RECORD, length=_HALF))
        self._signs = Ed25519PrivateKey.from_private_bytes(derive(secret, Use.REDRIVE_MARK, length=_HALF))
        self.parking_key = ParkingKey.of(
            self._opens.public_key().public_bytes_raw() + self._signs.public_key().public_bytes_raw()
        )

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """
        What `ParkingKey.seal` was given.

        Raises:
            UnsealableError: It was sealed to another, by an earlier release, for something else, or changed since.
        """
        if sealed[:1] in (b"\x01", b"\x02"):
            raise UnsealableError("earlier_version")
        if not sealed.startswith(_VERSION):
            raise UnsealableError("unknown_version")
        try:
            return _SUITE.decrypt(sealed[1:], self._opens, info=bound)
        except InvalidTag:
            raise UnsealableError("does_not_open") from None

    def sign(self, said: bytes) -> bytes:
        """64 bytes that only this key makes of *said*."""
        return self._signs.sign(said)
