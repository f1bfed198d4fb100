"""Ids that a re-run gives again, so that every consumer can drop a repeat."""

import hashlib
import hmac
from uuid import UUID, uuid5

_SPACE = UUID("6f6e7761-7264-5000-8000-000000000001")
"""Our own name space for UUIDv5 (RFC 9562)."""


def derived_id(kind: str, *parts: str) -> UUID:
    """
    The id of a thing that is fully named by *parts*.

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    return uuid5(_SPACE, kind + "".join(f"|{len(part)}:{part}" for part in parts))


def contact_id(source: str, event_id: str, part: str = "") -> UUID:
    """
    What names a contact: the partner and its event id; *part* tells the people of one message apart.

    Whoever knows the event id can compute it, so it is not published: see `onward.chassis.security.contact_ids.kept`.
    """
    return derived_id("contact", source, event_id, part)


def content_id(value: bytes) -> str:
    """An event id for a message that has none: its bytes."""
    return hashlib.sha256(value).hexdigest()


def referral_id(contact: UUID, rule: str, category: str) -> UUID:
    """The id of a referral: the contact it came from, the rule that made it and what it is for."""
    return derived_id("referral", str(contact), rule, category)


def referral_id_anew(known: UUID) -> UUID:
    """The id of a referral that is made again in place of the one *known*, which ended by mistake."""
    return derived_id("referral anew", str(known))


def keyed_id(secret: bytes, purpose: str, *parts: str) -> UUID:
    """
    An id that a re-run gives again and that cannot be computed without *secret*: UUIDv8 (RFC 9562) of HMAC-SHA-256.

    Ids derived from it (of referrals, questions, situations) cannot be computed by an outsider either.
    """
    digest = int.from_bytes(_keyed(secret, purpose, *parts)[:16])
    return UUID(int=digest & ~(0xF << 76) & ~(0b11 << 62) | (8 << 76) | (0b10 << 62))


def pseudonym(secret: bytes, purpose: str, *parts: str) -> str:
    """
    A name that says nothing and cannot be computed without *secret*: 32 hexadecimal digits of HMAC-SHA-256.

    *purpose* keeps the pseudonyms of different uses apart, such as those of two providers.
    """
    return _keyed(secret, purpose, *parts).hex()[:32]


def _keyed(secret: bytes, purpose: str, *parts: str) -> bytes:
    text = purpose + "".join(f"|{len(part)}:{part}" for part in parts)
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
