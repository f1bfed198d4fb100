"""Decisions that were made, their situations and their bundles: on a broker, or in exported files."""

import gzip
import zlib
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from onward.chassis.clock import moment
from onward.cli.errors import misused
from onward.cli.rules.releases.rulesets_topic import ReleaseHistory, reading
from onward.cli.whole_topic import records
from onward.contracts import topics
from onward.contracts.ruleset import Content, ContentKind, Ruleset
from onward.releases.chain import Admitted
from onward.releases.contents import content_key, key_of
from onward.releases.signing import RefusedError, TrustedKeys

_LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision as it was published."""

    value: bytes
    at: datetime | None
    """When the broker appended it; None where an export does not say."""
    situation_at: datetime | None = None
    """When its situation was appended, if that is known."""


class DecisionPast(Protocol):
    """What can be looked back at."""

    def decisions(self) -> AsyncGenerator[RecordedDecision]:
        """Every decision that is kept."""
        ...

    async def situation(self, situation_id: str, *, at: datetime | None) -> Iterable[bytes]:
        """The situations of this id, each of another revision."""
        ...

    async def content(self, kind: ContentKind, sha256: str) -> Content | None:
        """The files of this hash."""
        ...

    async def releases(self) -> list[Admitted]:
        """Every release that counted, oldest first."""
        ...


class OnKafka:
    """What the topics keep."""

    def __init__(self, bootstrap: str, trusted: TrustedKeys) -> None:
        self._bootstrap = bootstrap
        self._trusted = trusted

    async def decisions(self) -> AsyncGenerator[RecordedDecision]:
        """See `Past`."""
        async for record in records(self._bootstrap, topics.DECISIONS.name):
            yield RecordedDecision(record.value or b"", moment(record.timestamp), _time_of_cause(dict(record.headers)))

    async def situation(self, situation_id: str, *, at: datetime | None) -> list[bytes]:
        """See `Past`: of the moment that the decision names, else anywhere on the topic."""
        wanted = situation_id.encode()
        if at is not None:
            async for record in records(self._bootstrap, topics.SITUATIONS.name, since=at):
                if moment(record.timestamp) == at and wanted in (record.value or b""):
                    return [record.value or b""]
        found = records(self._bootstrap, topics.SITUATIONS.name)
        return [record.value async for record in found if record.value and wanted in record.value]

    async def content(self, kind: ContentKind, sha256: str) -> Content | None:
        """See `Past`."""
        async with reading(self._bootstrap, self._trusted) as topic:
            return await topic.content(kind, sha256)

    async def releases(self) -> list[Admitted]:
        """See `Past`."""
        async with reading(self._bootstrap, self._trusted) as topic:
            return topic.story.admitted


def _time_of_cause(headers: Mapping[str, bytes | None]) -> datetime | None:
    """Every message of ours bears the time of the record that it follows from."""
    try:
        return datetime.fromisoformat((headers.get("ce_time") or b"").decode())
    except ValueError:
        return None


class Exported:
    """
    What files keep: JSON lines, each the value of a record, exactly as it was on its topic.

    Decisions, situations and records of `rulesets` are told apart by their fields; other lines are passed over.
    """

    def __init__(self, files: Iterable[Path], trusted: TrustedKeys) -> None:
        self._files = tuple(files)
        self._trusted = trusted

    async def decisions(self) -> AsyncGenerator[RecordedDecision]:
        """See `Past`."""
        for line in self._lines():
            if line.startswith(b'{"decision_id":'):
                yield RecordedDecision(line, None)

    async def situation(self, situation_id: str, *, at: datetime | None) -> list[bytes]:  # noqa: ARG002 - files do not say
        """See `Past`."""
        begin = b'{"situation_id":"' + situation_id.encode()
        return [line for line in self._lines() if line.startswith(begin)]

    async def content(self, kind: ContentKind, sha256: str) -> Content | None:
        """See `Past`."""
        wanted = content_key(kind, sha256)
        return next(
            (each.content for each in self._rulesets() if each.content and key_of(each.content) == wanted), None
        )

    async def releases(self) -> list[Admitted]:
        """See `Past`. Without the broker's time, each counts from when its author made it."""
        story = ReleaseHistory(self._trusted)
        for each in self._rulesets():
            if each.release is not None:
                with suppress(RefusedError):
                    at = each.release.statement.made_on
                    story.releases.admit(each.release, at=at)
        return story.admitted

    def _rulesets(self) -> Iterator[Ruleset]:
        for line in self._lines():
            if line.startswith((b'{"content":', b'{"release":')):
                with suppress(ValidationError):
                    yield Ruleset.model_validate_json(line)

    def _lines(self) -> Iterator[bytes]:
        for path in self._files:
            try:
                with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                    while line := file.readline(_LONGEST_LINE):
                        yield line.rstrip(b"\r\n")
            except (OSError, EOFError, zlib.error) as error:
                why = getattr(error, "strerror", None) or "it is no whole gzip file"
                misused(f"{path} cannot be read: {why}")
