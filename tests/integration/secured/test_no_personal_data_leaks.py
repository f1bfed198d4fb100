"""Who a person is stands where it must, and nowhere else: not in logs, metrics, headers, keys or tables."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from integration.secured.secured_system import SecuredSystem
from integration.whole.canaries import Canary, canary, event, spoilt
from integration.whole.partner_messages import now
from integration.whole.watching import Seen, Sending
from leaks import found_in, holds, planted
from onward.contracts import topics

TABLES: LiteralString = """
    select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
"""


@pytest.fixture(scope="module")
def canaries(whole: SecuredSystem) -> list[Canary]:
    """One person for each partner, told of in every way, right and wrong; everything that follows has ended."""
    people = [canary(source) for source in topics.sources()]
    whole.watch.send(*(Sending(f"in.{each.source}", json.dumps(event(each)).encode(), key=b"k") for each in people))
    whole.watch.send(*(sending for each in people for sending in spoilt(each)))
    whole.watch.send(*(reply for each in people for reply in replies(each)))
    whole.settle()
    return people


def replies(of: Canary) -> Iterator[Sending]:
    """A provider that writes about the person where it should not."""
    words = list(of.fields.values())
    said = {
        "reply_id": "r1",
        "referral_id": str(UUID(int=7)),
        "status": "INFO_REQUESTED",
        "asks_for": words,
        "replied_at": now().isoformat(),
    }
    bodies: Sequence[object] = (
        said,
        {**said, "status": of.fields["name"]},
        {**said, of.fields["name"]: words},
        {**said, "referral_id": of.fields["name"]},
        words,
    )
    for body in bodies:
        headers = ((of.fields["name"], of.fields["email"].encode()), ("ce_type", of.fields["name"].encode()))
        for given in ((), headers):
            yield Sending(
                "replies.national-crisis-line", json.dumps(body).encode(), key=of.case.encode(), headers=given
            )


def may_hold(record: Seen, of: Canary, whole: SecuredSystem) -> set[str]:
    """Which of them the value of a record may hold, in the clear."""
    kind, _, member = record.topic.partition(".")
    match kind:
        case "in" | "replies" | "contacts":
            return set(of.fields)
        case "referrals":
            return set(whole.providers.profiles[whole.providers.providers[member].profile].fields)
        case "status" | "questions" | "feedback" if member == of.source:
            # The only name by which this partner knows the person.
            return {"reference", *(["identifiers.NOMS"] if member == "hmpps" else [])}
        case _:
            return set()


def test_no_value_of_a_record_names_a_person_who_need_not_be_named_there(
    whole: SecuredSystem, canaries: list[Canary]
) -> None:
    leaks = {
        f"{record.topic}: {of.source}'s {name}"
        for topic, records in whole.watch.records.items()
        for record in records
        for of in canaries
        for name in set(holds(record.value or b"", of.fields)) - may_hold(record, of, whole)
        if not topic.startswith("in.")
    }
    assert leaks == set()


def test_providers_do_receive_what_their_profiles_name(whole: SecuredSystem, canaries: list[Canary]) -> None:
    """Else the test above would find nothing because there is nothing to find."""
    found = {
        (of.source, name)
        for record in whole.watch.all("referrals")
        for of in canaries
        for name in holds(record.value or b"", of.fields)
    }
    assert {source for source, name in found if name == "name"} >= {"custody", "liaison", "control-room"}
    assert {name for _, name in found} >= {"name", "date_of_birth", "phone", "identifiers.NHS"}
    sealed = {topic.partition(".")[0] for topic, records in whole.watch.records.items() if records}
    assert sealed >= {
        "situations",
        "decisions",
        "deliveries",
        "receipts",
        "questions",
        "escalations",
        "parked",
        "feedback",
    }


def test_no_key_and_no_header_of_ours_names_a_person(whole: SecuredSystem, canaries: list[Canary]) -> None:
    leaks: set[str] = set()
    for topic, records in whole.watch.records.items():
        kind, _, member = topic.partition(".")
        if kind in ("in", "replies", "approvals"):
            continue
        for record in records:
            headers = b"\n".join(part for name, value in record.headers for part in (name.encode(), value or b""))
            for of in canaries:
                # A partner's own topics are keyed by the only name it knows the person by.
                own = kind in ("status", "questions", "feedback") and member == of.source
                key = b"" if own else record.key or b""
                leaks |= {f"{topic} key: {name}" for name in holds(key, of.fields)}
                leaks |= {f"{topic} header: {name}" for name in holds(headers, of.fields)}
    assert leaks == set()


def words_of(canaries: Sequence[Canary]) -> dict[str, str]:
    return {f"{of.source}'s {name}": word for of in canaries for name, word in of.fields.items()}


def written(whole: SecuredSystem) -> dict[str, bytes]:
    """Everything that the processes wrote or show beside records and tables, by where it stands."""
    found = {f"metrics of {name}": whole.metrics(name).encode() for name in whole.metrics_urls()}
    found["what it printed"] = "".join(whole.said).encode()
    for process in whole.family():
        found[f"arguments of {process.pid}"] = "\0".join(process.cmdline()).encode()
        found[f"environment of {process.pid}"] = repr(process.environ()).encode()
    for path in whole.temporary.rglob("*"):
        # What the servers keep is records and tables, which other tests look through.
        kept = path.is_relative_to(whole.directory / "kafka" / "data") or "postgres/data" in str(path)
        if path.is_file() and not kept:
            found[str(path.relative_to(whole.temporary))] = path.read_bytes()
    return found


def test_no_log_metric_argument_or_temporary_file_names_a_person(
    whole: SecuredSystem, canaries: list[Canary], record_property: Callable[[str, object], None]
) -> None:
    sinks = written(whole)
    logs = {place for place in sinks if place.endswith(".log")}
    assert {Path(place).stem for place in logs} >= {*whole.metrics_urls(), "broker", "postgres"}
    assert {whole.service(name).environ()["ONWARD_LOG_LEVEL"] for name in whole.metrics_urls()} == {"debug"}
    assert b"onward_parked_total" in sinks["metrics of intake"]
    words = words_of(canaries)
    assert found_in(sinks, words) == set()
    told = f"{sum(map(len, sinks.values()))} bytes in {len(sinks)} places searched for {len(words)} canaries"
    record_property("leaks", told)
    print(f"\n{told}")  # noqa: T201


def test_a_leak_would_be_found_wherever_it_is_and_in_whatever_form(
    whole: SecuredSystem, canaries: list[Canary]
) -> None:
    """The control: one form of one word, each in a place of its own."""
    sinks = written(whole)
    for of, name in ((canaries[0], "name"), (canaries[-1], "identifiers.NHS")):
        for leak in planted(of.fields[name]):
            place = sorted(sinks)[len(leak) % len(sinks)]
            assert (place, f"{of.source}'s {name}") in found_in({place: sinks[place] + leak}, words_of([of])), leak


def test_no_table_names_a_person(whole: SecuredSystem, canaries: list[Canary]) -> None:
    with psycopg.connect(whole.database()) as connection:
        tables = connection.execute(TABLES).fetchall()
        dumped = {
            f"{schema}.{table}": "\n".join(
                str(row[0])
                for row in connection.execute(
                    sql.SQL("select whole::text from {} whole").format(sql.Identifier(schema, table))
                )
            ).encode()
            for schema, table in tables
        }
    assert {name.partition(".")[0] for name in dumped} >= {"people", "tracking", "keyring"}
    assert sum(map(len, dumped.values())) > 10_000
    assert found_in(dumped, words_of(canaries)) == set()
