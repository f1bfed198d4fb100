"""Every reason that people counts an outcome under, so that each is there at 0 before it first happens."""

from onward.contracts.outcome import Reasons
from onward.people.domain.changes import RESULTS

REASONS = Reasons(
    published=(*RESULTS, "erased", "not_erased"),
    ignored=("erased", "repeat", "second_signature_awaited"),
    parked=(
        "bad_signature",
        "identifier_conflict",
        "same_id_other_content",
        "unknown_match",
        "unknown_question",
        "untrusted_key",
    ),
)
