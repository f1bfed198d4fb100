"""The flows of a service: one for each hop, of the hop's kind."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from onward.chassis import clock
from onward.chassis.accounting import Books
from onward.chassis.batch import Bench
from onward.chassis.cluster import Cluster
from onward.chassis.declaration import Service
from onward.chassis.errors import ChassisError
from onward.chassis.hop import AnyHop, StatefulHop
from onward.chassis.metrics import Metrics
from onward.chassis.ownership import Ownership, Timing
from onward.chassis.producers import ProducerSettings
from onward.chassis.stateful import StatefulFlow
from onward.chassis.transaction import StatelessFlow
from onward.chassis.wiring import heartbeat


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
    group = f"{service.name}.{hop.label}"
    timing = Timing(
        heartbeat=heartbeat(settings), release=settings.rebalance_timeout_s / 3, take=settings.request_timeout_s
    )
    producers = ProducerSettings(
        settings.kafka_bootstrap, f"onward-{service.name}", request_timeout_s=settings.request_timeout_s
    )
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


async def observe(flow: Ownership[Any], metrics: Metrics) -> None:
    """
    Tell *metrics* how far behind *flow* is.

    The oldest unhandled record is at most as old as the last handled one, and no older than the last moment at which
    nothing was left to do.
    """
    behind: dict[str, Counter[int]] = {}
    oldest: dict[str, float] = {}
    now = clock.epoch()
    for partition, held in list(flow.held.items()):
        end = flow.consumer.highwater(partition) or held.next_offset
        # The consumer's own position has passed the transaction marks, unless a batch is in hand.
        position = held.next_offset if held.claimed else max(held.next_offset, await flow.consumer.position(partition))
        lag = max(0, end - position)
        if lag == 0:
            held.caught_up_at = now
        name = metrics.name(partition.topic)
        behind.setdefault(name, Counter())[partition.partition] += lag
        waited = now - max(held.caught_up_at, held.appended_ms / 1000) if lag else 0.0
        oldest[name] = max(waited, oldest.get(name, 0.0))
    for topic, partitions in behind.items():
        metrics.lag(topic, partitions, oldest[topic])
