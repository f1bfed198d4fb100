"""
What a partner is asked shows nothing of what another one said in confidence.

Two days are played that differ only in what other partners say: whoever reads one partner's questions of both cannot
tell them apart. The whole runs in memory, every service with it.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.rehearsal.whole import MemoryRecord, WholeInMemory
from unit.rehearsal.scenarios import services

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENTS = {
    "custody": ("custody.detention.authorised", "custody.detention.risk-assessed"),
    "liaison": ("liaison-diversion.screened", "liaison-diversion.assessed", "liaison-diversion.declined"),
    "probation": ("probation.needs.assessed", "probation.accommodation.changed"),
    "street-triage": ("street-triage.contact.recorded", "street-triage.s136.detained"),
}
REFERENCE = {"custody": "custodyRecordNo", "liaison": "caseNo", "probation": "crn", "street-triage": "incidentNo"}
NEEDS = ("mental health", "drugs", "alcohol", "debt", "housing")


@st.composite
def words(draw: st.DrawFn) -> dict[str, Any]:
    """What somebody says of the person: any part of it may be missing."""
    found = draw(st.dictionaries(st.sampled_from(NEEDS), st.integers(0, 4), max_size=4))
    said: dict[str, Any] = {"needs": [{"category": need, "severity": level} for need, level in found.items()]}
    if purposes := draw(st.lists(st.sampled_from(NEEDS), unique=True, max_size=3)):
        said["consent"] = {"given": draw(st.booleans()), "purposes": purposes}
    if (risk := draw(st.sampled_from([None, 0, 2, 4, "on constant watch"]))) is not None:
        said["riskAssessment"] = {"selfHarm": risk}
    if status := draw(st.sampled_from([None, "homeless", "settled", "at_risk"])):
        said["accommodation"] = {"status": status}
    said["person"] = {"dateOfBirth": "1988-01-02"} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        said["person"]["areaCode"] = "E08000025"
    return said


@dataclass(frozen=True)
class Day:
    """Who tells of the person, and when; what the partner that is watched says, and two things each other may say."""

    watched: str
    steps: tuple[tuple[str, str, tuple[dict[str, Any], dict[str, Any]]], ...]
    answers: bool

    def message(self, number: int, world: int) -> tuple[str, dict[str, Any]]:
        source, event, said = self.steps[number]
        now = START + timedelta(minutes=30 * number)
        body = {**said[world], "eventType": event, "eventId": f"event {number}", "occurredAt": now.isoformat()}
        body["person"] = {"name": "Test Person-1101", "sex": "M", "pncId": "2002/0073319Z", **body["person"]}
        reference = {REFERENCE[source]: f"{source[:2].upper()}/{number % 2}/26"} if source != "probation" else {}
        return source, {**body, **reference}


@st.composite
def days(draw: st.DrawFn) -> Day:
    watched = draw(st.sampled_from(sorted(EVENTS)))
    steps: list[tuple[str, str, tuple[dict[str, Any], dict[str, Any]]]] = []
    for number in range(draw(st.integers(2, 5))):
        source = draw(st.sampled_from(sorted(EVENTS))) if number else watched
        said = draw(words())
        other = said if source == watched else draw(words())
        steps.append((source, draw(st.sampled_from(EVENTS[source])), (said, other)))
    return Day(watched, tuple(draw(st.permutations(steps))), draw(st.booleans()))


async def questions(day: Day, world: int) -> list[MemoryRecord]:
    """What the watched partner is asked in one of the two days, in order; it may answer the first that comes."""
    whole = WholeInMemory(services())
    asked: list[MemoryRecord] = []
    for number in range(len(day.steps)):
        source, body = day.message(number, world)
        at = START + timedelta(minutes=30 * number + 1)
        made = await whole.send(f"in.{source}", json.dumps(body).encode(), key=b"one", at=at)
        new = [each for each in made.records if each.topic == f"questions.{day.watched}"]
        if day.answers and new and not asked:
            answer = {
                "eventType": "facts.answered",
                "inReplyTo": json.loads(new[0].value or b"null")["contact_id"],
                "facts": {"needs.mental_health": 3, "person.date_of_birth": "1988-01-02"},
            }
            made = await whole.send(f"in.{day.watched}", json.dumps(answer).encode(), key=b"one", at=at)
            new += [each for each in made.records if each.topic == f"questions.{day.watched}"]
        asked += new
    return asked


@given(day=days())
@settings(max_examples=60)
def test_whatever_other_partners_say_a_partner_is_asked_the_same(day: Day) -> None:
    first, second = (asyncio.run(questions(day, world)) for world in (0, 1))
    assert [(each.key, each.value) for each in first] == [(each.key, each.value) for each in second]


def test_what_custody_is_asked_does_not_show_what_liaison_found() -> None:
    """The attack: nothing known, the need found, the need denied; the same arrest afterwards."""
    nothing: dict[str, Any] = {"needs": [], "person": {}}
    arrest = ("custody", "custody.detention.risk-assessed", (nothing, nothing))
    seen: list[list[bytes | None]] = []
    for severity in (None, 3, 0):
        needs = [] if severity is None else [{"category": need, "severity": severity} for need in NEEDS]
        found: dict[str, Any] = {"needs": needs, "person": {}}
        told = ("liaison", "liaison-diversion.screened", (found, found))
        asked = asyncio.run(questions(Day("custody", (told, arrest), answers=False), 0))
        seen.append([each.value for each in asked])
    assert seen[0]
    assert seen == [seen[0]] * 3
