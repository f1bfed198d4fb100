"""`onward books`: what was written to each topic between services, and what was handled of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, kafka_failed, no_such
from onward.cli.render.output import visible
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.books_looking import BooksPage

books = typer.Typer(no_args_is_help=True, help="What one service wrote against what the next one handled.")
_HEAD = (
    f"{'topic':<16} {'written':>12} {'handled':>12} {'difference':>11} {'began with':>11} {'waiting':>8}  counted since"
)


@books.command("list", short_help="Every topic between services: written, handled, the difference.")
def list_(*, bootstrap: Bootstrap) -> None:
    """
    The page of every topic that one service writes and another reads, as of now.

    What is on its way is in the difference too: it counts as lost only after two minutes, and as doubled when it stays
    below what the books began with. `waiting` is what the readers' lag says, marks of transactions included.
    """
    typer.echo(_HEAD)
    for page in _look(bootstrap):
        typer.echo(visible(_line(page)))


@books.command(short_help="Let a topic's books begin anew with the difference that stands.")
def begin(topic: Annotated[str, typer.Argument(help="The topic, such as contacts.")], *, bootstrap: Bootstrap) -> None:
    """
    From here on the difference that stands counts for nothing: after counts were lost, or a fault is understood.

    Waits up to a minute for a moment at which nothing is on its way: what waits would be taken for accounted.
    """
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.processing import groups
    from onward.cli.books_looking import BooksNotQuietError, begin_anew

    if topic not in groups.booked():
        no_such("topic between services", topic, sorted(groups.booked()))
    try:
        difference = asyncio.run(begin_anew(bootstrap, topic))
    except BooksNotQuietError as error:
        failed(str(error))
    except (KafkaError, OSError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
    typer.echo(f"the books of {topic} begin with a difference of {difference}")


def _look(bootstrap: str) -> "list[BooksPage]":
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.cli.books_looking import look_once

    try:
        return asyncio.run(look_once(bootstrap))
    except (KafkaError, OSError, TimeoutError) as error:
        kafka_failed(bootstrap, error)


def _line(page: "BooksPage") -> str:
    since = f"{page.since:%Y-%m-%d %H:%M:%S}" if page.since else "-"
    return (
        f"{page.topic:<16} {page.written:>12} {page.handled:>12} {page.written - page.handled:>11} "
        f"{page.began_with:>11} {page.waiting:>8}  {since}"
    )
