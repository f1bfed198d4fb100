"""What every process tells of all groups of the deployment: how far each is, and whether the books balance."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge

from onward.chassis.observability.audit_notes import AuditNote


class GroupMetrics:
    """The gauges of one process, in its registry."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self.service = service
        self.registry = registry
        self._lag = self._gauge(
            "onward_consumer_lag_messages",
            "End of each partition less what its group has committed, whoever holds it; as last seen.",
            "group",
            "topic",
            "partition",
        )
        self._lag_seconds = self._gauge(
            "onward_consumer_lag_seconds",
            "At most how long the group's oldest unhandled record waits. Page on this.",
            "group",
            "topic",
        )
        self._deleted = self._gauge(
            "onward_records_deleted_unread",
            "Records that the broker deleted before the group had read them. Any: somebody may have been missed.",
            "group",
            "topic",
        )
        self._watched = self._gauge(
            "onward_lag_seen_timestamp_seconds",
            "When the broker last said how far everybody is. Old: what is told of lag and books is as of then.",
        )
        self._unaccounted = self._gauge(
            "onward_unaccounted_events",
            "Written to a topic less handled by its readers: over 0 lost or stuck, below 0 doubled. Page on any.",
            "topic",
        )
        self._uncounted = self._gauge(
            "onward_uncounted_records",
            "Records that a group handled less the outcomes it counted. Never other than 0: a fault of ours.",
            "group",
        )
        self._books_since = self._gauge(
            "onward_books_since_timestamp_seconds",
            "Since when a topic's readers and writers have all been counted. Newer than before: counts were lost.",
            "topic",
        )

        self._checkpoint = self._gauge(
            "onward_audit_checkpoint_timestamp_seconds",
            "When the audit chains were last put under a signed checkpoint; 0: never, or long ago. Page when old.",
        )
        self._breaks = self._gauge(
            "onward_audit_chain_breaks",
            "Places at which an audit chain does not follow, as last looked at and accepted by nobody. Page on any.",
        )

    def audited(self, noted: AuditNote | None) -> None:
        """What the last look at the audit chains *noted*; None: nobody has looked, or not for long."""
        self._checkpoint.labels(self.service).set(noted.at if noted is not None else 0.0)
        self._breaks.labels(self.service).set(noted.breaks if noted is not None else 0)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, ("service", *labels), registry=self.registry)

    def lag(self, group: str, topic: str, partitions: Mapping[int, int], seconds: float) -> None:
        """How many records of each partition of *topic* the *group* has not handled, and for how long at most."""
        for partition, messages in partitions.items():
            self._lag.labels(self.service, group, topic, str(partition)).set(messages)
        self._lag_seconds.labels(self.service, group, topic).set(seconds)

    def deleted_unread(self, group: str, topic: str, records: int) -> None:
        """So many records of *topic* that the *group* has still to read are not there any more."""
        self._deleted.labels(self.service, group, topic).set(records)

    def seen(self, at: float) -> None:
        """At *at*, in seconds since 1970, the broker said how far every group is."""
        self._watched.labels(self.service).set(at)

    def unaccounted(self, topic: str, records: int, *, since: float) -> None:
        """What was written to *topic* less what its readers handled, counted *since* (seconds since 1970)."""
        self._unaccounted.labels(self.service, topic).set(records)
        self._books_since.labels(self.service, topic).set(since)

    def uncounted(self, group: str, records: int) -> None:
        """Records that *group* handled less the outcomes that it counted."""
        self._uncounted.labels(self.service, group).set(records)
