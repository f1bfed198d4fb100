"""A process's session with PostgreSQL."""

import asyncio
from dataclasses import dataclass, field

from onward.chassis.postgres.database import Connection


@dataclass(eq=False)
class Session:
    """Two connections, for the state and for the relays, and the shards that depend on them."""

    state: Connection
    relay: Connection
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """For a transaction on `state`: another begun beside it would become a part of it."""
    closed: bool = False

    async def close(self) -> None:
        """Close both; never raises."""
        self.closed = True
        await asyncio.gather(self.state.close(), self.relay.close(), return_exceptions=True)
