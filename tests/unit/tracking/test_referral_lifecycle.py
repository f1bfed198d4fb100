import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from onward.contracts import paths
from onward.contracts.codes import ProviderStatus, ReferralStatus
from onward.tracking.domain.changes import DeliverySent
from onward.tracking.domain.lifecycle import ALLOWED, ENDED, OPEN, Actor, IllegalStepError, move
from onward.tracking.domain.notifications import write_messages
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_decision, a_proposal

STATUSES: tuple[ReferralStatus, ...] = get_args(ReferralStatus)
ACTORS: tuple[Actor, ...] = get_args(Actor)
PAGE = (Path(__file__).parents[3] / "docs" / "referral-lifecycle.md").read_text()


def test_every_status_has_its_steps_written_down() -> None:
    assert set(ALLOWED) == {None, *STATUSES}


def test_every_status_can_be_reached() -> None:
    assert {status for steps in ALLOWED.values() for status in steps} == set(STATUSES)


def test_what_has_ended_stays_ended() -> None:
    ends = {"REJECTED", "COMPLETED", "DISCHARGED", "UNREACHABLE", "CONSENT_WITHDRAWN", "ENTERED_IN_ERROR", "EXPIRED"}
    assert {"WITHDRAWN", "CLOSED_DECEASED", *ends} == ENDED
    assert set(STATUSES) - ENDED == OPEN


def test_everything_that_a_provider_may_say_it_may_say_of_what_it_was_sent() -> None:
    for status in ("SENT", "READY"):
        said = {to for to, actors in ALLOWED[status].items() if "provider" in actors}
        assert said == set(get_args(ProviderStatus))


def test_nobody_speaks_for_a_provider_and_no_provider_for_us() -> None:
    for was, steps in ALLOWED.items():
        for to, actors in steps.items():
            if "provider" in actors:
                assert to in get_args(ProviderStatus), (was, to)
            if to in ("WITHDRAWN", "CLOSED_DECEASED"):
                assert actors <= {"routing", "approver"}, (was, to)


@pytest.mark.parametrize("was", STATUSES)
def test_a_step_that_is_not_written_down_cannot_be_taken(was: ReferralStatus) -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal()))
    referral = replace(desk.live()[0], status=was)
    for to in STATUSES:
        for actor in ACTORS:
            if actor in ALLOWED[was].get(to, ()):
                moved = move(referral, to, by=actor, now=MONDAY_9AM)
                change = DeliverySent(referral=moved, at=MONDAY_9AM, was=was)
                told = write_messages([change], raised=()).messages
                assert (moved.status, len(told)) == (to, 2)
            else:
                with pytest.raises(IllegalStepError, match=f"from {was} to {to} by the word of {actor}"):
                    move(referral, to, by=actor, now=MONDAY_9AM)


def test_the_table_in_the_documentation_shows_exactly_these_steps() -> None:
    rows = re.findall(r"^\| ([A-Z_]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    written = {row[0]: [set(re.findall(r"[A-Z_]+", cell)) for cell in row[1:]] for row in rows}
    by: tuple[Actor, ...] = ("dispatch", "approver", "provider")
    assert written == {
        was: [{to for to, actors in ALLOWED[was].items() if actor in actors} for actor in by] for was in OPEN
    }
    ends = re.search(r"^Nothing follows an end: (.*)\.$", PAGE, re.MULTILINE)
    assert ends is not None
    assert set(ends[1].split(", ")) == ENDED


def test_each_status_has_its_equivalents_in_the_data_and_on_the_page() -> None:
    rows = list(csv.reader((paths.schemas() / "referral-statuses.csv").read_text().splitlines()))[1:]
    assert [row[0] for row in rows] == list(STATUSES)
    dash = "\N{EN DASH}"
    for status, task, bars, attended in rows:
        cells = " | ".join(cell or dash for cell in (task, bars, attended.replace(" ", ", ")))
        assert re.search(rf"^\| {status} \| [^|]+ \| {re.escape(cells)} \|$", PAGE, re.MULTILINE), status
