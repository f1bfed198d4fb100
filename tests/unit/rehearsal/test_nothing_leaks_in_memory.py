"""
A made-up identity in every field of every partner's messages, as value and as key: nothing that is written shows it.

The whole runs in memory, every service with it; what it logs at its most talkative is kept. The same is done once with
processes and servers, in `tests/integration/secured`; here it is every field that the schemas have.
"""

import asyncio
import io
import json
import logging
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY, generate_latest

from integration.whole.canaries import canary, event, spoilt
from leaks import forms, found_in, planted
from onward.chassis.observability import logs
from onward.contracts import paths, topics
from onward.rehearsal.whole import MemoryRecord, WholeInMemory
from unit.rehearsal.scenarios import services

WORD = "Zyxwvuson-77 Qqcanary"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN = {name: file.personal_data for name, file in topics.files().items()}
Path = tuple[str | int, ...]


@cache
def schema(name: str) -> Any:
    return json.loads((paths.schemas() / "events" / name).read_text())


def fields(part: Mapping[str, Any], document: Any, at: Path = (), within: tuple[str, ...] = ()) -> Iterator[Path]:
    """Where a message of this schema may have anything."""
    if (ref := part.get("$ref")) is not None and ref not in within:
        file, _, place = ref.partition("#")
        document = schema(file) if file else document
        found = document
        for step in place.strip("/").split("/"):
            found = found[step]
        yield from fields(found, document, at, (*within, ref))
    for name, each in part.get("properties", {}).items():
        yield (*at, name)
        yield from fields(each, document, (*at, name), within)
    if isinstance(part.get("items"), dict):
        yield from fields(part["items"], document, (*at, 0), within)
    for each in (*part.get("anyOf", ()), *part.get("oneOf", ()), *part.get("allOf", ())):
        yield from fields(each, document, at, within)


@cache
def every_field() -> dict[tuple[str, Path], str]:
    """Each field of each partner, with an event type whose messages have it."""
    found: dict[tuple[str, Path], str] = {}
    for file in sorted((paths.schemas() / "events").glob("in.*.schema.json")):
        source = next(name for name in topics.sources() if file.name.startswith(f"in.{name}."))
        whole = schema(file.name)
        kind = whole.get("properties", {}).get("eventType", {})
        named = (
            kind.get("const") or (kind.get("enum") or [file.name.split(".", 2)[2].removesuffix(".v1.schema.json")])[0]
        )
        for path in fields(whole, whole):
            found.setdefault((source, path), named)
    return found


def with_at(path: Path, value: object) -> Any:
    """A document that has *value* at *path*, and nothing beside."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def messages() -> Iterator[tuple[str, bytes]]:
    """For each field, one that has the word as its value, and one that has it as the key of what is no such value."""
    for number, ((source, path), kind) in enumerate(every_field().items()):
        for value in (WORD, {WORD: [WORD, {WORD: number}]}):
            body = {"eventType": kind, "occurredAt": START.isoformat(), "reference": f"R-{number}"}
            yield f"in.{source}", json.dumps({**body, **with_at(path, value)}).encode()


@dataclass(frozen=True)
class Run:
    """What came of everything."""

    whole: WholeInMemory
    sinks: Mapping[str, bytes]
    sent: int
    words: Mapping[str, str]
    records: tuple[MemoryRecord, ...]


@pytest.fixture(scope="module")
def run() -> Generator[Run]:
    """Everything sent, with logs at debug level kept; the process logs afterwards as it did before."""
    written = io.StringIO()
    before = structlog.get_config()
    root, ours = logging.getLogger(), logging.getLogger("onward")
    levels = root.handlers[:], root.level, ours.level
    logs.configure("rehearsal", "debug", written)
    try:
        whole, people = WholeInMemory(services()), [canary(source) for source in topics.sources()]
        words = {"the word of every field": WORD}
        words |= {f"{each.source}'s {name}": word for each in people for name, word in each.fields.items()}
        sent = asyncio.run(_sent(whole, people))
        sinks = {"logs": written.getvalue().encode(), "metrics": generate_latest(REGISTRY)}
        yield Run(whole, sinks, sent, words, tuple(whole.records))
    finally:
        root.handlers, root.level = levels[0], levels[1]
        ours.setLevel(levels[2])
        structlog.configure(**before)


async def _sent(whole: WholeInMemory, people: list[Any]) -> int:
    count, at = 0, datetime.now(UTC)  # noqa: TID251 - as the messages of these people say
    for topic, value in messages():
        await whole.send(topic, value, key=b"k", at=at)
        count += 1
    for each in people:
        await whole.send(f"in.{each.source}", json.dumps(event(each)).encode(), key=b"k", at=at + timedelta(seconds=1))
        for one in spoilt(each):
            await whole.send(
                one.topic, one.value or b"", key=one.key or b"", headers=one.headers, at=at + timedelta(seconds=2)
            )
            count += 1
    return count


def test_every_field_of_every_partner_was_filled_and_something_came_of_it(run: Run) -> None:
    assert {source for source, _ in every_field()} == set(topics.sources())
    assert run.sent > 2 * len(every_field()) > 1_000
    kinds = {record.topic.partition(".")[0] for record in run.records}
    assert kinds >= {"contacts", "situations", "decisions", "deliveries", "referrals", "parked", "feedback", "status"}


def test_no_log_and_no_metric_shows_any_of_it(run: Run) -> None:
    assert found_in(run.sinks, run.words) == set()
    size = sum(map(len, run.sinks.values())) + sum(len(each.value or b"") for each in run.records)
    print(f"\n{size} bytes searched, {run.sent} messages with {len(run.words)} words planted")  # noqa: T201


def sealed_or_pseudonymous(topic: str) -> bool:
    family = topic.partition(".")[0]
    (said,) = {OPEN[name] for name in OPEN if name == topic or name.partition(".")[0] == family}
    return said in ("sealed", "pseudonymous", "none")


def test_what_is_said_to_be_sealed_or_pseudonymous_shows_none_of_it(run: Run) -> None:
    said = {f"{each.topic} {number}": each.value or b"" for number, each in enumerate(run.records)}
    closed = {name: value for name, value in said.items() if sealed_or_pseudonymous(name.partition(" ")[0])}
    assert {name.partition(" ")[0].partition(".")[0] for name in closed} >= {"situations", "decisions", "parked"}
    joined = {
        topic: b"\n".join(value for name, value in closed.items() if name.startswith(f"{topic} "))
        for topic in {name.partition(" ")[0] for name in closed}
    }
    assert found_in(joined, run.words) == set()


def test_no_header_of_ours_and_no_key_beyond_a_partners_own_shows_any_of_it(run: Run) -> None:
    sinks: dict[str, bytes] = {}
    for record in run.records:
        kind = record.topic.partition(".")[0]
        if kind == "in":
            continue
        headers = b"\n".join(part for name, value in record.headers for part in (name.encode(), value or b""))
        key = b"" if kind in ("status", "questions", "feedback") else record.key or b""
        sinks[record.topic] = sinks.get(record.topic, b"") + headers + b"\n" + key + b"\n"
    assert found_in(sinks, run.words) == set()


def _fails(text: str) -> None:
    """As a library does that says what it could not read."""
    nothing: dict[str, str] = {}
    try:
        nothing[text]
    except KeyError as error:
        raise ValueError(f"not read: {text}") from error


def test_an_exception_that_speaks_of_the_person_is_logged_without_its_words() -> None:
    written = io.StringIO()
    handler_of = logging.getLogger()
    before, level = handler_of.handlers[:], handler_of.level
    logs.configure("rehearsal", "debug", written)
    try:
        for form in forms(WORD):
            text = form.decode("latin-1")
            try:
                _fails(text)
            except ValueError:
                logging.getLogger("a.library").exception("it failed with %s", text)
                structlog.get_logger().error("task.died", exc_info=True, name=text, person=text)
    finally:
        handler_of.handlers, handler_of.level = before, level
    assert "task.died" in written.getvalue()
    assert "caused_by" in written.getvalue()
    assert found_in({"logs": written.getvalue().encode()}, {"the word": WORD}) == set()


def test_a_leak_would_be_found_in_every_form(run: Run) -> None:
    """The control: what the search above finds nothing of, it finds when it is there."""
    sinks = {str(number): run.sinks["metrics"] + leak for number, leak in enumerate(planted(WORD))}
    assert found_in(sinks, {"the word": WORD}) == {(place, "the word") for place in sinks}
    assert len(sinks) > 15
