"""Replays an archive under two bundles, on every processor that is given to it."""

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from pydantic import ValidationError

from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.language import RuleSet
from onward.routing.domain.outcomes import BundleComparison
from onward.workbench.impact.archive import Archive, ArchiveError, Chunk, complaint
from onward.workbench.impact.outcome_counts import Counting, OutcomeCounts

CHUNK = 2_000
"""Situations that a worker takes at a time: a tenth of a second of work."""
_AHEAD = 3
"""Chunks for each worker that are read before they are wanted; what is in memory does not grow with the archive."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Rules, with the directory they are used with."""

    rules: RuleSet
    directory: Directory


@dataclass(frozen=True, slots=True)
class _Result:
    """What a worker found in a chunk."""

    tally: OutcomeCounts
    chunk: str
    """The shard."""
    bad: list[tuple[int, str]] = field(default_factory=list)
    """Lines that are no situations, and why."""


class Replayer:
    """Counts chunks; made once in each worker."""

    def __init__(self, before: Bundle, after: Bundle) -> None:
        self._comparison = BundleComparison((before.rules, before.directory), (after.rules, after.directory))
        self._counting = Counting()

    def count(self, chunk: Chunk) -> _Result:
        """What both bundles do with the situations of a chunk."""
        bad: list[tuple[int, str]] = []
        read, outcomes, add = Situation.model_validate_json, self._comparison.outcomes, self._counting.add
        for number, line in enumerate(chunk.lines, chunk.first_line):
            try:
                situation = read(line)
            except ValidationError as error:
                bad.append((number, complaint(error)))
                continue
            add(situation, *outcomes(situation))
        tally = self._counting.take()
        tally.bad = len(bad)
        return _Result(tally, chunk.shard, bad)


def replay(
    archive: Archive,
    before: Bundle,
    after: Bundle,
    *,
    workers: int = 1,
    chunk: int = CHUNK,
    most: int | None = None,
    skip_bad: bool = False,
) -> OutcomeCounts:
    """
    What both bundles do with every situation of an archive.

    The counts do not depend on *workers* and *chunk*; the examples are the first of the archive.

    Args:
        archive: What to replay.
        before: The one bundle.
        after: The other.
        workers: Processes; with 1 no other is started.
        chunk: Situations that one takes at a time.
        most: Stop after so many lines.
        skip_bad: Count lines that are no situations, rather than stop.

    Raises:
        ArchiveError: The archive is damaged, or holds a line that is no situation and *skip_bad* is false.
    """
    total = OutcomeCounts()
    chunks = archive.chunks(chunk, most=most)
    for result in _counted(chunks, before, after, workers):
        if result.bad and not skip_bad:
            line, why = result.bad[0]
            message = f"{archive.path}: {result.chunk}, line {line}: {why}; mend the line, or leave it with --skip-bad"
            raise ArchiveError(message)
        total.include(result.tally)
    return total


def _counted(chunks: Iterator[Chunk], before: Bundle, after: Bundle, workers: int) -> Iterator[_Result]:
    """The results in the order of the chunks."""
    if workers == 1:
        yield from map(Replayer(before, after).count, chunks)
        return
    # A started process shares nothing with this one, on any system, whatever threads run here.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(before, after)) as pool:
        waiting: deque[Future[_Result]] = deque()
        try:
            for each in islice(chunks, workers * _AHEAD):
                waiting.append(pool.submit(_count, each))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(_count, each) for each in islice(chunks, 1))
        finally:
            pool.shutdown(cancel_futures=True)


_replayer: list[Replayer] = []
"""The one of this process, in a worker."""


def _prepare(before: Bundle, after: Bundle) -> None:
    _replayer.append(Replayer(before, after))
    # Nothing that is made for a situation refers to itself, so it is freed without being looked for; looking again and
    # again through what stays costs a fifteenth of the time.
    gc.disable()


def _count(chunk: Chunk) -> _Result:
    return _replayer[0].count(chunk)
