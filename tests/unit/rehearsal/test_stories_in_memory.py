"""Every story of the demo ends in memory as its file says that it ends on real Kafka and PostgreSQL."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.local.demo.answering import approval, replies
from onward.local.demo.ending import Observed, faults
from onward.local.demo.playing import Playing, cast_all
from onward.local.demo.story import load
from onward.rehearsal.whole import RecordEffects, WholeInMemory
from unit.rehearsal.scenarios import services

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
STORIES = load()


class DayInMemory:
    """One playing: its partners, providers and approvers at work, and what the topics said."""

    def __init__(self, playing: Playing, whole: WholeInMemory) -> None:
        self.playing = playing
        self.whole = whole
        self.documents: dict[str, list[Mapping[str, Any]]] = {}
        self.parked: list[str] = []
        self.ignored = 0
        self.categories: dict[str, str] = {}

    async def play(self) -> None:
        for step in range(1, 7):
            for message in self.playing.messages(step):
                made = await self.whole.send(
                    f"in.{message.source}", message.value, key=message.key, headers=message.headers, at=NOW
                )
                self.ignored += sum(each.service == "intake" and each.ended == "ignored" for each in made.outcomes)
                await self.follow(made)

    async def follow(self, made: RecordEffects) -> None:
        """Note what came, and have everybody answer who would."""
        for record in made.records:
            family, _, member = record.topic.partition(".")
            if family == "parked":
                self.parked.append((dict(record.headers)["reason"] or b"").decode())
            elif family != "in":
                await self.heard(family, member, json.loads(record.value or b"null"))

    async def heard(self, family: str, member: str, body: Mapping[str, Any]) -> None:
        self.documents.setdefault(family, []).append({**body, "partner": member} if member else body)
        if family == "decisions":
            self.categories |= {each["referral_id"]: each["category"] for each in body["referrals"]}
        elif family == "referrals":
            for reply in replies(body, self.playing.story, now=NOW):
                await self.say(f"replies.{member}", reply.model_dump_json(), body["referral_id"])
        elif family == "escalations" and body["kind"] == "approval-needed":
            said = approval(body, self.categories[body["referral_id"]], self.playing.story, now=NOW)
            if said is not None:
                await self.say("approvals", said.model_dump_json(), body["referral_id"])

    async def say(self, topic: str, text: str, referral: str) -> None:
        await self.follow(await self.whole.send(topic, text.encode(), key=referral.encode(), at=NOW))

    def observed(self) -> Observed:
        return Observed(
            decisions=self.documents.get("decisions", []),
            steps=self.documents.get("referral-events", []),
            asked=self.documents.get("questions", []),
            escalations=self.documents.get("escalations", []),
            parked=self.parked,
            ignored=self.ignored,
        )


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_ends_as_its_file_says(name: str) -> None:
    whole = WholeInMemory(services())
    (playing, *_) = cast_all({name: STORIES[name]}, now=NOW, pepper=whole.pepper)
    day = DayInMemory(playing, whole)
    await day.play()
    assert faults(STORIES[name].ends, day.observed()) == []
