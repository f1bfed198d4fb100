"""`onward topics`: makes the topics of a deployment on a cluster that exists already."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, kafka_failed, misused
from onward.cli.render.output import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onward.chassis.kafka.admin import TopicSpec
    from onward.chassis.security.fingerprints import Secrets
    from onward.cli.offsets.shapes import HopTopics
    from onward.releases.contents import Files

_PORTS = range(1, 65_536)


def broker_address(given: str | None) -> str | None:
    """What was typed as a broker's address, if it and how we connect can be used: nothing was begun if not."""
    from aiokafka.conn import collect_hosts

    from onward.chassis.errors import ConfigurationError
    from onward.chassis.kafka.connection import KafkaConnection

    try:
        ports = [port for _, port, _ in collect_hosts(given)] if given else []
    except ValueError:
        ports = [0]
    if any(port not in _PORTS for port in ports):
        raise typer.BadParameter(f"`{visible(given or '')}` is no address; write HOST:PORT")
    if given:
        try:
            KafkaConnection.of_environment(given)
        except ConfigurationError as error:
            misused(str(error))
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
    directory: Annotated[
        Path | None,
        typer.Option(help="Whose providers get topics; the project's own directory by default.", file_okay=False),
    ] = None,
    proposal: Annotated[
        Path | None,
        typer.Option(help="The directory of this proposal instead, before it is published.", dir_okay=False),
    ] = None,
    only_list: Annotated[bool, typer.Option("--list", help="Only say which there would be.")] = False,
) -> None:
    """
    Make the topics that a Kafka cluster lacks, and the partitions that topics lack.

    Those of `schemas/topics/`, with one of each family for every source, provider and service. Topics that exist keep
    their settings: it is safe to run again. Partitions are added to a topic that services of ours write only while
    nobody writes and all of it was read (ONWARD_DATABASE_URL says how far people and tracking are).

    The directory is put on `rulesets`, which makes nothing live: what was decided with it can then be delivered by
    services of any image. That of a --proposal is not: `onward rules publish` sends it.

    Of the secrets that are set, such as ONWARD_PARKING_KEY, the fingerprints are noted on the topic `installation`, or
    compared with what is noted there.
    """
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.errors import ChassisError
    from onward.chassis.kafka.admin import topic_specs
    from onward.cli.installed_secrets import secrets_of_environment
    from onward.cli.offsets.adding import TopicNotQuietError
    from onward.cli.offsets.shapes import shape_of
    from onward.cli.rules.loading import the_directory
    from onward.cli.rules.releases.proposals import proposed_directory
    from onward.contracts.services import SERVICES
    from onward.directory import files as directory_files
    from onward.releases.contents import TooLargeError

    if directory is not None and proposal is not None:
        misused("--directory and --proposal both say whose providers get topics: name one")
    secrets = None if only_list else secrets_of_environment()
    providers = sorted((the_directory(directory) if proposal is None else proposed_directory(proposal)).providers)
    specs = topic_specs(providers, replication_factor=replication)
    shapes = [shape_of(service, providers) for service in SERVICES]
    if only_list:
        _list(specs)
        return
    files = None if proposal is not None else directory_files.read_files(directory)
    try:
        asyncio.run(_make(bootstrap, specs, shapes, files, secrets))
    except (ChassisError, TopicNotQuietError, TooLargeError) as error:
        failed(str(error))
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)


async def _make(
    bootstrap: str,
    specs: "Mapping[str, TopicSpec]",
    shapes: "Sequence[HopTopics]",
    directory: "Files | None",
    secrets: "Secrets | None",
) -> None:
    """Make what is lacking, in the order in which services need it, and say what each step did."""
    from onward.chassis.kafka.admin import create_topics
    from onward.chassis.kafka.connection import KafkaConnection
    from onward.chassis.releases.shipping import put_directory
    from onward.cli.installed_secrets import note_or_compare
    from onward.cli.offsets.adding import add_partitions
    from onward.cli.offsets.looking import forgotten
    from onward.cli.secrets import given_secret

    for topic in await add_partitions(bootstrap, specs, shapes, database_url=given_secret("database_url")):
        typer.echo(f"{topic}: partitions added")
    await create_topics(bootstrap, specs)
    _list(specs)
    if directory is not None:
        await put_directory(KafkaConnection.of_environment(bootstrap), directory)
    if secrets is not None:
        await note_or_compare(bootstrap, secrets)
    for each in await forgotten(bootstrap, shapes):
        service = each.group.partition(".")[0]
        told = f"{service} has no offset in {each.place}, which has records: it will refuse to begin there"
        typer.echo(f"onward: {told}. `onward offsets recover {service}` says more", err=True)


def _list(specs: "Mapping[str, TopicSpec]") -> None:
    for name, spec in sorted(specs.items()):
        typer.echo(f"{name:<50} {spec.partitions:>3} partitions")
