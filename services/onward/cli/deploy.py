"""`onward deploy`: what a deployment needs beside its image: secrets, and rights on Kafka."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, kafka_failed, misused
from onward.cli.topics import broker_address

if TYPE_CHECKING:
    from onward.deployment.access import Principal

deploy = typer.Typer(no_args_is_help=True, help="Secrets and rights of a deployment.")


class RightsForm(StrEnum):
    """As what rights are printed."""

    KAFKA_ACLS = "kafka-acls"
    STRIMZI_USERS = "strimzi-users"
    STRIMZI_TOPICS = "strimzi-topics"
    JSON = "json"


@deploy.command(short_help="Who may do what on Kafka, of your own directory; with --apply, give it.")
def rights(
    *,
    form: Annotated[RightsForm, typer.Option("--as", help="In which form they are printed.")] = RightsForm.JSON,
    directory: Annotated[
        Path | None,
        typer.Option(help="Whose providers have rights; the project's own directory by default.", file_okay=False),
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Give them on the cluster, as an administrator.")] = False,
    bootstrap: Annotated[
        str | None,
        typer.Option(envvar="ONWARD_KAFKA_BOOTSTRAP", help="For --apply: a broker.", callback=broker_address),
    ] = None,
) -> None:
    """
    Who may do what on Kafka, and how much of it: services, partners, providers, people and tools.

    They follow from schemas/topics/, the directory and the list of services, as the files of deploy/kafka/ do. Where
    your area has a directory of its own, name it. --apply adds what is missing and takes nothing away.
    """
    from onward.contracts import topics
    from onward.contracts.services import SERVICES
    from onward.deployment.access import principals
    from onward.deployment.kafka_acls import acl_script, kafka_topics, kafka_users, rights_json

    providers = _providers(directory)
    everybody = principals(topics.files(), providers)
    if apply:
        _apply(bootstrap or misused("--apply needs a broker: set ONWARD_KAFKA_BOOTSTRAP"), everybody)
        return
    printed = {
        RightsForm.KAFKA_ACLS: lambda: acl_script(everybody),
        RightsForm.STRIMZI_USERS: lambda: kafka_users(everybody),
        RightsForm.STRIMZI_TOPICS: lambda: kafka_topics(topics.expand(providers, SERVICES)),
        RightsForm.JSON: lambda: rights_json(everybody),
    }
    typer.echo(printed[form]())


def _providers(directory: Path | None) -> list[str]:
    from onward.cli.rules.loading import the_directory

    return sorted(the_directory(directory).providers)


def _apply(bootstrap: str, everybody: "tuple[Principal, ...]") -> None:
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.kafka.connection import KafkaConnection
    from onward.chassis.kafka.rights import give, limit

    kafka = KafkaConnection.of_environment(bootstrap)
    quotas = {each.name: each.quota.settings for each in everybody if each.quota is not None}

    async def work() -> int:
        given = await give(kafka, rows)
        await limit(kafka, quotas)
        return given

    rows = [
        (each.name, right.kind, right.name, right.prefixed, right.operation)
        for each in everybody
        for right in each.rights
    ]
    try:
        given = asyncio.run(work())
    except (KafkaError, TimeoutError, OSError) as error:
        kafka_failed(bootstrap, error)
    typer.echo(f"{given} rights of {len(everybody)} principals and {len(quotas)} quotas: given")


@deploy.command(short_help="Make the secrets of a deployment on one machine.")
def secrets(
    folder: Annotated[Path, typer.Argument(help="Where they go; not there yet, or empty.", file_okay=False)],
    *,
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name or address by which partners know the broker; may be repeated."),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="Whose providers have a login; the project's own by default.", file_okay=False)
    ] = None,
) -> None:
    """
    Make an authority and its certificates, a password for everybody, pepper and master key, and the auditor's key.

    As deploy/compose.yaml reads them. Nothing is printed and nothing written over: data that was made with a pepper or
    a master key is worthless without it. Take authority/ca.key away to a safe place, and a copy of all of it.
    """
    from onward.chassis import clock
    from onward.contracts import topics
    from onward.deployment.access import principals
    from onward.deployment.secrets import SecretsExistError, make

    names = [each.name for each in principals(topics.files(), _providers(directory))]
    try:
        make(folder, names, hosts=host or [], now=clock.now())
    except SecretsExistError as error:
        misused(str(error))
    except OSError as error:
        failed(f"{folder} cannot be written: {error.strerror}")
    typer.echo(f"{folder}: made. Keep a copy elsewhere, and take authority/ca.key away")
