"""How every message is modelled: immutable, strict when made, tolerant of unknown fields when read."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError


def _aware(moment: datetime) -> datetime:
    """Refuse a time without an offset: nobody can say which hour of a clock change it means."""
    if moment.tzinfo is None:
        raise PydanticCustomError("no_offset", "time has no UTC offset")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]
"""An instant, always with its offset."""


def is_staff_name(name: str) -> bool:
    """Whether *name* can be a `StaffName`: no terminal, page or spreadsheet takes it for more than a name."""
    return 1 <= len(name) <= MOST_OF_A_NAME and name.isprintable() and name[0].isalnum()


def _shown(name: str) -> str:
    if not is_staff_name(name):
        raise PydanticCustomError("not_a_name", "expected a name on one line that begins with a letter or a digit")
    return name


MOST_OF_A_NAME: Final = 100
"""Characters."""
StaffName = Annotated[str, StringConstraints(min_length=1, max_length=MOST_OF_A_NAME), AfterValidator(_shown)]
"""The user name of a member of staff, or the role they act in, as others are shown it."""


class Message(BaseModel):
    """
    A value that travels on a topic.

    Unknown fields are ignored on reading, so that a newer producer never breaks an older consumer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601", hide_input_in_errors=True)


class Written(BaseModel):
    """A value that a person writes in YAML: a key that nobody knows is a mistake, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
