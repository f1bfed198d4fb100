"""
The same contacts through Splink, in an interpreter of its own that has it: `pip install splink`.

Reads records as JSON on its input, and writes who is together at each threshold. Columns, blocking and training are
those of Splink's own guide for people; nothing is tuned to this population.
"""

import json
import logging
import sys
from importlib import import_module
from typing import Any, Final

THRESHOLDS: Final = (0.5, 0.9, 0.99, 0.999)


def together(records: dict[str, list[Any]]) -> dict[str, list[list[int]]]:
    """Groups of contacts by threshold of probability."""
    splink: Any = import_module("splink")
    library: Any = import_module("splink.comparison_library")
    arrow: Any = import_module("pyarrow")
    by = splink.block_on
    kinds = ("pnc", "nhs", "crn")
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            library.NameComparison("first"),
            library.NameComparison("last"),
            library.DateOfBirthComparison("born", input_is_string=True, datetime_format="%Y-%m-%d"),
            *(library.ExactMatch(name) for name in ("phone", "sex", *kinds)),
        ],
        blocking_rules_to_generate_predictions=[
            *(by(name) for name in (*kinds, "phone")),
            by("born", "last"),
            by("born", "first"),
            by("first", "last"),
        ],
    )
    database = splink.DuckDBAPI()
    linker = splink.Linker(database.register(arrow.table(records)), settings, log_level=None)
    sure = [by("pnc"), by("nhs"), by("crn"), by("first", "last", "born")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
    for rule in (by("first", "last"), by("born"), by("phone")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    found: dict[str, list[list[int]]] = {}
    for threshold in THRESHOLDS:
        clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        )
        groups: dict[Any, list[int]] = {}
        for row in clustered.as_record_list():
            groups.setdefault(row["cluster_id"], []).append(row["unique_id"])
        found[str(threshold)] = list(groups.values())
    return found


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    json.dump(together(json.load(sys.stdin)), sys.stdout)
