"""After two people signed, nothing on any disk tells who the person was, and nothing brings them back."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb
from typer.testing import CliRunner, Result

from integration.whole.canaries import Canary, canary, event, forms
from integration.whole.partner_messages import ago, now
from integration.whole.watching import Seen, Sending
from integration.whole.whole_system import System
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.postgres.database import connect
from onward.chassis.security import keyring, sealing
from onward.chassis.security.envelope import UnsealableError
from onward.cli.main import app
from onward.people import erasing as of_people
from onward.tracking import erasing as of_tracking

pytestmark = pytest.mark.nightly
"""Files of a database are written anew and every byte on disk is read: minutes, where others have seconds."""

CLEAR = {"in", "contacts", "replies", "referrals", "status", "questions", "feedback"}
"""Kinds of topics on which a person's particulars stand in the clear until their retention has passed."""
TABLES = {
    "people": ("contact", "link", "cluster", "rekeyed", "outbox"),
    "tracking": ("referral", "question", "raised", "duty_case", "case_opening", "outbox"),
    "keyring": ("person_key",),
}
BY = ("--by", "officer.one", "--reason", "request 2026-014")


@dataclass
class Erased:
    """A person who was erased, and what was there of them before."""

    of: Canary
    person: str
    contact: UUID
    sent: bytes
    sealed: list[tuple[str, str]]
    """Where an identity of theirs stands sealed, and the text."""
    wrapped: bytes
    """Their key, as it stood in the keyring."""
    opened_before: str | None
    files_before: Mapping[str, set[str]]
    rows_before: Mapping[str, list[tuple[Any, ...]]]
    shown: dict[str, Any]
    """What subject access gave."""
    erasure_id: str
    waiting: dict[str, Any]
    """How it stood after one signature."""
    report: dict[str, Any]
    parked: list[str] = field(default_factory=list)


def onward(whole: System, *words: str, key: int = 0, code: int = 0) -> Result:
    environment = {
        **whole.secrets,
        "ONWARD_KAFKA_BOOTSTRAP": whole.bootstrap,
        "ONWARD_DATABASE_URL": whole.database,
        "ONWARD_RULE_KEYS": str(whole.trusted),
        "ONWARD_MY_RULE_KEY": str(whole.erasers[key]),
    }
    done = CliRunner().invoke(app, words, env=environment)
    assert done.exit_code == code, done.output
    return done


def rows(whole: System, query: Any, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(whole.database, autocommit=True) as connection:
        return connection.execute(query, values).fetchall()


def keys(whole: System, persons: Iterable[str]) -> dict[str, bytes]:
    async def found() -> dict[str, bytes]:
        async with await connect(whole.database, "people", purpose="test") as connection:
            return await keyring.keys_for(connection, [*persons], master=whole.master)

    return asyncio.run(found())


def sealed_in(document: Any) -> Iterator[str]:
    """Every sealed text of a message."""
    match document:
        case dict():
            for value in document.values():
                yield from sealed_in(value)
        case list():
            for value in document:
                yield from sealed_in(value)
        case str() if document.startswith("v2."):
            yield document
        case _:
            return


def of_the_person(whole: System, person: str) -> list[Seen]:
    kinds = ("situations", "decisions", "deliveries")
    return [seen for kind in kinds for seen in whole.watch.all(kind) if seen.body.get("person") == person]


def settle_disk(whole: System) -> None:
    """What `docs/guides/erasing-a-person.md` says of PostgreSQL: files are written anew, old log segments go."""
    with psycopg.connect(whole.database, autocommit=True) as connection:
        connection.execute("alter system set wal_recycle = off")
        connection.execute("select pg_reload_conf()")
        for schema, tables in TABLES.items():
            for table in tables:
                connection.execute(f"vacuum (full) {schema}.{table}".encode())
        for _ in range(2):
            connection.execute("checkpoint")
            connection.execute("select pg_switch_wal()")
        connection.execute("checkpoint")


def on_disk(whole: System, words: Mapping[str, list[bytes]]) -> dict[str, set[str]]:
    """In which files of the servers and services which of *words* stand."""
    [(data,)] = rows(whole, "show data_directory")
    found: dict[str, set[str]] = {}
    for path in {*whole.directory.rglob("*"), *Path(data).rglob("*")}:
        if path.suffix in (".index", ".timeindex"):
            continue  # numbers only, and most of the bytes
        try:
            content = path.read_bytes() if path.is_file() else b""
        except OSError:
            continue  # it went meanwhile
        if names := {name for name, each in words.items() if any(form in content for form in each)}:
            found[str(path)] = names
    return found


def words_of(of: Canary, wrapped: bytes) -> dict[str, list[bytes]]:
    """Everything that names the person, in any form, and their key."""
    return {**{name: forms(word) for name, word in of.fields.items()}, "key": [wrapped]}


def kind_of(path: str) -> str:
    """The kind of topic to which a Kafka segment belongs; blank for another file."""
    name = Path(path).parent.name
    topic, dash, number = name.rpartition("-")
    return topic.partition(".")[0] if dash and number.isdigit() else ""


@pytest.fixture(scope="module")
def erased(whole: System) -> Erased:
    of = canary("custody")
    sent = json.dumps({**event(of), "eventId": f"{of.case}-1"}).encode()
    [place] = whole.watch.send(Sending("in.custody", sent, key=b"k"))
    whole.settle()
    (decision,) = whole.decided(place.place)
    person, contact = decision.body["person"], UUID(decision.body["contact_id"])
    # One that cannot be read is parked whole, with all that names the person in it.
    whole.watch.send(Sending("in.custody", b"{" + sent, key=of.fields["name"].encode()))
    proposed = decision.body["referrals"]
    assert proposed
    for each in proposed:
        said = {
            "reply_id": f"r-{each['referral_id']}",
            "referral_id": each["referral_id"],
            "status": "ACCEPTED",
            "replied_at": now().isoformat(),
        }
        whole.watch.send(Sending(f"replies.{each['provider']}", json.dumps(said).encode()))
    whole.settle()
    sealed = [(seen.topic, text) for seen in of_the_person(whole, person) for text in sealed_in(seen.body)]
    [(wrapped,)] = rows(whole, "select wrapped from keyring.person_key where person = %s", person)
    before = keys(whole, [person])[person]
    opened = next((opens(before, person, text) for _, text in sealed if opens(before, person, text)), None)
    shown = json.loads(onward(whole, "subject-access", "--reference", f"custody:{of.case}", *BY, "--json").stdout)
    kept = {
        "people.cluster": "select * from people.cluster",
        "people.link": "select * from people.link",
        "people.contact": "select * from people.contact",
        "keyring.person_key": "select * from keyring.person_key",
    }
    rows_before = {table: rows(whole, query) for table, query in kept.items()}
    files_before = on_disk(whole, words_of(of, bytes(wrapped)))
    asked = json.loads(
        onward(
            whole, "erase", "--reference", f"custody:{of.case}", "--ground", "consent_withdrawn", *BY, "--json"
        ).stdout
    )
    erasure_id = asked["erasure_id"]
    whole.settle()
    waiting = json.loads(onward(whole, "erase", "--status", erasure_id, "--json").stdout)
    onward(whole, "erase", "--confirm", erasure_id, "--by", "officer.one", key=1, code=1)
    onward(whole, "erase", "--confirm", erasure_id, "--by", "officer.two", key=0, code=1)
    report = json.loads(onward(whole, "erase", "--confirm", erasure_id, "--by", "officer.two", "--json", key=1).stdout)
    whole.settle()
    return Erased(
        of, person, contact, sent, sealed, bytes(wrapped), opened, files_before, rows_before, shown, erasure_id,
        waiting, report, asked["parked"],
    )  # fmt: skip


def opens(key: bytes, person: str, text: str) -> str | None:
    """What a sealed text says under a key; None where it does not open."""
    try:
        return sealing.open_sealed(key, person, text).model_dump_json()
    except UnsealableError:
        return None


def test_before_it_everything_known_was_shown_on_record(whole: System, erased: Erased) -> None:
    told = json.dumps(erased.shown, ensure_ascii=False)
    for name in ("name", "phone", "email", "address", "identifiers.NOMS", "identifiers.PNC", "reference"):
        assert erased.of.fields[name] in told, name
    assert erased.shown["sources"] == ["custody"]
    assert erased.shown["recipients"]
    assert any("name" in each["disclosed"] for each in erased.shown["disclosed"])
    (access,) = [seen.body for seen in whole.watch.all("subject-accesses")][-1:]
    assert (access["by"], access["reason"]) == ("officer.one", "request 2026-014")
    assert erased.of.case not in json.dumps(access)


def test_one_signature_and_one_person_twice_erase_nobody(erased: Erased) -> None:
    assert erased.waiting["state"] == "second_signature_awaited"
    assert erased.waiting["services"] == []


def test_the_report_says_what_went_and_what_stays_until_when(erased: Erased) -> None:
    report = erased.report
    assert report["state"] == "erased"
    assert report["signed_by"] == ["officer.one", "officer.two"]
    done = {service["service"]: service for service in report["services"]}
    assert done["people"]["erased"]["person keys"] == 1
    assert done["people"]["erased"]["contacts with facts"] == 1
    assert done["tracking"]["erased"]["withdrawals asked for"] == report["waiting_for_providers"] > 0
    assert erased.parked
    assert {each["place"] for each in report["parked"]} == set(erased.parked)
    left = {each["topic"]: each for each in report["topics"]}
    assert left["in.custody"]["in_the_clear"]
    assert left["contacts"]["in_the_clear"]
    assert not left["situations"]["in_the_clear"]
    assert not [value for value in erased.of.fields.values() if value in json.dumps(report)]


def test_every_provider_that_had_a_referral_is_told_to_stop_and_not_why(whole: System, erased: Erased) -> None:
    told = [seen for seen in whole.watch.all("withdrawals") if seen.body["person"] == erased.person]
    assert len(told) == erased.report["waiting_for_providers"]
    assert {seen.body["reason"] for seen in told} == {"WITHDRAWN"}
    for seen in told:
        heard = {
            "reply_id": f"ack-{seen.body['referral_id']}",
            "referral_id": seen.body["referral_id"],
            "status": "WITHDRAWAL_ACKNOWLEDGED",
            "replied_at": now().isoformat(),
        }
        whole.watch.send(Sending(f"replies.{seen.body['provider']}", json.dumps(heard).encode()))
    whole.settle()
    after = json.loads(onward(whole, "erase", "--status", erased.erasure_id, "--json").stdout)
    assert after["waiting_for_providers"] == 0
    for table in ("referral", "question", "raised", "duty_case"):
        assert rows(whole, f"select * from tracking.{table} where person = %s".encode(), erased.person) == []


def test_no_file_on_disk_says_who_it_was_but_the_topics_that_the_report_names(whole: System, erased: Erased) -> None:
    settle_disk(whole)
    found = on_disk(whole, words_of(erased.of, erased.wrapped))
    kinds = {kind_of(path) for path in found}
    named = {each["topic"].partition(".")[0] for each in erased.report["topics"] if each["in_the_clear"]}
    assert kinds <= named <= CLEAR, found
    assert not [path for path, names in found.items() if "key" in names]


def test_the_search_finds_what_is_there(erased: Erased) -> None:
    """Else the test above would pass because it looks at nothing."""
    elsewhere = {path: names for path, names in erased.files_before.items() if not kind_of(path)}
    assert any("key" in names for names in elsewhere.values()), "the key, in the database's files"
    assert {"in", "contacts", "referrals"} <= {kind_of(path) for path in erased.files_before}


def test_what_is_sealed_on_topics_opened_before_and_opens_for_nobody_now(whole: System, erased: Erased) -> None:
    assert erased.opened_before is not None
    assert erased.of.fields["name"] in erased.opened_before
    assert {topic for topic, _ in erased.sealed} >= {"situations", "decisions", "deliveries"}
    everybody = [person for (person,) in rows(whole, "select person from keyring.person_key")]
    assert erased.person not in everybody
    for key in keys(whole, everybody).values():
        assert not [text for _, text in erased.sealed if opens(key, erased.person, text)]


def test_what_of_before_is_sent_again_brings_nobody_back(whole: System, erased: Erased) -> None:
    before = len(whole.watch.all("situations"))
    document = json.loads(erased.sent)
    same = {**document, "eventId": f"{erased.of.case}-2"}
    bare = {**document, "eventId": f"{erased.of.case}-3", "occurredAt": ago(days=3)}
    whole.watch.send(
        Sending("in.custody", erased.sent, key=b"k"),
        *(Sending("in.custody", json.dumps(each).encode(), key=b"k") for each in (same, bare)),
    )
    whole.settle()
    assert len(whole.watch.all("situations")) == before
    assert rows(whole, "select 1 from people.contact where contact_id = %s", erased.contact) == []
    ignored = re.findall(
        r'^onward_event_outcomes_total\{outcome="ignored",reason="erased".*\} (\S+)$',
        whole.metrics("people"),
        re.MULTILINE,
    )
    assert sum(map(float, ignored)) == 3


def test_whoever_comes_back_is_somebody_new_of_whom_nothing_of_before_is_known(whole: System, erased: Erased) -> None:
    document = {
        "eventType": "custody.detention.risk-assessed",
        "eventId": f"{erased.of.case}-new",
        "occurredAt": now().isoformat(),
        "reference": erased.of.case,
        "person": {"name": erased.of.fields["name"], "nomsNumber": erased.of.fields["identifiers.NOMS"]},
    }
    [place] = whole.watch.send(Sending("in.custody", json.dumps(document).encode(), key=b"k"))
    whole.settle()
    (decision,) = whole.decided(place.place)
    assert decision.body["person"] != erased.person
    assert "needs.substance_alcohol" not in decision.body["facts"]


def test_a_restored_database_is_brought_up_to_the_erasures_at_the_start(whole: System, erased: Erased) -> None:
    with psycopg.connect(whole.database, autocommit=True) as connection:
        connection.execute("delete from people.erased where erasure_id = %s", [erased.erasure_id])
        for table, before in erased.rows_before.items():
            for row in before:
                places = ", ".join(["%s"] * len(row))
                values = [Jsonb(each) if isinstance(each, dict) else each for each in row]
                connection.execute(f"insert into {table} values ({places}) on conflict do nothing".encode(), values)
    assert rows(whole, "select 1 from people.contact where contact_id = %s", erased.contact)
    assert keys(whole, [erased.person])

    async def again() -> tuple[int, int]:
        kafka = KafkaConnection(whole.bootstrap)
        async with await connect(whole.database, "people", purpose="test") as people:
            contacts = await of_people.reconcile(people, kafka, within=30)
        async with await connect(whole.database, "tracking", purpose="test") as tracking:
            return contacts, await of_tracking.reconcile(tracking, kafka, within=30)

    assert asyncio.run(again()) == (1, 0)
    assert rows(whole, "select 1 from people.contact where contact_id = %s", erased.contact) == []
    assert keys(whole, [erased.person]) == {}
    assert asyncio.run(again()) == (0, 0)
