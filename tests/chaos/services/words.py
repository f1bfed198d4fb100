"""What the test services read and write: numbered steps of many keys."""

from installation_keys import ENVIRONMENT
from onward.chassis.settings import Settings
from onward.contracts.base import Message
from onward.contracts.topics import Topic


class Step(Message):
    """The *sequence*-th record of *key*."""

    key: str
    sequence: int


class StepSettings(Settings):
    """Which topics a test uses, and how slow its handler is."""

    input_topic: str
    output_topic: str
    throttle_us: int = 0
    """Microseconds for each record: the input must last until the last fault has landed."""
    hold_before_commit: str = ""
    """A file: while it exists, the stateful hop waits just before its commit."""


SECRETS = {name: ENVIRONMENT[name] for name in ("ONWARD_ID_KEY", "ONWARD_PARKING_KEY")}


def steps(name: str) -> Topic[Step]:
    """The topic called *name*."""
    return Topic(name, "onward.test-step.v1", Step)
