"""The catalogue of metrics says what the code counts, and nothing else."""

import re
from pathlib import Path

from onward.chassis.observability.metrics import Metrics
from onward.intake import metrics as intake
from onward.routing import metrics as routing
from onward.tracking.metrics import PARTNERS_NOT_TOLD, PROPOSALS_DROPPED

CATALOGUE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_every_metric_is_in_the_catalogue_with_its_kind_and_no_other_is() -> None:
    written = dict(re.findall(r"^\| `(onward_[a-z_]+)` \| (\w+) \|", CATALOGUE.read_text(), re.MULTILINE))
    counted = {family.name: family.type for family in Metrics("a-service", intake.ALL).registry.collect()}
    services = (PROPOSALS_DROPPED, PARTNERS_NOT_TOLD, *routing.ALL)
    own = {family.name: family.type for metric in services for family in metric.collect()}
    assert written == counted | own
