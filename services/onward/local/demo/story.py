"""The stories that the demo plays: what partners send, what providers answer, and how each must end."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from onward.contracts import paths
from onward.contracts.base import Written
from onward.contracts.codes import Category, ReferralStatus, RejectionReason
from onward.diagnostics.yaml_values import YamlFileError, model_of
from onward.rehearsal.scenario import MessageForm, PartnerSource


class Sent(Written):
    """One message that a partner sends."""

    source: PartnerSource
    step: int = Field(ge=1, le=6)
    """Messages of step 2 are sent when everything that follows from step 1 has been decided."""
    form: MessageForm = "bare"
    body: dict[str, Any] | str
    """The document, with placeholders; for `raw`, the text exactly as it goes."""
    times: int = Field(default=1, ge=1, le=3)
    """More than once: the partner repeats itself."""
    makes: int = Field(default=1, ge=0, le=10)
    """How many contacts it makes."""


class Answered(Written):
    """What a provider answers."""

    status: Literal["RECEIVED", "ACCEPTED", "REJECTED", "INFO_REQUESTED"]
    reason: RejectionReason | None = None


class EndedReferral(Written):
    """A referral as it must stand at the end."""

    category: Category
    status: ReferralStatus
    provider: str | None = None


class StoryEnding(Written):
    """How the story must end. What is not listed must not have happened, except where it says so."""

    referrals: tuple[EndedReferral, ...] = ()
    asked: tuple[str, ...] = ()
    """Partners that must have been asked something."""
    notices: tuple[str, ...] = ()
    """Kinds of escalation that must have been raised (others may be)."""
    suppressed: tuple[str, ...] = ()
    """Reasons that must have been given (others may be)."""
    ignored: int = 0
    """How many of its messages intake must have ignored."""
    parked: tuple[str, ...] = ()
    """The reasons for which its messages must have been parked."""


class Story(Written):
    """One person's day, or the day of a few."""

    title: str = Field(min_length=1)
    tells: str = Field(min_length=1)
    """What it shows, in a sentence."""
    told: bool = False
    """Whether the demo tells it in words at the end."""
    people: int = Field(default=1, ge=1, le=5)
    played: int = Field(default=6, ge=1, le=50)
    """How often it is played, each time with other people."""
    messages: tuple[Sent, ...] = Field(min_length=1)
    answers: dict[Category, tuple[Answered, ...]] = Field(default_factory=dict)
    """Category to what its provider answers; absent means received and accepted, empty means silence."""
    approvals: dict[Category, bool] = Field(default_factory=dict)
    """Category to what the named person says when asked to approve."""
    ends: StoryEnding


class StoryError(Exception):
    """A story file cannot be used."""


def load(folder: Path | None = None) -> dict[str, Story]:
    """
    Every story by file name.

    Raises:
        StoryError: A file is not valid.
    """
    stories: dict[str, Story] = {}
    for path in sorted((folder or paths.schemas() / "examples" / "stories").glob("*.yaml")):
        try:
            stories[path.stem] = model_of(f"stories/{path.name}", path.read_bytes(), Story)
        except YamlFileError as error:
            raise StoryError(str(error)) from error
    if not stories:
        raise StoryError("there is no story to play; write one in schemas/examples/stories/")
    return stories
