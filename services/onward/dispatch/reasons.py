"""Every reason that dispatch counts an outcome under, so that each is there at 0 before it first happens."""

from typing import get_args

from onward.contracts.outcome import Reasons
from onward.dispatch.domain import RefusalReason

REASONS = Reasons(published=("sent", "withdrawn", *(f"refused_{reason}" for reason in get_args(RefusalReason))))
