"""What an installation was made with: a fingerprint of each of its secrets, by which another one is noticed."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from onward.contracts.base import Message

SecretName: TypeAlias = Literal["pepper", "master-key"]

Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SecretVersion(Message):
    """One version of a secret; the secret itself cannot be found from it, only tried."""

    version: int = Field(ge=1)
    """The first is 1."""
    status: Literal["current", "previous"]
    """Today there is one version, and it is current; a rotation would keep the one before for reading."""
    method: str
    """How the fingerprint follows from secret and salt: `scrypt-16384-8-1` or `hmac-sha256`."""
    salt: Hex
    fingerprint: Hex


class InstallationSecret(Message):
    """All versions of one secret of this installation."""

    secret: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,40}$")]
    """`pepper` or `master-key`; a newer release may know more."""
    versions: tuple[SecretVersion, ...] = Field(min_length=1)
