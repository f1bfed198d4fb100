"""By when a provider is to have acted: clock hours, or working days in Europe/London."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from onward.calendar.working_days import add_working_days
from onward.contracts.codes import Urgency

_CLOCK: Mapping[Urgency, timedelta] = {
    # The shortest crisis standard (A&E liaison) is one hour.
    "immediate": timedelta(hours=1),
    "within_4_hours": timedelta(hours=4),
    "within_24_hours": timedelta(hours=24),
    "within_3_weeks": timedelta(weeks=3),
    "within_4_weeks": timedelta(weeks=4),
}
_WORKING_DAYS: Mapping[Urgency, int] = {
    "next_working_day": 1,
    "within_2_working_days": 2,
    "within_5_working_days": 5,
    "within_10_working_days": 10,
}


def respond_by(urgency: Urgency, start: datetime) -> datetime:
    """When the provider is to have acted on a referral whose clock starts at *start*."""
    if urgency in _CLOCK:
        return start + _CLOCK[urgency]
    return add_working_days(start, _WORKING_DAYS[urgency])
