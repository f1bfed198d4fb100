"""Somebody who runs no hop, looks at those of others, and tells."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.looking import Looker
from onward.chassis.observability.metrics import Metrics
from onward.chassis.observability.watch import Watch
from onward.chassis.processing.groups import Group


class Watching:
    """A watch, and what it tells."""

    def __init__(self, bootstrap: str, watched: tuple[Group, ...], booked: tuple[str, ...]) -> None:
        self.looker = Looker(KafkaConnection(bootstrap), "a-bystander")
        self.metrics = Metrics("bystander")
        self.watch = Watch(self.looker, watched, booked, self.metrics.groups, every=1)

    async def told(self) -> Mapping[str, float]:
        """What it tells now, by name and labels."""
        await self.watch.fresh(within=10)
        self.watch.tell()
        return {
            f"{sample.name} {' '.join(value for name, value in sorted(sample.labels.items()) if name != 'service')}": (
                sample.value
            )
            for family in self.metrics.registry.collect()
            for sample in family.samples
        }

    async def until(
        self, condition: Callable[[Mapping[str, float]], bool], *, within: float = 30
    ) -> Mapping[str, float]:
        """Look until *condition* holds."""
        async with asyncio.timeout(within):
            while True:
                told = await self.told()
                if condition(told):
                    return told
                await asyncio.sleep(0.3)  # nobody tells when a group has gone on


@asynccontextmanager
async def watching(bootstrap: str, *watched: Group, booked: tuple[str, ...] = ()) -> AsyncGenerator[Watching]:
    """Somebody who runs nothing, and looks."""
    found = Watching(bootstrap, watched, booked)
    try:
        yield found
    finally:
        await found.watch.close()
