"""The day itself: partners send, providers answer, and everything is read along until every story has ended."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer

from onward.chassis.security import contact_ids
from onward.contracts.base import Message
from onward.contracts.referral import Approval
from onward.local.demo.answering import approval, replies
from onward.local.demo.chronicle import Chronicle, Entry
from onward.local.demo.ending import Observed, faults
from onward.local.demo.playing import Playing

_SETTLE_SECONDS = 60
"""How long a step may take to be decided, or a story to end, before the demo says that it did not."""


class PlayedDay:
    """Plays every playing on real topics and remembers what came of each."""

    def __init__(
        self, chronicle: Chronicle, producer: AIOKafkaProducer, playings: Sequence[Playing], *, pepper: bytes
    ) -> None:
        self.chronicle = chronicle
        self.playings = playings
        self._producer = producer
        self._pepper = pepper
        self._by_contact: dict[str, Playing] = {}
        self._categories: dict[str, tuple[str, Playing]] = {}
        self._read_decisions = 0

    @property
    def steps(self) -> range:
        """The steps of the day."""
        return range(1, max(sent.step for playing in self.playings for sent in playing.story.messages) + 1)

    def messages(self) -> int:
        """How many messages partners will send."""
        return sum(sent.times for playing in self.playings for sent in playing.story.messages)

    async def send(self, step: int, *, pace: Callable[[], Awaitable[None]]) -> None:
        """Send all messages of one step, people mixed, each message of one playing in its order."""
        queues = [(playing, messages) for playing in self.playings if (messages := playing.messages(step))]
        for playing, _ in queues:
            self._by_contact.update({str(contact): playing for contact in playing.contacts})
        for playing, message in _shuffled(queues, seed=step):
            place = await self._producer.send_and_wait(
                f"in.{message.source}", message.value, key=message.key, headers=list(message.headers)
            )
            playing.places.append((place.topic, place.partition, place.offset))
            await pace()

    async def decided(self) -> bool:
        """Wait until every contact made so far has its decision; False when one has none in time."""
        return await self.chronicle.until(
            lambda: (
                self._by_contact.keys() <= {decision["contact_id"] for decision in self.chronicle.bodies("decisions")}
            ),
            seconds=_SETTLE_SECONDS,
        )

    async def ended(self) -> bool:
        """Wait until every story has ended as its file says; False when one has not in time."""
        return await self.chronicle.until(lambda: not self.faults(), seconds=_SETTLE_SECONDS)

    def faults(self) -> dict[str, list[str]]:
        """What differs from each story's end, by playing; empty when every story ended as written."""
        seen = self.observed()
        return {
            f"{playing.name} ({playing.cast.number})": wrong
            for playing in self.playings
            if (wrong := faults(playing.story.ends, seen[playing.cast.number]))
        }

    async def answer_referrals(self, topics: Sequence[str]) -> None:
        """Play every provider until cancelled."""
        async for entry in self.chronicle.follow(*topics):
            referral = entry.body
            _, playing = self._referral(referral["referral_id"])
            provider = entry.topic.removeprefix("referrals.")
            for reply in replies(referral, playing.story, now=datetime.now(UTC)):  # noqa: TID251 - a person's clock
                await self._say(f"replies.{provider}", reply, key=referral["referral_id"])

    async def answer_approvals(self) -> None:
        """Play everybody who is asked to approve, until cancelled."""
        async for entry in self.chronicle.follow("escalations"):
            escalation = entry.body
            if escalation["kind"] != "approval-needed":
                continue
            category, playing = self._referral(escalation["referral_id"])
            said = approval(escalation, category, playing.story, now=datetime.now(UTC))  # noqa: TID251 - a person's clock
            if isinstance(said, Approval):
                await self._say("approvals", said, key=escalation["referral_id"])

    async def _say(self, topic: str, body: Message, *, key: str) -> None:
        await self._producer.send_and_wait(topic, body.model_dump_json().encode(), key=key.encode())

    def _referral(self, referral_id: str) -> tuple[str, Playing]:
        decisions = self.chronicle.entries["decisions"]
        while self._read_decisions < len(decisions):
            decision = decisions[self._read_decisions].body
            self._read_decisions += 1
            for referral in decision["referrals"]:
                known = self._by_contact[decision["contact_id"]]
                self._categories[referral["referral_id"]] = (referral["category"], known)
        return self._categories[referral_id]

    def _asked(self, entry: Entry) -> Mapping[str, Any]:
        """A question, with its partner and with our own id of the contact, which partners are not told."""
        partner = entry.topic.removeprefix("questions.")
        contact = contact_ids.answered(self._pepper, partner, UUID(entry.body["contact_id"]))
        return {**entry.body, "partner": partner, "contact_id": str(contact)}

    def observed(self) -> dict[int, Observed]:
        """What the topics say of each playing, by its number."""
        chronicle = self.chronicle
        asked = [
            self._asked(entry)
            for topic in chronicle.topics
            if topic.startswith("questions.")
            for entry in chronicle.entries[topic]
        ]
        decisions = _grouped(chronicle.bodies("decisions"), "contact_id")
        questions = _grouped(asked, "contact_id")
        escalations = _grouped(chronicle.bodies("escalations"), "contact_id")
        steps = _grouped(chronicle.bodies("referral-events"), "referral_id")
        parked = {
            _origin(entry.headers): entry.headers.get("reason", "") for entry in chronicle.entries["parked.intake"]
        }
        contacts = {contact["contact_id"] for contact in chronicle.bodies("contacts")}
        seen: dict[int, Observed] = {}
        for playing in self.playings:
            ids = [str(contact) for contact in playing.contacts]
            mine = [decision for contact in ids for decision in decisions.get(contact, [])]
            referrals = {referral["referral_id"] for decision in mine for referral in decision["referrals"]}
            reasons = [parked[place] for place in playing.places if place in parked]
            made = sum(sent.times for sent in playing.story.messages if sent.makes)
            seen[playing.cast.number] = Observed(
                decisions=mine,
                steps=[step for referral in referrals for step in steps.get(referral, [])],
                asked=[question for contact in ids for question in questions.get(contact, [])],
                escalations=[notice for contact in ids for notice in escalations.get(contact, [])],
                parked=reasons,
                ignored=len(playing.places) - len(reasons) - (made if set(ids) <= contacts else 0),
            )
        return seen


def _grouped(documents: Sequence[Mapping[str, Any]], by: str) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents:
        groups.setdefault(document[by], []).append(document)
    return groups


def _origin(headers: Mapping[str, str]) -> tuple[str, int, int]:
    topic, partition, offset = headers["origin"].split("/")
    return topic, int(partition), int(offset)


def _shuffled(queues: list[tuple[Playing, list[Any]]], *, seed: int) -> Iterator[tuple[Playing, Any]]:
    """Every message once, playings mixed as a day mixes them, the same way in every run."""
    mixed = random.Random(seed)  # noqa: S311 - the order of a play, not a secret
    turns = [index for index, (_, messages) in enumerate(queues) for _ in messages]
    mixed.shuffle(turns)
    waiting = [iter(messages) for _, messages in queues]
    for index in turns:
        yield queues[index][0], next(waiting[index])


@contextlib.asynccontextmanager
async def answering(day: PlayedDay, topics: Sequence[str]) -> AsyncGenerator[None]:
    """Providers and approvers at work for as long as the block lasts; a fault in them is raised at its end."""
    tasks = [asyncio.create_task(day.answer_referrals(topics)), asyncio.create_task(day.answer_approvals())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    for result in done:
        if isinstance(result, Exception):
            raise result
