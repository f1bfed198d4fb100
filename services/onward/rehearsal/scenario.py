"""
Scenarios: what partners send, what providers and people say, and how time passes; and what must hold after each step.

A scenario is a YAML file. What is wrong in one is told with its line and column, all at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, field_validator, model_validator

from onward.calendar.times import LONDON, read_moment
from onward.contracts import contact_types, topics
from onward.contracts.base import Written
from onward.contracts.codes import AnswerReason, Category, ReferralOutcome, Service
from onward.contracts.contact import FactMap
from onward.contracts.matches import Verdict
from onward.contracts.referral import ReplyStatus
from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, read
from onward.diagnostics.yaml_values import YamlFileError, modelled, place_at
from onward.rehearsal.expectations import ExpectedEffects, StepExpectation

BEGINS = "2026-03-02T10:00"
"""A Monday, London time: when a scenario begins that does not say when."""

_LATER = re.compile(r"\+(\d{1,4}) (minute|hour|day|week)s?")


KINDS: Final = ("message", "reply", "approval", "match", "contact")
"""What a step can be."""

MessageForm: TypeAlias = Literal["bare", "sns", "cloudevent", "raw"]
"""The envelope of a partner's message; `raw` is a text exactly as it goes."""


def _known_partner(source: str) -> str:
    known = topics.sources()
    if source not in known:
        raise ValueError(f"no partner `{source}` sends to us{did_you_mean(source, known)}")
    return source


PartnerSource: TypeAlias = Annotated[str, AfterValidator(_known_partner)]
"""A partner that sends to us."""


class ScenarioMessage(Written):
    """One message that a partner sends: written out, or one of the examples with changes."""

    source: PartnerSource
    form: MessageForm = "bare"
    body: Any = None
    """The document, with placeholders; for `raw`, the text exactly as it goes."""
    example: str | None = None
    """A file below `schemas/examples/`, such as `in.custody/risk-assessed.json`, instead of a body."""
    changes: dict[str, Any] = Field(default_factory=dict)
    """What is otherwise than in the example: JSON pointers and values."""
    without: tuple[str, ...] = ()
    """What of the example is left out: JSON pointers."""
    times: int = Field(default=1, ge=1, le=10)
    """More than once: the partner repeats itself."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if ("body" in self.model_fields_set) == (self.example is not None):
            raise ValueError("give `body` or `example`, one of them")
        if (self.changes or self.without) and self.example is None:
            raise ValueError("`changes` and `without` change an `example`; write a body as it is sent")
        if self.form == "raw" and not isinstance(self.body, str):
            raise ValueError("with `form: raw` the body is a text")
        return self


class ReferralChoice(Written):
    """Which referral somebody speaks of: the newest that fits."""

    category: Category | None = None
    provider: str | None = None
    service: Service | None = None


class ScenarioReply(ReferralChoice):
    """What a provider answers."""

    status: ReplyStatus
    reason: AnswerReason | None = None
    asks_for: tuple[str, ...] = ()
    outcomes: tuple[ReferralOutcome, ...] = ()


class ScenarioApproval(ReferralChoice):
    """What a named person says of a referral that waits for it."""

    approved: bool
    by: str = "scenario.practitioner"
    role: str | None = None
    """Absent: the role that was asked."""


class ScenarioMatch(Written):
    """What a named person says to the newest question whether two people are one; signed as in earnest."""

    verdict: Verdict
    by: str = "scenario.practitioner"


class ScenarioContact(Written):
    """What was said before, in our own words: a contact that stands on `contacts` as if intake had made it."""

    source: str
    type: str = "facts.answered"
    reference: str = ""
    identity: dict[str, Any] = Field(default_factory=dict)
    facts: FactMap = Field(default_factory=dict)
    consents: tuple[dict[str, Any], ...] = ()

    @field_validator("type")
    @classmethod
    def _is_known(cls, named: str) -> str:
        if named not in contact_types.known():
            raise ValueError(f"no contact is of type `{named}`{did_you_mean(named, contact_types.known())}")
        return named


class ScenarioStep(Written):
    """One thing that happens, and when; with none of the five, only time passes."""

    at: str | None = None
    """`2026-03-04T09:00` (London unless it says), or after the step before: `+2 days`, `+90 minutes`; absent: then."""
    message: ScenarioMessage | None = None
    reply: ScenarioReply | None = None
    approval: ScenarioApproval | None = None
    match: ScenarioMatch | None = None
    contact: ScenarioContact | None = None
    expect: StepExpectation | None = None

    @field_validator("at")
    @classmethod
    def _is_a_moment(cls, text: str | None) -> str | None:
        if text is not None and _LATER.fullmatch(text) is None and read_moment(text) is None:
            raise ValueError("write a moment such as 2026-03-04T09:00, or a while such as `+2 days` or `+90 minutes`")
        return text

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)}: one step is one thing; make two of it")
        return self


class DemoPart(Written):
    """How a scenario is played in the demo's day: everything at one moment, several times, each with other people."""

    told: bool = False
    """Whether the demo tells it in words at the end."""
    played: int = Field(default=6, ge=1, le=50)
    people: int = Field(default=1, ge=1, le=5)
    """How many people are in it."""


class Scenario(Written):
    """A story of one person, or of a few, and what must hold in it."""

    title: str = Field(min_length=1)
    tells: str = ""
    """What it shows, in a sentence."""
    begins: str = BEGINS
    """When the first step happens, unless it says so itself."""
    demo: DemoPart | None = None
    """Its part in the demo; absent, it has none."""
    never: ExpectedEffects | None = None
    """What no step may lead to."""
    steps: tuple[ScenarioStep, ...] = Field(min_length=1)

    @field_validator("begins")
    @classmethod
    def _is_a_moment(cls, text: str) -> str:
        if read_moment(text) is None:
            raise ValueError("write a moment such as 2026-03-02T10:00")
        return text

    @model_validator(mode="after")
    def _fits_a_day(self) -> Self:
        if self.demo is not None and any(step.at is not None for step in self.steps):
            raise ValueError("the demo is played at one moment: take out `at`, or `demo`")
        return self

    @property
    def expects(self) -> bool:
        """Whether it says that anything must hold."""
        return self.never is not None or any(step.expect is not None for step in self.steps)


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario with the places of its words and the moments of its steps."""

    name: str
    scenario: Scenario
    moments: tuple[datetime, ...]
    """Of each step, in UTC; none before the one above it."""
    root: Node

    def place(self, *steps: str | int) -> Place:
        """Where something stands in the file; as far as *steps* lead."""
        return place_at(self.root, steps)


def read_scenario(name: str, content: bytes) -> ScenarioFile:
    """
    Read a scenario.

    Args:
        name: The file's name, as problems show it.
        content: Its bytes.

    Raises:
        YamlFileError: It cannot be used; names every problem with its place.
    """
    reading = read(name, content)
    if reading.root is None or reading.problems:
        raise YamlFileError.of(reading.problems)
    scenario = modelled(reading.root, Scenario, nulls=True)
    moments = _moments(scenario)
    problems = [
        Diagnostic.at(place_at(reading.root, ("steps", number, "at")), "D005", "before the step above it; time runs on")
        for number in range(1, len(moments))
        if moments[number] < moments[number - 1]
    ]
    if problems:
        raise YamlFileError.of(problems)
    return ScenarioFile(name, scenario, moments, reading.root)


def _moments(scenario: Scenario) -> tuple[datetime, ...]:
    now = read_moment(scenario.begins)
    assert now is not None
    moments: list[datetime] = []
    for step in scenario.steps:
        now = _after(now, step.at)
        moments.append(now)
    return tuple(moments)


def _after(now: datetime, at: str | None) -> datetime:
    if at is None:
        return now
    later = _LATER.fullmatch(at)
    if later is None:
        moment = read_moment(at)
        assert moment is not None
        return moment
    count, unit = int(later[1]), later[2]
    if unit in ("minute", "hour"):
        return now + timedelta(**{f"{unit}s": count})
    # Days and weeks are those of the wall clock: two days after ten in the morning it is ten in the morning.
    return (now.astimezone(LONDON) + timedelta(**{f"{unit}s": count})).astimezone(UTC)


def files_of(named: Sequence[Path]) -> list[Path]:
    """
    The scenario files that a person names: files, and every `*.yaml` of folders.

    Raises:
        FileNotFoundError: There is nothing of a name, or no scenario in a folder.
    """
    found: list[Path] = []
    for path in named:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not inside or not inside[0].exists():
            raise FileNotFoundError(str(path))
        found += inside
    return found
