"""Checkpoints: what stood on every chain at one moment, signed with a key of its own."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onward.audit.chain import canonical
from onward.contracts.audit import AuditCheckpoint
from onward.releases.signing import RefusedError, TrustedKeys, key_id

_DOMAIN: Final = b"onward/audit-checkpoint/v1/"
ROLE: Final = "auditor"
"""The role of the key, among the trusted ones, that signs checkpoints and nothing else."""


def sign(statement: Mapping[str, Any], private: Ed25519PrivateKey) -> bytes:
    """The bytes of a checkpoint, signed: *statement* is all of an `AuditCheckpoint` but `key` and `signature`."""
    key = key_id(private.public_key().public_bytes_raw())
    # Made as a checkpoint first: what is signed is what whoever reads it takes from it.
    draft = AuditCheckpoint.model_validate({**statement, "key": key, "signature": "0" * 128})
    signature = private.sign(_signed(draft)).hex()
    return content(draft.model_copy(update={"signature": signature}))


def content(checkpoint: AuditCheckpoint) -> bytes:
    """The one way to write a checkpoint."""
    return canonical(checkpoint.model_dump(mode="json"))


def check(checkpoint: AuditCheckpoint, trusted: TrustedKeys) -> None:
    """
    See that an auditor's key signed *checkpoint*, before that key was given up.

    Raises:
        RefusedError: `untrusted_key` or `bad_signature`.
    """
    key = trusted.get(checkpoint.key)
    if key is None or key.role != ROLE or (key.until is not None and checkpoint.at >= key.until):
        raise RefusedError("untrusted_key", f"key {checkpoint.key} is not trusted as {ROLE}")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(bytes.fromhex(checkpoint.signature), _signed(checkpoint))
    except InvalidSignature:
        raise RefusedError("bad_signature", f"the signature of {key.name} is for something else") from None


def _signed(checkpoint: AuditCheckpoint) -> bytes:
    return _DOMAIN + canonical(checkpoint.model_dump(mode="json", exclude={"signature"}))
