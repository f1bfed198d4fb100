"""The flows of a service: one for each hop, of the hop's kind."""

from collections.abc import Callable
from typing import Any

from onward.chassis.declaration import Service
from onward.chassis.errors import ChassisError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.producers import ProducerSettings
from onward.chassis.observability.metrics import Metrics
from onward.chassis.processing import groups
from onward.chassis.processing.accounting import Books
from onward.chassis.processing.batch import Bench
from onward.chassis.processing.hop import AnyHop, StatefulHop
from onward.chassis.processing.ownership import Ownership, Timing
from onward.chassis.processing.stateful import StatefulFlow
from onward.chassis.processing.stateless import StatelessFlow
from onward.chassis.processing.wiring import heartbeat


def flow_for(
    hop: AnyHop,
    service: Service,
    *,
    bench: Bench,
    books: Books,
    metrics: Metrics,
    cluster: Cluster,
    on_fatal: Callable[[ChassisError], None],
) -> Ownership[Any]:
    """What runs *hop* in this process. Its consumer group is called `<service>.<topic>`."""
    settings = service.settings
    group = groups.of_hop(service.name, hop).name
    timing = Timing(
        heartbeat=heartbeat(settings), release=settings.rebalance_timeout_s / 3, take=settings.request_timeout_s
    )
    producers = ProducerSettings(settings.kafka, f"onward-{service.name}", request_timeout_s=settings.request_timeout_s)
    if isinstance(hop, StatefulHop):
        return StatefulFlow(
            hop,
            bench,
            books,
            producers,
            cluster,
            database_url=settings.database_url or "",
            schema=service.name,
            group=group,
            metrics=metrics,
            timing=timing,
            on_fatal=on_fatal,
        )
    return StatelessFlow(
        hop, bench, books, producers, cluster, group=group, metrics=metrics, timing=timing, on_fatal=on_fatal
    )
