"""One playing of one scenario: who is in it, and which records each of its steps sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from onward.contracts import paths
from onward.diagnostics.yaml_values import YamlFileError
from onward.rehearsal.effects import EffectsReader
from onward.rehearsal.messages import OutboundRecord, StepWriter
from onward.rehearsal.scenario import Scenario, ScenarioFile, read_scenario
from onward.rehearsal.synthetic import Cast


class DemoScenarioError(Exception):
    """A scenario cannot be used, or there is none to play."""


@dataclass(slots=True)
class Playing:
    """One playing: who is in it, and what it has sent so far."""

    name: str
    file: ScenarioFile
    cast: Cast
    id_key: bytes
    """That of the services: with it partners are asked about contacts under ids that they give back."""
    places: list[list[str]] = field(default_factory=list[list[str]])
    """For each step so far, where its records stand, as `topic/partition/offset`."""
    impossible: str = ""
    """Why its next step cannot happen, if it cannot."""

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return self.file.scenario

    @property
    def is_over(self) -> bool:
        """Whether no step is left that can be played."""
        return bool(self.impossible) or len(self.places) == len(self.scenario.steps)

    def write(self, seen: EffectsReader) -> tuple[OutboundRecord, ...]:
        """
        What the next step sends, after what was *seen* so far.

        Raises:
            StepImpossibleError: It speaks of a referral that nobody made.
        """
        number = len(self.places)
        return StepWriter(self.name, self.cast, self.id_key).write(self.scenario.steps[number], number + 1, seen)


def load(folder: Path | None = None) -> dict[str, ScenarioFile]:
    """
    Every scenario that the demo plays, by file name.

    Raises:
        DemoScenarioError: A scenario is not valid, or none has a part in the demo.
    """
    found: dict[str, ScenarioFile] = {}
    for path in sorted((folder or paths.schemas() / "examples" / "scenarios").glob("*.yaml")):
        try:
            file = read_scenario(f"scenarios/{path.name}", path.read_bytes())
        except YamlFileError as error:
            raise DemoScenarioError(str(error)) from error
        if file.scenario.demo is not None:
            found[path.stem] = file
    if not found:
        raise DemoScenarioError(
            "there is no scenario to play; give one in schemas/examples/scenarios/ its part in the demo: `demo:`"
        )
    return found


def cast_all(
    scenarios: Mapping[str, ScenarioFile], *, now: datetime, id_key: bytes, share: float = 1.0
) -> list[Playing]:
    """
    Every playing of every scenario, each with people of its own, for services that have this *id_key*.

    *share* below 1 plays each scenario that much less often, at least once.
    """
    playings: list[Playing] = []
    for name, file in scenarios.items():
        played = 1 if file.scenario.demo is None else file.scenario.demo.played
        for _ in range(max(1, round(played * share))):
            playings.append(Playing(name, file, Cast(name, len(playings) + 1, now), id_key))
    return playings


def people(playings: Iterable[Playing]) -> int:
    """How many people are in them."""
    return sum(1 if playing.scenario.demo is None else playing.scenario.demo.people for playing in playings)
