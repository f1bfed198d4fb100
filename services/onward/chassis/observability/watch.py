"""
Every process tells of every group of the deployment how far behind it is, and whether the books balance.

A process that is dead, a partition that nobody holds and a broker that is away tell nothing of themselves, so whoever
lives tells of all: from the broker, every ten seconds. While the broker is away the last that was known stands, and
what waited then waits longer.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.kafka.looking import Committed, Look, Looker
from onward.chassis.observability import audit_notes, balance, books, openings
from onward.chassis.observability.balance import BalanceSheet
from onward.chassis.observability.group_metrics import GroupMetrics
from onward.chassis.observability.waiting import EndOffsets
from onward.chassis.processing.groups import Group
from onward.chassis.tasks import Tasks

log = structlog.get_logger()

Place: TypeAlias = tuple[str, TopicPartition]
"""A partition as one group sees it."""

_AT_MOST_EVERY = 1.0
_SECONDS = 12.0
_A_DAY = 86_400.0
_STALE_AFTER = 3
_LADDER = tuple(10.0 * 4**step for step in range(9))
"""Seconds ago, up to a week: how old what waits already may be when this process looks for the first time."""


@dataclass(frozen=True, slots=True)
class GroupPosition:
    """Where a group stands in a partition."""

    lag: int
    position: int
    deleted: int
    """How much of what comes next the broker has deleted already."""


class Watch:
    """Looks at *groups* for one process, and tells its metrics. *booked* are the topics whose books are kept."""

    def __init__(
        self, looker: Looker, groups: Sequence[Group], booked: Collection[str], metrics: GroupMetrics, *, every: float
    ) -> None:
        self._looker = looker
        self._groups = groups
        self._booked = booked
        self._metrics = metrics
        self._every = every
        self._waiting: defaultdict[Place, EndOffsets] = defaultdict(EndOffsets)
        self._standings: dict[Place, GroupPosition] = {}
        self._positions: dict[str, Committed] = {}
        self._sheets: list[BalanceSheet] = []
        self._seen_at: float | None = None
        self._tried_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        self._tasks = Tasks(lambda _name, _error: None)

    async def run(self) -> None:
        """Ask the broker again and again, until cancelled; a question in between does not disturb it."""
        while True:
            await self.fresh(within=self._every)
            await asyncio.sleep(max(_AT_MOST_EVERY, self._tried_at + self._every - clock.monotonic()))

    async def fresh(self, *, within: float) -> None:
        """Look anew, unless that was just done; wait for it no longer than *within* seconds. Never raises."""
        if self._looking is None and clock.monotonic() - self._tried_at >= _AT_MOST_EVERY:
            self._looking = self._tasks.start(self._look(), name="looking how far every group is")
        if self._looking is not None:
            await asyncio.wait([self._looking], timeout=within)

    async def close(self) -> None:
        """Look no more."""
        await self._tasks.stop(within=_SECONDS)
        await self._looker.close()

    async def _look(self) -> None:
        self._tried_at = clock.monotonic()
        names = [each.name for each in self._groups]
        notes = [*books.notes_of(self._groups), openings.GROUP, audit_notes.GROUP]
        expected = [topic for group in self._groups for topic in group.reads if "{" not in topic]
        try:
            async with asyncio.timeout(_SECONDS):
                await self._take(await self._looker.look(self._is_read, names, notes=notes, expected=expected))
                await self._keep_openings()
        except (KafkaError, OSError, TimeoutError) as error:
            log.debug("watch.failed", error=type(error).__name__)
            await self._looker.close()
        except Exception:
            # The numbers grow old, which is told; the service goes on.
            log.exception("watch.failed")
        finally:
            self._looking = None

    def _is_read(self, topic: str) -> bool:
        return any(group.counts(topic) is not None for group in self._groups)

    async def _take(self, look: Look) -> None:
        now = clock.epoch()
        self._positions |= look.committed
        unknown: dict[TopicPartition, tuple[Place, int]] = {}
        for group in self._groups:
            if group.name not in look.committed:
                continue
            committed = look.committed[group.name]
            for place, end in look.ends.items():
                if group.counts(place.topic) is None:
                    continue
                noted = committed.get(place)
                position = noted.offset if noted is not None else look.beginnings.get(place, 0)
                here = (group.name, place)
                self._waiting[here].saw(now, end)
                deleted = max(0, look.beginnings.get(place, 0) - position)
                self._standings[here] = GroupPosition(max(0, end - position), position, deleted)
                if end > position and self._waiting[here].since(position) is None:
                    unknown[place] = (here, position)
        await self._learn(unknown, now)
        self._book(now)
        audited = audit_notes.read(self._positions.get(audit_notes.GROUP, {}))
        self._metrics.audited(audited)
        self._seen_at = now

    async def _learn(self, unknown: dict[TopicPartition, tuple[Place, int]], now: float) -> None:
        """Ask the broker how old the oldest records of these partitions are, roughly: they were there before us."""
        past: dict[Place, list[tuple[float, int]]] = {}
        for ago in _LADDER:
            if not unknown:
                break
            moment = now - ago
            found = await self._looker.offsets(dict.fromkeys(unknown, int(moment * 1000)))
            for place, offset in found.items():
                here, position = unknown[place]
                past.setdefault(here, []).append((moment, offset))
                if offset <= position:
                    del unknown[place]
        for here, position in unknown.values():
            past.setdefault(here, []).append((now - _LADDER[-1], position))
        for here, learned in past.items():
            self._waiting[here].learned(learned)

    def _book(self, now: float) -> None:
        for group in self._groups:
            rows = books.rows(self._positions.get(group.name, {}))
            self._metrics.uncounted(group.name, sum(row.uncounted for row in rows.values()))
        self._sheets = balance.kept([*self._sheets, books.sheet(now, self._positions, self._groups, self._booked)])
        opened = openings.read(self._positions.get(openings.GROUP, {}))
        for topic, records in balance.unaccounted(self._sheets, opened).items():
            since = self._sheets[-1].topics[topic].since
            began = opened[topic].at if topic in opened else 0.0
            self._metrics.unaccounted(topic, records, since=max(since, began))

    async def _keep_openings(self) -> None:
        """Note them again each day: the broker forgets an offset that nobody has committed for long."""
        now = clock.epoch()
        for topic, opening in openings.read(self._positions.get(openings.GROUP, {})).items():
            if now - opening.noted_at > _A_DAY:
                await openings.note(self._looker, topic, replace(opening, noted_at=now))

    def tell(self) -> None:
        """Tell the metrics, for whoever reads them now."""
        if self._seen_at is None:
            return
        now = clock.epoch()
        # Between two looks nothing is known to have grown older; after three that failed it has.
        at = now if now - self._seen_at > _STALE_AFTER * self._every else self._seen_at
        self._metrics.seen(self._seen_at)
        for group in self._groups:
            behind: dict[str, Counter[int]] = {}
            oldest: dict[str, float] = {}
            deleted: Counter[str] = Counter()
            for (name, place), standing in self._standings.items():
                topic = group.counts(place.topic) if name == group.name else None
                if topic is None:
                    continue
                behind.setdefault(topic, Counter())[place.partition] += standing.lag
                deleted[topic] += standing.deleted
                since = self._waiting[name, place].since(standing.position) if standing.lag else None
                oldest[topic] = max(oldest.get(topic, 0.0), at - since if since is not None else 0.0)
            for topic, partitions in behind.items():
                self._metrics.lag(group.name, topic, partitions, oldest[topic])
                self._metrics.deleted_unread(group.name, topic, deleted[topic])
