"""What people counts beside every service's own."""

from onward.chassis.observability.metrics import Counted
from onward.contracts.feedback import COUNTER

ALL = (
    Counted(
        COUNTER,
        "Messages to partners about messages of theirs, by what became of those.",
        ("source", "outcome"),
    ),
)
