"""`onward audit` on a real broker: acts of people follow each other, checkpoints cover all chains, breaks are told."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from conftest import Kafka
from onward.audit import chain
from onward.audit.chain import BEGINNING, Head
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.looking import Looker
from onward.chassis.observability import audit_notes
from onward.cli import whole_topic
from onward.cli.acting import act_of, on_record
from onward.cli.audit_topics import chain_topics
from onward.cli.main import app
from onward.contracts import topics
from onward.contracts.audit import AuditRecord

WRITER = "routing.situations.0"


@pytest.fixture(scope="module")
def bootstrap(kafka: Kafka) -> str:
    """A broker with the topics of chains."""
    names = (*chain_topics(), topics.AUDIT_CHECKPOINTS.name)
    asyncio.run(create_topics(kafka.bootstrap, dict.fromkeys(names, TopicSpec(1))))
    return kafka.bootstrap


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the auditor's key is, and the trusted keys, as environment."""
    folder = tmp_path_factory.mktemp("keys")
    private, trusted = folder / "auditor.pem", folder / "keys.yaml"
    made = CliRunner().invoke(app, ["rules", "keys", "new", "auditor-1", "--role", "auditor", "--out", str(private)])
    assert made.exit_code == 0, made.output
    trusted.write_text(f"schema: rule-keys/v1\nkeys:\n{made.stdout}")
    return {"ONWARD_MY_RULE_KEY": str(private), "ONWARD_RULE_KEYS": str(trusted)}


def onward(env: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments], env=env)


def entries(*names: str) -> list[dict[str, str]]:
    return [{"act": "decision", "id": name} for name in names]


def following(head: Head, *names: str) -> tuple[bytes, Head]:
    return chain.follow(head, writer=WRITER, at="2026-03-02T12:00:00Z", entries=entries(*names))


async def put(bootstrap: str, values: Iterable[bytes]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait("audit.routing", value)
    finally:
        await producer.stop()


async def acts_of(bootstrap: str) -> list[tuple[bytes, AuditRecord]]:
    found = [each.value or b"" async for each in whole_topic.records(bootstrap, topics.AUDIT_ACTS.name)]
    return [(value, AuditRecord.model_validate_json(value)) for value in found]


def test_people_who_act_in_the_same_moment_follow_each_other(bootstrap: str) -> None:
    async def at_once() -> None:
        both = [on_record(bootstrap, act_of("reveal", "parked-show", by=name)) for name in ("one", "two")]
        await asyncio.gather(*both)

    before = len(asyncio.run(acts_of(bootstrap)))
    asyncio.run(at_once())
    acts = asyncio.run(acts_of(bootstrap))
    assert {record.entries[0].by for _, record in acts[before:]} == {"one", "two"}
    head = BEGINNING
    for value, record in acts:
        assert chain.follows(record, head)
        head = Head(record.number, chain.digest(value))


def test_a_log_is_signed_exported_and_checked_and_one_act_of_it_proven(
    bootstrap: str, keys: dict[str, str], tmp_path: Path
) -> None:
    env = {**keys, "ONWARD_KAFKA_BOOTSTRAP": bootstrap}
    first, head = following(BEGINNING, "decision-1", "decision-2")
    second, head = following(head, "decision-3")
    asyncio.run(put(bootstrap, [first, second]))
    signed = onward(env, "checkpoint")
    assert signed.exit_code == 0, signed.output
    log, proof = tmp_path / "log", tmp_path / "proof"
    assert onward(env, "export", str(log)).exit_code == 0
    whole = onward(keys, "verify", str(log))
    assert whole.exit_code == 0, whole.output
    assert "nothing was changed" in whole.output
    assert onward(keys, "prove", "decision-2", str(log), "--out", str(proof)).exit_code == 0
    assert b"decision-1" not in proof.read_bytes()
    proven = onward(keys, "verify-proof", str(proof))
    assert proven.exit_code == 0, proven.output
    proof.write_bytes(proof.read_bytes().replace(b"decision-2", b"decision-9"))
    assert onward(keys, "verify-proof", str(proof)).exit_code == 1
    log.write_bytes(log.read_bytes().replace(b"decision-3", b"decision-4"))
    changed = onward(keys, "verify", str(log), "--json")
    assert changed.exit_code == 1
    assert "heads" in changed.output

    # A record that does not follow, and one on another's topic: nothing is signed until somebody answers for it.
    missing, head = following(head, "decision-5")
    after, head = following(head, "decision-6")
    asyncio.run(put(bootstrap, [after, after.replace(WRITER.encode(), b"tracking.decisions.0")]))
    refused = onward(env, "checkpoint")
    assert refused.exit_code == 1
    assert f"record 4 of {WRITER} does not follow: number 3 should have come" in refused.stderr
    assert "none of its chains" in refused.stderr
    noted = asyncio.run(note(bootstrap))
    assert (noted.number, noted.breaks) == (1, 2)
    accepted = onward(env, "checkpoint", "--accept-breaks", "--by", "j.doe")
    assert accepted.exit_code == 0, accepted.output
    assert asyncio.run(note(bootstrap)).breaks == 0
    log.unlink()
    assert onward(env, "export", str(log)).exit_code == 0
    looked_into = onward(keys, "verify", str(log))
    assert looked_into.exit_code == 0, looked_into.output
    assert "looked into and signed for: record 4" in looked_into.output
    later = tmp_path / "later"
    assert onward(env, "export", str(later), "--after", "1").exit_code == 0
    assert onward(keys, "verify", str(later), "--after", "1").exit_code == 0
    assert missing not in log.read_bytes()


async def note(bootstrap: str) -> audit_notes.AuditNote:

    looker = Looker(KafkaConnection.of_environment(bootstrap), "test")
    try:
        look = await looker.look(lambda _: False, [], notes=[audit_notes.GROUP], expected=[])
    finally:
        await looker.close()
    found = audit_notes.read(look.committed[audit_notes.GROUP])
    assert found is not None
    return found
