"""What a running Onward decided and disclosed is on its audit chains, to the last record, and the chains hold."""

from hashlib import sha256
from pathlib import Path

from typer.testing import CliRunner, Result

from integration.whole.partner_messages import arrest, message, somebody
from integration.whole.whole_system import System
from onward.audit.verifying import read_value
from onward.cli.main import app
from onward.contracts import topics
from onward.contracts.audit import AuditRecord

ACTS = ("decisions", "referrals", "status", "questions", "feedback", "erased-persons", "erasure-reports")


def on_record(whole: System) -> set[tuple[str, str]]:
    """The topic and the digest of everything that is on a chain of a service."""
    records = [seen for topic, found in whole.watch.records.items() if topic.startswith("audit.") for seen in found]
    read = [AuditRecord.model_validate_json(seen.value or b"") for seen in records]
    return {(entry.topic, entry.sha256) for record in read for entry in record.entries}


def done(whole: System) -> set[tuple[str, str]]:
    """The topic and the digest of every record that is an act."""
    kinds = {topic: topic.partition(".")[0] for topic in whole.watch.records}
    acts = [seen for topic, kind in kinds.items() if kind in ACTS for seen in whole.watch.records[topic]]
    return {(seen.topic, sha256(seen.value or b"").hexdigest()) for seen in acts}


def test_everything_that_was_decided_and_disclosed_is_on_chains_that_hold(whole: System, tmp_path: Path) -> None:
    (sent,) = whole.watch.send(message("custody", arrest(somebody())))
    (decision,) = whole.decided(sent.place)
    referral = decision.body["referrals"][0]["referral_id"]
    whole.wait(lambda: whole.watch.about("referrals", referral), "its referral")
    whole.wait(lambda: [decision] if done(whole) <= on_record(whole) else [], "every act to be on a chain")

    private, trusted, log, proof = (tmp_path / name for name in ("auditor.pem", "keys.yaml", "log", "proof"))
    made = CliRunner().invoke(app, ["rules", "keys", "new", "auditor-1", "--role", "auditor", "--out", str(private)])
    trusted.write_text(f"schema: rule-keys/v1\nkeys:\n{made.stdout}")
    env = {
        "ONWARD_MY_RULE_KEY": str(private),
        "ONWARD_RULE_KEYS": str(trusted),
        "ONWARD_KAFKA_BOOTSTRAP": whole.bootstrap,
    }

    def onward(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["audit", *arguments], env=env)
        assert result.exit_code == 0, result.output
        return result

    onward("checkpoint")
    onward("export", str(log))
    onward("verify", str(log))
    onward("prove", decision.body["decision_id"], str(log), "--out", str(proof))
    assert f"decision {decision.body['decision_id']}" in onward("verify-proof", str(proof)).output
    read = [read_value(line) for line in log.read_bytes().splitlines()]
    records = [each for each in read if isinstance(each, AuditRecord)]
    (entry,) = [entry for each in records for entry in each.entries if entry.id == decision.body["decision_id"]]
    assert (entry.topic, entry.sha256) == (topics.DECISIONS.name, sha256(decision.value or b"").hexdigest())
    assert done(whole) <= {(entry.topic, entry.sha256) for each in records for entry in each.entries}
