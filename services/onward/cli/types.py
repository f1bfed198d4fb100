"""`onward types`: which event types of each partner are known, and which that nobody knows have come."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.partner_topics import TopicRead, read_topics
from onward.cli.render.output import visible
from onward.cli.topics import broker_address

if TYPE_CHECKING:
    from collections import Counter

    from aiokafka import ConsumerRecord

_MOST_SHOWN = 200
"""Unknown types of one partner that are told apart; the rest are `other`."""


def types(
    *,
    source: Annotated[str | None, typer.Option(help="Only this partner, such as hmpps or custody.")] = None,
    bootstrap: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="A Kafka broker: also say which types that nobody knows are on the partners' topics.",
            callback=broker_address,
        ),
    ] = None,
    most: Annotated[
        int, typer.Option(metavar="NUMBER", help="Read at most so many records of each topic.", min=1)
    ] = 100_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.")] = False,
) -> None:
    """
    Say which event types are read and which are known and left aside.

    With --bootstrap also which types that nobody knows stand on the partners' topics, how often, and which was
    meant. Where the shape is ours such a message is parked; on a partner's own bus it is ignored and counted.
    """
    import json

    from onward.cli.asked_about import check_source
    from onward.contracts import topics

    if source is not None:
        check_source(source)
    wanted = [source] if source is not None else list(topics.sources())
    read, unknown = _look(bootstrap, wanted, most) if bootstrap else ({}, {})
    told = [_known(each) | {"unknown": _unknown(each, unknown.get(each))} for each in wanted]
    if as_json:
        typer.echo(json.dumps({"sources": told}, indent=2, ensure_ascii=False))
        return
    for name, each in zip(wanted, told, strict=True):
        for line in _words(each, read.get(name)):
            typer.echo(visible(line))


def _known(source: str) -> dict[str, Any]:
    from onward.contracts import topics
    from onward.intake.domain.event_types import ANSWERED
    from onward.intake.partners import adapters

    known = adapters()[source].catalogue
    answers = [ANSWERED] if topics.files()[f"in.{source}"].answers else []
    return {
        "source": source,
        "shape_is_ours": known.ours,
        "reads": sorted([*known.read, *answers]),
        "reads_untyped": not known.events,
        "leaves_aside": known.left_aside,
    }


def _unknown(source: str, seen: "Counter[str] | None") -> list[dict[str, Any]] | None:
    """The types that nobody knows, most often first; None where no topic was read."""
    from onward.intake.partners import near_type

    if seen is None:
        return None
    return [
        {"type": name, "count": count, "did_you_mean": near_type(source, name) or None}
        for name, count in sorted(seen.items(), key=lambda one: (-one[1], one[0]))
    ]


def _words(told: dict[str, Any], read: TopicRead | None) -> list[str]:
    what = "any other is parked" if told["shape_is_ours"] else "any other is ignored, and counted"
    lines = [f"in.{told['source']}: {what}"]
    if told["reads_untyped"]:
        lines.append("  reads         what names no type")
    lines += [f"  reads         {name}" for name in told["reads"]]
    lines += [f"  leaves aside  {name}" for name in told["leaves_aside"]]
    for each in told["unknown"] or ():
        near = f"; did you mean {each['did_you_mean']}?" if each["did_you_mean"] else ""
        lines.append(f"  NOT KNOWN     {each['type']}: {each['count']} times{near}")
    if read is not None:
        lines.append(f"  {read}")
    return lines


def _look(bootstrap: str, sources: "list[str]", most: int) -> "tuple[dict[str, TopicRead], dict[str, Counter[str]]]":
    from collections import Counter

    from onward.chassis.clock import moment
    from onward.chassis.observability.metrics import OTHER
    from onward.diagnostics.json_text import pointer
    from onward.intake.partners import unknown_type

    unknown: dict[str, Counter[str]] = {source: Counter() for source in sources}

    def look(source: str, record: "ConsumerRecord[bytes | None, bytes | None]") -> None:
        named = unknown_type(source, record.value, record.headers, received_at=moment(record.timestamp))
        if named is not None:
            seen = unknown[source]
            # What does not look like the name of a type could be anything, and is not printed.
            name = pointer((named,)).removeprefix("/")
            seen[name if name in seen or len(seen) < _MOST_SHOWN else OTHER] += 1

    return read_topics(bootstrap, sources, look, most=most), unknown
