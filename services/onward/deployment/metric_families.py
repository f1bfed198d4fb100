"""What the services of the one list count beside the chassis, wherever one declares it in its `metrics.py`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from prometheus_client.metrics_core import Metric

from onward.chassis.observability.metrics import Counted, Metrics
from onward.contracts.services import SERVICES


def families() -> list[Metric]:
    """Every metric that a process of any service can have."""
    every = [each for service in SERVICES for each in _of(service)]
    # What two services declare in the same words is one counter.
    declared = list(dict.fromkeys(each for each in every if isinstance(each, Counted)))
    found = list(Metrics("a-service", declared).registry.collect())
    for metric in every:
        if not isinstance(metric, Counted):
            found += metric.collect()
    return found


def _of(service: str) -> tuple[Any, ...]:
    name = f"onward.{service}.metrics"
    return tuple(import_module(name).ALL) if find_spec(name) else ()
