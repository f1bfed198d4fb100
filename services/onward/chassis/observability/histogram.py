"""A histogram that takes many equal observations at once."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.registry import Collector

_RECORD_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


class BulkHistogram(Collector):
    """
    A histogram that takes many equal observations at once.

    Records are appended in batches and handled in batches; the library's own histogram takes a fifth of a hop's time.
    """

    def __init__(self, name: str, text: str, service: str) -> None:
        self._family = (name, text)
        self._service = service
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def add(self, topic: str, seconds: float, count: int) -> None:
        """*count* observations of *seconds*."""
        counts = self._counts.setdefault(topic, [0] * (len(_RECORD_SECONDS) + 1))
        counts[bisect_left(_RECORD_SECONDS, seconds)] += count
        self._sums[topic] = self._sums.get(topic, 0.0) + seconds * count

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """As the registry asks for it."""
        name, text = self._family
        family = HistogramMetricFamily(name, text, labels=("service", "topic"))
        bounds = [*map(str, _RECORD_SECONDS), "+Inf"]
        for topic, counts in self._counts.items():
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            family.add_metric((self._service, topic), buckets, self._sums[topic])
        yield family
