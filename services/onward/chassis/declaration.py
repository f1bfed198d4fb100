"""A service: what it is called, what it reads and what it owns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from onward.chassis.kafka.following import Following
from onward.chassis.observability.metrics import Counted
from onward.chassis.processing.hop import AnyHop, LookupHop, StatefulHop
from onward.chassis.settings import Settings
from onward.contracts.outcome import PLAIN, Reasons


@dataclass(frozen=True)
class Service:
    """
    A service, put together by its `app.build`.

    *migrations* names a package's resource folder of SQL migrations, such as `onward.people:sql`; they are applied
    at start, in the schema that is called after the service, which is also the search path of its connections.
    *on_start* runs before the first record, *on_stop* after the last: a place for connection pools.
    """

    name: str
    settings: Settings
    hops: Sequence[AnyHop]
    migrations: str | None = None
    on_start: Callable[[], Awaitable[None]] | None = None
    on_stop: Callable[[], Awaitable[None]] | None = None
    reasons: Reasons = PLAIN
    """What its outcomes are counted under."""
    counters: Sequence[Counted] = ()
    follows: Sequence[Following[Any]] = ()
    """Compacted topics kept as values; all of them are read to their end before the first record is taken."""

    @property
    def needs_database(self) -> bool:
        """Whether it keeps state, or has tables of its own."""
        return self.migrations is not None or any(isinstance(hop, StatefulHop) for hop in self.hops)

    @property
    def reads_database(self) -> bool:
        """Whether it asks the database anything: it keeps state, or looks up what its decisions need."""
        return self.needs_database or any(isinstance(hop, LookupHop) for hop in self.hops)
