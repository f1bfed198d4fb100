"""The keys of whoever is at a terminal, from the environment or from files; each command asks for those it needs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from onward.cli.errors import misused
from onward.cli.secrets import given_secret

if TYPE_CHECKING:
    from onward.chassis.security.envelope import Use
    from onward.chassis.security.mending import MendingKey
    from onward.chassis.security.wrapping import WrappingKeys

T = TypeVar("T")

ID_KEY = "ONWARD_ID_KEY"
MENDING_KEY = "ONWARD_MENDING_KEY"


def id_key() -> bytes:
    """The key that ids are made with, and read."""
    from onward.chassis.secret_values import keys_in

    return _read("id_key", keys_in)[0]


def id_key_if_given() -> bytes | None:
    """As `id_key`; None where none is set."""
    return id_key() if given_secret("id_key") else None


def mending_keys() -> "tuple[MendingKey, ...]":
    """The keys that open what is parked: the newest first, with which is signed."""
    from onward.chassis.secret_values import keys_in
    from onward.chassis.security.mending import MendingKey

    return tuple(map(MendingKey, _read("mending_key", keys_in)))


def master_key() -> "WrappingKeys":
    """What persons' keys are wrapped under."""
    from onward.chassis.security.envelope import Use

    return _wrapping("master_key", Use.PERSON_KEY)


def reference_key() -> "WrappingKeys":
    """What the keys to partners' references are wrapped under."""
    from onward.chassis.security.envelope import Use

    return _wrapping("reference_key", Use.REFERENCE_KEY)


def _wrapping(name: str, use: "Use") -> "WrappingKeys":
    from onward.chassis.key_services import wrapping_keys

    token, authority = given_secret("vault_token"), os.environ.get("ONWARD_VAULT_CA_FILE")
    found = Path(authority) if authority else None
    return _read(name, lambda text: wrapping_keys(use, text, token=token, authority=found))


def pepper() -> bytes:
    """The pepper that somebody's numbers are looked up with."""
    from onward.chassis.secret_values import pepper_in

    return _read("pepper", pepper_in)


def _read(name: str, read: "Callable[[str], T]") -> T:
    variable, given = f"ONWARD_{name.upper()}", given_secret(name)
    if not given:
        misused(f"{variable} is not set: this needs the one of the installation")
    try:
        return read(given)
    except ValueError as error:
        misused(f"{variable} {error}")
