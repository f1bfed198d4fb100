"""The directory of providers, for services that go by it without the rules: the newest, and older ones by version."""

import asyncio

import structlog

from onward.chassis import clock
from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka.following import Contents, Following
from onward.chassis.releases import metrics
from onward.chassis.releases.live import LIVE_ACTIONS, LiveRelease, Places, fetch
from onward.chassis.releases.settings import ReleaseSettings
from onward.contracts import topics
from onward.contracts.decision import RuleVersion
from onward.contracts.ruleset import Content, Ruleset
from onward.directory import files as directory_files
from onward.directory.files import DirectoryError
from onward.directory.model import Directory
from onward.releases.chain import Pair
from onward.releases.contents import SHOWN, content_key, read_directory
from onward.releases.signing import RefusedError, TrustedKeys

log = structlog.get_logger()

_WHAT_TO_DO = "docs/operations.md#a-directory-does-not-come"
_KEPT_SECONDS = 600.0
"""For so long after its last use an older version stays in memory."""


class Directories(LiveRelease[Directory]):
    """
    `live` is the directory of the newest release that can be used; `of` gives the one that a decision names.

    A version is known here once it was shipped with this process, a release that counts names it, or whoever installed
    another image put its directory on the topic (`Content.shipped`). Older ones are read from the topic when a record
    names them.
    """

    def __init__(self, shipped: Directory, trusted: TrustedKeys, *, at_least: int = 0, made_anew: bool = False) -> None:
        """*made_anew*: releases are numbered from 1 again, so that a number that a record names says nothing."""
        super().__init__(shipped, trusted, at_least=at_least)
        self._made_anew = made_anew
        self._ready = {shipped.sha256: shipped}
        self._used_at: dict[str, float] = {}
        self._wanted: dict[str, Places | None] = {}
        """Versions that records name and that are not ready, with what stood in their place when it was of no use."""
        self.is_asked = False
        """A record asked for a version that was not looked for yet."""
        self._shipped_elsewhere: set[str] = set()
        self._told = ""
        metrics.DIRECTORY.clear()

    @classmethod
    def following_from(cls, settings: ReleaseSettings) -> "Directories":
        """
        What a service with these *settings* begins with: the directory that it was shipped with.

        Raises:
            ConfigurationError: That one, or the file of trusted keys, cannot be used.
        """
        try:
            shipped = directory_files.load()
        except (DirectoryError, FileNotFoundError) as error:
            raise ConfigurationError(f"the provider directory cannot be used:\n{error}") from error
        return cls(shipped, settings.trusted, at_least=settings.rules_at_least, made_anew=settings.rules_made_anew)

    def following(self) -> Following[Ruleset]:
        """What a service declares, so that this is kept up to the topic."""
        return Following(topics.RULESETS, self, again=lambda: self.is_asked)

    def waits_for(self, version: RuleVersion | None, release_number: int) -> str | None:
        """
        What a record has to wait for, in words, that was made with the directory *version*; None: for nothing.

        First for the release of that number, so that `live` is not older than what the record was made with, then for
        the version itself. What was made with the live one waits for nothing, nor does a record from before its kind
        named a version.
        """
        if version is None or version.sha256 == self.live.sha256:
            self._use(self.live)
            return None
        if self.settled_number < release_number and not self._made_anew:
            return (
                f"release number {release_number} has not been read on `rulesets`, or does not count here "
                f"(the newest that does is {self.settled_number}); if that stays so: {_WHAT_TO_DO}"
            )
        if version.sha256 in self._ready:
            self._use(self._ready[version.sha256])
            return None
        if version.sha256 not in self._wanted:
            self._wanted[version.sha256] = None
            self.is_asked = True
        return f"directory {version.sha256[:SHOWN]} has not been read on `rulesets`; if that stays so: {_WHAT_TO_DO}"

    def of(self, version: RuleVersion | None) -> Directory:
        """The directory of this version, for which nothing waits any more; without one the live one."""
        return self.live if version is None else self._use(self._ready[version.sha256])

    def _use(self, directory: Directory) -> Directory:
        """Keep *directory* from here on for as long as a record could be between what it waits for and its decision."""
        self._used_at[directory.sha256] = clock.monotonic()
        return directory

    def known(self, pair: Pair) -> Directory | None:
        """See `LiveRelease`."""
        return self._ready.get(pair[1])

    def is_live(self, pair: Pair) -> bool:
        """See `LiveRelease`."""
        return pair[1] == self.live.sha256

    def places(self, pair: Pair, contents: Contents[Ruleset]) -> Places:
        """See `LiveRelease`: of the directory only; rules are none of this service's business."""
        return (contents.place(content_key("directory", pair[1])),)

    async def make_ready(self, pair: Pair, contents: Contents[Ruleset]) -> Directory:
        """See `LiveRelease`."""
        content = await fetch(contents, "directory", pair[1])
        try:
            directory = await asyncio.to_thread(read_directory, content)
        except RefusedError:
            raise
        except Exception as error:
            # Whatever it is, it must not keep the others from being tried, nor have a process begin as it was shipped.
            log.exception("ruleset.not_loaded", directory=content.sha256)
            raise RefusedError("handler_error", type(error).__name__) from error
        self._keep(directory)
        return directory

    def took(self, content: Content) -> None:
        """See `LiveRelease`."""
        if content.kind == "directory" and content.shipped:
            self._shipped_elsewhere.add(content.sha256)

    async def went_live(self, contents: Contents[Ruleset]) -> None:
        """Say so, and make ready what records ask for."""
        self._tell_live()
        self.is_asked = False
        released = {each.pair[1] for each in self.releases.counted if each.statement.action in LIVE_ACTIONS}
        for sha256 in [each for each in self._wanted if each in released | self._shipped_elsewhere]:
            await self._fetch_wanted(sha256, contents)

    async def _fetch_wanted(self, sha256: str, contents: Contents[Ruleset]) -> None:
        there = self.places(("", sha256), contents)
        if sha256 not in self._ready and self._wanted[sha256] != there:
            try:
                await self.make_ready(("", sha256), contents)
            except RefusedError as why:
                self._wanted[sha256] = there
                log.warning("ruleset.refused", directory=sha256, reason=why.reason, why=why.detail)
                self.refused(why.reason)
        if sha256 in self._ready:
            del self._wanted[sha256]

    def _keep(self, directory: Directory) -> None:
        now = clock.monotonic()
        staying = {self.live.sha256, self.shipped.sha256}
        for sha256 in [each for each in self._ready if each not in staying]:
            if now - self._used_at.get(sha256, now) > _KEPT_SECONDS:
                del self._ready[sha256]
        self._ready[directory.sha256] = directory
        self._used_at[directory.sha256] = now

    def _tell_live(self) -> None:
        if self._told == self.live.sha256:
            return
        self._told = self.live.sha256
        metrics.DIRECTORY.clear()
        metrics.DIRECTORY.labels(self.live.sha256[:SHOWN]).set(1)
        log.info("directory.live", directory=self.live.sha256)
