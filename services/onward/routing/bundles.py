"""The rules and the directory that decide now, and those beside them: taken from the topic `rulesets`."""

import asyncio

import structlog

from onward.chassis import clock
from onward.chassis.kafka.following import Contents
from onward.chassis.releases.live import LiveRelease, Places, fetch
from onward.chassis.tasks import Tasks
from onward.contracts.ruleset import Content, Ruleset
from onward.releases.chain import Admitted, Pair
from onward.releases.contents import content_key
from onward.releases.signing import RefusedError, TrustedKeys
from onward.routing import metrics
from onward.routing.domain.publishing.shadowing import Allowance
from onward.routing.ruling import Ruling, make_ready

log = structlog.get_logger()

_SHADOW_SHARE = 0.25
_SHADOW_SECONDS = 5.0


class Bundles(LiveRelease[Ruling]):
    """What decides: `live`, and `shadow` beside it. Each is swapped whole, between two records."""

    def __init__(self, shipped: Ruling, trusted: TrustedKeys, *, at_least: int = 0) -> None:
        super().__init__(shipped, trusted, at_least=at_least)
        self.shadow: Ruling | None = None
        self.allowance = Allowance(share=_SHADOW_SHARE, most=_SHADOW_SECONDS)
        self._loading: set[str] = set()
        """Shadows that are being made ready, by the digest of their release."""
        self._loads = Tasks(lambda _name, _error: self.refused("handler_error"))
        self._told: Pair | None = None
        metrics.LIVE.clear()

    def known(self, pair: Pair) -> Ruling | None:
        """See `LiveRelease`."""
        ready = (self.live, self.shadow, self.shipped)
        return next((each for each in ready if each is not None and each.pair == pair), None)

    def is_live(self, pair: Pair) -> bool:
        """See `LiveRelease`."""
        return pair == self.live.pair

    def places(self, pair: Pair, contents: Contents[Ruleset]) -> Places:
        """See `LiveRelease`: rules and directory, which are checked against each other."""
        return contents.place(content_key("rules", pair[0])), contents.place(content_key("directory", pair[1]))

    async def make_ready(self, pair: Pair, contents: Contents[Ruleset]) -> Ruling:
        """See `LiveRelease`."""
        # In a thread: records go on being decided by the old one meanwhile.
        return await asyncio.to_thread(make_ready, *await _both(pair, contents))

    async def went_live(self, contents: Contents[Ruleset]) -> None:
        """Say so, and make the newest shadow the shadow."""
        self._tell_live()
        await self._settle_shadow(self.releases.shadow, contents)

    async def shadow_settled(self) -> None:
        """Wait until no shadow is being made ready any more."""
        await self._loads.ended()

    async def _settle_shadow(self, wanted: Admitted | None, contents: Contents[Ruleset]) -> None:
        known = None if wanted is None else self.known(wanted.pair)
        if wanted is None or known is not None:
            self._let_shadow(known)
            return
        if self.is_faulty(wanted, contents) or wanted.digest in self._loading:
            return
        there = self.places(wanted.pair, contents)
        try:
            found = await _both(wanted.pair, contents)
        except RefusedError as why:
            self.refuse(wanted, there, why)
            return
        # Beside: a rollback never waits for a shadow.
        self._loading.add(wanted.digest)
        self._loads.start(self._load_shadow(wanted, there, found), name="making the shadow ready")

    async def _load_shadow(self, wanted: Admitted, there: Places, found: tuple[Content, Content]) -> None:
        try:
            ruling = await asyncio.to_thread(make_ready, *found)
        except RefusedError as why:
            self.refuse(wanted, there, why)
        else:
            if self.releases.shadow is wanted:
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


async def _both(pair: Pair, contents: Contents[Ruleset]) -> tuple[Content, Content]:
    return await fetch(contents, "rules", pair[0]), await fetch(contents, "directory", pair[1])
