"""`onward offsets`: the commands."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import FAILED, failed, in_a_document, kafka_failed, misused, no_such
from onward.cli.given_keys import ID_KEY, id_key_if_given
from onward.cli.secrets import given_secret
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import TypeVar

    from onward.cli.offsets.planning import PartitionPosition, Plan
    from onward.cli.offsets.shapes import HopTopics

    T = TypeVar("T")

offsets = typer.Typer(no_args_is_help=True, help="Where services stand in what they read: show it, recover it.")
_Json = Annotated[
    bool, typer.Option("--json", help="One object on standard output.", callback=in_a_document, is_eager=True)
]


@offsets.command(short_help="Every group and partition: where it stands, and whether that can be right.")
def show(
    service: Annotated[str, typer.Argument(help="Only this service.")] = "",
    *,
    bootstrap: Bootstrap,
    json: _Json = False,
) -> None:
    """
    Every group and partition: where it stands, and whether that can be right.

    Beside Kafka it asks the database for people and tracking (ONWARD_DATABASE_URL), and reads what services wrote, of
    which each message names the record it follows from (ONWARD_ID_KEY). Exit code 1: a service cannot go on.
    """
    from onward.cli.offsets import output
    from onward.contracts.services import SERVICES

    if service and service not in SERVICES:
        no_such("service", service, SERVICES)
    providers = _providers(bootstrap)
    shapes = [_shape(name, providers) for name in ([service] if service else SERVICES)]
    id_key, url = id_key_if_given(), given_secret("database_url")
    found = [each for shape in shapes if url or not shape.keeps_state for each in _look(bootstrap, shape, url, id_key)]
    left_out = [shape.service for shape in shapes if shape.keeps_state and not url]
    output.standings(found, left_out=left_out, outputs_read=id_key is not None, json=json)
    if output.is_wrong(found):
        raise typer.Exit(FAILED)


@offsets.command(short_help="Where a service should go on, from what it wrote; with --apply, set it.")
def recover(
    service: Annotated[str, typer.Argument(help="The service that refuses to go on, such as dispatch.")],
    *,
    bootstrap: Bootstrap,
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    partition: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only this partition of it.", min=0)] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Set the positions that are shown.")] = False,
    repeat_messages: Annotated[
        bool, typer.Option("--repeat-messages", help="Also where messages that were sent will be sent again.")
    ] = False,
    json: _Json = False,
) -> None:
    """
    Where a service should go on, where its position was lost or cannot be right; with --apply, set it.

    That is just after the newest record that something it wrote names as its cause, or the beginning. A service that
    keeps state goes on from its database where the topic still has that position. Nothing is set without --apply.
    """
    from onward.cli.offsets import output
    from onward.cli.offsets.planning import plan
    from onward.cli.rules.loading import provider_ids

    shape = _shape(service, provider_ids())
    id_key, url = id_key_if_given(), given_secret("database_url")
    if id_key is None:
        misused(f"what {service} wrote names its causes, sealed: set {ID_KEY} to the key of the services")
    if shape.keeps_state and not url:
        misused(f"{service} keeps its positions in PostgreSQL: set ONWARD_DATABASE_URL")
    if partition is not None and topic is None:
        misused("--partition needs --topic")
    if topic is not None and not _may_be_read(topic, shape):
        no_such(f"topic that {service} reads", topic, shape.inputs)
    shape = _shape(service, _providers(bootstrap))
    if topic is not None and topic not in shape.inputs:
        no_such(f"topic that {service} reads", topic, shape.inputs)
    found = _look(bootstrap, shape, url, id_key)
    wanted = [
        each
        for each in found
        if topic in (None, each.partition.topic) and partition in (None, each.partition.partition)
    ]
    if not wanted:
        misused(f"{topic} has no partition {partition}")
    plans = [made for each in wanted if (made := plan(each)) is not None]
    held_back = [each for each in plans if each.fault.needs_repeats and not repeat_messages]
    if apply and held_back:
        output.plans(plans, applied=False, json=json)
        failed("messages that were sent would be sent again, with the same ids: say --repeat-messages if that is meant")
    if apply and plans:
        _run(bootstrap, _apply(bootstrap, service, url, plans))
    output.plans(plans, applied=apply, json=json)


async def _apply(bootstrap: str, service: str, url: str | None, plans: "Sequence[Plan]") -> None:
    from onward.cli.offsets.applying import Applying

    applying = Applying(bootstrap, service, url)
    try:
        for each in plans:
            await applying.apply(each)
    finally:
        await applying.close()


def _may_be_read(topic: str, shape: "HopTopics") -> bool:
    """Whether *topic* is read, or may be that of a provider who was published since: only the broker knows."""
    head, dot, _ = topic.partition(".")
    return topic in shape.inputs or any(dot and each.startswith(f"{head}.") for each in shape.inputs)


def _providers(bootstrap: str) -> "Sequence[str]":
    """Those of the project's directory, and those that were published since and have topics."""
    from onward.cli.rules.loading import provider_ids
    from onward.cli.whole_topic import counts
    from onward.contracts import topics

    head = topics.REPLIES.name.partition("{")[0]
    existing = _run(bootstrap, counts(bootstrap))
    return sorted({*provider_ids(), *(each.removeprefix(head) for each in existing if each.startswith(head))})


def _shape(service: str, providers: "Sequence[str]") -> "HopTopics":
    from onward.cli.offsets.shapes import shape_of
    from onward.contracts.services import SERVICES

    if service not in SERVICES:
        no_such("service", service, SERVICES)
    return shape_of(service, providers)


def _look(bootstrap: str, shape: "HopTopics", url: str | None, id_key: bytes | None) -> "list[PartitionPosition]":
    from onward.cli.offsets.looking import standings

    return _run(bootstrap, standings(bootstrap, shape, database_url=url, id_key=id_key))


def _run(bootstrap: str, work: "Coroutine[None, None, T]") -> "T":
    import asyncio

    import psycopg
    from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

    from onward.chassis.errors import SealBrokenError
    from onward.chassis.observability.server_errors import told
    from onward.cli.offsets.applying import MovedError

    try:
        return asyncio.run(work)
    except UnknownTopicOrPartitionError as error:
        failed(str(error.args[0] if error.args else error))
    except (KafkaError, TimeoutError, OSError) as error:
        kafka_failed(bootstrap, error)
    except psycopg.Error as error:
        failed(told(error, server="PostgreSQL"))
    except SealBrokenError as error:
        failed(str(error))
    except MovedError as error:
        failed(f"{error}: a process works there; nothing was changed there. Look again")
