"""The topic `rulesets` without a broker, for what people type to publish; real ones are in tests/integration/rules."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager

import pytest

from onward.cli import whole_topic
from onward.cli.rules.releases import decision_history, releasing, rulesets_topic, shadow_differences
from onward.cli.rules.releases.rulesets_topic import ReleaseHistory
from onward.contracts import topics
from onward.contracts.audit import AuditEntry
from onward.contracts.ruleset import Content, ContentKind, Release, ShadowDifference
from onward.contracts.services import SERVICES
from onward.directory import files as directory_files
from onward.releases.signing import TrustedKeys


class View:
    """The topic as one command reads it."""

    def __init__(self, topic: "RulesetsInMemory", trusted: TrustedKeys) -> None:
        self.story = ReleaseHistory(trusted)
        self._topic = topic
        self._taken = 0

    async def content(self, kind: ContentKind, sha256: str) -> Content | None:
        """A content by its hash; None if it is not on the topic."""
        return self._topic.contents.get((kind, sha256))

    async def again(self) -> None:
        """Read on to what is the end by now."""
        for release in self._topic.releases[self._taken :]:
            admitted = self.story.releases.admit(release, at=release.statement.made_on)
            self.story.admitted.append(admitted)
        self._taken = len(self._topic.releases)


class RulesetsInMemory:
    """What was sent, in order, and the differences that a shadow found."""

    def __init__(self) -> None:
        self.contents: dict[tuple[ContentKind, str], Content] = {}
        self.releases: list[Release] = []
        self.acts: list[AuditEntry] = []
        """What was put on the audit chain."""
        self.differences: list[ShadowDifference] = []
        self.topics: Collection[str] = topics.expand(directory_files.load().providers, SERVICES)
        """Which there are on the broker: as `onward topics` makes them."""

    @asynccontextmanager
    async def reading(self, bootstrap: str, trusted: TrustedKeys) -> AsyncGenerator[View]:  # noqa: ARG002 - no broker
        """In place of `rulesets_topic.reading`."""
        view = View(self, trusted)
        await view.again()
        yield view

    async def send(self, bootstrap: str, contents: Sequence[Content], release: Release) -> None:  # noqa: ARG002
        """In place of `rulesets_topic.send`."""
        self.contents |= {(each.kind, each.sha256): each for each in contents}
        self.releases.append(release)

    async def on_record(self, bootstrap: str, entry: AuditEntry) -> None:  # noqa: ARG002 - no broker
        """In place of `acting.on_record`."""
        self.acts.append(entry)

    def take_the_place_of_kafka(self, patch: pytest.MonkeyPatch) -> None:
        """Let every command that publishes or looks back use this topic."""
        for module in (rulesets_topic, releasing, decision_history):
            patch.setattr(module, "reading", self.reading)
        for module in (rulesets_topic, releasing):
            patch.setattr(module, "send", self.send)
        patch.setattr(releasing, "on_record", self.on_record)
        patch.setattr(whole_topic, "counts", self.counts)
        patch.setattr(decision_history, "records", self._no_records)
        patch.setattr(shadow_differences, "records", self._shadow_records)

    async def counts(self, bootstrap: str) -> dict[str, int]:  # noqa: ARG002 - no broker
        """In place of `whole_topic.counts`."""
        return dict.fromkeys(self.topics, 1)

    async def _no_records(self, *_: str) -> AsyncGenerator["_Value"]:
        for each in list["_Value"]():
            yield each

    async def _shadow_records(self, *_: str) -> AsyncGenerator["_Value"]:
        for each in self.differences:
            yield _Value(each.model_dump_json().encode())


class _Value:
    """A record of which only the value is read."""

    def __init__(self, value: bytes) -> None:
        self.value = value
