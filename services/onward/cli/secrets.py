"""The secrets that a command is given, in the environment or in files."""

from onward.chassis.errors import ConfigurationError
from onward.chassis.secret_files import secret
from onward.cli.errors import misused


def given_secret(name: str) -> str | None:
    """The secret *name*, such as `master_key`; ends the command where its file cannot be used."""
    try:
        return secret(name)
    except ConfigurationError as error:
        misused(str(error))
