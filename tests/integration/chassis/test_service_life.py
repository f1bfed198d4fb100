"""A service starts when its servers are there, says how it fares, stops cleanly, and never handles a record twice."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from integration.chassis.living import Note, living, make_topics, notes, read, settings, until, write
from onward.chassis.errors import FailureLimitError, TopicsMissingError
from onward.chassis.observability.metrics import OUTCOMES
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import Received
from onward.contracts.outcome import Ignored, Outcome, Published


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


def some(count: int, keys: int = 7) -> list[Note]:
    return [Note(key=f"k{number % keys}", number=number) for number in range(count)]


async def test_a_clean_stop_hands_nothing_out_twice(kafka: Broker, unique: Callable[[str], str]) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}")
    output, times, in_turn = notes(target), Counter[int](), asyncio.Event()

    def decide(received: Received[Note]) -> Outcome:
        times[received.body.number] += 1
        if len(times) > 300:
            in_turn.set()
        return Published((output.message(received.body, key=received.body.key),))

    given = settings(kafka.bootstrap, batch_records=50)
    await write(kafka.bootstrap, source, some(2000))
    async with living(name, given, [StatelessHop(notes(source), decide)]) as first:
        await in_turn.wait()
    handled = len(times)
    async with living(name, given, [StatelessHop(notes(source), decide)]) as second:
        found = await read(kafka.bootstrap, target, 2000)

    assert first.codes == second.codes == [0]
    assert handled < 2000, "the first one was stopped in the middle"
    assert set(times.values()) == {1}
    assert Counter(Note.model_validate_json(record.value).number for record in found) == times


async def test_a_process_that_joins_takes_a_share_and_nothing_is_lost_or_doubled(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}")
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    given = settings(kafka.bootstrap, batch_records=20)
    later = settings(kafka.bootstrap, batch_records=20)
    async with living(name, given, [StatelessHop(notes(source), decide)]) as first:
        writing = asyncio.create_task(write(kafka.bootstrap, source, some(3000)))
        async with living(name, later, [StatelessHop(notes(source), decide)]) as second:
            await until(lambda: len(first.process.flows[0].owned) == len(second.process.flows[0].owned) == 1)
            assert (await first.ask("/ready"))[0] == (await second.ask("/ready"))[0] == 200
            metrics = await first.metrics()
            await write(kafka.bootstrap, source, [Note(key=f"k{n % 7}", number=3000 + n) for n in range(1000)])
        await writing
        found = await read(kafka.bootstrap, target, 4000)

    numbers = [Note.model_validate_json(record.value).number for record in found]
    assert sorted(numbers) == list(range(4000))
    assert metrics[f'onward_rebalances_total{{service="{name}",topic="{source}"}}'] >= 1
    assert metrics[f'onward_owned_partitions{{service="{name}",topic="{source}"}}'] == 1


async def test_it_waits_for_its_topics_and_says_so_then_names_those_that_never_came(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source = unique("svc")[:40], unique("in")
    hops = [StatelessHop(notes(source), lambda _: Ignored("unused"))]
    async with living(name, settings(kafka.bootstrap, topics_wait_s=1.5), hops, ready=False) as service:
        await until(lambda: service.process.health.starting.startswith("waiting"))
        assert await service.ask("/live") == (200, '{"live": true}')
        assert (await service.ask("/ready"))[0] == 503
        await until(lambda: service.process.fatal is not None)
        error = service.process.fatal

    assert service.codes == [1]
    assert isinstance(error, TopicsMissingError)
    assert str(error).startswith("run `onward topics`"), "a log line cuts what is long: the remedy comes first"
    assert source in str(error)
    assert "Auto create topics" not in service.log.getvalue()
    assert f"parked.{name}" in str(error)


async def test_it_starts_as_soon_as_its_topics_are_made(kafka: Broker, unique: Callable[[str], str]) -> None:
    name, source = unique("svc")[:40], unique("in")
    hops = [StatelessHop(notes(source), lambda _: Ignored("unused"))]
    async with living(name, settings(kafka.bootstrap), hops, ready=False) as service:
        await until(lambda: service.process.health.starting.startswith("waiting"))
        await make_topics(kafka.bootstrap, source, f"parked.{name}")
        await until(lambda: not service.process.health.hindrances())
        assert await service.ask("/ready") == (200, '{"ready": true, "why": []}')

    assert service.codes == [0]


async def test_every_metric_is_there_at_zero_before_the_first_record(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source = unique("svc")[:40], unique("in")
    await make_topics(kafka.bootstrap, source, f"parked.{name}")
    async with living(
        name, settings(kafka.bootstrap), [StatelessHop(notes(source), lambda _: Ignored("unused"))]
    ) as service:
        metrics = looked = await service.metrics()
        for _ in range(100):
            if any(series.startswith("onward_consumer_lag_seconds") for series in looked):
                break
            await asyncio.sleep(0.1)
            looked = await service.metrics()
        status, text = await service.ask("/nothing")

    for counter in ("events_received", "commits", "aborts", "rewinds"):
        assert metrics[f'onward_{counter}_total{{service="{name}",topic="{source}"}}'] == 0
    for outcome in OUTCOMES:
        assert any(f'outcome="{outcome}"' in series and value == 0 for series, value in metrics.items())
    assert metrics[f'onward_parked_total{{reason="handler_error",service="{name}"}}'] == 0
    assert metrics[f'onward_owned_partitions{{service="{name}",topic="{source}"}}'] == 2
    group = f'group="{name}.{source}"'
    assert looked[f'onward_consumer_lag_seconds{{{group},service="{name}",topic="{source}"}}'] == 0
    assert metrics[f'onward_ready{{service="{name}"}}'] == 1
    assert metrics[f'onward_not_ready{{service="{name}",why="broker_away"}}'] == 0
    assert not any("_created" in series for series in metrics)
    assert not any(series.startswith("onward_last_progress") for series in metrics), "there was none: not 1970 either"
    assert any(series.startswith("onward_build_info") for series in metrics)
    assert (status, "/metrics" in text) == (404, True)


async def test_the_lag_is_seen_while_records_wait_and_goes_when_they_are_handled(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source = unique("svc")[:40], unique("in")
    await make_topics(kafka.bootstrap, source, f"parked.{name}", partitions=1)
    async with living(
        name, settings(kafka.bootstrap), [StatelessHop(notes(source), lambda _: Ignored("seen"))]
    ) as service:
        await write(kafka.bootstrap, source, some(50))
        lag = f'onward_consumer_lag_messages{{group="{name}.{source}",partition="0",service="{name}",topic="{source}"}}'
        ended = f'onward_event_outcomes_total{{outcome="ignored",reason="seen",service="{name}",topic="{source}"}}'
        metrics = await service.metrics()
        for _ in range(100):
            if metrics.get(ended) == 50 and metrics.get(lag) == 0:
                break
            await asyncio.sleep(0.05)
            metrics = await service.metrics()

    assert (metrics[ended], metrics[lag]) == (50, 0)


async def test_a_decision_that_raises_parks_its_record_alone_and_tells_no_value(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source = unique("svc")[:40], unique("in")
    await make_topics(kafka.bootstrap, source, f"parked.{name}", partitions=1)
    canary = "Test Person-0001"

    def decide(received: Received[Note]) -> Outcome:
        if received.body.number % 10 == 3:
            raise ValueError(f"cannot place {received.body.text}")
        return Ignored("fine")

    await write(kafka.bootstrap, source, [Note(key=canary, number=n, text=canary) for n in range(100)])
    async with living(
        name, settings(kafka.bootstrap, log_level="debug"), [StatelessHop(notes(source), decide)]
    ) as service:
        parked = await read(kafka.bootstrap, f"parked.{name}", 10, partitions=1)
        metrics = await service.metrics()

    assert [dict(record.headers)["origin"].decode() for record in parked] == [
        f"{source}/0/{n}" for n in range(3, 100, 10)
    ]
    labels = f'service="{name}",topic="{source}"'
    assert metrics[f'onward_event_outcomes_total{{outcome="parked",reason="handler_error",{labels}}}'] == 10
    assert metrics[f'onward_event_outcomes_total{{outcome="ignored",reason="fine",{labels}}}'] == 90
    assert metrics[f"onward_events_received_total{{{labels}}}"] == 100
    assert "record.handler_failed" in service.log.getvalue()
    assert canary not in service.log.getvalue()
    assert all(canary.encode() not in bytes(value) for record in parked for _, value in record.headers)


async def test_the_fuse_stops_a_service_that_fails_on_everything(kafka: Broker, unique: Callable[[str], str]) -> None:
    name, source = unique("svc")[:40], unique("in")
    await make_topics(kafka.bootstrap, source, f"parked.{name}", partitions=1)

    def decide(_: Received[Note]) -> Outcome:
        raise RuntimeError

    await write(kafka.bootstrap, source, some(200))
    given = settings(kafka.bootstrap, failure_limit=100, batch_records=30)
    async with living(name, given, [StatelessHop(notes(source), decide)]) as service:
        await until(lambda: service.process.fatal is not None)
    parked = await read(kafka.bootstrap, f"parked.{name}", 200, within=2, partitions=1)

    assert service.codes == [1]
    assert isinstance(service.process.fatal, FailureLimitError)
    assert len(parked) < 100


async def test_a_message_that_is_too_large_to_write_parks_its_cause(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(Note(key="k", number=1, text="x" * received.body.number), key="k"),))

    await write(kafka.bootstrap, source, [Note(key="k", number=number) for number in (10, 1_100_000, 900_000, 900_000)])
    async with living(name, settings(kafka.bootstrap), [StatelessHop(notes(source), decide)]):
        parked = await read(kafka.bootstrap, f"parked.{name}", 1, partitions=1)
        found = await read(kafka.bootstrap, target, 3, partitions=1)

    assert [dict(record.headers)["reason"] for record in parked] == [b"output_too_large"]
    assert len(found) == 3
