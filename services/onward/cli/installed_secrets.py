"""The secrets of whoever is at a terminal, held against those that the installation was made with."""

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from onward.chassis.errors import ChassisError
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.runtime import invalid_settings
from onward.chassis.security import installation
from onward.chassis.security.fingerprints import VARIABLES, Secrets
from onward.chassis.settings import Settings
from onward.cli.errors import misused
from onward.cli.secrets import given_secret

_SECONDS = 20


def secrets_of_environment(bootstrap: str) -> Secrets | None:
    """Both secrets, None where neither is set; ends the command if only one is, or one cannot be used."""
    given = [variable for name, variable in VARIABLES.items() if given_secret(name.replace("-", "_"))]
    if not given:
        return None
    if len(given) == 1:
        misused(f"only {given[0]} is set; {' and '.join(VARIABLES.values())} belong together: set both, or none")
    try:
        return Secrets.of(Settings(kafka_bootstrap=bootstrap))  # pyright: ignore[reportCallIssue] - from the environment
    except ValidationError as error:
        misused(invalid_settings(error))


async def note_or_compare(bootstrap: str, secrets: Secrets) -> None:
    """
    Note the fingerprints of *secrets* where none are, or compare them.

    Raises:
        ChassisError: They differ, or what is noted cannot be read.
        KafkaError, TimeoutError: the broker is away, or takes too long.
    """
    patches.install()
    await installation.check(secrets, _kafka(bootstrap), None)


async def why_it_does_not_open(bootstrap: str, master: bytes) -> str | None:
    """That *master* is not the key of this installation, if that is so and can be seen."""
    try:
        await installation.compare_with_topic(Secrets({"master-key": master}), _kafka(bootstrap))
    except ChassisError as error:
        return str(error)
    except (KafkaError, OSError):
        return None
    return None


def _kafka(bootstrap: str) -> installation.Kafka:
    return installation.Kafka(KafkaConnection.of_environment(bootstrap), "onward-cli", _SECONDS)
