"""`onward rules archive`."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, kafka_failed, misused
from onward.cli.render.output import as_json, number_of
from onward.cli.rules.options import AsJson
from onward.cli.topics import broker_address

if TYPE_CHECKING:
    from onward.workbench.impact.archive import ArchiveWriter, Manifest

Out = Annotated[Path, typer.Argument(metavar="OUT", help="A new folder for the archive.")]
FromKafka = Annotated[
    str | None,
    typer.Option(
        "--from-kafka",
        metavar="HOST:PORT",
        help="Everything the topic `situations` holds now.",
        callback=broker_address,
    ),
]
ShardSize = Annotated[int, typer.Option("--shard", min=1, metavar="NUMBER", help="Situations in one file.")]


def archive(out: Out, from_kafka: FromKafka = None, shard: ShardSize = 50_000, json: AsJson = False) -> None:
    """
    Keep the situations that a broker holds in files, to replay changed rules on.

    Nothing that identifies a person is kept: no sealed identity, and no partner's reference.
    """
    from onward.workbench.impact.archive import ArchiveError

    if from_kafka is None:
        misused("name the broker: --from-kafka HOST:PORT")
    try:
        written = _kept(out, from_kafka, shard)
    except ArchiveError as error:
        misused(str(error))
    except OSError as error:
        failed(f"{out}: {error.strerror}; the archive was not written")
    if json:
        as_json({"ok": True, "path": str(out), **written.model_dump(mode="json")})
    else:
        typer.echo(f"{out}: {number_of(written.situations, 'situation')} in {number_of(len(written.shards), 'file')}")


def _kept(out: Path, bootstrap: str, shard: int) -> "Manifest":
    import asyncio
    from socket import gaierror

    from aiokafka.errors import KafkaError

    from onward.workbench.impact.archive import ArchiveWriter

    writer = ArchiveWriter(out, "the topic situations", shard_size=shard)
    try:
        # A year takes its time, so there is no limit to it; a broker that is away is noticed by the client itself.
        return asyncio.run(_keep_all(writer, bootstrap))
    except (KafkaError, ConnectionError, TimeoutError, gaierror) as error:
        kafka_failed(bootstrap, error)


async def _keep_all(writer: "ArchiveWriter", bootstrap: str) -> "Manifest":
    async for body in _bodies(bootstrap):
        writer.add_json(body)
    return writer.finish()


async def _bodies(bootstrap: str) -> AsyncGenerator[bytes]:
    from onward.cli import whole_topic
    from onward.contracts import topics

    async for record in whole_topic.records(bootstrap, topics.SITUATIONS.name):
        if record.value is not None:
            yield record.value
