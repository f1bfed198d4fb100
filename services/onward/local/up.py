"""`onward up`: the stack and every service, until somebody says stop."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from onward.local.broker import Profile
from onward.local.errors import EndedByItselfError, LocalStackError
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack
from onward.local.topics import TopicSpec, create_topics

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_EVERY = 0.2  # seconds between two looks at whether everything still runs


def up(
    services: Sequence[ServiceSpec],
    topics: Mapping[str, TopicSpec],
    *,
    prepare: Callable[[Stack], None] | None = None,
    data: Path | None = None,
    profile: Profile = "dev",
    kafka_port: int | None = None,
    postgres_port: int | None = None,
    environ: Mapping[str, str] | None = None,
    console: Console | None = None,
) -> int:
    """
    Start the stack, the topics and the services, print their addresses, and keep them running.

    Ends on Ctrl-C, SIGTERM or SIGHUP, or when a server or service ends by itself. Everything is stopped then: services
    first, each with 20 s for a clean end.

    Args:
        services: What to run.
        topics: What to make before they start.
        prepare: Called between the two: migrations, rule sets, the directory.
        data: Directory that keeps the data for the next time; None: nothing is kept.
        profile: Kafka's, see `Stack`.
        kafka_port: A fixed port, or None for a free one.
        postgres_port: A fixed port, or None for a free one.
        environ: Variables for the stack and all services; None: those of this process.
        console: Where to print; None: standard output.

    Returns:
        The exit code: 0 when somebody said stop, 1 when something could not start or ended by itself (printed).
    """
    out = console or Console()
    variables = os.environ if environ is None else environ
    stack = Stack(
        data=data,
        profile=profile,
        kafka_port=kafka_port,
        postgres_port=postgres_port,
        environ=variables,
        console=Console(stderr=True),
    )
    try:
        with _stop_signals(), stack:
            asyncio.run(create_topics(stack.kafka_bootstrap, topics))
            if prepare is not None:
                prepare(stack)
            logs = (stack.directory if data is None else data.resolve()) / "logs"
            with Services(services, directory=logs, env={**variables, **stack.variables}) as running:
                _announce(out, stack, running, variables, logs)
                _watch(stack, running)
    except KeyboardInterrupt:
        _say(out, "Stopped.")
        return 0
    except LocalStackError as error:
        _say(out, f"onward: {error}")
        return 1


def _watch(stack: Stack, running: Services) -> NoReturn:
    """Look again and again; raises EndedByItselfError when something has ended."""
    while True:
        running.check()
        for server in stack.starts:
            code = server.exit_code()
            if code is not None:
                raise EndedByItselfError(server.name, exit_code=code, log_tail=server.log_tail())
        time.sleep(_LOOK_EVERY)


def _announce(out: Console, stack: Stack, running: Services, variables: Mapping[str, str], logs: Path) -> None:
    database = stack.database_url
    if variables.get(DATABASE_VARIABLE):
        database = _without_password(database)  # somebody else's server, somebody else's secret
    _say(out, "Everything is up.\n")
    _say(out, f"  Kafka        {stack.kafka_bootstrap}{_theirs(variables, KAFKA_VARIABLE)}")
    _say(out, f"  PostgreSQL   {database}{_theirs(variables, DATABASE_VARIABLE)}")
    for name, service in running.running.items():
        _say(out, f"  {name:<12} {service.metrics_url}")
    _say(out, f"  logs         {logs}\n")
    _say(out, "Ctrl-C stops it all.")


def _theirs(variables: Mapping[str, str], name: str) -> str:
    return f"  (existing, from {name})" if variables.get(name) else ""


def _without_password(url: str) -> str:
    parts = conninfo_to_dict(url)
    return " ".join(f"{name}={value}" for name, value in parts.items() if name != "password")


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _stop_signals() -> Generator[None]:
    """SIGTERM and SIGHUP do what Ctrl-C does; after the first, others are ignored, so that the end is clean."""
    before = {number: signal.signal(number, _interrupt) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
