"""What the commands of `onward parked` have in common: which records, and how a broker that is away is told."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from onward.cli.errors import failed, kafka_failed, misused, no_such

if TYPE_CHECKING:
    from datetime import datetime

    from onward.cli.parked_topic import RecordPosition, Wanted

T = TypeVar("T")

OneService = Annotated[
    str | None, typer.Argument(metavar="[SERVICE]", help="The service that parked, such as intake; all by default.")
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="CODE", help="Parked for this reason only.")]
Partner = Annotated[
    str | None, typer.Option("--partner", metavar="NAME", help="Sent by this source or provider only, such as hmpps.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Parked then or later; ISO 8601, London time if it does not say."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Parked before then.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, one object a line, for programs.")]


def services(service: str | None) -> list[str]:
    """The service that was named, or all in the order of the flow."""
    from onward.contracts.services import SERVICES

    if service is not None and service not in SERVICES:
        no_such("service", service, SERVICES)
    return [*SERVICES] if service is None else [service]


def asked_for(reason: str | None, partner: str | None, since: str | None, until: str | None) -> "Wanted":
    """The parked records that the filters leave."""
    from onward.cli.parked_topic import Wanted

    return Wanted(reason, partner, _moment("--since", since), _moment("--until", until))


def _moment(option: str, text: str | None) -> "datetime | None":
    from onward.calendar.times import read_moment

    if text is None:
        return None
    moment = read_moment(text)
    if moment is None:
        misused(f"{option} is not a time; write one such as 2026-03-02T09:30 or 2026-03-02T09:30:00Z")
    return moment


def place_of(text: str) -> "RecordPosition":
    """The place of a parked record, as `onward parked list` shows it."""
    from onward.chassis.processing.parking import topic_of
    from onward.cli.parked_topic import place
    from onward.contracts.services import SERVICES

    where = place(text)
    if where is None or where.topic not in {topic_of(service) for service in SERVICES}:
        misused("PLACE is where a record is parked, as `onward parked list` shows it, such as parked.intake/0/17")
    return where


def done(bootstrap: str, work: Coroutine[Any, Any, T]) -> T:
    """What *work* gives; a broker that is away ends the command with exit code 1."""
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.kafka.producers import is_overtaken
    from onward.cli.parked_topic import UnreadableNoteError

    try:
        return asyncio.run(work)
    except UnreadableNoteError as error:
        failed(str(error))
    except (KafkaError, TimeoutError) as error:
        if is_overtaken(error):
            failed(
                "somebody else has begun to send back what the same service parked, and goes on alone: nothing goes "
                "back twice. Look at `onward parked list` when that is done"
            )
        kafka_failed(bootstrap, error)
