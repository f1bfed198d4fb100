"""Who a person is stands where it must, and nowhere else: not in logs, metrics, headers, keys or tables."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from integration.whole.canaries import Canary, canary, event, forms, spoilt
from integration.whole.partner_messages import now
from integration.whole.watching import Seen, Sending
from integration.whole.whole_system import System
from onward.contracts import topics

TABLES: LiteralString = """
    select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
"""


@pytest.fixture(scope="module")
def canaries(whole: System) -> list[Canary]:
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


def holds(text: bytes, of: Canary) -> list[str]:
    """Which of the person's particulars stand in *text*, in whatever form."""
    return [name for name, word in of.fields.items() if any(form in text for form in forms(word))]


def may_hold(record: Seen, of: Canary, whole: System) -> set[str]:
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


def test_no_value_of_a_record_names_a_person_who_need_not_be_named_there(whole: System, canaries: list[Canary]) -> None:
    leaks = {
        f"{record.topic}: {of.source}'s {name}"
        for topic, records in whole.watch.records.items()
        for record in records
        for of in canaries
        for name in set(holds(record.value or b"", of)) - may_hold(record, of, whole)
        if not topic.startswith("in.")
    }
    assert leaks == set()


def test_providers_do_receive_what_their_profiles_name(whole: System, canaries: list[Canary]) -> None:
    """Else the test above would find nothing because there is nothing to find."""
    found = {
        (of.source, name)
        for record in whole.watch.all("referrals")
        for of in canaries
        for name in holds(record.value or b"", of)
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


def test_no_key_and_no_header_of_ours_names_a_person(whole: System, canaries: list[Canary]) -> None:
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
                leaks |= {f"{topic} key: {name}" for name in holds(key, of)}
                leaks |= {f"{topic} header: {name}" for name in holds(headers, of)}
    assert leaks == set()


def test_no_log_and_no_metric_names_a_person(whole: System, canaries: list[Canary]) -> None:
    metrics = {name: whole.metrics(name).encode() for name in whole.services.running}
    logs = {path.name: path.read_bytes() for path in log_files(whole.directory)}
    assert len(logs) >= len(metrics) + 2
    assert all(b"onward_parked_total" in text for text in metrics.values())
    leaks = {
        f"{place}: {name}" for place, text in {**metrics, **logs}.items() for of in canaries for name in holds(text, of)
    }
    assert leaks == set()


def log_files(directory: Path) -> list[Path]:
    """Every log of services and servers. The broker's own data files end in `.log` too."""
    return [path for path in directory.rglob("*.log") if not path.stem.isdigit()]


def test_no_table_names_a_person(whole: System, canaries: list[Canary]) -> None:
    with psycopg.connect(whole.database) as connection:
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
    assert {
        f"{table}: {name}" for table, text in dumped.items() for of in canaries for name in holds(text, of)
    } == set()
