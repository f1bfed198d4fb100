"""`onward up`: Kafka, PostgreSQL and every service, until Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.failing import failed


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
) -> None:
    """
    Run Kafka, PostgreSQL and every service here.

    Prints their addresses and keeps them running; Ctrl-C stops everything cleanly. ONWARD_KAFKA_BOOTSTRAP and
    ONWARD_DATABASE_URL use servers that exist already.
    """
    import os

    from onward.cli.directory import provider_ids
    from onward.local import deployment
    from onward.local.errors import LocalStackError

    try:
        from onward.local.up import up as keep_up

        environ = {**os.environ, **deployment.local_secrets(data, os.environ)}
    except ImportError as error:
        failed(f"the local stack is not installed ({error.name} is missing): pip install 'onward[local]'")
    except LocalStackError as error:
        failed(str(error))
    raise typer.Exit(
        keep_up(
            deployment.service_specs(),
            deployment.topic_specs(provider_ids()),
            data=data,
            kafka_port=kafka_port,
            postgres_port=postgres_port,
            environ=environ,
        )
    )
