"""What an installation was made with: a fingerprint of each of its secrets, by which another one is noticed."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from onward.contracts.base import Message

SecretName: TypeAlias = Literal["pepper", "id-key", "master-key", "reference-key", "parking-key"]

Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SecretVersion(Message):
    """One version of a secret; the secret itself cannot be found from it, only tried."""

    version: int = Field(ge=1)
    """The first is 1."""
    status: Literal["current", "next", "previous"]
    """`next`: a change to it has begun, and whoever starts must have it beside the current one. Two at most count."""
    method: str
    """How the fingerprint follows from secret and salt: `scrypt-16384-8-1` or `hmac-sha256`."""
    salt: Hex
    fingerprint: Hex


class InstallationSecret(Message):
    """All versions of one secret of this installation."""

    secret: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,40}$")]
    """`pepper`, `id-key`, `master-key`, `reference-key` or `parking-key`; a newer release may know more."""
    versions: tuple[SecretVersion, ...] = Field(min_length=1)
