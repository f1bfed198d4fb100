"""Every reason that people counts an outcome under, so that each is there at 0 before it first happens."""

from typing import get_args

from onward.contracts.outcome import Reasons
from onward.people.domain.join import Result

REASONS = Reasons(
    published=get_args(Result),
    ignored=("repeat",),
    parked=("identifier_conflict", "same_id_other_content", "unknown_question"),
)
