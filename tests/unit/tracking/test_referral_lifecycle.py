import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from onward.contracts.codes import ReferralStatus
from onward.tracking.domain.changes import DeliverySent
from onward.tracking.domain.lifecycle import ALLOWED, OPEN, IllegalStepError, move
from onward.tracking.domain.notifications import write_messages
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_decision, a_proposal

STATUSES: tuple[ReferralStatus, ...] = get_args(ReferralStatus)


def test_every_status_has_its_steps_written_down() -> None:
    assert set(ALLOWED) == {None, *STATUSES}


def test_every_status_can_be_reached() -> None:
    assert {status for steps in ALLOWED.values() for status in steps} == set(STATUSES)


def test_what_has_ended_stays_ended() -> None:
    assert [status for status in STATUSES if not ALLOWED[status]] == ["REJECTED", "WITHDRAWN", "CLOSED_DECEASED"]
    assert set(STATUSES) - {"REJECTED", "WITHDRAWN", "CLOSED_DECEASED"} == OPEN


@pytest.mark.parametrize("was", STATUSES)
@pytest.mark.parametrize("to", STATUSES)
def test_a_step_that_is_not_written_down_cannot_be_taken(was: ReferralStatus, to: ReferralStatus) -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    referral = replace(desk.live()[0], status=was)
    if to in ALLOWED[was]:
        moved = move(referral, to, now=MONDAY_9AM)
        change = DeliverySent(referral=moved, at=MONDAY_9AM, was=was)
        told = write_messages([change], raised=()).messages
        assert (moved.status, len(told)) == (to, 2)
    else:
        with pytest.raises(IllegalStepError, match=f"from {was} to {to}"):
            move(referral, to, now=MONDAY_9AM)


def test_the_diagram_in_the_documentation_shows_exactly_these_steps() -> None:
    page = Path(__file__).parents[3] / "docs" / "referral-lifecycle.md"
    drawn = re.findall(r"^    (\S+) --> (\S+)$", page.read_text(), re.MULTILINE)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(was or "[*]", to) for was, steps in ALLOWED.items() for to in steps}
