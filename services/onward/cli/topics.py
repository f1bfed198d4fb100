"""`onward topics`: makes the topics of a deployment on a cluster that exists already."""

from typing import Annotated

import typer

from onward.cli.failing import failed
from onward.cli.printing import visible

_PORTS = range(1, 65_536)


def broker_address(given: str | None) -> str | None:
    """What was typed as a broker's address, if the client can read it: it raises in the middle of its work if not."""
    from aiokafka.conn import collect_hosts

    try:
        ports = [port for _, port, _ in collect_hosts(given)] if given else []
    except ValueError:
        ports = [0]
    if any(port not in _PORTS for port in ports):
        raise typer.BadParameter(f"`{visible(given or '')}` is no address; write HOST:PORT")
    return given


Bootstrap = Annotated[
    str,
    typer.Option(
        "--bootstrap",
        envvar="ONWARD_KAFKA_BOOTSTRAP",
        help="Host and port of a Kafka broker.",
        callback=broker_address,
    ),
]


def topics(
    *,
    bootstrap: Bootstrap,
    replication: Annotated[int, typer.Option(metavar="NUMBER", help="Copies of each record.", min=1, max=7)] = 3,
    only_list: Annotated[bool, typer.Option("--list", help="Only say which there would be.")] = False,
) -> None:
    """
    Make the topics that a Kafka cluster lacks.

    Those of `schemas/topics/`, with one of each family for every source, provider and service. Topics that exist keep
    their settings: it is safe to run again.

    Where ONWARD_PEPPER and ONWARD_MASTER_KEY are set, their fingerprints are noted on the topic `installation`, or
    compared with what is noted there.
    """
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.errors import ChassisError
    from onward.cli.directory import provider_ids
    from onward.cli.installed_secrets import note_or_compare, secrets_of_environment
    from onward.local import deployment
    from onward.local.errors import LocalStackError
    from onward.local.topics import create_topics

    secrets = None if only_list else secrets_of_environment(bootstrap)
    specs = deployment.topic_specs(provider_ids(), replication_factor=replication)
    for name, spec in sorted(specs.items()):
        typer.echo(f"{name:<50} {spec.partitions:>3} partitions")
    if only_list:
        return
    try:
        asyncio.run(create_topics(bootstrap, specs))
        if secrets is not None:
            asyncio.run(note_or_compare(bootstrap, secrets))
    except ChassisError as error:
        failed(str(error))
    except LocalStackError as error:
        failed(str(error))
    except (KafkaError, TimeoutError) as error:
        failed(f"Kafka at {bootstrap} did not do it ({type(error).__name__}): is it up, and the address right?")
