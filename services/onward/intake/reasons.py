"""Every reason that intake counts an outcome under, so that each is there at 0 before it first happens."""

from onward.contracts.outcome import Reasons

REASONS = Reasons(
    published=("published",),
    ignored=(
        "hearing_deleted",
        "irrelevant_event_type",
        "links_nothing",
        "no_person",
        "nothing_answered",
        "other_message_type",
        "said_elsewhere",
        "sns_control_message",
        "superseded_by_prison_offender_events",
        "unknown_event_type",
    ),
    parked=(
        "identifier_conflict",
        "no_identifier",
        "not_an_object",
        "not_theirs_to_answer",
        "payload_elsewhere",
        "unknown_event_type",
        "unknown_fact",
    ),
)
