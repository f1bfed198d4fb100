"""The rules and the directory that decide now, and those beside them: taken from the topic `rulesets`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from onward.chassis import clock
from onward.chassis.following import Contents, Refused
from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.directory import Directory
from onward.contracts.ruleset import Content, ContentKind, Ruleset
from onward.routing import metrics
from onward.routing.domain.contents import content_key, key_of, read_directory, read_rules
from onward.routing.domain.decide import Router
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.language import RuleSet
from onward.routing.domain.releases import Admitted, Pair, Releases
from onward.routing.domain.signing import RefusedError, TrustedKeys, release_key
from onward.routing.domain.surroundings import check_surroundings

log = structlog.get_logger()

_SHOWN = 12
_LIVE_ACTIONS = ("publish", "rollback")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Rules and a directory, ready to decide."""

    router: Router
    pair: Pair

    @classmethod
    def of(cls, rules: RuleSet, directory: Directory) -> "Ruling":
        """Make *rules* and *directory* ready: up to a second for a thousand rules."""
        return cls(Router(rules, directory), (rules.version.sha256, directory.sha256))

    @property
    def names(self) -> tuple[str, str]:
        """The beginnings of the two hashes: what metrics call them."""
        rules, directory = self.pair
        return rules[:_SHOWN], directory[:_SHOWN]


class Bundles:
    """
    What decides: `live`, and `shadow` beside it. Each is swapped whole, between two records.

    A release counts once its signatures hold and everything it names is there, is what its hash says, and loads. Until
    then, and if it never does, the newest that does stays live; *shipped* if nothing was ever published.
    """

    def __init__(self, shipped: Ruling, trusted: TrustedKeys) -> None:
        self.live = shipped
        self.shadow: Ruling | None = None
        self._shipped = shipped
        self._releases = Releases(trusted)
        self._faulty: dict[str, tuple[int | None, int | None]] = {}
        """Releases that cannot be used, with the places of what they name: read again only when that is new."""
        self._unmet_since: float | None = None
        self._counted: list[Pair] = []
        metrics.BEHIND.set_function(self._behind)
        self._tell_live()

    def take(self, record: Received[Ruleset]) -> None:
        """See `View`."""
        body = record.body
        if body.content is not None:
            _check_key(record, key_of(body.content))
        if body.release is not None:
            _check_key(record, release_key(body.release))
            try:
                self._releases.admit(body.release, at=record.appended_at)
            except RefusedError as why:
                if why.reason != "stale" and body.release.statement.action in _LIVE_ACTIONS:
                    self._unmet_since = self._unmet_since or record.appended_at.timestamp()
                raise Refused(why.reason, why.detail) from why
            if body.release.statement.action in _LIVE_ACTIONS:
                self._unmet_since = None

    async def settle(self, contents: Contents[Ruleset]) -> None:
        """See `View`: the newest release that can be used becomes live, the newest shadow the shadow."""
        live = await self._first_usable(self._releases.standing[::-1], contents)
        if live is not None and live.pair != self.live.pair:
            self.live = live
            self._tell_live()
        wanted = self._releases.shadow
        shadow = await self._first_usable([wanted] if wanted else [], contents)
        if (shadow and shadow.pair) != (self.shadow and self.shadow.pair):
            self.shadow = shadow
            self._tell_shadow()

    def refused(self, reason: str) -> None:
        """See `View`."""
        metrics.REFUSED.labels(reason).inc()

    async def _first_usable(self, releases: Sequence[Admitted], contents: Contents[Ruleset]) -> Ruling | None:
        for release in releases:
            for ruling in (self.live, self.shadow, self._shipped):
                if ruling is not None and ruling.pair == release.pair:
                    return ruling
            keys = (content_key("rules", release.pair[0]), content_key("directory", release.pair[1]))
            places = (contents.place(keys[0]), contents.place(keys[1]))
            if self._faulty.get(release.digest) == places:
                continue
            try:
                return await self._load(release, contents)
            except RefusedError as why:
                self._faulty[release.digest] = places
                log.warning("ruleset.refused", rules=release.pair[0], directory=release.pair[1], reason=why.reason)
                self.refused(why.reason)
        return None

    async def _load(self, release: Admitted, contents: Contents[Ruleset]) -> Ruling:
        rules = await _content(contents, "rules", release.pair[0])
        directory = await _content(contents, "directory", release.pair[1])
        # In a thread: records go on being decided by the old one meanwhile.
        return await asyncio.to_thread(_ready, rules, directory)

    def _tell_live(self) -> None:
        metrics.LIVE.clear()
        metrics.LIVE.labels(*self.live.names).set(1)
        metrics.LIVE_SINCE.set(clock.epoch())
        self._count(self.live.names)
        log.info("ruleset.live", rules=self.live.pair[0], directory=self.live.pair[1])

    def _count(self, names: tuple[str, str]) -> None:
        """Have a series for *names* and for those before; older ones go, or each publication would leave one behind."""
        metrics.DECISIONS.labels(*names)
        self._counted = [names, *(known for known in self._counted if known != names)]
        for old in self._counted[2:]:
            metrics.DECISIONS.remove(*old)
        del self._counted[2:]

    def _tell_shadow(self) -> None:
        metrics.SHADOW.clear()
        if self.shadow is not None:
            metrics.SHADOW.labels(*self.shadow.names).set(1)
        rules, directory = self.shadow.pair if self.shadow else (None, None)
        log.info("ruleset.shadow", rules=rules, directory=directory)

    def _behind(self) -> float:
        newest = self._releases.newest
        since = self._unmet_since
        if since is None and newest is not None and newest.pair != self.live.pair:
            since = newest.at.timestamp()
        return 0.0 if since is None else max(0.001, clock.epoch() - since)


def _check_key(record: Received[Ruleset], expected: str) -> None:
    if record.key != expected:
        raise Refused("wrong_key", f"its key should begin with {expected[:_SHOWN]}")


async def _content(contents: Contents[Ruleset], kind: ContentKind, sha256: str) -> Content:
    record = await contents.latest(content_key(kind, sha256))
    if record is None or record.body.content is None:
        raise RefusedError("content_missing", f"the {kind} {sha256[:_SHOWN]} are not on the topic")
    return record.body.content


def _ready(rules: Content, directory: Content) -> Ruling:
    ruling = Ruling.of(loaded := read_rules(rules), providers := read_directory(directory))
    try:
        check_surroundings(loaded, providers, topics.sources())
    except BundleError as error:
        raise RefusedError("unloadable", str(error)) from error
    return ruling
