"""What becomes of a parked record once it is sent back to the topic it came from."""

from typing import Literal

from pydantic import Field

from onward.contracts.base import Message


class Redrive(Message):
    """A parked record went back to the input of the hop that parked it, or that hop has now concluded it."""

    parked: str
    """Which: the parked topic, partition, offset and append time in milliseconds."""
    state: Literal["redriven", "published", "ignored", "parked"]
    """`redriven`: it went back; the others: how its hop concluded it then."""
    topic: str
    """The input that it went back to."""
    partition: int = Field(ge=0)
    redrives: int = Field(ge=1)
    """How often the record has gone back by now."""
    reason: str = ""
    """What the conclusion was counted as; a code, never a value of the record."""
    by: str
    """The user name of whoever sent it back; of a conclusion, the service."""
