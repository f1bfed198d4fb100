"""The dashboard shows every metric, asks only for metrics that there are, and Prometheus can read what it asks."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.deployed import DEPLOY
from contract.service_metrics import families

PROMTOOL = shutil.which("promtool")
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "onward.json").read_text())
PANELS = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
ASKED = [target["expr"] for panel in PANELS for target in panel["targets"]]


def test_every_metric_has_one_panel_and_no_other_is_asked_for() -> None:
    asked = [re.sub(r"_(total|bucket)$", "", name) for each in ASKED for name in re.findall(r"onward_\w+", each)]
    assert sorted(asked) == sorted({family.name for family in families()})


def test_a_panel_says_what_its_metric_means() -> None:
    assert all(panel["description"] for panel in PANELS)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_it_reads_from_the_data_source_that_is_provisioned() -> None:
    path = DEPLOY / "compose" / "grafana" / "provisioning" / "datasources" / "prometheus.yaml"
    (source,) = yaml.safe_load(path.read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool, of Prometheus, is not on this machine")
def test_prometheus_can_read_what_it_asks(tmp_path: Path) -> None:
    assert PROMTOOL is not None
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(ASKED)]
    (tmp_path / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = subprocess.run(
        [PROMTOOL, "check", "rules", str(tmp_path / "panels.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
