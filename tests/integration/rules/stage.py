"""A real routing process on a real broker, people who publish rules for it, and situations that flow through it."""

import asyncio
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from integration.whole.watching import Seen, Sending, Watch
from onward.cli.rules.releases.rulesets_topic import reading, send
from onward.cli.whole_topic import records
from onward.contracts import topics
from onward.contracts.ruleset import Action, Content, Release, Ruleset
from onward.contracts.situation import Situation
from onward.local.services import RunningService
from onward.releases.chain import Releases
from onward.releases.contents import key_of
from onward.releases.signing import release_key
from unit.routing.bundle_builders import APPROVER, AUTHOR, directory, keys, of, rules, signed
from unit.routing.routing_builders import BIRMINGHAM, HOUSING

T = TypeVar("T")
LISTED = directory()
_SERIES = re.compile(r"^(onward_\w+)(?:\{([^}]*)\})? (\S+)$", re.MULTILINE)
_OF_ROUTING = re.compile(r'(?:^|,)service="routing"')


def older_than(age: int, note: str) -> Content:
    """A rule set of its own (by *note*), whose only rule houses homeless adults who are at least so old."""
    return rules(HOUSING.replace(">= 18", f">= {age}").replace("A homeless adult", f"A homeless adult, {note},"))


def a_situation(number: int, *, age: int = 30) -> Situation:
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    facts = {
        "person.age": age,
        "person.area": BIRMINGHAM,
        "accommodation.status": "homeless",
        "consent.accommodation": True,
    }
    return Situation(
        situation_id=UUID(int=number),
        contact_id=UUID(int=10**9 + number),
        person=f"person-{number % 40:04}",
        source="custody",
        type="custody.detention-authorised",
        occurred_at=at,
        received_at=at,
        facts=facts,
        identity_fields=("name",),
        sealed="v1.sealed",
    )


def sending(situation: Situation) -> Sending:
    headers = [("content-type", b"application/json"), ("ce_type", topics.SITUATIONS.event_type.encode())]
    value = situation.model_dump_json().encode()
    return Sending(topics.SITUATIONS.name, value, situation.person.encode(), headers)


def ruleset_record(body: Ruleset, *, key: str = "") -> Sending:
    """A record of `rulesets` as anybody who may write there could write it."""
    headers = [("content-type", b"application/json"), ("ce_type", topics.RULESETS.event_type.encode())]
    own = key_of(body.content) if body.content else release_key(body.release) if body.release else ""
    return Sending(
        topics.RULESETS.name, body.model_dump_json(exclude_none=True).encode(), (key or own).encode(), headers
    )


@dataclass
class Stream:
    """Situations that are being sent, each with an id of its own."""

    sent: list[int] = field(default_factory=list[int])


@dataclass
class Stage:
    """Everything, running."""

    bootstrap: str
    routing: RunningService
    watch: Watch
    folder: Path
    """For keys and proposals."""
    environment: Mapping[str, str]
    """Of routing."""
    _next: int = 1

    def numbers(self, count: int) -> Sequence[int]:
        """Numbers of situations that nobody else has."""
        self._next += count
        return range(self._next - count, self._next)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(work)

    def next_number(self, *, shadow: bool = False) -> int:
        """The number of the next release."""
        return self.releases().next_number(shadow=shadow)

    def releases(self) -> Releases:
        """What is on the topic now."""

        async def ask() -> Releases:
            async with reading(self.bootstrap, keys()) as topic:
                return topic.story.releases

        return self.run(ask())

    def rulesets(self) -> list[bytes]:
        """The value of every record of `rulesets`, as an export has them."""

        async def read() -> list[bytes]:
            return [each.value async for each in records(self.bootstrap, topics.RULESETS.name) if each.value]

        return self.run(read())

    def release(
        self,
        content: Content,
        *,
        action: Action = "publish",
        author: Ed25519PrivateKey | None = AUTHOR,
        approver: Ed25519PrivateKey | None = APPROVER,
        number: int | None = None,
        listed: Content = LISTED,
    ) -> Release:
        """A signed release of these rules, with the project's directory unless told otherwise."""
        there = self.releases()
        made = number or there.next_number(shadow=action in ("shadow", "stop-shadow"))
        before = there.newest.digest if there.newest else ""
        return signed(of(content, listed, made, action=action, previous=before), author, approver)

    def publish(self, content: Content, *, listed: Content = LISTED) -> Release:
        """Publish it as its people would."""
        release = self.release(content, listed=listed)
        self.run(send(self.bootstrap, [content, listed], release))
        return release

    def put(self, *records: Sending) -> None:
        """Write records as they are."""
        self.watch.send(*records)

    def decide(self, count: int, *, age: int = 30, within: float = 20) -> list[Seen]:
        """So many more situations, and what was decided on them."""
        numbers = self.numbers(count)
        self.watch.send(*(sending(a_situation(number, age=age)) for number in numbers))
        return self.decisions(numbers, within=within)

    def decisions(self, numbers: Sequence[int], *, within: float = 20) -> list[Seen]:
        """What was decided on these situations, as soon as all are decided and what was written with it is seen."""
        ids = [str(UUID(int=number)) for number in numbers]

        def found() -> list[Seen] | None:
            decided = [self.watch.about("decisions", each) for each in ids]
            return [seen for each in decided for seen in each] if all(decided) else None

        decided = self.watch.until(found, what=f"{len(ids)} decisions", within=within) or []
        self.watch.catch_up()
        return decided

    @contextmanager
    def stream(self, *, every: float = 0.005) -> Generator[Stream]:
        """Situations, one after the other, for as long as the block lasts."""
        flowing, stop = Stream(), threading.Event()

        def flow() -> None:
            while not stop.wait(every):
                numbers = self.numbers(2)
                self.watch.send(*(sending(a_situation(number)) for number in numbers))
                flowing.sent.extend(numbers)

        thread = threading.Thread(target=flow)
        thread.start()
        try:
            yield flowing
        finally:
            stop.set()
            thread.join()

    def series(self, name: str) -> dict[str, float]:
        """The series of one metric of routing, by their labels as written, but for the service's."""
        with urllib.request.urlopen(self.routing.metrics_url, timeout=5) as answer:
            text: str = answer.read().decode()
        found = ((labels, value) for found, labels, value in _SERIES.findall(text) if found == name)
        return {_OF_ROUTING.sub("", labels).lstrip(","): float(value) for labels, value in found}

    def live(self) -> str:
        """The beginning of the hash of the rules that are live."""
        (labels,) = self.series("onward_ruleset_live")
        return labels.partition('sha="')[2].partition('"')[0]

    def refused(self, reason: str) -> float:
        return self.series("onward_rulesets_refused_total")[f'reason="{reason}"']

    def until(self, holds: Callable[[], object], *, what: str, within: float = 20) -> None:
        """Wait for something that routing says of itself."""
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, f"waited {within} s in vain for {what}"
            threading.Event().wait(0.05)

    def until_live(self, content: Content) -> None:
        self.until(lambda: self.live() == content.sha256[:12], what=f"{content.sha256[:12]} to be live")


def bundle_of(decision: Seen) -> str:
    """The hash of the rules that made a decision."""
    made_with: str = decision.body["rules"]["sha256"]
    return made_with
