"""
Secrets from files: `ONWARD_PEPPER_FILE` names a file that holds what `ONWARD_PEPPER` would.

A file is what Kubernetes, Compose and systemd hand a secret over in. What stands in the environment is inherited by
every program that a process starts, and shown by many tools.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onward.chassis.errors import ConfigurationError

PREFIX: Final = "ONWARD_"
SECRETS: Final = frozenset(
    {
        "pepper",
        "id_key",
        "master_key",
        "reference_key",
        "parking_key",
        "mending_key",
        "vault_token",
        "database_url",
        "kafka_key_password",
        "kafka_sasl_password",
        "kafka_token_client_secret",
    }
)
"""The settings that may stand in a file: those whose value opens something; and the parking key, which is public."""
_MOST_BYTES: Final = 65_536


def secret(name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """
    The secret *name*, such as `pepper`, from its variable or from the file that the variable with `_FILE` names.

    An end of line behind it is not a part of it.

    Raises:
        ConfigurationError: Both are set, or the file cannot be read; names the variable, never the value.
    """
    environ = os.environ if environ is None else environ
    variable = f"{PREFIX}{name.upper()}"
    given, file = environ.get(variable), environ.get(f"{variable}_FILE")
    if not file:
        return given or None
    if given:
        raise ConfigurationError(f"{variable} and {variable}_FILE are both set: set one")
    try:
        with Path(file).open("rb") as opened:
            held = opened.read(_MOST_BYTES + 1)
        text = held.decode().rstrip("\r\n")
    except OSError as error:
        raise ConfigurationError(f"{variable}_FILE: {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{variable}_FILE: {file} holds no text") from None
    if len(held) > _MOST_BYTES:
        raise ConfigurationError(f"{variable}_FILE: {file} is longer than {_MOST_BYTES} bytes: another file is meant")
    if not text:
        raise ConfigurationError(f"{variable}_FILE: {file} is empty")
    return text
