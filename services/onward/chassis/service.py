"""A service: what it is called, what it reads and what it owns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka import patches
from onward.chassis.kafka.following import Following
from onward.chassis.observability.metrics import Counted
from onward.chassis.processing.hop import Hop, StatefulHop, StatelessHop
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
    hops: Sequence[Hop]
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
        return self.needs_database or any(hop.lookup is not None for hop in self.hops if isinstance(hop, StatelessHop))


def check(service: Service) -> None:
    """
    See whether *service* is declared in a way that can run.

    Raises:
        ConfigurationError: It is not; says what to change.
    """
    patches.check()
    labels = [hop.label for hop in service.hops]
    if not labels:
        raise ConfigurationError(f"service `{service.name}` has no hop")
    if twice := {label for label in labels if labels.count(label) > 1}:
        raise ConfigurationError(f"service `{service.name}` reads {', '.join(sorted(twice))} in two hops; make it one")
    if families := sorted(name for hop in service.hops for name in hop.names if "{" in name):
        raise ConfigurationError(f"{', '.join(families)} are families: give the hop the real topics as `names`")
    if service.needs_database and service.settings.database_url is None:
        raise ConfigurationError(f"service `{service.name}` keeps state: set ONWARD_DATABASE_URL")
