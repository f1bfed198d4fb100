"""Which release counts: the releases of the topic `rulesets`, folded in the order in which the broker has them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from onward.contracts.ruleset import Release, Statement
from onward.releases.signing import RefusedError, Signers, TrustedKeys, digest, signers

_MOST_WAITING: Final = 1000
_MOST_SKIPPED: Final = 100

Pair: TypeAlias = tuple[str, str]
"""The hashes of a rule set and of a directory."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A release whose signatures let it count."""

    digest: str
    statement: Statement
    signers: Signers
    at: datetime
    """When the broker appended it."""

    @property
    def pair(self) -> Pair:
        """The rules and the directory it names."""
        return self.statement.rules, self.statement.directory


@dataclass(slots=True)
class Releases:
    """
    What the releases so far add up to. Everyone who reads the same records gets the same, in whatever order.

    The live ones are a chain: each names, signed, the one before it. So neither a release that is sent again (of which
    compaction keeps the later place) nor one from elsewhere changes what counts, and one that was erased leaves a gap
    that shows. What counts does not depend on whether a bundle can be loaded.
    """

    trusted: TrustedKeys
    standing: list[Admitted] = field(default_factory=list[Admitted])
    """The live bundles one upon the other, the newest last: a rollback takes the last away."""
    shadow: Admitted | None = None
    counted: list[Admitted] = field(default_factory=list[Admitted])
    """Every release that counted, in the order in which they did."""
    waiting: dict[str, Admitted] = field(default_factory=dict[str, Admitted])
    """Releases whose signatures hold, but not what they follow: it is not there, or not yet. By their digest."""
    number: int = 0
    """The number of the newest live release; 0 while there is none."""
    _lapsed: dict[str, Admitted] = field(default_factory=dict[str, Admitted])
    """Releases by a key that had been given up when the broker appended them. By their digest."""
    _shadow_number: int = 0
    _digests: set[str] = field(default_factory=set[str])

    @property
    def newest(self) -> Admitted | None:
        """The release that names what should be live."""
        return self.standing[-1] if self.standing else None

    def next_number(self, *, shadow: bool = False) -> int:
        """The number for the next release."""
        return (self._shadow_number if shadow else self.number) + 1

    def admit(self, release: Release, *, at: datetime) -> Admitted:
        """
        Let *release*, which the broker appended *at* that time, count, and those that waited for it.

        Raises:
            RefusedError: It does not count. `gap`: it waits for the release that it follows; otherwise nothing changed.
        """
        statement = release.statement
        name, lapsed = digest(statement), None
        try:
            by = signers(release, self.trusted, at=at)
        except RefusedError as why:
            by, lapsed = signers(release, self.trusted, at=None), why
        if name in self._digests:
            raise RefusedError("repeated", f"number {statement.number} counts already")
        admitted = Admitted(name, statement, by, at)
        if statement.action in ("shadow", "stop-shadow"):
            if lapsed is not None:
                raise lapsed
            self._let_shadow(admitted)
            return admitted
        _check_rises(statement.number, self.number)
        self._let_what_follows(admitted, self.waiting if lapsed is None else self._lapsed, lapsed)
        return admitted

    def _let_shadow(self, admitted: Admitted) -> None:
        """By rising numbers only: a shadow refers nobody. No leap, or one record would be the last for ever."""
        number, newest = admitted.statement.number, self._shadow_number
        _check_rises(number, newest)
        if number > newest + _MOST_SKIPPED:
            raise RefusedError("gap", f"number {number} is far above number {newest}")
        self._shadow_number = number
        self.shadow = admitted if admitted.statement.action == "shadow" else None
        self._count(admitted)

    def _let_what_follows(self, admitted: Admitted, place: dict[str, Admitted], otherwise: RefusedError | None) -> None:
        """Let *admitted* count in its turn, and those that waited for it; until then it is kept in *place*."""
        place[admitted.digest] = admitted
        refused: dict[str, RefusedError] = {}
        while found := next(filter(self._follows, [*self.waiting.values(), *self._vouched_for()]), None):
            self.waiting.pop(found.digest, None)
            self._lapsed.pop(found.digest, None)
            try:
                self._let_live(found)
            except RefusedError as why:
                refused[found.digest] = why
        for kept in (self.waiting, self._lapsed):
            for passed in [each for each in kept.values() if each.statement.number <= self.number]:
                del kept[passed.digest]
        if admitted.digest in self._digests:
            return
        if len(place) > _MOST_WAITING:
            place.pop(admitted.digest, None)
        number = admitted.statement.number
        raise (
            refused.get(admitted.digest)
            or otherwise
            or RefusedError("gap", f"number {number} comes after number {self.number}, but what it follows is absent")
        )

    def _vouched_for(self) -> list[Admitted]:
        """
        Releases by keys that were given up since, upon which others build that two people signed.

        They saw them count when those keys were good. Without this, a copy that somebody sends again later, of which
        compaction keeps the later place, would break the chain for everyone who starts from then on.
        """
        found: dict[str, Admitted] = {}
        for release in [each for each in self.waiting.values() if each.signers.are_two]:
            before = self._before(release)
            while before is not None and before.digest not in found:
                if before.digest in self._lapsed:
                    found[before.digest] = before
                before = self._before(before)
        return list(found.values())

    def _before(self, release: Admitted) -> Admitted | None:
        previous = release.statement.previous
        return self.waiting.get(previous) or self._lapsed.get(previous)

    def _follows(self, admitted: Admitted) -> bool:
        before = self.newest.digest if self.newest else ""
        return (admitted.statement.number, admitted.statement.previous) == (self.number + 1, before)

    def _let_live(self, admitted: Admitted) -> None:
        if admitted.statement.action == "rollback":
            self._roll_back(admitted)
        self.standing.append(admitted)
        self.number = admitted.statement.number
        self._count(admitted)

    def _count(self, admitted: Admitted) -> None:
        self.counted.append(admitted)
        self._digests.add(admitted.digest)

    def _roll_back(self, admitted: Admitted) -> None:
        """
        Two people approved the bundle before when it was published: going back to it takes one of them.

        To any other that was live it takes two. What stands above it goes, as after one step: never forwards again.
        """
        before = self.standing[-2] if len(self.standing) > 1 else None
        if before is not None and before.pair == admitted.pair:
            del self.standing[-2:]
            return
        if not admitted.signers.are_two:
            raise RefusedError("not_the_one_before", "one signature is enough only for the bundle before the live one")
        if admitted.pair not in {each.pair for each in self.counted if each.statement.action == "publish"}:
            raise RefusedError("not_the_one_before", "it goes back to a bundle that was never published")
        places = [place for place, each in enumerate(self.standing) if each.pair == admitted.pair]
        if places:
            del self.standing[places[-1] :]


def _check_rises(number: int, newest: int) -> None:
    if number <= newest:
        raise RefusedError("stale", f"number {number} does not come after number {newest}")
