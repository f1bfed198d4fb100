"""Playing a scenario in memory, step by step, and holding what came of each against what the scenario expects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from onward.chassis.service import Service
from onward.diagnostics.yaml_tree import Place
from onward.rehearsal.effects import EffectsReader, SeenRecord, StepEffects
from onward.rehearsal.expectations import broken_bans, faults
from onward.rehearsal.messages import MessageUnwritableError, OutboundRecord, StepImpossibleError, StepWriter
from onward.rehearsal.scenario import KINDS, ScenarioFile, ScenarioStep
from onward.rehearsal.synthetic import Cast
from onward.rehearsal.whole import MemoryRecord, WholeInMemory


@dataclass(frozen=True, slots=True)
class StepFault:
    """One thing that does not hold."""

    place: Place
    """Where the scenario says that it should."""
    message: str


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """A step, and what came of it."""

    number: int
    """From 1."""
    step: ScenarioStep
    moment: datetime
    place: Place
    effects: StepEffects
    faults: tuple[StepFault, ...]


@dataclass(frozen=True, slots=True)
class PlayedScenario:
    """A scenario, and what came of it."""

    file: ScenarioFile
    steps: tuple[PlayedStep, ...]
    """As far as they could be played: one that speaks of a referral that nobody made is the last."""

    @property
    def faults(self) -> tuple[StepFault, ...]:
        """All that does not hold."""
        return tuple(fault for step in self.steps for fault in step.faults)


async def play(file: ScenarioFile, services: Sequence[Service]) -> PlayedScenario:
    """Play a scenario on services that `built_services` made, with nobody known beforehand."""
    whole, seen = WholeInMemory(services), EffectsReader()
    played: list[PlayedStep] = []
    for index, (step, moment) in enumerate(zip(file.scenario.steps, file.moments, strict=True)):
        writer = StepWriter(PurePath(file.name).stem, Cast(file.name, 1, moment), whole.id_key)
        try:
            records = writer.write(step, index + 1, seen)
        except (StepImpossibleError, MessageUnwritableError) as error:
            place = file.place("steps", index, *_named(step))
            fault = StepFault(place, str(error))
            played.append(PlayedStep(index + 1, step, moment, place, seen.read((), ()), (fault,)))
            break
        effects = await _sent(whole, seen, records, moment)
        found = tuple(faults_of(file, index, effects))
        played.append(PlayedStep(index + 1, step, moment, file.place("steps", index), effects, found))
    return PlayedScenario(file, tuple(played))


async def _sent(
    whole: WholeInMemory, seen: EffectsReader, records: Sequence[OutboundRecord], moment: datetime
) -> StepEffects:
    published: list[SeenRecord] = []
    ignored: list[tuple[str, str]] = []
    for record in records:
        made = await whole.send(record.topic, record.value, key=record.key, headers=record.headers, at=moment)
        published += map(_seen, made.records)
        ignored += [(each.service, each.reason) for each in made.outcomes if each.ended == "ignored"]
    return seen.read(published, ignored)


def _seen(record: MemoryRecord) -> SeenRecord:
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    return SeenRecord(record.topic, headers, record.value or b"")


def faults_of(file: ScenarioFile, index: int, effects: StepEffects) -> Iterator[StepFault]:
    """What does not hold after the step with this *index*, from 0, that led to these *effects*."""
    expected = file.scenario.steps[index].expect
    if expected is not None:
        for steps, message in faults(expected, effects):
            yield StepFault(file.place("steps", index, "expect", *steps), message)
    if file.scenario.never is not None:
        for steps, message in broken_bans(file.scenario.never, effects):
            yield StepFault(file.place(*steps), message)


def _named(step: ScenarioStep) -> tuple[str, ...]:
    return tuple(name for name in KINDS if getattr(step, name) is not None)
