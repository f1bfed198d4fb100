"""`onward subject-access`: everything that is known of a person, for that person to have; on record first."""

from typing import Annotated, Any

import typer

from onward.cli.errors import failed, in_a_document, kafka_failed, misused
from onward.cli.subjects import ContactId, Database, Number, Person, Reference, in_database, record_for, whom
from onward.cli.topics import Bootstrap


def subject_access(
    *,
    reference: Reference = None,
    identifier: Number = None,
    person: Person = None,
    contact: ContactId = None,
    by: Annotated[str, typer.Option(help="Your own user name: it is recorded.")],
    reason: Annotated[str, typer.Option(help="Why, without the person's name: it is recorded.")],
    bootstrap: Bootstrap,
    database: Database,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)
    ] = False,
) -> None:
    """
    Show everything that is known of a person: what was said by whom, what came of it, to whom it was disclosed.

    Your name and reason are recorded before anything is shown.
    """
    from pydantic import ValidationError

    from onward.chassis import clock
    from onward.cli.acting import act_of, put_on_record
    from onward.cli.given_keys import id_key, master_key, mending_keys
    from onward.cli.publishing import publish
    from onward.cli.render import subject as written
    from onward.cli.render.output import as_json as printed
    from onward.contracts import topics
    from onward.contracts.erasure import SubjectAccess
    from onward.contracts.ids import derived_id
    from onward.tracking.subject import ledger_of

    wanted = whom(reference, identifier, person, contact)
    if wanted is None:
        misused("say who it is: --reference, --identifier, --person or --contact")
    if not by.strip() or not reason.strip():
        misused("--by must name a person, and --reason say why: both are recorded")
    now = clock.now()
    access_id = derived_id("subject-access", wanted, by, now.isoformat())
    try:
        access = SubjectAccess(access_id=access_id, whom=wanted, by=by, reason=reason, at=now)
    except ValidationError:
        misused("--by takes 100 characters and --reason 200")
    keys, named, master = mending_keys(), id_key(), master_key()
    put_on_record(
        bootstrap,
        act_of("reveal", "subject-access", by=by, id_=str(access_id), reason=reason, topic="subject-accesses"),
    )
    _done(bootstrap, publish(bootstrap, topics.SUBJECT_ACCESSES.message(access, key=str(access.access_id))))
    known = record_for(database, wanted, master=master)
    contacts = [one.contact_id for one in known.contacts]
    ledger = in_database(database, "tracking", lambda connection: ledger_of(connection, known.persons, contacts))
    found = _done(bootstrap, _elsewhere(bootstrap, known, keys, named))
    document = written.document(known, ledger, *found)
    if as_json:
        printed(document)
    else:
        typer.echo(written.text(document))


async def _elsewhere(bootstrap: str, known: Any, keys: Any, id_key: bytes) -> tuple[Any, Any, Any]:
    """What stands on topics, what was disclosed, and what is parked."""
    from onward.cli.person_topics import disclosures_of, parked_about, records_about

    contacts = [one.contact_id for one in known.contacts]
    return (
        await disclosures_of(bootstrap, known.persons),
        await records_about(bootstrap, known.persons, contacts, id_key=id_key),
        await parked_about(bootstrap, known.words, keys=keys),
    )


def _done(bootstrap: str, work: Any) -> Any:
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis.errors import SealBrokenError

    try:
        return asyncio.run(work)
    except SealBrokenError as error:
        failed(f"something that is parked {error}")
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
