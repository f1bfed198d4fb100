"""`onward words`: one partner's own words for our codes, and those that were met and are in no list."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.errors import kafka_failed
from onward.cli.render.output import visible
from onward.cli.topics import broker_address

if TYPE_CHECKING:
    from onward.intake.domain.unknown_words import CountedWord, UnknownWord


@dataclass(slots=True)
class _Met:
    """What came on a partner's topic."""

    words: "list[UnknownWord]" = field(default_factory=list)
    records: int = 0
    cut: bool = False
    """Whether there is more on the topic than was read."""


def words(
    *,
    source: Annotated[str | None, typer.Option(help="Only this partner, such as liaison or custody.")] = None,
    bootstrap: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="A Kafka broker: also say which words on the partners' topics are in no list.",
            callback=broker_address,
        ),
    ] = None,
    most: Annotated[
        int, typer.Option(metavar="NUMBER", help="Read at most so many records of each topic.", min=1)
    ] = 100_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.")] = False,
) -> None:
    """
    List the words that partners have of their own, and those unknown.

    A word becomes one of our codes by a line in schemas/words/SOURCE.yaml. One that was said of fewer than three
    people or cases, or that could name somebody, is counted and not shown.
    """
    import json

    from onward.cli.asked_about import check_source
    from onward.contracts import topics

    if source is not None:
        check_source(source)
    wanted = [source] if source is not None else list(topics.sources())
    met = _look(bootstrap, wanted, most) if bootstrap else {}
    told = [_told(each, met.get(each)) for each in wanted]
    if as_json:
        typer.echo(json.dumps({"sources": told}, indent=2, ensure_ascii=False))
        return
    for each in told:
        for line in _lines(each):
            typer.echo(visible(line))


def _told(source: str, met: _Met | None) -> dict[str, Any]:
    from onward.intake.domain.unknown_words import counted_words
    from onward.intake.partners import adapters

    own = adapters()[source].catalogue.words
    return {
        "source": source,
        "own": {name: {word.replace("_", " "): code for word, code in each.items()} for name, each in own.items()},
        "not_known": None if met is None else [_row(source, each) for each in counted_words(met.words)],
        "records": None if met is None else met.records,
        "all_records": None if met is None else not met.cut,
    }


def _row(source: str, met: "CountedWord") -> dict[str, Any]:
    from onward.diagnostics.spelling import nearest
    from onward.intake.domain.vocabulary import LISTS
    from onward.intake.vocabulary_page import list_of

    name = list_of(source, met.field)
    table = LISTS.get(name, {})
    near = nearest(met.word, table) if met.word else ""
    return {
        "field": met.field,
        "word": met.word.replace("_", " ") or None,
        "times": met.times,
        "list": name or None,
        "did_you_mean": table[near] if near else None,
    }


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"in.{told['source']}: schemas/words/{told['source']}.yaml"]
    for name, own in told["own"].items():
        lines += [f"  own        {name}: {word}: {code}" for word, code in own.items()]
    for each in told["not_known"] or ():
        if each["word"] is None:
            lines.append(f"  not shown  {each['field']}: {each['times']} times, seldom or not like a word")
            continue
        code = each["did_you_mean"]
        line = f"{each['list']}: {{{each['word']}: {'CODE' if code is None else code}}}" if each["list"] else "no list"
        lines.append(f"  NOT KNOWN  {each['field']}: {each['word']}: {each['times']} times; {line}")
    if told["records"] is not None:
        begun = "" if told["all_records"] else "the first "
        lines.append(f"  of {begun}{told['records']} records that stand on the topic")
    return lines


def _look(bootstrap: str, sources: list[str], most: int) -> dict[str, _Met]:
    import asyncio

    from aiokafka.errors import KafkaError

    async def look() -> dict[str, _Met]:
        return {source: await _look_at(bootstrap, source, most) for source in sources}

    try:
        return asyncio.run(look())
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error, hint=". Are the topics there (`onward topics`)?")


async def _look_at(bootstrap: str, source: str, most: int) -> _Met:
    from contextlib import aclosing

    from onward.chassis.clock import moment
    from onward.cli.whole_topic import records
    from onward.intake.domain.feedback import PartnerRecord
    from onward.intake.domain.unknown_words import unknown_words
    from onward.intake.partners import reader

    met = _Met()
    async with aclosing(records(bootstrap, f"in.{source}")) as found:
        async for record in found:
            if met.records >= most:
                met.cut = True
                break
            met.records += 1
            place = f"{record.topic}/{record.partition}/{record.offset}"
            partners = PartnerRecord(source, record.value, record.headers, place, moment(record.timestamp))
            met.words += unknown_words(partners, reader())
    return met
