"""The secrets of whoever is at a terminal, held against those that the installation was made with."""

from collections.abc import Sequence

from aiokafka.errors import KafkaError

from onward.chassis.errors import ChassisError
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.secret_values import keys_in, pepper_in
from onward.chassis.security import installation
from onward.chassis.security.fingerprints import VARIABLES, Secrets
from onward.chassis.security.mending import PARKING_KEY_BYTES, MendingKey
from onward.chassis.security.transit import SCHEME
from onward.cli.errors import misused
from onward.cli.secrets import given_secret
from onward.contracts.installation import SecretName

_SECONDS = 20


def secrets_of_environment() -> Secrets | None:
    """Those that are set, None where none is; ends the command if one cannot be used."""
    values: dict[SecretName, tuple[bytes, ...]] = {}
    for name in VARIABLES:
        if (read := _given(name)) is not None:
            values[name] = read
    return Secrets(values) if values else None


def _given(name: SecretName) -> tuple[bytes, ...] | None:
    given = given_secret(name.replace("-", "_"))
    if given is None or given.startswith(SCHEME):
        return None  # what a key service keeps has no fingerprint here
    try:
        if name == "pepper":
            return (pepper_in(given),)
        return keys_in(given, size=PARKING_KEY_BYTES) if name == "parking-key" else keys_in(given)
    except ValueError as error:
        misused(f"{VARIABLES[name]} {error}")


async def note_or_compare(bootstrap: str, secrets: Secrets) -> None:
    """
    Note the fingerprints of *secrets* where none are, or compare them.

    Raises:
        ChassisError: They differ, or what is noted cannot be read.
        KafkaError, TimeoutError: the broker is away, or takes too long.
    """
    patches.install()
    await installation.check(secrets, kafka_of(bootstrap), None)


async def why_it_does_not_open(bootstrap: str, keys: Sequence[MendingKey]) -> str | None:
    """That the services park to none of these *keys*, if that is so and can be seen."""
    try:
        parking = tuple(key.parking_key.raw for key in keys)
        await installation.compare_with_topic(Secrets({"parking-key": parking}), kafka_of(bootstrap))
    except ChassisError as error:
        return str(error)
    except (KafkaError, OSError):
        return None
    return None


def kafka_of(bootstrap: str) -> installation.Kafka:
    """Where the fingerprints are."""
    return installation.Kafka(KafkaConnection.of_environment(bootstrap), "onward-cli", _SECONDS)
