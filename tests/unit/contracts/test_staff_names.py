"""Who approved or answered is shown to others: their name is a name and nothing else."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from onward.contracts.referral import Approval

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def approval(by: str, role: str = "approving-practitioner") -> Approval:
    return Approval(referral_id=UUID(int=1), approved=True, by=by, role=role, at=AT)


@pytest.mark.parametrize("name", ["staff-0001", "s.taff@example.org", "Ré Staff", "7", "x" * 100])
def test_a_user_name_is_taken(name: str) -> None:
    assert approval(name).by == approval("staff-0001", role=name).role == name


@pytest.mark.parametrize(
    "name", ["", " ", "=cmd|' /C calc'!A0", "+1", "-1", "@sum", "<b>", "a\x1b[31m", "a\nb", "a\u202eb", "x" * 101]
)
def test_what_a_terminal_a_page_or_a_spreadsheet_takes_for_more_is_none(name: str) -> None:
    for made in ({"by": name}, {"by": "staff-0001", "role": name}):
        with pytest.raises(ValidationError):
            approval(**made)
