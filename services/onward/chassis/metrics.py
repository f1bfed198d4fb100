"""Every metric of the chassis: the only place that names one. Labels come from closed sets."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.registry import Collector

from onward.contracts.outcome import Noted

OUTCOMES: Final = ("published", "ignored", "parked")
OTHER: Final = "other"
_MOST_REASONS: Final = 60
_MOST_NOTED: Final = 100
"""Values of the last label of a service's own counter, for each combination of the others."""

PARKED_REASONS: Final = (
    "empty",
    "too_large",
    "too_deep",
    "not_utf8",
    "not_json",
    "duplicate_key",
    "number_out_of_range",
    "forbidden_character",
    "schema",
    "wrong_type",
    "no_data",
    "not_base64",
    "no_offset",
    "unknown_code",
    "handler_error",
    "store_error",
    "output_too_large",
)
"""Reasons for which the chassis itself parks a record; a service adds its own."""

_BATCH_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_RECORD_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter of a service's own, which its decisions raise by what they note (`contracts.outcome.Noted`)."""

    name: str
    """As Prometheus has it, without the `_total` that it adds."""
    text: str
    """What it counts, and what to do when it rises."""
    labels: tuple[str, ...] = ()
    begins: tuple[tuple[str, ...], ...] = ()
    """Values of the labels that are there from the start, at 0, so that a first increase is seen as one."""


class Waits(Collector):
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


def _release() -> str:
    try:
        return version("onward")
    except PackageNotFoundError:
        return "unknown"


class Metrics:
    """The metrics of one service process, in a registry of their own."""

    def __init__(self, service: str, counters: Sequence[Counted] = ()) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        self._reasons: dict[tuple[str, str], set[str]] = {}
        self._names: dict[str, str] = {}
        self._make_counters()
        self._make_gauges()
        self._own = {each.name: Counter(each.name, each.text, each.labels, registry=self.registry) for each in counters}
        self._seen: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for each in counters:
            for labels in each.begins:
                self._own[each.name].labels(*labels)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, ("service", *labels), registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, ("service", *labels), registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, ("service", "topic"), buckets=buckets, registry=self.registry)

    def _make_counters(self) -> None:
        self._received = self._counter(
            "onward_events_received",
            "Records handled to the end. No rise while lag rises: the service stalls.",
            "topic",
        )
        self._outcomes = self._counter(
            "onward_event_outcomes",
            "How records ended, counted once committed. Rising `parked`: run `onward parked`.",
            "topic",
            "outcome",
            "reason",
        )
        self._batches = self._counter(
            "onward_commits", "Transactions committed. Few records in each at high load: raise batch_records.", "topic"
        )
        self._aborts = self._counter(
            "onward_aborts",
            "Transactions given up and done again; no loss. Steady rise: look at the broker and the database.",
            "topic",
        )
        self._rewinds = self._counter(
            "onward_rewinds", "Batches read again because they were not committed. Rises with aborts.", "topic"
        )
        self._rebalances = self._counter(
            "onward_rebalances",
            "Times the partitions were handed out anew. Steady rise: processes come and go, or time out.",
            "topic",
        )
        self._lost = self._counter(
            "onward_records_lost",
            "Records that retention or a deletion took before they were read. Any rise: `onward offsets show`.",
            "topic",
        )
        self._dropped = self._counter(
            "onward_records_dropped",
            "Records handed over again after they were handled, and dropped. Never other than 0: a fault of ours.",
            "topic",
        )
        self._parked = self._counter(
            "onward_parked", "Records parked for a person to mend. Any rise: run `onward parked`.", "reason"
        )

    def _make_gauges(self) -> None:
        self._batch_seconds = self._histogram(
            "onward_batch_seconds",
            "From a batch in hand to its commit. Over 1 s: broker or database is slow.",
            _BATCH_SECONDS,
        )
        self._waits = Waits(
            "onward_record_seconds",
            "From the broker's append to the durable outcome: what a partner notices.",
            self.service,
        )
        self.registry.register(self._waits)
        self._owned = self._gauge(
            "onward_owned_partitions", "Partitions this process works on. 0 in all processes: nobody works.", "topic"
        )
        self._not_worked = self._gauge(
            "onward_partitions_not_worked",
            "Partitions assigned to this process on which nothing has happened for 10 s although something should.",
            "topic",
        )
        self._lag = self._gauge(
            "onward_consumer_lag_messages", "Records (and transaction marks) not yet handled.", "topic", "partition"
        )
        self._lag_seconds = self._gauge(
            "onward_consumer_lag_seconds", "At most how long the oldest unhandled record waits. Page on this.", "topic"
        )
        self._progress = self._gauge(
            "onward_last_progress_timestamp_seconds",
            "When a batch was last committed. Old while lag is over 0: stalled.",
            "topic",
        )
        self._outbox = self._gauge(
            "onward_outbox_depth", "Rows committed but not yet published. Rising: the broker is away or slow.", "topic"
        )
        self._unaccounted = self._gauge(
            "onward_unaccounted_events", "Records received less outcomes counted. Never other than 0: a fault of ours."
        )
        self._following = self._gauge(
            "onward_following_behind_records",
            "Records of a followed topic not read yet. Over 0 for long: the broker is away.",
            "topic",
        )
        self._build = self._gauge("onward_build_info", "Always 1; the release in its label.", "release")

    def create(self, topics: Mapping[str, str]) -> None:
        """
        Make every series at 0, so that a first increase is seen as one.

        *topics* says what the records of each topic are counted as: its own name, or its family's.
        """
        service = self.service
        self._names = dict(topics)
        for topic in dict.fromkeys(topics.values()):
            for counter in (
                self._received,
                self._batches,
                self._aborts,
                self._rewinds,
                self._rebalances,
                self._lost,
                self._dropped,
            ):
                counter.labels(service, topic)
            for gauge in (self._owned, self._not_worked, self._lag_seconds, self._progress, self._outbox):
                gauge.labels(service, topic)
            self._batch_seconds.labels(service, topic)
            self._waits.add(topic, 0.0, 0)
            for outcome in OUTCOMES:
                for reason in PARKED_REASONS if outcome == "parked" else (outcome,):
                    self._outcomes.labels(service, topic, outcome, self._closed(outcome, reason))
        for reason in PARKED_REASONS:
            self._parked.labels(service, reason)
        self._unaccounted.labels(service).set(0)
        self._build.labels(service, _release()).set(1)

    def _closed(self, outcome: str, reason: str) -> str:
        """*reason*, or `other` once there are more than anyone can have meant."""
        known = self._reasons.setdefault((self.service, outcome), set())
        if reason not in known and len(known) >= _MOST_REASONS:
            return OTHER
        known.add(reason)
        return reason

    def name(self, topic: str) -> str:
        """What the records of *topic* are counted as. The methods below take such a name."""
        return self._names.get(topic, topic)

    def outcome(self, topic: str, outcome: str, reason: str, count: int) -> None:
        """*count* records of *topic* ended so."""
        reason = self._closed(outcome, reason)
        self._outcomes.labels(self.service, topic, outcome, reason).inc(count)
        if outcome == "parked":
            self._parked.labels(self.service, reason).inc(count)

    def noted(self, noted: Noted, count: int) -> None:
        """
        Decisions saw *noted* so many times.

        The last label may have any value that a decision gives; when it has had a hundred, the rest are `other`.
        """
        counter = self._own[noted.counter]
        if not noted.labels:
            counter.inc(count)
            return
        *closed, value = noted.labels
        seen = self._seen[noted.counter, tuple(closed)]
        if value not in seen and len(seen) >= _MOST_NOTED:
            value = OTHER
        seen.add(value)
        counter.labels(*closed, value).inc(count)

    def received(self, topic: str, count: int) -> None:
        """*count* records of *topic* were taken from the broker and are behind us."""
        self._received.labels(self.service, topic).inc(count)

    def waited(self, topic: str, seconds: float, count: int) -> None:
        """*count* records of *topic* reached their outcome *seconds* after their append."""
        self._waits.add(topic, max(0.0, seconds), count)

    def committed(self, topic: str, *, took: float, at: float) -> None:
        """A batch of *topic* was committed *took* seconds after it was in hand, at *at* (seconds since 1970)."""
        self._batches.labels(self.service, topic).inc()
        self._batch_seconds.labels(self.service, topic).observe(took)
        self._progress.labels(self.service, topic).set(at)

    def aborted(self, topic: str) -> None:
        """A batch of *topic* was given up, to be done again."""
        self._aborts.labels(self.service, topic).inc()

    def rewound(self, topic: str) -> None:
        """A partition of *topic* was set back to its last commit."""
        self._rewinds.labels(self.service, topic).inc()

    def lost(self, topic: str, records: int) -> None:
        """So many records of *topic* were removed before they were read."""
        self._lost.labels(self.service, topic).inc(records)

    def dropped(self, topic: str, records: int) -> None:
        """So many records of *topic* came although a commit covers them."""
        self._dropped.labels(self.service, topic).inc(records)

    def rebalanced(self, topic: str) -> None:
        """The partitions of *topic* were taken away, to be handed out anew."""
        self._rebalances.labels(self.service, topic).inc()

    def owning(self, topic: str, partitions: int) -> None:
        """How many partitions of *topic* this process works on now."""
        self._owned.labels(self.service, topic).set(partitions)

    def not_worked(self, topic: str, partitions: int) -> None:
        """On how many assigned partitions of *topic* nothing happens although something should."""
        self._not_worked.labels(self.service, topic).set(partitions)

    def lag(self, topic: str, partitions: dict[int, int], seconds: float) -> None:
        """How far behind each owned partition of *topic* is, and for how long at most."""
        for partition, messages in partitions.items():
            self._lag.labels(self.service, topic, str(partition)).set(messages)
        self._lag_seconds.labels(self.service, topic).set(seconds)

    def forget_lag(self, topic: str, partition: int) -> None:
        """The partition is another process's now: its lag is that one's to tell."""
        self._lag.remove_by_labels({"service": self.service, "topic": topic, "partition": str(partition)})

    def outbox(self, topic: str, rows: int) -> None:
        """How many rows from *topic*'s records wait to be published."""
        self._outbox.labels(self.service, topic).set(rows)

    def following(self, topic: str, *, behind: int) -> None:
        """How many records of a followed topic are not read yet."""
        self._following.labels(self.service, topic).set(behind)

    def unaccounted(self, records: int) -> None:
        """Records received less outcomes counted."""
        self._unaccounted.labels(self.service).set(records)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them, with those that the service itself declares and the process's own."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
