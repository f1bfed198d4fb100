"""`onward matches`: two people who may be one: which questions wait, and a person's signed answer."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from onward.cli.errors import failed, in_a_document, kafka_failed, misused, staff_name
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, signer
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.matches_topics import AnsweredMatch
    from onward.contracts.matches import Verdict

matches = typer.Typer(no_args_is_help=True, help="Whether two people are one: see the questions, and answer them.")

_Reference = Annotated[str, typer.Argument(metavar="MATCH", help="The match id, as `onward matches list` shows it.")]
_By = Annotated[str, typer.Option(help="Your own user name: it is recorded.")]


@matches.command("list", short_help="The questions that wait for an answer.")
def list_matches(
    *,
    bootstrap: Bootstrap,
    keys: Trusted,
    answered: Annotated[bool, typer.Option("--answered", help="Also those that somebody has answered.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)
    ] = False,
) -> None:
    """
    The questions that wait for an answer, oldest first: which details of two people agree, and which differ.

    No value of any detail is shown. Who they are is known to the partners: each contact is named with its partner, type
    and moment.
    """
    from onward.cli.render import matches as written
    from onward.cli.render.output import as_json as printed

    found = [each for each in _all(bootstrap, keys) if answered or each.verdict is None]
    if as_json:
        printed(written.document(found))
    else:
        typer.echo(written.text(found))


@matches.command(short_help="Say that the two are one person.")
def same(match: _Reference, *, by: _By, bootstrap: Bootstrap, key: MyKey, keys: Trusted) -> None:
    """
    Say that the two are one person: what is known of both is joined.

    `onward matches different` takes it back.
    """
    _answer(match, "same", by=by, bootstrap=bootstrap, key=key, keys=keys)


@matches.command(short_help="Say that the two are two people.")
def different(match: _Reference, *, by: _By, bootstrap: Bootstrap, key: MyKey, keys: Trusted) -> None:
    """
    Say that the two are two people: they are kept apart, whatever brings them together.

    `onward matches same` takes it back.
    """
    _answer(match, "different", by=by, bootstrap=bootstrap, key=key, keys=keys)


def _answer(match: str, verdict: "Verdict", *, by: str, bootstrap: str, key: MyKey, keys: Trusted) -> None:
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis import clock
    from onward.cli.publishing import publish
    from onward.contracts import topics
    from onward.contracts.matches import MatchStatement
    from onward.releases.match_signing import sign_match

    try:
        wanted = UUID(match)
    except ValueError:
        misused("MATCH is not an id; `onward matches list` shows them")
    staff_name("--by", by)
    me = signer(key, keys, role="matcher")
    question = next((each.question for each in _all(bootstrap, keys) if each.question.match_id == wanted), None)
    if question is None:
        failed(f"nobody asked about {wanted}; `onward matches list --answered` shows every question")
    one, other = question.people
    statement = MatchStatement(
        match_id=wanted, contacts=(one.contact_id, other.contact_id), verdict=verdict, by=by, at=clock.now()
    )
    decision = sign_match(statement, me.private)
    try:
        asyncio.run(publish(bootstrap, topics.MATCH_DECISIONS.message(decision, key=str(wanted))))
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
    typer.echo(f"{'One person' if verdict == 'same' else 'Two people'}, says {by} as {me.key.name}: {wanted}")


def _all(bootstrap: str, keys: Trusted) -> "list[AnsweredMatch]":
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.cli.matches_topics import read_all
    from onward.cli.rules.releases.signing_keys import read_trusted

    try:
        return asyncio.run(read_all(bootstrap, read_trusted(keys)))
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
