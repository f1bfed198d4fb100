"""A decision made again, from its situation and the bundle it names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from onward.cli.rules.releases.decision_history import DecisionPast, RecordedDecision
from onward.contracts import paths
from onward.contracts.decision import Decision
from onward.contracts.situation import Situation
from onward.diagnostics.json_text import pointer
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.releases.contents import read_directory
from onward.releases.signing import RefusedError
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.decide import decide
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.language import RuleSet
from onward.routing.domain.publishing.contents import read_rules

_SHOWN = 12
_MOST_DIFFERENCES = 20


class CannotRemakeError(Exception):
    """Something that the decision was made from is not there; says what."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A decision as it was published, and as it is made now."""

    published: bytes
    remade: bytes
    decision: Decision
    at: datetime | None

    @property
    def identical(self) -> bool:
        """Byte for byte."""
        return self.published == self.remade

    @property
    def differences(self) -> list[str]:
        """Where they differ, as JSON pointers: never what a person's facts are."""
        try:
            found = _differing(json.loads(self.published), json.loads(self.remade), ())
        except ValueError:
            return ["/"]
        return [pointer(path) or "/" for path, _ in zip(found, range(_MOST_DIFFERENCES), strict=False)]

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "decision_id": str(self.decision.decision_id),
            "situation_id": str(self.decision.situation_id),
            "rules": self.decision.rules.sha256,
            "directory": self.decision.directory.sha256,
            "bytes": len(self.published),
            "identical": self.identical,
            "differences": self.differences,
        }

    def words(self) -> str:
        """For a person."""
        made = self.decision
        by = f"rules {made.rules.sha256[:_SHOWN]}, directory {made.directory.sha256[:_SHOWN]}"
        when = f" of {self.at:%Y-%m-%d %H:%M:%S}" if self.at else ""
        told = f"decision {made.decision_id}{when}, {len(self.published)} bytes, made again by {by}"
        if self.identical:
            return told
        where = "".join(f"\n  {place}" for place in self.differences)
        return f"{told}{where}\nThe engine may have changed since; the release that made it would tell."


async def remake(past: DecisionPast, decision_id: str) -> Remade:
    """
    Make the decision *decision_id* again.

    Raises:
        CannotRemakeError: It, its situation or its bundle is not kept.
    """
    made, decision = await _decision(past, decision_id)
    situation = await _situation(past, decision, made.situation_at)
    rules = await _rules(past, decision.rules.sha256)
    directory = await _directory(past, decision.directory.sha256)
    # Which release published them is no part of what the rules decide.
    remade = decide(situation, rules, directory).model_copy(update={"release_number": decision.release_number})
    return Remade(made.value, remade.model_dump_json().encode(), decision, made.at)


async def _decision(past: DecisionPast, decision_id: str) -> tuple[RecordedDecision, Decision]:
    wanted = b'"decision_id":"' + decision_id.encode() + b'"'
    async for made in past.decisions():
        if wanted in made.value:
            try:
                return made, Decision.model_validate_json(made.value)
            except ValidationError:
                raise CannotRemakeError(f"decision {decision_id} cannot be read") from None
    raise CannotRemakeError(f"no decision {decision_id} is kept there")


async def _situation(past: DecisionPast, decision: Decision, at: datetime | None) -> Situation:
    for value in await past.situation(str(decision.situation_id), at=at):
        try:
            situation = Situation.model_validate_json(value)
        except ValidationError:
            continue
        if (situation.situation_id, situation.revision) == (decision.situation_id, decision.revision):
            return situation
    raise CannotRemakeError(f"its situation, {decision.situation_id}, is not kept there")


async def _rules(past: DecisionPast, sha256: str) -> RuleSet:
    content = await past.content("rules", sha256)
    try:
        found = load_bundle(paths.schemas() / "routing") if content is None else read_rules(content)
    except (RefusedError, BundleError) as error:
        raise CannotRemakeError(f"its rules, {sha256[:_SHOWN]}, cannot be used now: {error}") from error
    if found.version.sha256 != sha256:
        raise CannotRemakeError(f"its rules, {sha256[:_SHOWN]}, are not kept there, and are not those of this release")
    return found


async def _directory(past: DecisionPast, sha256: str) -> Directory:
    content = await past.content("directory", sha256)
    try:
        found = directory_files.load() if content is None else read_directory(content)
    except (RefusedError, directory_files.DirectoryError) as error:
        raise CannotRemakeError(f"its directory, {sha256[:_SHOWN]}, cannot be used now: {error}") from error
    if found.sha256 != sha256:
        raise CannotRemakeError(f"its directory, {sha256[:_SHOWN]}, is not kept there, and is not that of this release")
    return found


def _differing(one: Any, other: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key in one and key in other:
                yield from _differing(one[key], other[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differing(left, right, (*path, index))
    elif one != other:
        yield path
