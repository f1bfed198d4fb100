"""Who may say which rules count: keys, signatures, and what makes a signed statement good enough."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from onward.contracts.base import Moment, Written
from onward.contracts.ruleset import Release, Role, Signature, Statement
from onward.diagnostics import yaml_tree
from onward.diagnostics.yaml_values import value_of

REASONS: Final = (
    "unreadable",
    "wrong_key",
    "unsigned",
    "untrusted_key",
    "same_key",
    "bad_signature",
    "stale",
    "repeated",
    "gap",
    "made_anew",
    "not_the_one_before",
    "content_missing",
    "content_altered",
    "unloadable",
    "handler_error",
)
"""Why something on the topic of rule sets does not count."""

_DOMAIN: Final = b"onward/rulesets/v1/"
_PUBLIC_BYTES: Final = 32
_PRIME: Final = 2**255 - 19
_ORDER_8: Final = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
_WEAK: Final = frozenset({0, 1, _PRIME - 1, *(int.from_bytes(bytes.fromhex(each), "little") for each in _ORDER_8)})
"""Points of small order: for a key made of one, such as 32 zeros in an example, anybody can make signatures."""


class RefusedError(Exception):
    """Something on the topic of rule sets does not count. *reason* is one of `REASONS`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class KeyFileError(ValueError):
    """The file of trusted keys cannot be used."""


def _public(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("must be base64, as `onward rules keys new` prints it") from None
    if len(raw) != _PUBLIC_BYTES:
        raise ValueError(f"must be 32 bytes, not {len(raw)}; copy what `onward rules keys new` prints")
    if int.from_bytes(raw, "little") % 2**255 % _PRIME in _WEAK:
        raise ValueError("is no key: anybody can sign for it; copy what `onward rules keys new` prints")
    return text


class TrustedKey(Written):
    """A key that may sign, as it stands in the file of trusted keys."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,60}$")]
    """What its holder does, such as `rules-author-1`; never a person's name. Nobody holds two."""
    role: Role | Literal["matcher", "eraser", "auditor"]
    """
    What it may sign: rules, as `author` or `approver`; as `matcher`, whether two people are one; as `eraser`, that a
    person is erased; as `auditor`, what stood on the audit chains.
    """
    public: Annotated[str, AfterValidator(_public)]
    """Base64 of the 32 bytes."""
    until: Moment | None = None
    """The key was given up then: what the broker appended from then on does not count, what was before still does."""

    @property
    def raw(self) -> bytes:
        """The public key's 32 bytes."""
        return base64.b64decode(self.public)

    @property
    def id(self) -> str:
        """How signatures name it."""
        return key_id(self.raw)


class _KeyFile(Written):
    schema_: str = Field(alias="schema", pattern="^rule-keys/v1$")
    keys: tuple[TrustedKey, ...]


TrustedKeys = Mapping[str, TrustedKey]
"""Every key that may sign, by its id."""


def trusted_keys(content: bytes) -> TrustedKeys:
    """
    The keys that a file names.

    Raises:
        KeyFileError: It is not such a file, or names a key or a holder twice.
    """
    text = yaml_tree.read("trusted keys", content)
    if text.problems:
        raise KeyFileError("it is not plain YAML: " + "; ".join(map(str, text.problems)))
    try:
        read = _KeyFile.model_validate(None if text.root is None else value_of(text.root))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        raise KeyFileError("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults)) from None
    found = {key.id: key for key in read.keys}
    if len(found) < len(read.keys) or len({key.name for key in read.keys}) < len(read.keys):
        raise KeyFileError("a key or a name stands in it twice; every holder has one key and a name of their own")
    return found


def key_id(public: bytes) -> str:
    """The short name of a public key: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def canonical(statement: Statement) -> bytes:
    """The one way to write a statement: JSON with sorted keys and no spaces, in UTF-8."""
    document = statement.model_dump(mode="json")
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(statement: Statement) -> str:
    """What a release is called: the SHA-256 of its statement."""
    return hashlib.sha256(canonical(statement)).hexdigest()


def release_key(release: Release) -> str:
    """The record key of a release: its own, so that compaction never takes one away for another."""
    return f"release/{digest(release.statement)}"


def sign(statement: Statement, role: Role, private: Ed25519PrivateKey) -> Signature:
    """The signature of the holder of *private*, acting as *role*. It is good for that role and statement only."""
    made = private.sign(_signed(statement, role))
    public = private.public_key().public_bytes_raw()
    return Signature(role=role, key=key_id(public), signature=base64.b64encode(made).decode())


def _signed(statement: Statement, role: Role) -> bytes:
    return _DOMAIN + role.encode() + b"\n" + canonical(statement)


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose keys signed a release."""

    author: TrustedKey | None
    approver: TrustedKey | None

    @property
    def are_two(self) -> bool:
        """An author, and somebody else who approved."""
        return self.author is not None and self.approver is not None


def signers(release: Release, trusted: TrustedKeys, *, at: datetime | None) -> Signers:
    """
    Whose keys signed *release*, which was there *at* that time (None: whenever); every signature it carries is good.

    A new live bundle needs an author and an approver; whether a rollback may do with one is for `Releases` to say;
    a shadow refers nobody and needs one.

    Raises:
        RefusedError: `unsigned`, `untrusted_key`, `same_key` or `bad_signature`.
    """
    found: dict[Role, TrustedKey] = {}
    for signature in release.signatures:
        key = trusted.get(signature.key)
        if key is None or key.role != signature.role or (at and key.until and at >= key.until):
            raise RefusedError("untrusted_key", f"key {signature.key} is not trusted as {signature.role}")
        if not _is_good(signature, key, release.statement):
            raise RefusedError("bad_signature", f"the signature of {key.name} is for something else")
        if signature.role in found:
            raise RefusedError("same_key", f"two signatures of one {signature.role}")
        found[signature.role] = key
    signed = Signers(found.get("author"), found.get("approver"))
    if not found or (release.statement.action == "publish" and not signed.are_two):
        raise RefusedError("unsigned", "a signature is missing: an author proposes, an approver approves")
    return signed


def _is_good(signature: Signature, key: TrustedKey, statement: Statement) -> bool:
    try:
        made = base64.b64decode(signature.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(key.raw).verify(made, _signed(statement, signature.role))
    except (InvalidSignature, ValueError):
        return False
    return True
