"""`onward up`: the stack and every service, until somebody says stop."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from onward.chassis.errors import ChassisError
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.releases.shipping import put_directory
from onward.contracts.topics import RULESETS
from onward.directory import files as directory_files
from onward.local import addresses, ports
from onward.local.addresses import Addresses
from onward.local.broker import Profile
from onward.local.errors import AddressFileError, EndedByItselfError, LocalStackError
from onward.local.security import StackSecurity
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, LOGS, Stack
from onward.local.supervision import Supervisor

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_EVERY = 0.2  # seconds between two looks at whether everything still runs


def up(
    services: Sequence[ServiceSpec],
    topics: Mapping[str, TopicSpec],
    *,
    prepare: Callable[[Stack], None] | None = None,
    data: Path | None = None,
    profile: Profile = "dev",
    asked_ports: Mapping[str, int] | None = None,
    address_file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    console: Console | None = None,
    security: StackSecurity | None = None,
) -> int:
    """
    Start the stack, the topics and the services, tell their addresses, and keep them running.

    A service that ends by itself is started again, see `Supervisor`. Ends on Ctrl-C, SIGTERM or SIGHUP, or when a
    server ends by itself. Everything is stopped then: services first, each with 20 s for a clean end.

    Args:
        services: What to run.
        topics: What to make before they start.
        prepare: Called between the two: migrations, rule sets, the directory.
        data: Directory that keeps the data and the ports for the next time; None: nothing is kept.
        profile: Kafka's, see `Stack`.
        asked_ports: Fixed ports, by `addresses.KAFKA`, `addresses.POSTGRES` or the name of a service.
        address_file: Where to write `Addresses` for other programs once all is ready; removed at the end. None: in the
            data directory, or in the temporary one.
        environ: Variables for the stack and all services; None: those of this process.
        console: Where to print; None: standard output.
        security: With it nobody comes to the servers without TLS and a login, and each service has its own alone.

    Returns:
        The exit code: 0 when somebody said stop, 1 when something could not start or a server ended by itself
        (printed, with the place where the logs are kept).
    """
    out = console or Console()
    variables = os.environ if environ is None else environ
    kept = {} if data is None else addresses.kept_ports(data)
    names = [addresses.KAFKA, addresses.POSTGRES, *(spec.name for spec in services)]
    wanted = addresses.wanted_ports(names, asked_ports or {}, kept)
    stack = Stack(
        data=data,
        profile=profile,
        kafka_port=wanted.get(addresses.KAFKA),
        postgres_port=wanted.get(addresses.POSTGRES),
        environ=variables,
        console=Console(stderr=True),
        keep_logs=True,
        security=security,
    )
    connect = KafkaConnection.of_environment if security is None else security.admin
    try:
        with _stop_signals(), stack:
            kafka = connect(stack.kafka_bootstrap)
            asyncio.run(create_topics(kafka, topics))
            if data is not None and RULESETS.name in topics:
                # The next time the directory may be another, and what waits for approval names this one.
                asyncio.run(put_directory(kafka, directory_files.read_files()))
            if security is not None:
                security.prepare(stack)
            if prepare is not None:
                prepare(stack)
            base = stack.directory if data is None else data.resolve()
            specs = [replace(spec, http_port=wanted.get(spec.name, spec.http_port)) for spec in services]
            shared = {**variables, **stack.variables}
            if security is not None:
                shared = {**variables, KAFKA_VARIABLE: stack.kafka_bootstrap}
                specs = [replace(spec, env={**spec.env, **security.environment(spec.name, stack)}) for spec in specs]
            with Services(specs, directory=base / LOGS, env=shared) as running:
                if data is not None:
                    addresses.keep_ports(data, _ports(stack, running))
                found = _addresses(stack, running, variables, base / LOGS)
                with _told(address_file or base / addresses.FILE, found) as file:
                    _announce(out, found, file, variables)
                    _keep_up(out, stack, running)
    except KeyboardInterrupt:
        _say(out, "Stopped.")
        return 0
    except (LocalStackError, ChassisError) as error:
        _say(out, f"onward: {error}")
        if stack.kept_logs is not None:
            _say(out, f"The logs are kept in {stack.kept_logs}")
        return 1


def _keep_up(out: Console, stack: Stack, running: Services) -> NoReturn:
    """Look again and again; raises EndedByItselfError when a server has ended."""
    supervisor = Supervisor(running.running, lambda text: _say(out, text))
    while True:
        for server in stack.starts:
            code = server.exit_code()
            if code is not None:
                raise EndedByItselfError(server.name, exit_code=code, log_tail=server.log_tail())
        supervisor.look()
        time.sleep(_LOOK_EVERY)


def _ports(stack: Stack, running: Services) -> dict[str, int]:
    """The ports of all that this stack runs itself."""
    servers = {server.name: server.port for server in stack.starts}
    postgres = stack.database_port if "PostgreSQL" in servers else None
    ours = {addresses.KAFKA: servers.get("Kafka"), addresses.POSTGRES: postgres}
    found = {name: port for name, port in ours.items() if port is not None}
    return {**found, **{name: service.port for name, service in running.running.items()}}


def _addresses(stack: Stack, running: Services, variables: Mapping[str, str], logs: Path) -> Addresses:
    database = stack.database_url
    if variables.get(DATABASE_VARIABLE):
        database = _without_password(database)  # somebody else's server, somebody else's secret
    services = {name: service.url for name, service in running.running.items()}
    if stack.security is None:
        return Addresses(stack.kafka_bootstrap, database, services, logs)
    # Nobody needs the superuser: each role has an address of its own.
    database = f"{ports.HOST}:{stack.database_port}"
    return Addresses(stack.kafka_bootstrap, database, services, logs, stack.security.folder)


@contextmanager
def _told(file: Path, found: Addresses) -> Generator[Path]:
    """The addresses stand in *file* for as long as the block lasts."""
    path = file.resolve()
    try:
        addresses.write(path, found.document())
    except OSError as error:
        raise AddressFileError(path, error) from None
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _announce(out: Console, found: Addresses, file: Path, variables: Mapping[str, str]) -> None:
    _say(out, "Everything is up.\n")
    _say(out, f"  Kafka        {found.kafka}{_theirs(variables, KAFKA_VARIABLE)}")
    _say(out, f"  PostgreSQL   {found.postgres}{_theirs(variables, DATABASE_VARIABLE)}")
    for name, base in found.services.items():
        _say(out, f"  {name:<12} {base}/metrics")
    _say(out, f"  logs         {found.logs}")
    if found.secrets is not None:
        _say(
            out,
            f"  logins       {found.secrets}/logins  (`. FILE` before a command, and it comes in as that principal)",
        )
    _say(out, f"  addresses    {file}  (for programs; removed at the end)\n")
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
