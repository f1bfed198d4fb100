"""Signatures of two people under an erasure."""

import base64
import json
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onward.contracts.erasure import Erasure, ErasureSignature, ErasureStatement
from onward.releases.signing import RefusedError, TrustedKey, TrustedKeys, key_id

_DOMAIN: Final = b"onward/erasures/v1/"


def sign_erasure(statement: ErasureStatement, by: str, private: Ed25519PrivateKey) -> ErasureSignature:
    """The signature of *by*, the holder of *private*, under a statement."""
    signature = base64.b64encode(private.sign(_signed(statement, by))).decode()
    return ErasureSignature(by=by, key=key_id(private.public_key().public_bytes_raw()), signature=signature)


def signers_of_erasure(erasure: Erasure, trusted: TrustedKeys, *, at: datetime) -> tuple[TrustedKey, ...]:
    """
    Whose keys signed an erasure that was there *at* that time: one or two, and two are two people.

    Raises:
        RefusedError: `untrusted_key`, `bad_signature`, or `same_key` where one person signed twice.
    """
    signers = tuple(_signer(erasure.statement, each, trusted, at=at) for each in erasure.signatures)
    if len({key.id for key in signers}) < len(signers) or len({_plain(each.by) for each in erasure.signatures}) < len(
        signers
    ):
        raise RefusedError("same_key", "an erasure needs two people: one signed it twice")
    if _plain(erasure.signatures[0].by) != _plain(erasure.statement.by):
        raise RefusedError("bad_signature", "who asks for an erasure signs it first")
    return signers


def _signer(
    statement: ErasureStatement, signature: ErasureSignature, trusted: TrustedKeys, *, at: datetime
) -> TrustedKey:
    key = trusted.get(signature.key)
    if key is None or key.role != "eraser" or (key.until is not None and at >= key.until):
        raise RefusedError("untrusted_key", f"key {signature.key} is not trusted as eraser")
    try:
        made = base64.b64decode(signature.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(key.raw).verify(made, _signed(statement, signature.by))
    except (InvalidSignature, ValueError):
        raise RefusedError("bad_signature", f"the signature of {key.name} is for something else") from None
    return key


def _plain(name: str) -> str:
    return name.strip().casefold()


def _signed(statement: ErasureStatement, by: str) -> bytes:
    document = {"statement": statement.model_dump(mode="json"), "by": by}
    return _DOMAIN + json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
