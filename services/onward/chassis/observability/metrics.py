"""Every metric of the chassis, with `group_metrics`: the only places that name one. Labels come from closed sets."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from onward.chassis.observability.group_metrics import GroupMetrics
from onward.chassis.observability.histogram import BulkHistogram
from onward.contracts.outcome import PLAIN, Noted, Reasons

OUTCOMES: Final = ("published", "ignored", "parked")
OTHER: Final = "other"

NOT_READY: Final = (
    "starting",
    "stopping",
    "broker_away",
    "database_away",
    "not_in_group",
    "partitions_not_held",
    "partitions_stand_still",
)
"""Why a process may not be ready: the codes of `onward_not_ready`. `Health` says them with words beside them."""
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
    newest: int | None = None
    """Keep only so many series, those counted last; for labels that name what comes and goes, such as a release."""


def _release() -> str:
    try:
        return version("onward")
    except PackageNotFoundError:
        return "unknown"


class _Ours(Collector):
    """Another registry's metrics; those that are Onward's carry the service, as all of them do."""

    def __init__(self, registry: CollectorRegistry, service: str) -> None:
        self._registry = registry
        self._service = service

    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            if family.name.startswith("onward_"):
                for number, sample in enumerate(family.samples):
                    labels = {"service": self._service, **sample.labels}
                    family.samples[number] = sample._replace(labels=labels)
            yield family


class _Newest:
    """The labels that were used last, *most* of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used: dict[tuple[str, ...], None] = {}

    def use(self, labels: tuple[str, ...]) -> tuple[str, ...] | None:
        """Note that *labels* are used; those that have no place any more, if any."""
        self._used.pop(labels, None)
        self._used[labels] = None
        if len(self._used) <= self._most:
            return None
        oldest = next(iter(self._used))
        del self._used[oldest]
        return oldest


class Metrics:
    """The metrics of one service process, in a registry of their own."""

    def __init__(self, service: str, counters: Sequence[Counted] = ()) -> None:
        # A gauge for each counter that says when it was made: a quarter of all series, and nobody asks.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types here
        self.service = service
        self.registry = CollectorRegistry()
        self._everything = CollectorRegistry()
        for registry in (self.registry, REGISTRY):
            self._everything.register(_Ours(registry, service))
        self._reasons: dict[tuple[str, str], set[str]] = {}
        self._names: dict[str, str] = {}
        self._make_counters()
        self._make_gauges()
        self.groups = GroupMetrics(service, self.registry)
        self._own = {each.name: Counter(each.name, each.text, each.labels, registry=self.registry) for each in counters}
        self._seen: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        self._kept = {each.name: _Newest(each.newest) for each in counters if each.newest is not None}
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
        self._written = self._counter(
            "onward_messages_written",
            "Messages that became visible, by the topic or family they were written to.",
            "topic",
        )
        self._outbox_commits = self._counter(
            "onward_outbox_commits", "Transactions in which an outbox was published.", "topic"
        )

    def _make_gauges(self) -> None:
        self._batch_seconds = self._histogram(
            "onward_batch_seconds",
            "From a batch in hand to its commit. Over 1 s: broker or database is slow.",
            _BATCH_SECONDS,
        )
        self._waits = BulkHistogram(
            "onward_record_seconds",
            "From the broker's append to the durable outcome: what a partner notices.",
            self.service,
        )
        self.registry.register(self._waits)
        self._owned = self._gauge(
            "onward_owned_partitions", "Partitions this process works on. 0 in all processes: nobody works.", "topic"
        )
        self._ready = self._gauge("onward_ready", "1 if `/ready` answers 200. 0 for minutes: see onward_not_ready.")
        self._not_ready = self._gauge(
            "onward_not_ready", "1 for each reason why the process is not ready; `/ready` says it in words.", "why"
        )
        self._not_worked = self._gauge(
            "onward_partitions_not_worked",
            "Partitions assigned to this process on which nothing has happened for 10 s although something should.",
            "topic",
        )
        self._held_back = self._gauge(
            "onward_held_back_seconds", "For how long a record has waited for what it names; 0: none waits.", "topic"
        )
        self._progress = self._gauge(
            "onward_last_progress_timestamp_seconds",
            "When a batch was last committed. Old while lag is over 0: stalled.",
            "topic",
        )
        self._outbox = self._gauge(
            "onward_outbox_depth", "Rows committed but not yet published. Rising: the broker is away or slow.", "topic"
        )
        self._outbox_oldest = self._gauge(
            "onward_outbox_oldest_seconds",
            "How long the outbox has not been empty and nothing of it was published. Rising: nothing flows on.",
            "topic",
        )
        self._following = self._gauge(
            "onward_following_behind_records",
            "Records of a followed topic not read yet. Over 0 for long: the broker is away.",
            "topic",
        )
        self._build = self._gauge("onward_build_info", "Always 1; the release in its label.", "release")

    def create(self, topics: Mapping[str, str], reasons: Reasons = PLAIN) -> None:
        """
        Make every series at 0, so that a first increase is seen as one.

        *topics*: what the records of each topic or whole family are counted as; *reasons*: what outcomes are.
        """
        service = self.service
        self._names = dict(topics)
        parked = (*PARKED_REASONS, *reasons.parked)
        declared = {"published": reasons.published, "ignored": reasons.ignored, "parked": parked}
        for topic in dict.fromkeys(topics.values()):
            for counter in (
                self._received,
                self._batches,
                self._aborts,
                self._rewinds,
                self._rebalances,
                self._outbox_commits,
                self._lost,
                self._dropped,
            ):
                counter.labels(service, topic)
            for gauge in (self._owned, self._not_worked, self._held_back, self._outbox, self._outbox_oldest):
                gauge.labels(service, topic)
            self._batch_seconds.labels(service, topic)
            self._waits.add(topic, 0.0, 0)
            for outcome in OUTCOMES:
                for reason in declared[outcome]:
                    self._outcomes.labels(service, topic, outcome, self._closed(outcome, reason))
        for reason in declared["parked"]:
            self._parked.labels(service, reason)
        self.ready(("starting",))
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
        families = (family for family in self._names if "{" in family and topic.startswith(family.partition("{")[0]))
        return self._names.get(topic) or self._names.get(next(families, ""), topic)

    def outcome(self, topic: str, outcome: str, reason: str, count: int) -> None:
        """Count *count* records of *topic* that ended in *outcome* for *reason*."""
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
        if (kept := self._kept.get(noted.counter)) is not None:
            if (gone := kept.use(noted.labels)) is not None:
                counter.remove(*gone)
            counter.labels(*noted.labels).inc(count)
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

    def held_back(self, topic: str, seconds: int) -> None:
        """For how long a partition of *topic* has been held back."""
        self._held_back.labels(self.service, topic).set(seconds)

    def ready(self, why: Collection[str]) -> None:
        """Whether `/ready` answers 200: it does if there is no reason *why* not. Reasons are of `NOT_READY`."""
        self._ready.labels(self.service).set(0 if why else 1)
        for code in NOT_READY:
            self._not_ready.labels(self.service, code).set(1 if code in why else 0)

    def written(self, messages: Mapping[str, int]) -> None:
        """So many messages became visible, by topic or family."""
        for topic, count in messages.items():
            self._written.labels(self.service, topic).inc(count)

    def outbox(self, topic: str, rows: int, *, oldest: float) -> None:
        """How many rows from *topic*'s records wait to be published, and for how many seconds the oldest has."""
        self._outbox.labels(self.service, topic).set(rows)
        self._outbox_oldest.labels(self.service, topic).set(oldest)

    def outbox_committed(self, topic: str) -> None:
        """A transaction with rows from *topic*'s records was committed."""
        self._outbox_commits.labels(self.service, topic).inc()

    def following(self, topic: str, *, behind: int) -> None:
        """How many records of a followed topic are not read yet."""
        self._following.labels(self.service, topic).set(behind)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them, with those that the service itself declares and the process's own."""
        return generate_latest(self._everything)
