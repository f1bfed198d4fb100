"""`onward cases` and `onward case` on a real PostgreSQL: who is called for what, opened on record, closed for good."""

import asyncio
import hashlib
import json
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from conftest import Kafka
from installation_keys import ENVIRONMENT, MASTER, OTHER_KEY, REFERENCE, seal_reference
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.postgres import migrations
from onward.chassis.postgres.database import connect
from onward.chassis.security import keyring, sealing
from onward.cli import whole_topic
from onward.cli.main import app
from onward.contracts import topics
from onward.contracts.arrangements import Arrangements, Referrer, SafeContact
from onward.contracts.audit import AuditRecord
from onward.contracts.contact import Identity
from onward.contracts.decision import MetCondition, Notice
from onward.tracking.adapters import MIGRATIONS, load_unit, query_for_decisions, save_unit
from unit.tracking import ledger_builders
from unit.tracking.ledger_builders import PERSON, a_decision

ROLE = "custody-officer"
ME = ("--as", ROLE, "--by", "staff-0001", "--reason", "on call tonight")
PHONE, SAFE = "07700 900111", "07700 900222"


@pytest.fixture(scope="module")
def acts(kafka: Kafka) -> str:
    """The address of a broker on which what people do is put on record."""
    asyncio.run(create_topics(kafka.bootstrap, {topics.AUDIT_ACTS.name: TopicSpec(1)}))
    return kafka.bootstrap


@pytest.fixture
def calls(database: str, acts: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a ledger in which a custody officer has a case, and a resettlement team another."""
    monkeypatch.setenv("ONWARD_DATABASE_URL", database)
    monkeypatch.setenv("ONWARD_KAFKA_BOOTSTRAP", acts)
    for name in ("ONWARD_MASTER_KEY", "ONWARD_REFERENCE_KEY"):
        monkeypatch.setenv(name, ENVIRONMENT[name])
    migrations.apply(database, "tracking", [MIGRATIONS])
    asyncio.run(called(database))
    return database


async def called(database: str) -> None:
    async with await connect(database, "tracking", purpose="test") as connection:
        await keyring.prepare(connection)
        key = sealing.new_key()
        async with connection.transaction():
            await keyring.keep(connection, {PERSON: key}, master=MASTER, reference=REFERENCE)
        arrangements = Arrangements(
            safe_contact=SafeContact(phone=SAFE, times="10:00-14:00"), raised_by=Referrer(role="nurse", callback="0100")
        )
        identity = Identity(name="Test Person-0001", phone=PHONE, arrangements=arrangements)
        met = MetCondition(field="risk.self_harm", expected=">= 3", actual=4, where="safety.yaml:1:1")
        decision = a_decision(
            notices=[
                Notice(
                    kind="suicidal-in-a-cell", to=ROLE, rule="r", why="He says", urgency="immediate", conditions=(met,)
                ),
                Notice(kind="signpost-only", to=ROLE, rule="r", why="To be known", urgency="digest"),
                Notice(kind="naloxone-prompt", to="resettlement-team", rule="r", why="He leaves"),
            ],
            facts={"risk.self_harm": 4, "needs.mental_health": 3, "event.area": "E08000025"},
            references={"custody": seal_reference(key, PERSON, "custody", "BW/1/26")},
            sealed=sealing.seal(key, PERSON, identity),
        )
        unit = await load_unit(connection, query_for_decisions([decision]))
        ledger_builders.decide(decision, unit, now=decision.received_at)
        await save_unit(connection, unit)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def the_case(*more: str) -> dict[str, Any]:
    [found] = json.loads(run("cases", "--as", ROLE, "--json", *more).output)["cases"]
    known: dict[str, Any] = found
    return known


def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database, options="-c search_path=tracking") as connection:
        return connection.execute(query).fetchall()


@pytest.mark.usefixtures("calls")
def test_a_role_sees_its_own_cases_what_is_due_first_first_and_nobody_s_name() -> None:
    everything = run("cases")
    assert everything.exit_code == 0
    assert everything.output.index("suicidal-in-a-cell") < everything.output.index("naloxone-prompt")
    assert the_case()["kind"] == "suicidal-in-a-cell"
    assert the_case("--area", "E08000025")["area"] == "E08000025"
    assert json.loads(run("cases", "--area", "E06000031", "--json").output)["cases"] == []
    assert [each["kind"] for each in json.loads(run("cases", "--digest", "--json").output)["cases"]] == [
        "signpost-only"
    ]
    for secret in ("Test Person", PHONE, SAFE, "BW/1/26"):
        assert secret not in everything.output


def test_a_case_is_opened_on_record_with_how_to_reach_the_person_safely(calls: str) -> None:
    case_id = the_case()["case_id"]
    opened = run("case", "open", case_id, *ME)
    assert opened.exit_code == 0, opened.output
    for shown in ("Test Person-0001", SAFE, "10:00-14:00", "nurse", "0100", "BW/1/26", "risk.self_harm: 4"):
        assert shown in opened.output, shown
    assert opened.output.index("REACH SAFELY") < opened.output.index(PHONE)
    assert "needs.mental_health" not in opened.output
    looked = rows(calls, "select case_id::text, by, role, reason from case_opening")
    assert looked == [(case_id, "staff-0001", ROLE, "on call tonight")]


def test_who_looks_into_a_case_is_on_the_audit_chain_with_the_digest_of_the_reason(acts: str, calls: str) -> None:
    case_id = the_case()["case_id"]
    assert run("case", "open", case_id, *ME).exit_code == 0
    newest = asyncio.run(whole_topic.newest(acts, topics.AUDIT_ACTS.name))
    assert newest is not None
    record = AuditRecord.model_validate_json(newest.value or b"")
    (act,) = record.entries
    assert (act.act, act.code, act.id, act.by, act.role) == ("reveal", "case-open", case_id, "staff-0001", ROLE)
    assert act.said == hashlib.sha256(f"{case_id}\non call tonight".encode()).hexdigest()
    assert b"on call" not in (newest.value or b"")
    assert rows(calls, "select 1 from case_opening") == [(1,)]


def test_what_cannot_be_put_on_record_is_not_shown(calls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = the_case()["case_id"]
    monkeypatch.setenv("ONWARD_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    refused = run("case", "open", case_id, *ME)
    assert refused.exit_code == 1
    assert "nothing was shown or done" in refused.stderr
    assert "Test Person" not in refused.output
    assert rows(calls, "select 1 from case_opening") == []


def test_another_role_learns_not_even_that_there_is_such_a_case(calls: str) -> None:
    case_id = the_case()["case_id"]
    other = run("case", "open", case_id, "--as", "resettlement-team", "--by", "staff-0002", "--reason", "curious")
    none = run("case", "open", "6f6e7761-7264-8000-8000-00000000000a", *ME)
    assert (other.exit_code, none.exit_code) == (1, 1)
    assert "Test Person" not in other.output
    assert rows(calls, "select * from case_opening") == []


def test_a_closed_case_is_on_no_list_and_its_card_is_gone(calls: str) -> None:
    case_id = the_case()["case_id"]
    assert run("case", "close", case_id, *ME).exit_code == 0
    assert json.loads(run("cases", "--as", ROLE, "--json").output)["cases"] == []
    assert rows(calls, "select closed_by, closed_because, card from duty_case where closed_at is not null") == [
        ("staff-0001", "on call tonight", None)
    ]
    again = run("case", "close", case_id, *ME)
    assert again.exit_code == 1
    assert "closed by staff-0001" in again.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("case", "open", "no-id", *ME), "CASE is not an id"),
        (("cases", "--as", "custody-oficer"), "custody-officer"),
        (("case", "open", "6f6e7761-7264-8000-8000-00000000000a", "--as", ROLE, "--by", " ", "--reason", "x"), "--by"),
        (("case", "close", "6f6e7761-7264-8000-8000-00000000000a", "--as", ROLE, "--by", "me", "--reason", " "), "why"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_done(calls: str, arguments: tuple[str, ...], told: str) -> None:
    said = run(*arguments)
    assert said.exit_code == 2
    assert told in said.output
    assert rows(calls, "select * from case_opening") == []


@pytest.mark.usefixtures("calls")
def test_with_another_master_key_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = the_case()["case_id"]
    monkeypatch.setenv("ONWARD_MASTER_KEY", OTHER_KEY)
    said = run("case", "open", case_id, *ME)
    assert said.exit_code == 1
    assert "master key" in said.output


def test_a_database_without_cases_is_said(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONWARD_DATABASE_URL", database)
    said = run("cases")
    assert said.exit_code == 1
    assert "has tracking started once?" in said.output
