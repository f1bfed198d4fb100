"""One playing of one story: the messages as they go out, and which records, contacts and people came of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from onward.chassis.security import contact_ids
from onward.contracts.ids import derived_id
from onward.contracts.outcome import Ignored, Parked
from onward.intake.handlers import publishable
from onward.intake.partners import read
from onward.local.demo.story import Sent, Story
from onward.rehearsal.messages import enveloped
from onward.rehearsal.synthetic import Cast


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message ready to go."""

    source: str
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


@dataclass(slots=True)
class Playing:
    """One playing: who is in it, and what has become of it so far."""

    name: str
    story: Story
    cast: Cast
    pepper: bytes
    """That of the services: with it the ids of contacts are known beforehand."""
    contacts: list[UUID] = field(default_factory=list)
    """The contacts its messages make, in order."""
    places: list[tuple[str, int, int]] = field(default_factory=list)
    """Topic, partition and offset of each message sent."""

    def messages(self, step: int) -> list[Outbound]:
        """The messages of one step, filled in; remembers the contacts that they make."""
        out: list[Outbound] = []
        for number, sent in enumerate(self.story.messages):
            if sent.step != step:
                continue
            asked = (contact_ids.asked(self.pepper, sent.source, contact) for contact in self.contacts)
            self.cast = replace(self.cast, contacts=tuple(asked))
            message = _outbound(self.cast, sent, number)
            out += [message] * sent.times
            self.contacts += _contacts(message, self.cast.now, self.pepper)
        return out


def _outbound(cast: Cast, sent: Sent, number: int) -> Outbound:
    event_id = str(derived_id("demo-message", cast.story, str(cast.number), str(number)))
    key = f"{cast.story}-{cast.number}".encode()
    value, headers = enveloped(sent.form, cast.fill(sent.body), event_id, sender=f"/demo/{sent.source}")
    return Outbound(sent.source, key, value, headers)


def _contacts(message: Outbound, now: datetime, pepper: bytes) -> list[UUID]:
    made = read(message.source, message.value, message.headers, received_at=now)
    return [] if isinstance(made, Ignored | Parked) else [publishable(contact, pepper).contact_id for contact in made]


def cast_all(stories: Mapping[str, Story], *, now: datetime, pepper: bytes, share: float = 1.0) -> list[Playing]:
    """
    Every playing of every story, each with people of its own, for services that have this *pepper*.

    *share* below 1 plays each story that much less often, at least once.
    """
    playings: list[Playing] = []
    for name, story in stories.items():
        for _ in range(max(1, round(story.played * share))):
            number = len(playings) + 1
            playings.append(Playing(name, story, Cast(name, number, now), pepper))
    return playings


def people(playings: Iterable[Playing]) -> int:
    """How many people are in them."""
    return sum(playing.story.people for playing in playings)
