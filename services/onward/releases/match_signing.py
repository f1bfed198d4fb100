"""Signatures on answers to the question whether two people are one."""

import base64
import json
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onward.contracts.matches import MatchDecision, MatchStatement
from onward.releases.signing import RefusedError, TrustedKey, TrustedKeys, key_id

_DOMAIN: Final = b"onward/match-decisions/v1/"


def sign_match(statement: MatchStatement, private: Ed25519PrivateKey) -> MatchDecision:
    """The answer with the signature of the holder of *private*."""
    signature = base64.b64encode(private.sign(_signed(statement))).decode()
    return MatchDecision(statement=statement, key=key_id(private.public_key().public_bytes_raw()), signature=signature)


def signer_of_match(decision: MatchDecision, trusted: TrustedKeys, *, at: datetime) -> TrustedKey:
    """
    Whose key signed an answer that was there *at* that time.

    Raises:
        RefusedError: `untrusted_key` or `bad_signature`.
    """
    key = trusted.get(decision.key)
    if key is None or key.role != "matcher" or (key.until is not None and at >= key.until):
        raise RefusedError("untrusted_key", f"key {decision.key} is not trusted as matcher")
    try:
        made = base64.b64decode(decision.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(key.raw).verify(made, _signed(decision.statement))
    except (InvalidSignature, ValueError):
        raise RefusedError("bad_signature", f"the signature of {key.name} is for something else") from None
    return key


def _signed(statement: MatchStatement) -> bytes:
    document = statement.model_dump(mode="json")
    return _DOMAIN + json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
