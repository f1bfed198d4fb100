"""However Onward is deployed, the audit chains are signed again and again, and nobody else holds the key for it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from contract.deployed import DEPLOY, base, compose, of_kind
from onward.cli.main import app
from onward.cli.rules.releases.signing_keys import signer
from onward.contracts.services import SERVICES
from onward.deployment.kubernetes import AUDIT_JOB
from onward.deployment.secrets import make

UNIT = "onward-audit-checkpoint"
SIGNS = ["audit", "checkpoint"]
SEALED = {"pepper", "master-key", "database-url"}
"""What opens records, or the tables."""


def _unit(kind: str) -> dict[str, str]:
    text = (DEPLOY / "systemd" / f"{UNIT}.{kind}").read_text()
    return dict(re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE))


def test_a_cluster_signs_every_ten_minutes_and_never_twice_at_once() -> None:
    spec = of_kind(base(), "CronJob")[AUDIT_JOB]["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("*/10 * * * *", "Forbid")
    job = spec["jobTemplate"]["spec"]
    assert job["activeDeadlineSeconds"] < 600
    (container,) = job["template"]["spec"]["containers"]
    assert (container["command"], container["args"]) == (["onward"], SIGNS)
    labels = job["template"]["metadata"]["labels"]
    reached = {
        name
        for name, each in of_kind(base(), "NetworkPolicy").items()
        if each["spec"]["policyTypes"] == ["Egress"]
        and each["spec"]["podSelector"].get("matchLabels", {"": ""}).items() <= labels.items()
    }
    assert reached == {"names", "kafka"}


def test_a_machine_with_systemd_signs_every_ten_minutes_and_after_it_was_down() -> None:
    timer, service = _unit("timer"), _unit("service")
    assert (timer["OnCalendar"], timer["Persistent"], timer["WantedBy"]) == ("*:0/10", "yes", "timers.target")
    assert service["Type"] == "oneshot"
    assert service["ExecStart"].split()[1:] == SIGNS


def test_a_machine_with_compose_signs_every_ten_minutes_whatever_came_of_the_last() -> None:
    service = compose()["services"][AUDIT_JOB]
    shell, option, script = service["entrypoint"]
    assert (shell, option) == ("/bin/sh", "-c")
    assert script == f"while :; do onward {' '.join(SIGNS)}; sleep 600; done"
    assert service["init"] is True, "a shell that is the first process hears no SIGTERM"


def _held() -> dict[str, dict[str, set[str]]]:
    """What each of ours is given as files, by platform."""
    pods = {name: each["spec"]["template"]["spec"] for name, each in of_kind(base(), "Deployment").items()}
    pods |= {name: each["spec"]["template"]["spec"] for name, each in of_kind(base(), "Job").items()}
    pods |= {
        name: each["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        for name, each in of_kind(base(), "CronJob").items()
    }
    containers: dict[str, Any] = compose()["services"]
    units = {path.stem: path.read_text() for path in (DEPLOY / "systemd").glob("*.service")}
    return {
        "kubernetes": {
            name: {
                item["path"]
                for source in pod["volumes"][0]["projected"]["sources"]
                for item in source["secret"]["items"]
            }
            for name, pod in pods.items()
        },
        "compose": {
            name: {each if isinstance(each, str) else each["target"] for each in service.get("secrets", ())}
            for name, service in containers.items()
        },
        "systemd": {
            name.removeprefix("onward-"): {
                line.removeprefix("LoadCredential=").partition(":")[0]
                for line in text.splitlines()
                if line.startswith("LoadCredential=")
            }
            for name, text in units.items()
        },
    }


@pytest.mark.parametrize("platform", ["kubernetes", "compose", "systemd"])
def test_only_who_signs_holds_the_auditors_key_and_opens_nothing_with_what_it_holds(platform: str) -> None:
    held = _held()[platform]
    assert len(held) > 2
    assert {name for name, files in held.items() if "audit-key" in files} == {AUDIT_JOB}
    assert held[AUDIT_JOB] >= {"audit-key", "rule-keys", "kafka-password"}
    assert not held[AUDIT_JOB] & SEALED


def test_the_key_that_is_made_for_one_machine_is_trusted_as_the_auditors_and_as_nothing_else(tmp_path: Path) -> None:
    make(tmp_path / "secrets", [], hosts=[], now=datetime(2026, 1, 1, tzinfo=UTC))
    key, keys = tmp_path / "secrets" / "audit-key", tmp_path / "secrets" / "rule-keys"
    key.chmod(0o600)
    found = signer(key, keys, role="auditor")
    assert [each.role for each in found.trusted.values()] == ["auditor"]
    refused = CliRunner().invoke(
        app, ["rules", "rollback", "--why", "w", "--key", str(key), "--keys", str(keys), "--bootstrap", "localhost:1"]
    )
    assert (refused.exit_code, "may sign as auditor only" in refused.stderr) == (1, True), refused.output


def test_only_a_stack_of_a_laptop_may_go_without_checkpoints_and_says_so_itself() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "rules" / "services.yaml").read_text())
    (expression,) = (
        rule["expr"]
        for group in rules["groups"]
        for rule in group["rules"]
        if rule["alert"] == "AuditCheckpointMissing"
    )
    assert '{stack!="local"}' in expression
    (local,) = yaml.safe_load((DEPLOY / "prometheus" / "targets" / "local.yaml").read_text())
    (cluster,) = yaml.safe_load((DEPLOY / "prometheus" / "cluster-targets.yaml").read_text())
    assert local["labels"] == {"stack": "local"}
    assert "labels" not in cluster
    assert len(cluster["targets"]) == len(SERVICES)
    mounted = compose()["services"]["prometheus"]["volumes"]
    assert [each for each in mounted if "/targets" in each] == [
        "./prometheus/cluster-targets.yaml:/etc/prometheus/targets/cluster.yaml:ro"
    ]
