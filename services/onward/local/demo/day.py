"""The day itself: everybody sends what their scenarios say, and all is read along until each has gone as expected."""

import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence

from aiokafka import AIOKafkaProducer

from onward.local.demo.chronicle import Chronicle
from onward.local.demo.playing import Playing
from onward.rehearsal.effects import EffectsReader, SeenRecord, StepEffects
from onward.rehearsal.messages import OutboundRecord, StepImpossibleError
from onward.rehearsal.play import faults_of

_SETTLE_SECONDS = 60
"""How long a part of the day may take until all is as expected, before the demo goes on without."""


class PlayedDay:
    """Plays every playing on real topics, and reads from them what came of each."""

    def __init__(self, chronicle: Chronicle, producer: AIOKafkaProducer, playings: Sequence[Playing]) -> None:
        self.chronicle = chronicle
        self.playings = playings
        self._producer = producer

    @property
    def parts(self) -> range:
        """The parts of the day: in the first every scenario takes its first step, and so on."""
        return range(max(len(playing.scenario.steps) for playing in self.playings))

    def messages(self) -> int:
        """How many messages partners will send."""
        messages = [step.message for playing in self.playings for step in playing.scenario.steps]
        return sum(message.times for message in messages if message is not None)

    async def send(self, *, pace: Callable[[], Awaitable[None]]) -> None:
        """Have every playing take its next step, people mixed; *pace* is waited for after each partner's message."""
        queues = [(playing, records) for playing in self.playings if (records := self._next(playing))]
        for playing, record in _shuffled(queues, seed=len(queues)):
            place = await self._producer.send_and_wait(
                record.topic, record.value, key=record.key, headers=list(record.headers)
            )
            playing.places[-1].append(f"{place.topic}/{place.partition}/{place.offset}")
            if record.topic.startswith("in."):
                await pace()

    def _next(self, playing: Playing) -> tuple[OutboundRecord, ...]:
        if playing.is_over:
            return ()
        _, seen = self._read(playing)
        try:
            records = playing.write(seen)
        except StepImpossibleError as error:
            playing.impossible = str(error)
            return ()
        playing.places.append([])
        return records

    async def settled(self) -> bool:
        """Wait until all that was sent is decided and went as expected; False when something did not in time."""
        left = list(self.playings)

        def none_is_left() -> bool:
            left[:] = [playing for playing in left if not self._is_settled(playing)]
            return not left

        return await self.chronicle.until(none_is_left, seconds=_SETTLE_SECONDS)

    def _is_settled(self, playing: Playing) -> bool:
        effects, seen = self._read(playing)
        return not seen.undecided and not _faults(playing, effects)

    def faults(self) -> dict[str, list[str]]:
        """What did not go as each scenario expects, by playing; empty when all did."""
        return {
            f"{playing.name} ({playing.cast.number})": wrong
            for playing in self.playings
            if (wrong := _faults(playing, self._read(playing)[0]))
        }

    def observed(self, playing: Playing) -> list[StepEffects]:
        """What came of each step of a playing."""
        return self._read(playing)[0]

    def _read(self, playing: Playing) -> tuple[list[StepEffects], EffectsReader]:
        seen = EffectsReader()
        return [seen.read(self._followed(places), self._ignored(places)) for places in playing.places], seen

    def _followed(self, places: Sequence[str]) -> Iterator[SeenRecord]:
        """All that followed from these records, what is nearer to them first: so a referral's steps come in order."""
        waiting = deque(places)
        while waiting:
            for entry in self.chronicle.caused.get(waiting.popleft(), ()):
                yield SeenRecord(entry.topic, entry.headers, entry.value)
                waiting.append(entry.place)

    def _ignored(self, places: Sequence[str]) -> list[tuple[str, str]]:
        """Partners' messages of which nothing came but what their partner hears; why stands on no topic."""
        return [("intake", "") for place in places if place.startswith("in.") and not self._led_on(place)]

    def _led_on(self, place: str) -> bool:
        return any(not entry.topic.startswith("feedback.") for entry in self.chronicle.caused.get(place, ()))


def _faults(playing: Playing, effects: Sequence[StepEffects]) -> list[str]:
    found = [fault for index, made in enumerate(effects) for fault in faults_of(playing.file, index, made)]
    told = [f"line {fault.place.line}: {fault.message}" for fault in found]
    return [*told, playing.impossible] if playing.impossible else told


def _shuffled(
    queues: Sequence[tuple[Playing, tuple[OutboundRecord, ...]]], *, seed: int
) -> Iterator[tuple[Playing, OutboundRecord]]:
    """Every record once, playings mixed as a day mixes them, the same way in every run."""
    mixed = random.Random(seed)  # noqa: S311 - the order of a play, not a secret
    turns = [index for index, (_, records) in enumerate(queues) for _ in records]
    mixed.shuffle(turns)
    waiting = [iter(records) for _, records in queues]
    for index in turns:
        yield queues[index][0], next(waiting[index])
