"""Which release counts: the releases of the topic `rulesets`, folded in the order in which the broker has them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from onward.contracts.ruleset import Release, Statement
from onward.routing.domain.signing import RefusedError, Signers, TrustedKeys, digest, signers

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
    What the releases so far add up to. Everyone who reads the same records gets the same, whenever they read them.

    That holds although the topic is compacted: a release has a key of its own, so none is ever replaced by another,
    and what counts does not depend on whether a bundle can be loaded.
    """

    trusted: TrustedKeys
    standing: list[Admitted] = field(default_factory=list[Admitted])
    """The live bundles one upon the other, the newest last: a rollback takes the last away."""
    shadow: Admitted | None = None
    _live_number: int = 0
    _shadow_number: int = 0

    @property
    def newest(self) -> Admitted | None:
        """The release that names what should be live."""
        return self.standing[-1] if self.standing else None

    def next_number(self, *, shadow: bool = False) -> int:
        """The number for the next release."""
        return (self._shadow_number if shadow else self._live_number) + 1

    def admit(self, release: Release, *, at: datetime) -> Admitted:
        """
        Let *release*, which the broker appended *at* that time, count.

        Raises:
            RefusedError: It does not count, and nothing has changed.
        """
        statement = release.statement
        admitted = Admitted(digest(statement), statement, signers(release, self.trusted, at=at), at)
        if statement.action in ("shadow", "stop-shadow"):
            self._check_number(statement.number, self._shadow_number)
            self._shadow_number = statement.number
            self.shadow = admitted if statement.action == "shadow" else None
            return admitted
        self._check_number(statement.number, self._live_number)
        if statement.action == "rollback":
            self._roll_back(admitted)
        self.standing.append(admitted)
        self._live_number = statement.number
        return admitted

    def _check_number(self, number: int, newest: int) -> None:
        if number <= newest:
            raise RefusedError("stale", f"number {number} does not come after number {newest}")

    def _roll_back(self, admitted: Admitted) -> None:
        """Two people approved the bundle before when it was published: going back to it takes one of them."""
        before = self.standing[-2] if len(self.standing) > 1 else None
        if before is not None and before.pair == admitted.pair:
            del self.standing[-2:]
        elif not admitted.signers.are_two:
            raise RefusedError("not_the_one_before", "one signature is enough only for the bundle before the live one")
