"""Alerts ask for metrics that there are, say what to do, and are seen both to fire and to stay quiet."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.service_metrics import families

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted(
    path for path in (ROOT / "deploy" / "prometheus" / "rules").glob("*.yaml") if not path.stem.endswith(".test")
)
PROMTOOL = shutil.which("promtool")


def alerts(path: Path) -> list[dict[str, Any]]:
    document = yaml.safe_load(path.read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def exported() -> set[str]:
    return {f"{family.name}_total" if family.type == "counter" else family.name for family in families()}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_an_alert_asks_for_metrics_that_there_are(path: Path) -> None:
    asked = {name for rule in alerts(path) for name in re.findall(r"onward_\w+", rule["expr"])}
    assert asked
    assert asked <= exported()


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_an_alert_says_how_urgent_it_is_and_where_it_says_what_to_do(path: Path) -> None:
    for rule in alerts(path):
        assert rule["labels"]["severity"] in {"page", "ticket"}
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(), re.MULTILINE)
        assert anchor in {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}, anchor


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_an_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(path: Path) -> None:
    document = yaml.safe_load(path.with_name(f"{path.stem}.test.yaml").read_text())
    cases = [case for test in document["tests"] for case in test["alert_rule_test"]]
    for fires in (True, False):
        seen = {case["alertname"] for case in cases if bool(case["exp_alerts"]) == fires}
        assert seen == {rule["alert"] for rule in alerts(path)}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool, of Prometheus, is not on this machine")
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_the_cases_come_out_so_in_prometheus_itself(path: Path) -> None:
    assert PROMTOOL is not None
    command = [PROMTOOL, "test", "rules", f"{path.stem}.test.yaml"]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
