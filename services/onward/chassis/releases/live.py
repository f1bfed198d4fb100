"""What the newest release that can be used names, made ready: one value, swapped whole."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

import structlog

from onward.chassis import clock
from onward.chassis.kafka.following import Contents, NotYet, Refused
from onward.chassis.record import Received
from onward.chassis.releases import metrics
from onward.contracts.ruleset import Content, ContentKind, Release, Ruleset
from onward.releases.chain import Admitted, Pair, Releases
from onward.releases.contents import SHOWN, content_key, key_of
from onward.releases.signing import RefusedError, TrustedKeys, release_key

log = structlog.get_logger()

LIVE_ACTIONS = ("publish", "rollback")

Places: TypeAlias = tuple[int | None, ...]
"""Where what a release names stands on the topic."""

T = TypeVar("T")


class LiveRelease(ABC, Generic[T]):
    """
    A view of the topic `rulesets`: `live` is what the newest usable release names.

    A release counts once its signatures hold and everything that is needed of it is there, is what its hash says, and
    loads. Until then, and if it never does, the newest that does stays live; *shipped* if nothing was ever published,
    and no release number *at_least* is asked for.
    """

    def __init__(self, shipped: T, trusted: TrustedKeys, *, at_least: int = 0) -> None:
        self.live = shipped
        self.live_number = 0
        """Of the release that `live` is of; 0: of none, it was shipped."""
        self.settled_number = 0
        """Of the newest release that `live` was settled by."""
        self.shipped = shipped
        self.releases = Releases(trusted)
        self._at_least = at_least
        self._has_begun = False
        self._faulty: dict[str, Places] = {}
        """Releases that cannot be used, with the places of what they name: read again only when that is new."""
        self._unmet_since: float | None = None
        metrics.BEHIND.set_function(self._behind)
        metrics.NUMBER.set_function(lambda: self.releases.number)

    @abstractmethod
    def known(self, pair: Pair) -> T | None:
        """What is ready already for *pair*."""

    @abstractmethod
    def is_live(self, pair: Pair) -> bool:
        """Whether `live` is what *pair* names."""

    @abstractmethod
    def places(self, pair: Pair, contents: Contents[Ruleset]) -> Places:
        """Where what is needed of *pair* stands now."""

    @abstractmethod
    async def make_ready(self, pair: Pair, contents: Contents[Ruleset]) -> T:
        """
        What *pair* names, read from the topic; long work belongs in a thread, since records go on being handled.

        Raises:
            RefusedError: It is not there, is not what its hash says, or cannot be loaded.
            KafkaError, OSError, TimeoutError: The broker is away.
        """

    @abstractmethod
    async def went_live(self, contents: Contents[Ruleset]) -> None:
        """`live` is settled, changed or not: do what else there is to do."""

    def took(self, content: Content) -> None:
        """A content came, under its own key."""

    def take(self, record: Received[Ruleset]) -> None:
        """See `TopicView`."""
        body = record.body
        if body.content is not None:
            _check_key(record, key_of(body.content))
            self.took(body.content)
        if body.release is not None:
            _check_key(record, release_key(body.release))
            self._admit(body.release, record.appended_at)

    def _admit(self, release: Release, at: datetime) -> None:
        said, newest = release.statement, self.releases.number
        try:
            self.releases.admit(release, at=at)
        except RefusedError as why:
            if said.action in LIVE_ACTIONS and said.number > newest:
                self._unmet_since = self._unmet_since or at.timestamp()
            raise Refused(why.reason, why.detail) from why
        if said.action in LIVE_ACTIONS and not self.releases.waiting:
            self._unmet_since = None

    async def settle(self, contents: Contents[Ruleset]) -> None:
        """See `TopicView`: the newest release that can be used becomes live."""
        live = await self._first_usable(self.releases.standing[::-1], contents)
        if not self._has_begun:
            self._check_beginning(live)
            self._has_begun = True
        if live is not None:
            self.live, self.live_number = live
        self.settled_number = self.releases.number
        await self.went_live(contents)

    def _check_beginning(self, usable: object | None) -> None:
        """A process that works already goes on whatever happens; one that begins has nothing good to go on with."""
        newest = self.releases.number
        if newest < self._at_least:
            raise NotYet(f"`rulesets` ends with release number {newest}; at least number {self._at_least} is asked for")
        if self.releases.waiting:
            raise NotYet(f"`rulesets` lacks the release after number {newest}, and holds later ones")
        if self.releases.standing and usable is None:
            raise NotYet(f"no bundle that was published by release number {newest} can be used here")

    def refused(self, reason: str) -> None:
        """See `TopicView`."""
        metrics.REFUSED.labels(reason).inc()

    async def _first_usable(self, releases: Sequence[Admitted], contents: Contents[Ruleset]) -> tuple[T, int] | None:
        for release in releases:
            number = release.statement.number
            if (known := self.known(release.pair)) is not None:
                return known, number
            if self.is_faulty(release, contents):
                continue
            there = self.places(release.pair, contents)
            try:
                return await self.make_ready(release.pair, contents), number
            except RefusedError as why:
                self.refuse(release, there, why)
        return None

    def is_faulty(self, release: Admitted, contents: Contents[Ruleset]) -> bool:
        """Whether *release* could not be used, and nothing that it names was sent again since."""
        return self._faulty.get(release.digest) == self.places(release.pair, contents)

    def refuse(self, release: Admitted, there: Places, why: RefusedError) -> None:
        """*release* cannot be used as long as what it names is what stands *there*."""
        self._faulty[release.digest] = there
        rules, directory = release.pair
        log.warning("ruleset.refused", rules=rules, directory=directory, reason=why.reason, why=why.detail)
        self.refused(why.reason)

    def _behind(self) -> float:
        newest = self.releases.newest
        since = self._unmet_since
        if since is None and newest is not None and not self.is_live(newest.pair):
            since = newest.at.timestamp()
        return 0.0 if since is None else max(0.001, clock.epoch() - since)


async def fetch(contents: Contents[Ruleset], kind: ContentKind, sha256: str) -> Content:
    """
    The content of this hash, from the topic.

    Raises:
        RefusedError: `content_missing`.
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    record = await contents.latest(content_key(kind, sha256))
    content = record.body.content if record is not None else None
    # Whatever stands there: a signature names a hash, not a place.
    if content is None or (content.kind, content.sha256) != (kind, sha256):
        raise RefusedError("content_missing", f"the {kind} {sha256[:SHOWN]} are not on the topic")
    return content


def _check_key(record: Received[Ruleset], expected: str) -> None:
    if record.key != expected:
        raise Refused("wrong_key", f"its key should begin with {expected[:SHOWN]}")
