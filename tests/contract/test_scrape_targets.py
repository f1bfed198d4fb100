"""The shipped Prometheus configuration finds the services where the documentation has people put them."""

from pathlib import Path
from typing import Any

import yaml

from onward.contracts.services import SERVICES
from onward.local.addresses import counted_from

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DOCUMENTED = "onward up --http-port 9464"


def _targets(path: Path) -> list[str]:
    groups: list[dict[str, Any]] = yaml.safe_load(path.read_text())
    return [target for group in groups for target in group["targets"]]


def test_a_local_stack_on_the_documented_ports_is_scraped_as_shipped() -> None:
    (job,) = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    patterns = [pattern for each in job["file_sd_configs"] for pattern in each["files"]]
    found = [target for pattern in patterns for path in PROMETHEUS.glob(pattern) for target in _targets(path)]
    assert found == [f"127.0.0.1:{port}" for port in counted_from(9464, SERVICES).values()]
    for page in ("docs/operations.md", "docs/cli.md"):
        assert DOCUMENTED in (ROOT / page).read_text(), page


def test_the_targets_of_a_cluster_name_every_service() -> None:
    assert [target.partition(":")[0] for target in _targets(PROMETHEUS / "cluster-targets.yaml")] == list(SERVICES)
