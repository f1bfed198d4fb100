"""A service that cannot run as declared or configured says so before it starts, and says what to do."""

from typing import Any

import pytest

from installation_keys import ENVIRONMENT, ID_KEY, OTHER_KEY, PARKING
from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.observability.metrics import Metrics
from onward.chassis.processing.accounting import OutcomeAccounting
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.hop import Hop, StatelessHop
from onward.chassis.processing.stateless import StatelessFlow
from onward.chassis.processing.wiring import connect
from onward.chassis.runtime import run
from onward.chassis.service import Service, check
from onward.chassis.settings import Settings
from onward.contracts import topics
from onward.contracts.outcome import Ignored
from onward.people.settings import Settings as PeopleSettings

GOOD = {"ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:9", **ENVIRONMENT}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONWARD_DATABASE_URL", raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def read() -> Settings:
    return PeopleSettings()  # the environment gives them


def ignoring(topic: topics.Topic[Any], **more: Any) -> StatelessHop:
    return StatelessHop(topic, lambda _: Ignored("unused"), **more)


@pytest.mark.parametrize(
    ("hops", "migrations", "told"),
    [
        ([], None, "has no hop"),
        ([ignoring(topics.CONTACTS), ignoring(topics.CONTACTS)], None, "contacts in two hops"),
        ([ignoring(topics.REPLIES)], None, "are families: give the hop the real topics"),
        ([ignoring(topics.CONTACTS)], "onward.people:sql", "set ONWARD_DATABASE_URL"),
    ],
)
def test_a_declaration_that_cannot_run_is_refused(hops: list[Hop], migrations: str | None, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        check(Service("svc", read(), hops, migrations=migrations))


def test_a_family_is_read_under_its_real_names() -> None:
    hop = ignoring(topics.REPLIES, names=["replies.a", "replies.b"])
    check(Service("svc", read(), [hop]))
    assert (hop.names, hop.label) == (("replies.a", "replies.b"), "replies")
    assert StatelessHop.of_raw(["in.custody", "in.hmpps"], lambda _: Ignored("unused")).label == "in"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://people:secret@[::1]:5432/onward?sslmode=verify-full",
        "postgresql://people:can%40%2F%3A%25ary@db-1,db-2:5433/onward",
        "host=/var/run/postgresql dbname=onward user=people",
        "postgresql:///onward",
    ],
)
def test_every_way_of_writing_an_address_that_libpq_reads_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ONWARD_DATABASE_URL", url)
    assert read().database_url == url


def test_an_empty_address_of_a_database_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONWARD_DATABASE_URL", " ")
    assert read().database_url is None


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("ONWARD_PEPPER", "short", "ONWARD_PEPPER: must have at least 32 characters"),
        ("ONWARD_PEPPER", "p" * 32 + "\n" + "q" * 32, "ONWARD_PEPPER: must be one line"),
        ("ONWARD_ID_KEY", f"{OTHER_KEY}\n{OTHER_KEY}", "there is one"),
        ("ONWARD_PARKING_KEY", OTHER_KEY, "must be 64 bytes, not 32"),
        ("ONWARD_MASTER_KEY", "no base64!", "openssl rand -base64 32"),
        ("ONWARD_MASTER_KEY", "c2hvcnQ=", "must be 32 bytes, not 5"),
        ("ONWARD_BATCH_RECORDS", "many", "ONWARD_BATCH_RECORDS"),
        ("ONWARD_KAFKA_BOOTSTRAP", "", "ONWARD_KAFKA_BOOTSTRAP"),
        ("ONWARD_DATABASE_URL", "postgresql//people:canary@db:5432/onward", "write postgresql://USER:PASSWORD@HOST"),
        ("ONWARD_DATABASE_URL", "postgresql://people:cana%zzry@db/onward", "write postgresql://USER:PASSWORD@HOST"),
        ("ONWARD_DATABASE_URL", "postgresql://people:can@ry@db/onward", "@ as %40"),
        ("ONWARD_DATABASE_URL", "postgresql://people:can/ary@db/onward", "/ as %2F"),
        ("ONWARD_DATABASE_URL", "postgresql://people:canary@db:port/onward", "USER:PASSWORD@HOST:PORT/DATABASE"),
        ("ONWARD_DATABASE_URL", "host=db canary=x", "ONWARD_DATABASE_URL: "),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        run(lambda settings: Service("svc", settings, [ignoring(topics.CONTACTS)]), PeopleSettings, ["--check"])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert told in error
    assert not value or value not in error.replace(told, "")


def test_checking_builds_the_service_and_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    run(lambda settings: Service("svc", settings, [ignoring(topics.CONTACTS)]), PeopleSettings, ["--check"])
    assert capsys.readouterr().out == ""


def test_an_argument_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(lambda settings: Service("svc", settings, [ignoring(topics.CONTACTS)]), Settings, ["--chekc"])
    assert ended.value.code == 2
    assert "--chekc" in capsys.readouterr().err


def test_secrets_are_not_shown_with_the_settings() -> None:
    shown = repr(read())
    assert not [name for name, value in ENVIRONMENT.items() if value in shown and name != "ONWARD_PARKING_KEY"]
    assert "p" * 32 not in shown


def test_the_frameworks_unsafe_defaults_are_off() -> None:
    settings, metrics = read(), Metrics("svc")
    hop = ignoring(topics.CONTACTS)
    context = FlowContext(
        "svc",
        settings,
        RecordProcessor("svc", ID_KEY, PARKING, failure_limit=1),
        OutcomeAccounting(metrics),
        metrics,
        Cluster(KafkaConnection("127.0.0.1:9"), "svc"),
        on_fatal=lambda _: None,
    )
    flow = StatelessFlow(hop, context)
    subscriber: Any = connect(settings, "svc", [(flow, hop)]).subscribers[0]
    given: dict[str, Any] = subscriber._connection_args
    assert subscriber.ack_policy.name == "MANUAL"
    assert given["enable_auto_commit"] is False
    assert (given["isolation_level"], given["auto_offset_reset"]) == ("read_committed", "none")
    assert given["rebalance_timeout_ms"] < 40_000
    assert subscriber._no_reply is True
