"""The catalogue of metrics says what the code counts, and nothing else."""

import re
from pathlib import Path

from contract.service_metrics import families

CATALOGUE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_every_metric_is_in_the_catalogue_with_its_kind_and_no_other_is() -> None:
    written = dict(re.findall(r"^\| `(onward_[a-z_]+)` \| (\w+) \|", CATALOGUE.read_text(), re.MULTILINE))
    assert written == {family.name: family.type for family in families()}
