"""`onward erase`: a person is erased by two signatures; and how far that is, as a report to file."""

import time
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from onward.cli.errors import failed, in_a_document, kafka_failed, misused
from onward.cli.rules.releases.signing_keys import signer
from onward.cli.subjects import ContactId, Database, Number, Person, Reference, in_database, whom
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from onward.cli.erasures_topics import ErasureStanding
    from onward.cli.rules.releases.signing_keys import Signer

from pathlib import Path

_WAIT_SECONDS = 30.0
_AGAIN_SECONDS = 0.3
_GROUNDS = "no_longer_necessary, consent_withdrawn, objection, unlawful_processing or legal_obligation"
_Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)]
_Key = Annotated[
    Path | None,
    typer.Option("--key", envvar="ONWARD_MY_RULE_KEY", help="Your private key.", exists=True, dir_okay=False),
]
_Keys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="ONWARD_RULE_KEYS", help="The trusted public keys.", exists=True, dir_okay=False),
]


def erase(
    *,
    reference: Reference = None,
    identifier: Number = None,
    person: Person = None,
    contact: ContactId = None,
    ground: Annotated[str, typer.Option(help=f"Article 17(1): {_GROUNDS}.")] = "",
    reason: Annotated[str, typer.Option(help="Why, without the person's name: it is recorded.")] = "",
    by: Annotated[str, typer.Option(help="Your own user name: it is recorded.")] = "",
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="ID", help="As the second person, sign what another asked for.")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="ID", help="How far it is: what was erased where, what stays.")
    ] = None,
    bootstrap: Bootstrap,
    database: Database,
    key: _Key = None,
    keys: _Keys = None,
    as_json: _Json = False,
) -> None:
    """
    Erase a person, which cannot be undone: one person asks, a second confirms, and what became of it is a report.

    Ask with --reference, --identifier, --person or --contact, a --ground and a --reason; confirm with --confirm ID;
    look with --status ID, as often as you like.
    """
    wanted = whom(reference, identifier, person, contact)
    if sum(each is not None for each in (wanted, confirm, status)) != 1:
        misused("say whom to erase, or --confirm ID, or --status ID; one of them")
    if status is not None:
        _report(bootstrap, database, _id(status), as_json=as_json)
        return
    if not by.strip():
        misused("--by must name a person")
    if key is None or keys is None:
        misused("--key and --keys: it is signed with your key, and only trusted keys count")
    me = signer(key, keys, role="eraser")
    if confirm is not None:
        _confirm(bootstrap, database, _id(confirm), by, me, as_json=as_json)
    elif wanted is not None:
        _ask(bootstrap, database, wanted, ground=ground, reason=reason, by=by, me=me, as_json=as_json)


def _ask(
    bootstrap: str, database: str, wanted: str, *, ground: str, reason: str, by: str, me: "Signer", as_json: bool
) -> None:
    from pydantic import ValidationError

    from onward.chassis import clock
    from onward.cli.acting import act_of, put_on_record
    from onward.cli.given_keys import master_key, mending_keys
    from onward.cli.person_topics import parked_about
    from onward.cli.publishing import publish
    from onward.cli.render import erasure as written
    from onward.cli.render.output import as_json as printed
    from onward.cli.subjects import record_for
    from onward.contracts import topics
    from onward.contracts.erasure import Erasure, ErasureStatement
    from onward.releases.erasure_signing import sign_erasure

    keys, master = mending_keys(), master_key()
    put_on_record(bootstrap, act_of("erasure", "erase-ask", by=by, reason=reason, topic="erasures"))
    known = record_for(database, wanted, master=master)
    parked = _done(bootstrap, parked_about(bootstrap, known.words, keys=keys))
    try:
        statement = ErasureStatement.of(
            whom=wanted,
            ground=ground,
            reason=reason,
            by=by,
            at=clock.now(),
            parked=tuple(str(one.place) for one in parked),
        )
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        misused(f"--{'.'.join(map(str, fault['loc'])) or 'reason'}: {fault['msg']}; --ground is {_GROUNDS}")
    erasure = Erasure(statement=statement, signatures=(sign_erasure(statement, by, me.private),))
    _done(bootstrap, publish(bootstrap, topics.ERASURES.message(erasure, key=str(statement.erasure_id))))
    if as_json:
        printed(written.asked_document(statement, known))
    else:
        typer.echo(written.asked(statement, known))


def _confirm(bootstrap: str, database: str, wanted: UUID, by: str, me: "Signer", *, as_json: bool) -> None:
    from onward.chassis import clock
    from onward.cli.acting import act_of, put_on_record
    from onward.cli.publishing import publish
    from onward.contracts import topics
    from onward.releases.erasure_signing import sign_erasure, signers_of_erasure
    from onward.releases.signing import RefusedError

    found = _found(bootstrap, wanted)
    first = found.erasure.model_copy(update={"signatures": found.erasure.signatures[:1]})
    statement = first.statement
    both = first.model_copy(update={"signatures": (*first.signatures, sign_erasure(statement, by, me.private))})
    try:
        signers_of_erasure(both, me.trusted, at=clock.now())
    except RefusedError as error:
        failed(f"nothing was signed: {error.detail}")
    put_on_record(bootstrap, act_of("erasure", "erase-confirm", by=by, id_=str(wanted), topic="erasures"))
    _done(bootstrap, publish(bootstrap, topics.ERASURES.message(both, key=str(wanted))))
    deadline = clock.monotonic() + _WAIT_SECONDS
    while _found(bootstrap, wanted).waits_for and clock.monotonic() < deadline:
        time.sleep(_AGAIN_SECONDS)
    _report(bootstrap, database, wanted, as_json=as_json)


def _report(bootstrap: str, database: str, wanted: UUID, *, as_json: bool) -> None:
    import getpass

    from onward.cli.acting import act_of, put_on_record
    from onward.cli.erasure_report import report_on
    from onward.cli.given_keys import id_key
    from onward.cli.render import erasure as written
    from onward.cli.render.output import as_json as printed
    from onward.tracking.subject import waiting_for_providers

    put_on_record(bootstrap, act_of("key-use", "erasure-report", by=getpass.getuser(), id_=str(wanted)))
    found = _found(bootstrap, wanted)
    waiting = in_database(database, "tracking", lambda connection: waiting_for_providers(connection, wanted))
    report = _done(bootstrap, report_on(bootstrap, found, waiting, id_key=id_key()))
    if as_json:
        printed(written.document(report))
    else:
        typer.echo(written.text(report))


def _found(bootstrap: str, wanted: UUID) -> "ErasureStanding":
    from onward.cli.erasures_topics import progress_of

    found: ErasureStanding | None = _done(bootstrap, progress_of(bootstrap, wanted))
    if found is None:
        failed(f"nobody asked for the erasure {wanted}")
    return found


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        misused("ID is not the id of an erasure, as `onward erase` printed it")


def _done(bootstrap: str, work: "Coroutine[Any, Any, Any]") -> Any:
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.errors import SealBrokenError

    try:
        return asyncio.run(work)
    except SealBrokenError as error:
        failed(f"something that is parked {error}")
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
