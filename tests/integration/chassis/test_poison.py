"""No input of any bytes or headers stops a partition: what cannot be handled is parked whole, the rest goes on."""

import json
import struct
from collections.abc import Callable
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c

from installation_keys import ID_KEY, MENDING
from integration.chassis.living import Note, living, make_topics, notes, read, settings, until, writing
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.processing.parking import unseal
from onward.chassis.record import RawRecord, Received
from onward.chassis.security.cause import cause_of
from onward.contracts.outcome import Ignored, Outcome, Published


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


GOOD = b'{"key": "good", "number": 1}'
POISON: dict[str, tuple[bytes | None, list[tuple[str, bytes | None]]]] = {
    "empty": (None, []),
    "empty ": (b" ", []),
    "not_json": (b'{"key":', []),
    "not_json ": (b'{"key": NaN, "number": 1}', []),
    "not_utf8": (b'{"key": "\xff"}', []),
    "too_deep": (b"[" * 100_000, []),
    "too_large": (b'"' + b"x" * 1_060_000 + b'"', []),
    "duplicate_key": (b'{"key": "a", "key": "b", "number": 1}', []),
    "number_out_of_range": (b'{"key": "a", "number": 1' + b"0" * 5000 + b"}", []),
    "forbidden_character": (b'{"key": "a", "number": 1, "text": "\\u0000"}', []),
    "schema": (b'{"key": "a", "number": "many"}', []),
    "wrong_type": (GOOD, [("ce_type", b"something.else")]),
    "no_data": (b'{"specversion": "1.0"}', [("content-type", b"application/cloudevents+json")]),
}
HARMLESS: list[list[tuple[str, bytes | None]]] = [
    [("x", None)],
    [("x", b"\xff\xfe")],
    [("ce_type", None)],
    [("content-type", b"\x00")],
    [("traceparent", b"no such thing")],
    [("x", b"y" * 500_000)],
    [(f"h{number}", b"v") for number in range(500)],
    [("reply_to", b"somewhere")],
]


async def send_bad_header_name(producer: AIOKafkaProducer, topic: str) -> None:
    """A record that no ordinary client would write: its header's name is not UTF-8."""
    batch: Any = producer.create_batch()
    batch.append(timestamp=None, key=b"k", value=GOOD, headers=[("ZZ", b"x")])
    batch.close()
    written = bytearray(batch._builder.build())
    at = written.index(b"ZZ")
    written[at : at + 2] = b"\xff\xfe"
    struct.pack_into(">I", written, 17, calc_crc32c(bytes(written[21:])))
    batch._buffer = written
    await (await producer.send_batch(batch, topic, partition=0))


async def test_every_poison_is_parked_with_its_own_reason_and_opens_again(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, partitions=1)
    await make_topics(kafka.bootstrap, f"parked.{name}", partitions=1)
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(received.body, key="k"),))

    async with writing(kafka.bootstrap) as producer:
        for value, headers in POISON.values():
            await producer.send_and_wait(source, value, key=b"\xff\x00", headers=headers)
        await send_bad_header_name(producer, source)
        for headers in HARMLESS:
            await producer.send_and_wait(source, GOOD, headers=headers)

    hops = [StatelessHop(notes(source), decide)]
    async with living(name, settings(kafka.bootstrap, log_level="info"), hops) as service:
        parked = await read(kafka.bootstrap, f"parked.{name}", len(POISON), partitions=1)
        published = await read(kafka.bootstrap, target, len(HARMLESS) + 1, partitions=1)
        await until(lambda: service.process.flows[0].owned != {})
        metrics = await service.metrics()

    reasons = [dict(record.headers)["reason"].decode() for record in parked]
    assert reasons == [expected.strip() for expected in POISON]
    assert len(published) == len(HARMLESS) + 1
    for record, (value, headers) in zip(parked, POISON.values(), strict=True):
        original = unseal([MENDING], record.topic, record.value, dict(record.headers))
        assert (original.key, original.value, list(original.headers)) == (b"\xff\x00", value, headers)
        assert value is None or len(value) < 3 or value not in record.value
    assert sum(value for series, value in metrics.items() if series.startswith("onward_parked_total")) == len(POISON)
    assert metrics[f'onward_events_received_total{{service="{name}",topic="{source}"}}'] == (
        len(POISON) + len(HARMLESS) + 1
    )
    assert "good" not in service.log.getvalue()


async def test_an_undecoded_hop_is_given_the_record_as_it_is(kafka: Broker, unique: Callable[[str], str]) -> None:
    name, source = unique("svc")[:40], unique("in")
    await make_topics(kafka.bootstrap, source, f"parked.{name}", partitions=1)
    given: list[RawRecord] = []

    def decide(raw: RawRecord) -> Outcome:
        given.append(raw)
        return Ignored("not_for_us")

    async with writing(kafka.bootstrap) as producer:
        await producer.send_and_wait(source, b"\xff", key=None, headers=[("a", None)])
        await producer.send_and_wait(source, None, key=b"\xfe")

    async with living(name, settings(kafka.bootstrap), [StatelessHop.of_raw([source], decide)]):
        await until(lambda: len(given) == 2)

    assert [(raw.key, raw.value, raw.headers) for raw in given] == [
        (None, b"\xff", (("a", None),)),
        (b"\xfe", None, ()),
    ]
    assert all(raw.appended_at.tzinfo is not None for raw in given)


async def test_outputs_are_cloudevents_whose_ids_are_their_sealed_causes(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    output = notes(target)
    trace = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    def decide(received: Received[Note]) -> Outcome:
        again = [output.message(received.body, key=f"k{number}") for number in range(2)]
        return Published(tuple(again))

    structured = json.dumps(
        {"specversion": "1.0", "type": "onward.test-note.v1", "id": "1", "data": {"key": "k", "number": 2}}
    ).encode()
    async with writing(kafka.bootstrap) as producer:
        await producer.send_and_wait(source, GOOD, headers=[("traceparent", trace), ("baggage", b"secret=1")])
        await producer.send_and_wait(
            source, structured, headers=[("content-type", b"application/cloudevents+json; charset=utf-8")]
        )

    async with living(name, settings(kafka.bootstrap), [StatelessHop(notes(source), decide)]):
        found = await read(kafka.bootstrap, target, 4, partitions=1)

    headers = [dict(record.headers) for record in found]
    causes = [cause_of(ID_KEY, each["ce_id"]) for each in headers]
    assert [(cause.place, cause.message) for cause in causes] == [
        (f"{source}/0/{o}", i) for o in (0, 1) for i in (0, 1)
    ]
    assert [each.get("traceparent") for each in headers] == [trace, trace, None, None]
    assert {(each["ce_source"], each["ce_type"], each["content-type"]) for each in headers} == {
        (f"/onward/{name}".encode(), b"onward.test-note.v1", b"application/json")
    }
    assert all(each["ce_specversion"] == b"1.0" and each["ce_time"].endswith(b"Z") for each in headers)
    assert all("baggage" not in each for each in headers)
    assert [json.loads(record.value)["number"] for record in found] == [1, 1, 2, 2]
