"""The rules and the directory that decide now, and those beside them: taken from the topic `rulesets`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from onward.chassis import clock
from onward.chassis.kafka.following import Contents, NotYet, Refused
from onward.chassis.record import Received
from onward.chassis.tasks import Tasks
from onward.contracts.ruleset import Content, Release, Ruleset
from onward.releases.chain import Admitted, Pair, Releases
from onward.releases.contents import SHOWN, key_of
from onward.releases.signing import RefusedError, TrustedKeys, release_key
from onward.routing import metrics
from onward.routing.domain.publishing.shadowing import Allowance
from onward.routing.ruling import Places, Ruling, fetch, make_ready, places

log = structlog.get_logger()

_LIVE_ACTIONS = ("publish", "rollback")
_SHADOW_SHARE = 0.25
_SHADOW_SECONDS = 5.0


class Bundles:
    """
    What decides: `live`, and `shadow` beside it. Each is swapped whole, between two records.

    A release counts once its signatures hold and everything it names is there, is what its hash says, and loads. Until
    then, and if it never does, the newest that does stays live; *shipped* if nothing was ever published, and no release
    number *at_least* is asked for.
    """

    def __init__(self, shipped: Ruling, trusted: TrustedKeys, *, at_least: int = 0) -> None:
        self.live = shipped
        self.shadow: Ruling | None = None
        self.allowance = Allowance(share=_SHADOW_SHARE, most=_SHADOW_SECONDS)
        self._at_least = at_least
        self._has_begun = False
        self._shipped = shipped
        self._releases = Releases(trusted)
        self._faulty: dict[str, Places] = {}
        """Releases that cannot be used, with the places of what they name: read again only when that is new."""
        self._loading: set[str] = set()
        """Shadows that are being made ready, by the digest of their release."""
        self._loads = Tasks(lambda _name, _error: self.refused("handler_error"))
        self._unmet_since: float | None = None
        self._told: Pair | None = None
        metrics.BEHIND.set_function(self._behind)
        metrics.NUMBER.set_function(lambda: self._releases.number)
        metrics.LIVE.clear()

    def take(self, record: Received[Ruleset]) -> None:
        """See `View`."""
        body = record.body
        if body.content is not None:
            _check_key(record, key_of(body.content))
        if body.release is not None:
            _check_key(record, release_key(body.release))
            self._admit(body.release, record.appended_at)

    def _admit(self, release: Release, at: datetime) -> None:
        said, newest = release.statement, self._releases.number
        try:
            self._releases.admit(release, at=at)
        except RefusedError as why:
            if said.action in _LIVE_ACTIONS and said.number > newest:
                self._unmet_since = self._unmet_since or at.timestamp()
            raise Refused(why.reason, why.detail) from why
        if said.action in _LIVE_ACTIONS and not self._releases.waiting:
            self._unmet_since = None

    async def settle(self, contents: Contents[Ruleset]) -> None:
        """See `View`: the newest release that can be used becomes live, the newest shadow the shadow."""
        live = await self._first_usable(self._releases.standing[::-1], contents)
        if not self._has_begun:
            self._check_beginning(live)
            self._has_begun = True
        if live is not None:
            self.live = live
        self._tell_live()
        await self._settle_shadow(self._releases.shadow, contents)

    def _check_beginning(self, usable: Ruling | None) -> None:
        """A process that decides already goes on whatever happens; one that begins has nothing good to go on with."""
        newest = self._releases.number
        if newest < self._at_least:
            raise NotYet(f"`rulesets` ends with release number {newest}; at least number {self._at_least} is asked for")
        if self._releases.waiting:
            raise NotYet(f"`rulesets` lacks the release after number {newest}, and holds later ones")
        if self._releases.standing and usable is None:
            raise NotYet(f"no bundle that was published by release number {newest} can be used here")

    def refused(self, reason: str) -> None:
        """See `View`."""
        metrics.REFUSED.labels(reason).inc()

    async def shadow_settled(self) -> None:
        """Wait until no shadow is being made ready any more."""
        await self._loads.ended()

    async def _first_usable(self, releases: Sequence[Admitted], contents: Contents[Ruleset]) -> Ruling | None:
        for release in releases:
            if (known := self._known(release.pair)) is not None:
                return known
            there = places(release.pair, contents)
            if self._faulty.get(release.digest) == there:
                continue
            try:
                # In a thread: records go on being decided by the old one meanwhile.
                return await asyncio.to_thread(make_ready, *await fetch(release.pair, contents))
            except RefusedError as why:
                self._refuse(release, there, why)
        return None

    def _known(self, pair: Pair) -> Ruling | None:
        ready = (self.live, self.shadow, self._shipped)
        return next((each for each in ready if each is not None and each.pair == pair), None)

    def _refuse(self, release: Admitted, there: Places, why: RefusedError) -> None:
        self._faulty[release.digest] = there
        rules, directory = release.pair
        log.warning("ruleset.refused", rules=rules, directory=directory, reason=why.reason, why=why.detail)
        self.refused(why.reason)

    async def _settle_shadow(self, wanted: Admitted | None, contents: Contents[Ruleset]) -> None:
        known = None if wanted is None else self._known(wanted.pair)
        if wanted is None or known is not None:
            self._let_shadow(known)
            return
        there = places(wanted.pair, contents)
        if self._faulty.get(wanted.digest) == there or wanted.digest in self._loading:
            return
        try:
            found = await fetch(wanted.pair, contents)
        except RefusedError as why:
            self._refuse(wanted, there, why)
            return
        # Beside: a rollback never waits for a shadow.
        self._loading.add(wanted.digest)
        self._loads.start(self._load_shadow(wanted, there, found), name="making the shadow ready")

    async def _load_shadow(self, wanted: Admitted, there: Places, found: tuple[Content, Content]) -> None:
        try:
            ruling = await asyncio.to_thread(make_ready, *found)
        except RefusedError as why:
            self._refuse(wanted, there, why)
        else:
            if self._releases.shadow is wanted:
                self._let_shadow(ruling)
        finally:
            self._loading.discard(wanted.digest)

    def _let_shadow(self, shadow: Ruling | None) -> None:
        if (shadow and shadow.pair) == (self.shadow and self.shadow.pair):
            return
        self.shadow = shadow
        metrics.SHADOW.clear()
        if shadow is not None:
            metrics.SHADOW.labels(*shadow.names).set(1)
        rules, directory = shadow.pair if shadow else (None, None)
        log.info("ruleset.shadow", rules=rules, directory=directory)

    def _tell_live(self) -> None:
        """Say what decides, if it has changed; nothing before the first is settled, since nothing decides by then."""
        if self._told == self.live.pair:
            return
        self._told = self.live.pair
        metrics.LIVE.clear()
        metrics.LIVE.labels(*self.live.names).set(1)
        metrics.LIVE_SINCE.set(clock.epoch())
        log.info("ruleset.live", rules=self.live.pair[0], directory=self.live.pair[1])

    def _behind(self) -> float:
        newest = self._releases.newest
        since = self._unmet_since
        if since is None and newest is not None and newest.pair != self.live.pair:
            since = newest.at.timestamp()
        return 0.0 if since is None else max(0.001, clock.epoch() - since)


def _check_key(record: Received[Ruleset], expected: str) -> None:
    if record.key != expected:
        raise Refused("wrong_key", f"its key should begin with {expected[:SHOWN]}")
