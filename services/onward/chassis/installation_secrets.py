"""The secrets of an installation: what they are called, and new ones."""

import base64
import secrets
from typing import Final

from onward.chassis.secret_values import KEY_BYTES
from onward.chassis.security.mending import MendingKey

NAMES: Final = ("pepper", "id-key", "master-key", "reference-key", "mending-key", "parking-key")
"""All of them; the last is public, and follows from the one before."""


def new(name: str) -> str:
    """A new secret of this name, as its file holds it; of the parking key there is none without its mending key."""
    if name == "pepper":
        return secrets.token_urlsafe(48)
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parking_key_of(mending_key: str) -> str:
    """
    The public key that follows from a mending key, as its file holds it.

    Raises:
        ValueError: It is no key.
    """
    secret = base64.b64decode(mending_key, validate=True)
    return base64.b64encode(MendingKey(secret).parking_key.raw).decode()


def made_up() -> dict[str, str]:
    """New ones, by name."""
    made = {name: new(name) for name in NAMES[:-1]}
    return {**made, "parking-key": parking_key_of(made["mending-key"])}
