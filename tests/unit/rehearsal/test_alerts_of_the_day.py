"""How often people on duty are called on the demo's day: as often as they can answer, and for all that matters."""

import re
from collections import Counter

from onward.contracts import paths
from onward.local.demo.playing import load
from onward.rehearsal.play import play
from unit.rehearsal.scenarios import services

MOST, MOST_IMMEDIATE = 95, 35
"""What a force's liaison and diversion, custody and resettlement teams would still read in a day of this size."""

KEPT = {
    "accommodation-not-started": 13,
    "appropriate-adult-and-parent": 14,
    "naloxone-prompt": 9,
    "police-not-tasked": 7,
    "crisis-phone-call": 7,
    "s136-clock-24-hours": 6,
    "rejected": 6,
    "officer-decides-on-missed-condition": 6,
    "check-treatment-starts": 6,
    "mental-health-liaison-handover": 6,
    "welsh-or-scottish-route": 6,
}
"""Calls that practitioners would keep, and how many there are at least."""


async def test_people_on_duty_are_called_as_often_as_they_can_answer_and_for_all_that_matters() -> None:
    calls: Counter[tuple[str, str, str]] = Counter()
    for file in load().values():
        assert file.scenario.demo is not None
        for step in (await play(file, services())).steps:
            for call in step.effects.escalations:
                if not call["news"] and call["urgency"] != "digest":
                    calls[call["kind"], call["to"], call["urgency"]] += file.scenario.demo.played
    kinds, immediate = Counter[str](), 0
    for (kind, to, urgency), times in calls.most_common():
        print(f"{times:3} {kind}, to {to}, {urgency}")  # noqa: T201 - which kinds there are, for whoever looks
        kinds[kind] += times
        immediate += times * (urgency == "immediate")
    assert calls.total() <= MOST
    assert immediate <= MOST_IMMEDIATE
    assert {kind: times for kind, times in KEPT.items() if kinds[kind] < times} == {}
    page = (paths.schemas().parent / "docs" / "referral-lifecycle.md").read_text()
    assert re.findall(r"\*\*(\d+) calls, (\d+) of them immediate\*\*", page) == [(str(calls.total()), str(immediate))]
