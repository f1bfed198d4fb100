"""Stories that are played at once on the running system and in memory, and what stands on the topics of each."""

import asyncio
import copy
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from integration.whole.partner_messages import now
from integration.whole.real_samples import Disguise
from integration.whole.watching import Headers, Sending
from integration.whole.whole_system import System
from onward.chassis.processing.parking import unseal
from onward.chassis.security.mending import MendingKey
from onward.chassis.service import Service
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Outcome, Published
from onward.intake.handlers import key_of
from onward.rehearsal.effects import EffectsReader, SeenRecord
from onward.rehearsal.messages import OutboundRecord, StepImpossibleError, StepWriter
from onward.rehearsal.scenario import ScenarioStep
from onward.rehearsal.settings import MENDING_KEY, RehearsalSettings
from onward.rehearsal.synthetic import Cast
from onward.rehearsal.whole import WholeInMemory, built_services

_CLOCKS = {"at", "raised_at", "asked_at", "made_at", "respond_by", "answer_by"}
"""What counts from when a record between two services was appended: in memory that is the moment of the first."""
_LATE = timedelta(minutes=10)
"""How much later a busy machine may append such a record."""
_OF_EACH_RUN = {"ce_id", "ce_time", "traceparent", "origin", "origin_key"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@dataclass
class Story:
    """What happens to somebody of its own, step by step."""

    name: str
    steps: Sequence[ScenarioStep]
    moments: Sequence[datetime]
    disguises: Sequence[Disguise]
    """Of each step: whom its message is about."""
    seen: EffectsReader = field(default_factory=EffectsReader)
    taken: int = 0

    @property
    def is_over(self) -> bool:
        return self.taken == len(self.steps)

    def take(self, id_key: bytes) -> Iterator[OutboundRecord]:
        """What the next step sends, as if it happened now; nothing where it speaks of a referral that nobody made."""
        step, at, disguise = self.steps[self.taken], self.moments[self.taken], self.disguises[self.taken]
        self.taken += 1
        try:
            records = StepWriter(self.name, Cast(self.name, 1, at), id_key).write(step, self.taken, self.seen)
        except StepImpossibleError:
            return
        for record in records:
            yield _of_others(_later(record, now() - at), disguise, id_key)


def _later(record: OutboundRecord, by: timedelta) -> OutboundRecord:
    """The same record with every moment in it that much later: nothing follows from what is months old."""

    def moved(found: re.Match[str]) -> str:
        return (datetime.fromisoformat(found[0]) + by).isoformat(timespec="milliseconds")

    text = record.value.decode(errors="surrogateescape")
    return replace(record, value=_MOMENT.sub(moved, text).encode(errors="surrogateescape"))


def _of_others(record: OutboundRecord, disguise: Disguise, id_key: bytes) -> OutboundRecord:
    if not record.topic.startswith(("in.", "contacts")):
        return record
    text = record.value.decode(errors="surrogateescape")
    value = disguise.of(text).encode(errors="surrogateescape")
    if record.topic == topics.CONTACTS.name:
        return replace(record, value=value, key=key_of(Contact.model_validate_json(value), id_key).encode())
    return replace(record, value=value)


@dataclass(frozen=True)
class Appended:
    """A record that was sent, and when the broker had it."""

    record: OutboundRecord
    at: datetime


class BothWays:
    """Plays stories on the running system and in memory, with its secrets, and holds one against the other."""

    def __init__(self, system: System) -> None:
        self._system = system
        secrets = system.secrets
        settings = RehearsalSettings.made_up(pepper=secrets["ONWARD_PEPPER"], id_key=secrets["ONWARD_ID_KEY"])
        self._services = built_services(settings=settings)
        self._memory = WholeInMemory(self._services)
        system.settle()
        # Nothing is on an audit chain in memory: nobody's history is at stake there.
        theirs = {topic: records for topic, records in system.watch.records.items() if not topic.startswith("audit")}
        self._before = {topic: len(records) for topic, records in theirs.items()}
        self.appended: list[Appended] = []

    def play(self, stories: Sequence[Story], chance: random.Random) -> None:
        """Each story takes its next step, all mixed; when all has ended that follows from it, the one after."""
        while live := [story for story in stories if not story.is_over]:
            turns = [(story, record) for story in live for record in story.take(self._system.id_key)]
            places = {id(story): chance.random() for story in live}
            turns.sort(key=lambda turn: places[id(turn[0])])
            sendings = [Sending(each.topic, each.value, key=each.key, headers=each.headers) for _, each in turns]
            sent = self._system.watch.send(*sendings)
            self._system.settle(within=120)
            # In memory time never goes back; each partition of a broker has its own.
            for (story, record), where in sorted(zip(turns, sent, strict=True), key=lambda both: both[1].at):
                self.appended.append(Appended(record, where.at))
                story.seen.read(asyncio.run(_sent(self._memory, self.appended[-1])), ())

    @property
    def in_memory(self) -> list["Content"]:
        """What stands on the topics in memory."""
        return self._contents(self._memory.records)

    @property
    def on_the_stack(self) -> list["Content"]:
        """What came onto the topics of the running system, since before the first step."""
        records = self._system.watch.records
        return self._contents(each for topic, count in self._before.items() for each in records[topic][count:])

    def again(self, *, later: timedelta = timedelta(), faulty: str = "") -> list["Content"]:
        """What stands on the topics in memory when the same is sent *later*, or a *faulty* service loses a message."""
        whole = WholeInMemory([_losing(each) if each.name == faulty else each for each in self._services])
        for each in self.appended:
            asyncio.run(_sent(whole, replace(each, at=each.at + later)))
        return self._contents(whole.records)

    def _contents(self, records: Iterable["_Record"]) -> list["Content"]:
        return [content(each, [self._system.mending, MENDING_KEY]) for each in records]


async def _sent(whole: WholeInMemory, sent: Appended) -> list[SeenRecord]:
    record = sent.record
    made = await whole.send(record.topic, record.value, key=record.key, headers=record.headers, at=sent.at)
    return [SeenRecord(each.topic, _texts(each.headers), each.value or b"") for each in made.records]


def _losing(service: Service) -> Service:
    """The same service, which loses the last message of each outcome."""
    hops = [copy.copy(hop) for hop in service.hops]
    for hop in hops:
        decide = hop.decide

        def lossy(*given: Any, decide: Any = decide) -> Outcome:
            outcome = decide(*given)
            return replace(outcome, messages=outcome.messages[:-1]) if isinstance(outcome, Published) else outcome

        hop.decide = lossy
    return replace(service, hops=hops)


class _Record(Protocol):
    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


@dataclass(frozen=True)
class Content:
    """What a record says, without what no two runs share: offsets, keys that are made up, the seconds between."""

    said: str
    clocks: tuple[datetime, ...]


def content(record: _Record, mending: Sequence[MendingKey]) -> Content:
    """What *record* says."""
    headers = {name: value for name, value in _texts(record.headers).items() if name not in _OF_EACH_RUN}
    value, clocks = record.value or b"", list[datetime]()
    if record.topic.startswith("parked."):
        given = {name: each for name, each in record.headers if each is not None}
        value = unseal(mending, record.topic, value, given).value or b""
    try:
        body = _plain(json.loads(value), clocks)
    except ValueError:
        body = value.hex()
    key = "" if record.topic.startswith("parked.") else _without_offset((record.key or b"").decode())
    return Content(f"{record.topic} {key} {headers} {json.dumps(body, sort_keys=True)}", tuple(clocks))


def _plain(value: Any, clocks: list[datetime]) -> Any:
    match value:
        case dict():
            clocks += [datetime.fromisoformat(value[name]) for name in sorted(_CLOCKS & value.keys())]
            kept = {name: each for name, each in value.items() if name not in _CLOCKS}
            return {name: _unsealed(name, each, clocks) for name, each in sorted(kept.items())}
        case list():
            return [_plain(each, clocks) for each in value]
        case _:
            return value


def _unsealed(name: str, value: Any, clocks: list[datetime]) -> Any:
    """Of what is sealed, whether there is any: each run makes up a key for each person."""
    if name == "sealed":
        return bool(value)
    if name == "record":
        return _without_offset(value)
    if name == "references" and isinstance(value, dict):
        return sorted(value)
    return _plain(value, clocks)


def _without_offset(text: str) -> str:
    """Where a partner's message stands: a stack on which more was sent has other offsets."""
    return re.sub(r"^(in\.[a-z-]+/\d+)/\d+$", r"\1", text)


def _texts(headers: Headers) -> dict[str, str]:
    return {name: (value or b"").decode(errors="replace") for name, value in headers}


def differences(stack: Iterable[Content], memory: Iterable[Content]) -> list[str]:
    """What stands only on one of both, or with other deadlines; nothing where they agree."""
    ours, theirs = _by_what_is_said(stack), _by_what_is_said(memory)
    found: list[str] = []
    for said in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(said, []), theirs.get(said, [])
        if len(mine) != len(other):
            found.append(f"{len(mine)} x on the stack, {len(other)} x in memory: {said}")
        elif any(not _close(one, two) for one, two in zip(mine, other, strict=True)):
            found.append(f"at other times: {said}")
    return found


def _by_what_is_said(contents: Iterable[Content]) -> Mapping[str, list[tuple[datetime, ...]]]:
    found: defaultdict[str, list[tuple[datetime, ...]]] = defaultdict(list)
    for each in contents:
        # Which of many alike people somebody is asked about hangs on who came first, and here they come at once. That
        # both stores ask the same where one comes after the other: `test_people_conformance`.
        if each.said.startswith(f"{topics.MATCH_QUESTIONS.name} "):
            continue
        found[each.said].append(each.clocks)
    return {said: sorted(clocks) for said, clocks in found.items()}


def _close(one: Sequence[datetime], two: Sequence[datetime]) -> bool:
    return all(abs(mine - other) < _LATE for mine, other in zip(one, two, strict=True))
