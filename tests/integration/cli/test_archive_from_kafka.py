"""`onward rules archive --from-kafka`: what the topic `situations` holds becomes an archive that can be replayed."""

import asyncio
import json
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from bench.national_year.description import load_year
from bench.national_year.year import Year
from conftest import Kafka
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.cli.main import app
from onward.contracts import paths
from onward.contracts.situation import Situation
from onward.workbench.impact.archive import Archive

SITUATIONS = [situation.model_copy(update={"sealed": "v1.secret"}) for situation in Year(load_year()).sample(60)]


def onward(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["rules", *map(str, arguments)])


async def _publish(bootstrap: str) -> None:
    """Half in a transaction that commits, half in it again in one that is given up."""
    await create_topics(bootstrap, {"situations": TopicSpec(3)})
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="test-archive")
    await producer.start()
    try:
        for commits in (True, False):
            await producer.begin_transaction()
            for situation in SITUATIONS:
                body = situation.model_dump_json().encode()
                await producer.send_and_wait("situations", body, key=situation.person.encode())
            await (producer.commit_transaction() if commits else producer.abort_transaction())
    finally:
        await producer.stop()


@pytest.fixture(scope="module")
def bootstrap(kafka: Kafka) -> str:
    """A cluster with situations."""
    asyncio.run(_publish(kafka.bootstrap))
    return kafka.bootstrap


def test_committed_situations_are_kept_without_identity_and_can_be_replayed(bootstrap: str, tmp_path: Path) -> None:
    told = onward("archive", tmp_path / "kept", "--from-kafka", bootstrap, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["situations"] == 60
    lines = [line for chunk in Archive.open(tmp_path / "kept").chunks(100) for line in chunk.lines]
    kept = {situation.situation_id: situation for situation in map(Situation.model_validate_json, lines)}
    assert kept == {each.situation_id: each.model_copy(update={"sealed": ""}) for each in SITUATIONS}
    rules = paths.schemas() / "routing"
    impact = onward("impact", rules, rules, "--archive", tmp_path / "kept", "--workers", 1)
    assert impact.exit_code == 0, impact.output
    assert "Nothing changes." in impact.output


def test_a_broker_that_is_away_is_said(tmp_path: Path) -> None:
    told = onward("archive", tmp_path / "kept", "--from-kafka", "127.0.0.1:1")
    assert told.exit_code == 1
    assert "Kafka at 127.0.0.1:1 did not do it" in told.output
