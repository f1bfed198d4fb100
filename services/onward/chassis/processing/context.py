"""What the flows of one process share."""

from collections.abc import Callable
from dataclasses import dataclass

from onward.chassis.errors import ChassisError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.producers import ProducerSettings
from onward.chassis.observability.metrics import Metrics
from onward.chassis.processing.accounting import OutcomeAccounting
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.partitions import Timing
from onward.chassis.settings import Settings


@dataclass(frozen=True, slots=True)
class FlowContext:
    """The service that the flows belong to, and what they work with."""

    service: str
    settings: Settings
    processor: RecordProcessor
    accounting: OutcomeAccounting
    metrics: Metrics
    cluster: Cluster
    on_fatal: Callable[[ChassisError], None]
    """Told what trying again cannot mend."""

    @property
    def producers(self) -> ProducerSettings:
        """With which the producers of a partition are made."""
        settings = self.settings
        return ProducerSettings(settings.kafka, f"onward-{self.service}", request_timeout_s=settings.request_timeout_s)

    @property
    def timing(self) -> Timing:
        """How long an owner of partitions waits for what."""
        settings = self.settings
        return Timing(settings.heartbeat_s, settings.rebalance_timeout_s / 3, settings.request_timeout_s)
