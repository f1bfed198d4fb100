"""`onward up`: Kafka, PostgreSQL and every service, until Ctrl-C."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onward.local.security import StackSecurity


def up(
    *,
    data: Annotated[
        Path | None, typer.Option(help="Keep the data in this directory for the next time.", file_okay=False)
    ] = None,
    kafka_port: Annotated[
        int | None, typer.Option(metavar="PORT", help="A fixed port for Kafka.", min=1, max=65_535)
    ] = None,
    postgres_port: Annotated[
        int | None, typer.Option(metavar="PORT", help="A fixed port for PostgreSQL.", min=1, max=65_535)
    ] = None,
    http_port: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            help="Fixed ports for the services: intake has this one, people the next, and so on.",
            min=1,
            max=65_535,
        ),
    ] = None,
    address_file: Annotated[
        Path | None,
        typer.Option(
            "--addresses",
            metavar="FILE",
            help="Where to write the addresses for other programs, as JSON; in the data directory by default.",
            dir_okay=False,
        ),
    ] = None,
    secure: Annotated[
        bool,
        typer.Option(
            "--secure",
            help="Nobody comes to Kafka or PostgreSQL without TLS and a login, and each has its own rights alone.",
        ),
    ] = False,
) -> None:
    """
    Run Kafka, PostgreSQL and every service here.

    Prints their addresses and keeps them running: a service that ends is started again. Ctrl-C stops everything
    cleanly. ONWARD_KAFKA_BOOTSTRAP and ONWARD_DATABASE_URL use servers that exist already.

    --secure is how it is deployed: SASL_SSL and SCRAM, the rights of the topic files, a role for each service, and
    every process with its own credentials. It says where there is a login for everybody else.
    """
    import logging
    import os

    from onward.chassis.kafka.admin import topic_specs
    from onward.cli.rules.loading import provider_ids
    from onward.contracts.services import SERVICES
    from onward.local import deployment
    from onward.local.errors import LocalStackError

    try:
        from onward.local import addresses
        from onward.local.process import TemporaryDirectory
        from onward.local.up import up as keep_up
    except ImportError as error:
        failed(f"the local stack is not installed ({error.name} is missing): pip install 'onward[local]'")
    asked = {addresses.KAFKA: kafka_port, addresses.POSTGRES: postgres_port}
    try:
        services = {} if http_port is None else addresses.counted_from(http_port, SERVICES)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--http-port") from None
    # It says a hundred times that a broker which has just begun is not quite there.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    # Removed at the end, also when this process is killed.
    temporary = TemporaryDirectory("onward-secrets-")
    try:
        security = _secured(data.resolve() if data else temporary.path, provider_ids()) if secure else None
        environ = dict(os.environ) if secure else {**os.environ, **deployment.local_secrets(data, os.environ)}
        code = keep_up(
            deployment.service_specs(),
            topic_specs(provider_ids()),
            data=data,
            asked_ports={**{name: port for name, port in asked.items() if port is not None}, **services},
            address_file=address_file,
            environ=environ,
            security=security,
        )
    except LocalStackError as error:
        failed(str(error))
    finally:
        temporary.remove()
    raise typer.Exit(code)


def _secured(base: Path, providers: "Iterable[str]") -> "StackSecurity":
    import os

    from onward.cli import secured_stack
    from onward.local import deployment

    secured_stack.refuse_given(os.environ)
    return secured_stack.secured(base, deployment.local_secrets(base, {}), providers)
