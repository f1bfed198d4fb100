"""How a service is run: `run(build, Settings)` is all that its `__main__` holds."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import ValidationError

from onward.chassis.declaration import Service
from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import unusable
from onward.chassis.observability import logs
from onward.chassis.runtime import Process
from onward.chassis.settings import Settings

__all__ = ["Service", "Settings", "run"]

S = TypeVar("S", bound=Settings)


def run(build: Callable[[S], Service], settings: type[S], arguments: Sequence[str] | None = None) -> None:
    """
    Run the service that *build* makes, until it is told to stop; `--check` only builds it.

    Ends the process: 0 after a clean stop, 1 when the service cannot go on, 2 when it is not set up rightly.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if unknown := set(given) - {"--check"}:
        sys.exit(_misused(f"unknown argument {' '.join(sorted(unknown))}; there is only --check"))
    try:
        read = settings()  # pyright: ignore[reportCallIssue] - the environment gives them
        _ = read.kafka  # its files are read here, before anything runs
        service = build(read)
        check(service)
    except ValidationError as error:
        sys.exit(_misused(told(error)))
    except ConfigurationError as error:
        sys.exit(_misused(str(error)))
    if "--check" in given:
        return
    logs.configure(service.name, read.log_level)
    sys.exit(asyncio.run(Process(service).run()))


def check(service: Service) -> None:
    """
    See whether *service* is declared in a way that can run.

    Raises:
        ConfigurationError: It is not; says what to change.
    """
    patches.check()
    labels = [hop.label for hop in service.hops]
    if not labels:
        raise ConfigurationError(f"service `{service.name}` has no hop")
    if twice := {label for label in labels if labels.count(label) > 1}:
        raise ConfigurationError(f"service `{service.name}` reads {', '.join(sorted(twice))} in two hops; make it one")
    if families := sorted(name for hop in service.hops for name in hop.names if "{" in name):
        raise ConfigurationError(f"{', '.join(families)} are families: give the hop the real topics as `names`")
    if service.needs_database and service.settings.database_url is None:
        raise ConfigurationError(f"service `{service.name}` keeps state: set ONWARD_DATABASE_URL")


def told(error: ValidationError) -> str:
    """Which variables cannot be used, and why, without their values."""
    return "\n".join(["settings that cannot be used:", *(f"  {line}" for line in unusable(error))])


def _misused(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201 - for the person who starts it; the logs are not set up yet
    return 2
