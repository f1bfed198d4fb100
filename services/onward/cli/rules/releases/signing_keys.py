"""Private keys in files of their owners, and the file of trusted public keys, for commands."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from onward.cli.errors import failed, misused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from onward.contracts.ruleset import Role
    from onward.releases.signing import TrustedKey, TrustedKeys

PASSPHRASE_VARIABLE = "ONWARD_KEY_PASSPHRASE"  # noqa: S105 - where it is, not what it is

_OTHERS = 0o077
_OTHERS_OF_HANDED_OVER = 0o027
"""Of a file that is somebody else's: its group may read it, and nothing more."""

MyKey = Annotated[
    Path, typer.Option("--key", envvar="ONWARD_MY_RULE_KEY", help="Your private key.", exists=True, dir_okay=False)
]
Trusted = Annotated[
    Path,
    typer.Option("--keys", envvar="ONWARD_RULE_KEYS", help="The trusted public keys.", exists=True, dir_okay=False),
]


def write_private(path: Path, private: "Ed25519PrivateKey") -> None:
    """
    Write a private key, readable by its owner only; under the passphrase of the environment if there is one.

    Raises:
        OSError: It cannot be written, or is there already.
    """
    from cryptography.hazmat.primitives import serialization as forms

    phrase = _passphrase()
    sealing = forms.BestAvailableEncryption(phrase) if phrase else forms.NoEncryption()
    text = private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, sealing)
    # O_EXCL: a key that was lost by writing over it cannot be had again.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)


def read_private(path: Path) -> "Ed25519PrivateKey":
    """The private key in a file; ends the command with exit code 2 if there is none that can be used."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    phrase = _passphrase()
    try:
        held = path.stat()
        # Kubernetes, Compose and systemd hand over a file of root's, and let the process in by its group or an ACL.
        if held.st_mode & (_OTHERS if held.st_uid == os.geteuid() else _OTHERS_OF_HANDED_OVER):
            misused(f"{path} can be read by others, who could sign as you: `chmod 600 {path}`")
        private = load_pem_private_key(path.read_bytes(), phrase)
    except TypeError:
        # The library's way to say that one of the two, the key or the passphrase, lacks the other.
        way = "has no passphrase: unset" if phrase else "has a passphrase: put it into"
        misused(f"the key in {path} {way} {PASSPHRASE_VARIABLE}")
    except (OSError, ValueError, UnsupportedAlgorithm):
        misused(f"{path} holds no key that can be read; if it has a passphrase, put it into {PASSPHRASE_VARIABLE}")
    if not isinstance(private, Ed25519PrivateKey):
        misused(f"{path} holds a key of another kind; make one with `onward rules keys new`")
    return private


def _passphrase() -> bytes | None:
    return os.fsencode(os.environ.get(PASSPHRASE_VARIABLE, "")) or None


def read_trusted(path: Path) -> "TrustedKeys":
    """The trusted keys; ends the command with exit code 2 if the file cannot be used."""
    from onward.releases.signing import KeyFileError, trusted_keys

    try:
        return trusted_keys(path.read_bytes())
    except (OSError, KeyFileError) as error:
        misused(f"the trusted keys in {path} cannot be used: {error}")


@dataclass(frozen=True)
class Signer:
    """Who signs, and whom they trust."""

    private: "Ed25519PrivateKey"
    key: "TrustedKey"
    """What the trusted keys say of it."""
    trusted: "TrustedKeys"


def signer(
    private: Path, trusted: Path, *, role: "Role | Literal['matcher', 'eraser', 'auditor'] | None" = None
) -> Signer:
    """
    The holder of a private key.

    Ends the command with exit code 2 if a file cannot be used, and with 1 if the key is not trusted, or not as *role*.
    """
    from onward.chassis import clock
    from onward.releases.signing import key_id

    keys, key = read_trusted(trusted), read_private(private)
    known = keys.get(key_id(key.public_key().public_bytes_raw()))
    if known is None:
        failed("your key is not among the trusted ones; have the line that `keys new` printed added to them")
    if known.until is not None and clock.epoch() >= known.until.timestamp():
        failed(
            f"`{known.name}` was given up on {known.until:%Y-%m-%d %H:%M}; make another with `onward rules keys new`"
        )
    if known.role != role and (role is not None or known.role in ("matcher", "eraser", "auditor")):
        failed(f"`{known.name}` may sign as {known.role} only; this needs the key of the role {role or 'author'}")
    return Signer(key, known, keys)
