"""What intake counts beside every service's own."""

from onward.chassis.observability.metrics import OTHER, Counted
from onward.contracts import topics
from onward.contracts.feedback import COUNTER
from onward.intake.domain.reader import LEFT_OUT, RISKS_LEFT_OUT, UNKNOWN_TYPES, UNREAD_FIELDS

ALL = (
    Counted(
        UNKNOWN_TYPES,
        "Messages of an event type that nobody knows, as far as its words are known. Any: a partner sends something "
        "new, or misspells it; `onward types` names it.",
        ("source", "type"),
        begins=tuple((source, OTHER) for source in topics.sources()),
    ),
    Counted(
        UNREAD_FIELDS,
        "Messages with a field that nothing reads and that looks like this one. Any: tell the partner.",
        ("source", "field"),
    ),
    Counted(
        LEFT_OUT,
        "Messages of which a value of this field was left out, by the reason. Rising: a partner writes something that "
        "nobody here reads: tell it, or add its word for one of our codes.",
        ("source", "reason", "field"),
    ),
    Counted(
        RISKS_LEFT_OUT,
        "Messages of which something was left out, or not read, that could say that somebody's life is at risk. Any: "
        "ring the partner now.",
        ("source",),
        begins=tuple((source,) for source in topics.sources()),
    ),
    Counted(
        COUNTER,
        "Messages to partners about messages of theirs, by what became of those.",
        ("source", "outcome"),
    ),
)
