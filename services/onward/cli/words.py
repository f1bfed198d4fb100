"""`onward words`: one partner's own words for our codes, and those that were met and are in no list."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.partner_topics import TopicRead, read_topics
from onward.cli.render.output import visible
from onward.cli.topics import broker_address

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from onward.intake.domain.unknown_words import CountedWord, UnknownWord


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
    read, met = _look(bootstrap, wanted, most) if bootstrap else ({}, {})
    told = [_told(each, read.get(each), met.get(each, [])) for each in wanted]
    if as_json:
        typer.echo(json.dumps({"sources": told}, indent=2, ensure_ascii=False))
        return
    for name, each in zip(wanted, told, strict=True):
        for line in _lines(each, read.get(name)):
            typer.echo(visible(line))


def _told(source: str, read: TopicRead | None, met: "list[UnknownWord]") -> dict[str, Any]:
    from onward.intake.domain.unknown_words import counted_words
    from onward.intake.partners import adapters

    own = adapters()[source].catalogue.words
    return {
        "source": source,
        "own": {name: {word.replace("_", " "): code for word, code in each.items()} for name, each in own.items()},
        "not_known": None if read is None else [_row(source, each) for each in counted_words(met)],
        "records": None if read is None else read.records,
        "all_records": None if read is None else not read.cut,
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


def _lines(told: dict[str, Any], read: TopicRead | None) -> list[str]:
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
    if read is not None:
        lines.append(f"  {read}")
    return lines


def _look(
    bootstrap: str, sources: "list[str]", most: int
) -> "tuple[dict[str, TopicRead], dict[str, list[UnknownWord]]]":
    from onward.chassis.clock import moment
    from onward.intake.domain.feedback import PartnerRecord
    from onward.intake.domain.unknown_words import unknown_words
    from onward.intake.partners import reader

    met: dict[str, list[UnknownWord]] = {source: [] for source in sources}

    def look(source: str, record: "ConsumerRecord[bytes | None, bytes | None]") -> None:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        partners = PartnerRecord(source, record.value, record.headers, place, moment(record.timestamp))
        met[source] += unknown_words(partners, reader())

    return read_topics(bootstrap, sources, look, most=most), met
