"""The dashboard for Grafana: a panel for each metric of the catalogue, what asks for somebody first."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from prometheus_client.metrics_core import Metric

_SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "Does everybody get through?",
        (
            "onward_ready",
            "onward_not_ready",
            "onward_consumer_lag_seconds",
            "onward_unaccounted_events",
            "onward_parked",
            "onward_risks_left_out",
            "onward_records_lost",
            "onward_record_seconds",
        ),
    ),
    (
        "What comes in and goes out",
        ("onward_events_received", "onward_event_outcomes", "onward_messages_written", "onward_feedback"),
    ),
    (
        "Partners' messages",
        ("onward_unknown_event_types", "onward_unread_fields", "onward_values_left_out"),
    ),
    ("Rules and directory", ("onward_rule", "onward_shadow", "onward_directory", "onward_routing")),
    ("Referrals", ("onward_tracking",)),
)
"""Titles, and the metrics below each: by name, or by what their names begin with."""
_REST: Final = "How it works inside"
_BY: Final = "without (instance, pod, job, namespace, container, endpoint)"
_WIDTH, _HEIGHT, _ACROSS = 8, 7, 3
_SECONDS: Final = "s"


def dashboard(families: Iterable[Metric]) -> str:
    """The dashboard as Grafana reads it (JSON)."""
    by_name = {family.name: family for family in families}
    panels: list[dict[str, Any]] = []
    top = 0
    for title, names in _sections(sorted(by_name)):
        panels.append({"type": "row", "title": title, "collapsed": False, "gridPos": _at(0, top, 24, 1)})
        top += 1
        for number, name in enumerate(names):
            left = number % _ACROSS * _WIDTH
            panels.append(_panel(by_name[name], _at(left, top + number // _ACROSS * _HEIGHT, _WIDTH, _HEIGHT)))
        top += -(-len(names) // _ACROSS) * _HEIGHT
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
    document = {
        "uid": "onward",
        "title": "Onward",
        "tags": ["onward"],
        "timezone": "Europe/London",
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "panels": panels,
    }
    return json.dumps(document, indent=2) + "\n"


def _sections(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    left = list(names)
    found: list[tuple[str, list[str]]] = []
    for title, heads in _SECTIONS:
        # One by its name stands in the place that it was named for; those of a beginning in their own order.
        taken = [
            name for head in heads for name in left if name == head or (head not in names and name.startswith(head))
        ]
        left = [name for name in left if name not in taken]
        found.append((title, taken))
    return [*found, (_REST, left)]


def expression(family: Metric) -> str:
    """What is asked of Prometheus for a metric."""
    if family.type == "counter":
        return f"sum {_BY} (rate({family.name}_total[5m]))"
    if family.type == "histogram":
        return f"histogram_quantile(0.99, sum {_BY} (rate({family.name}_bucket[5m])))"
    if family.name.endswith("_timestamp_seconds"):
        return f"time() - max {_BY} ({family.name} > 0)"
    return f"max {_BY} ({family.name})"


def _panel(family: Metric, place: dict[str, int]) -> dict[str, Any]:
    title = family.name.removeprefix("onward_").replace("_", " ")
    kinds = {"counter": f"{title}, per second", "histogram": f"{title}, 99th percentile"}
    unit = _SECONDS if family.name.endswith("_seconds") else "short"
    return {
        "type": "timeseries",
        "title": kinds.get(family.type, title),
        "description": family.documentation,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0 if unit == _SECONDS else None}, "overrides": []},
        "targets": [{"refId": "A", "expr": expression(family), "legendFormat": "__auto"}],
    }


def _at(left: int, top: int, width: int, height: int) -> dict[str, int]:
    return {"x": left, "y": top, "w": width, "h": height}
