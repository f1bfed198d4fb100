"""How every message is modelled: immutable, strict when made, tolerant of unknown fields when read."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


def _aware(moment: datetime) -> datetime:
    """Refuse a time without an offset: nobody can say which hour of a clock change it means."""
    if moment.tzinfo is None:
        raise PydanticCustomError("no_offset", "time has no UTC offset")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]
"""An instant, always with its offset."""


class Message(BaseModel):
    """
    A value that travels on a topic.

    Unknown fields are ignored on reading, so that a newer producer never breaks an older consumer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601", hide_input_in_errors=True)


class Written(BaseModel):
    """A value that a person writes in YAML: a key that nobody knows is a mistake, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
