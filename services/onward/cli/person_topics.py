"""What stands on topics about one person: found from pseudonyms, contacts and what follows from what."""

import json
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from aiokafka.errors import UnknownTopicOrPartitionError

from onward.chassis.clock import moment
from onward.chassis.errors import SealBrokenError
from onward.chassis.processing.parking import topic_of, unseal
from onward.chassis.security.cause import Sealer
from onward.chassis.security.mending import MendingKey
from onward.cli import whole_topic
from onward.cli.parked_topic import ParkedRecord, parked_by
from onward.contracts import topics
from onward.contracts.services import SERVICES

_SHORTEST = 5
"""Characters below which a word stands in messages about anybody."""

# What a record follows from is read before it.
_FLOW = ("contacts", "situations", "decisions", "deliveries", "withdrawals", "receipts")
_ANSWERS = ("replies.", "approvals")
_THEN = ("referrals.", "status.", "questions.", "feedback.", "escalations", "referral-events", "shadow-differences")
_IDS = ("person", "contact_id", "referral_id")


@dataclass(frozen=True, slots=True)
class TopicRecords:
    """How much of a person stands on a topic, and when the last of it ends."""

    topic: str
    count: int
    last_at: datetime
    ends_at: datetime
    in_the_clear: bool
    """Direct identifiers may be readable in it; else it is sealed under a key, or says nothing but a pseudonym."""


@dataclass(slots=True)
class PersonRecords:
    """What names a person on topics, as far as it is known by now."""

    names: set[str]
    """Pseudonyms, and ids of contacts and referrals."""
    places: set[str] = field(default_factory=set)
    """Where records about them stand."""

    def is_about(self, place: str, key: str, body: Any, cause: str) -> bool:
        """Whether a record is about the person: it says so, or follows from one that is."""
        if place in self.places or cause in self.places or key in self.names:
            return True
        return isinstance(body, dict) and any(body.get(name) in self.names for name in _IDS)

    def learn(self, place: str, body: Any, cause: str) -> None:
        """Remember a record about the person, what it names, and what it follows from where a partner wrote that."""
        self.places.add(place)
        if isinstance(body, dict):
            self.names.update(str(body[name]) for name in ("referral_id",) if body.get(name))
            proposed: Iterable[Any] = body.get("referrals") or ()
            self.names.update(str(each["referral_id"]) for each in proposed if isinstance(each, dict))
        if cause.startswith("in."):
            self.places.add(cause)


async def records_about(
    bootstrap: str, persons: Collection[str], contacts: Collection[UUID], *, id_key: bytes
) -> list[TopicRecords]:
    """
    How much stands on every topic about a person. Reads the topics whole: minutes, where they are long.

    Raises:
        KafkaError, TimeoutError: the broker is away.
    """
    known = await whole_topic.counts(bootstrap)
    opener, trace = Sealer(id_key), PersonRecords({*persons, *map(str, contacts)})
    found: dict[str, list[int]] = {}
    for several in _in_order(known):
        async for record in whole_topic.records_of(bootstrap, several):
            place = f"{record.topic}/{record.partition}/{record.offset}"
            body, cause = _body(record.value), _cause(dict(record.headers), opener)
            if trace.is_about(place, (record.key or b"").decode(errors="replace"), body, cause):
                trace.learn(place, body, cause)
                found.setdefault(record.topic, []).append(record.timestamp)
    files = topics.files()
    return [_counted(topic, times, files) for topic, times in sorted(found.items())]


def _in_order(known: Mapping[str, int]) -> list[dict[str, int]]:
    """The topics of ours that the broker has, those that are read together together: what causes others comes first."""
    kinds = (*((kind,) for kind in _FLOW), ("in.", *_ANSWERS), _THEN, ("parked.",))
    named = ({topic: known[topic] for topic in known if any(_is_of(topic, kind) for kind in each)} for each in kinds)
    return [each for each in named if each]


def _is_of(topic: str, kind: str) -> bool:
    return topic.startswith(kind) if kind.endswith(".") else topic == kind


async def _all(bootstrap: str, topic: str) -> AsyncGenerator[Any]:
    try:
        async for record in whole_topic.records(bootstrap, topic):
            yield record
    except UnknownTopicOrPartitionError:
        return


def _body(value: bytes | None) -> Any:
    try:
        return json.loads(value or b"")
    except ValueError:
        return None


def _cause(headers: dict[str, bytes | None], opener: Sealer) -> str:
    """The place of what a record follows from; what is parked says in the open where it stood."""
    if origin := headers.get("origin"):
        return origin.decode(errors="replace")
    try:
        return opener.open(headers.get("ce_id") or b"").place
    except SealBrokenError:
        return ""


def _counted(topic: str, times: list[int], files: Any) -> TopicRecords:
    kind, dot, _ = topic.partition(".")
    file = files.get(topic) or next(each for name, each in files.items() if dot and name.startswith(f"{kind}.{{"))
    last = moment(max(times))
    return TopicRecords(
        topic, len(times), last, last + timedelta(days=file.retention_days), file.personal_data == "identifying"
    )


async def parked_about(bootstrap: str, words: Collection[str], *, keys: Sequence[MendingKey]) -> list[ParkedRecord]:
    """
    The parked originals in which any of *words* stands, in whatever case; opened in memory only.

    Raises:
        KafkaError, TimeoutError: the broker is away.
        SealBrokenError: one does not open with any of these *keys*.
    """
    wanted = [word.casefold() for word in words if len(word) >= _SHORTEST]
    found: list[ParkedRecord] = []
    for service in SERVICES:
        async for record in parked_by(bootstrap, service):
            original = unseal(keys, record.place.topic, record.value, record.header_bytes)
            parts = (
                original.key,
                original.value,
                *(part for name, value in original.headers for part in (name, value)),
            )
            text = "\n".join(_text(part) for part in parts)
            if any(word in text for word in wanted):
                found.append(record)
    return found


def _text(part: bytes | str | None) -> str:
    if isinstance(part, bytes):
        part = part.decode(errors="replace")
    plain = part or ""
    # As JSON writes what is not ASCII, and as it is.
    return f"{plain}\n{_unescaped(plain)}".casefold() if "\\" in plain else plain.casefold()


def _unescaped(text: str) -> str:
    return text.replace("\\/", "/").encode("latin-1", errors="replace").decode("unicode_escape", errors="replace")


def parked_ends(record: ParkedRecord) -> datetime:
    """When a parked original ends by itself."""
    file = topics.files()["parked.{service}"]
    assert record.place.topic == topic_of(record.service)
    return record.parked_at + timedelta(days=file.retention_days)


async def disclosures_of(bootstrap: str, persons: Collection[str]) -> list[dict[str, Any]]:
    """
    What was disclosed of a person to which provider, by the names of the fields, as far as receipts go back.

    Raises:
        KafkaError, TimeoutError: the broker is away.
    """
    found: list[dict[str, Any]] = []
    async for record in _all(bootstrap, topics.RECEIPTS.name):
        body = _body(record.value)
        if isinstance(body, dict) and body.get("person") in persons and body.get("of") == "referral":
            told = {name: body.get(name) for name in ("referral_id", "provider", "outcome", "reason", "disclosed")}
            found.append({**told, "at": moment(record.timestamp).isoformat()})
    return found
