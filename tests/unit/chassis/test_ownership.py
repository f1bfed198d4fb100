"""Every partition that is assigned is, in the end, worked on or reported: whatever fails, and wherever."""

import asyncio
import contextlib
from collections.abc import Callable, Generator, Sequence
from types import SimpleNamespace
from typing import Any, TypeAlias, cast

import pytest
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from onward.chassis import clock
from onward.chassis.errors import ChassisError, DatabaseBehindError, FencedError, TopicsMissingError
from onward.chassis.observability.metrics import Metrics
from onward.chassis.postgres.database import Connection
from onward.chassis.postgres.outbox import Relay
from onward.chassis.postgres.shard import Shard
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import Claim, Missing, OwnedPartition, Record, Timing
from onward.chassis.processing.stateful import StatefulFlow
from onward.contracts import topics
from onward.contracts.outcome import Ignored
from unit.chassis.virtual_time import VirtualLoop


@pytest.fixture(autouse=True, scope="module")
def _silent() -> Generator[None]:
    """Some hundred thousand lines would be written."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


ALL = [TopicPartition("contacts", number) for number in range(4)]
AWAITS = 3
SETTLED_SECONDS = 90.0


class Consumer:
    """What the client knows: what is assigned, what is paused, where it reads on."""

    def __init__(self) -> None:
        self.assigned: frozenset[TopicPartition] = frozenset()
        self.paused: set[TopicPartition] = set()
        self.position: dict[TopicPartition, int] = {}
        self.refuses = False

    def assignment(self) -> frozenset[TopicPartition]:
        return self.assigned

    def pause(self, partition: TopicPartition) -> None:
        if self.refuses:
            self.refuses = False
            raise RuntimeError("the client is in the middle of something")
        self.paused.add(partition)

    def resume(self, partition: TopicPartition) -> None:
        self.paused.discard(partition)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.position[partition] = offset

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {partition.partition for partition in ALL if partition.topic == topic}


class Subscriber:
    def __init__(self) -> None:
        self.consumer: AIOKafkaConsumer | None = cast("AIOKafkaConsumer", Consumer())


def metrics() -> Metrics:
    made = Metrics("people")
    made.create({"contacts": "contacts"})
    return made


class Flow(Ownership[OwnedPartition]):
    """A hop whose servers fail as they are told to."""

    def __init__(self) -> None:
        self.fatal: list[ChassisError] = []
        super().__init__("people.contacts", metrics(), Timing(0.5, 2.0, 10.0), self.fatal.append)
        self.subscriber = Subscriber()
        self.client = cast("Consumer", self.consumer)
        self.faults: dict[TopicPartition, tuple[int, Fault]] = {}
        self.reached: dict[TopicPartition, int] = {}
        self.open: set[OwnedPartition] = set()

    async def acquire(self, partition: TopicPartition) -> OwnedPartition:
        at, fault = self.faults.pop(partition, (AWAITS, 0.0))
        for number in range(AWAITS):
            await asyncio.sleep(0.05)
            if number == at:
                if not isinstance(fault, int | float):
                    raise fault()
                await asyncio.sleep(fault)
        owned = OwnedPartition(partition, self.reached.get(partition, 0))
        self.open.add(owned)
        return owned

    async def release(self, owned: Sequence[OwnedPartition]) -> None:
        await asyncio.sleep(0.1)
        self.open.difference_update(owned)

    async def pass_over(self, owned: OwnedPartition, position: int) -> None:  # noqa: ARG002 - as the port names them
        raise AssertionError("there are no marks here")

    async def work(self, claims: Sequence[Claim[OwnedPartition]]) -> None:
        for owned, records in claims:
            self.reached[owned.partition] = records[-1].offset + 1
            self.committed(owned, records)


def a_record(partition: TopicPartition, offset: int) -> Record:
    return cast("Record", type("R", (), {**partition._asdict(), "offset": offset, "timestamp": 0})())


Fault: TypeAlias = Callable[[], BaseException] | float
"""What is raised, or for how many seconds there is silence."""

FAULTS: list[Fault] = [
    OSError,
    TimeoutError,
    FencedError,
    TopicsMissingError,
    RuntimeError,
    asyncio.CancelledError,
    25.0,  # longer than a take may last
]


class Owning(RuleBasedStateMachine):
    """One process of a group: assigned, revoked, failing anywhere, in any order."""

    flow_type: Callable[[], Flow] = Flow

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualLoop()
        self.real, clock.monotonic = clock.monotonic, self.loop.time
        self.flow = self.loop.run_until_complete(self._made())
        self.keeper = self.loop.create_task(self.flow.keep())

    async def _made(self) -> Flow:
        return self.flow_type()

    @rule(partitions=st.sets(st.sampled_from(ALL)), client_fails=st.booleans())
    def rebalance(self, partitions: set[TopicPartition], client_fails: bool) -> None:
        async def go() -> None:
            await self.flow.on_partitions_revoked(self.flow.client.assigned)
            self.flow.client.assigned, self.flow.client.paused = frozenset(partitions), set()
            self.flow.client.refuses = client_fails and bool(partitions)
            # As the client does: it logs what a callback raises, and goes on.
            with contextlib.suppress(RuntimeError):
                await self.flow.on_partitions_assigned(partitions)

        self.loop.run_until_complete(go())

    @rule(partition=st.sampled_from(ALL), at=st.integers(0, AWAITS - 1), fault=st.sampled_from(FAULTS))
    def the_next_take_fails(self, partition: TopicPartition, at: int, fault: Fault) -> None:
        self.flow.faults[partition] = (at, fault)

    @rule(seconds=st.sampled_from([0.0, 0.06, 0.3, 1.0, 12.0]))
    def time_passes(self, seconds: float) -> None:
        self.loop.pass_by(seconds)

    @precondition(lambda self: self.flow.owned)
    @rule(ends=st.sampled_from(["commit", "fail", "cancel", "forget", "wait"]), data=st.data())
    def a_batch(self, ends: str, data: st.DataObject) -> None:
        partition = data.draw(st.sampled_from(sorted(self.flow.owned)))
        record = a_record(partition, self.flow.client.position[partition])
        claims = self.flow.claim([record])
        if not claims:
            return
        ((owned, _),) = claims
        if ends == "commit":
            self.loop.run_until_complete(self.flow.work(claims))
        elif ends == "forget":
            self.flow.rewind_unfinished([record])
        elif ends == "wait":
            until = self.loop.time() + data.draw(st.sampled_from([0.0, 1.5, 30.0]))
            self.flow.hold_back(owned, lambda: "a directory" if self.loop.time() < until else None)
        else:
            self.flow.abandon([owned], OSError("away") if ends == "fail" else asyncio.CancelledError())

    @precondition(lambda self: self.flow.owned)
    @rule(data=st.data())
    def what_runs_beside_it_fails(self, data: st.DataObject) -> None:
        owned = self.flow.owned[data.draw(st.sampled_from(sorted(self.flow.owned)))]
        self.flow.abandon([owned], ConnectionError("the outbox"))

    @rule(data=st.data())
    def a_former_owner_wakes_late(self, data: st.DataObject) -> None:
        partition = data.draw(st.sampled_from(ALL))
        self.flow.abandon([OwnedPartition(partition, 0)], OSError("late"))

    @invariant()
    def nothing_is_held_that_cannot_be_worked_on(self) -> None:
        for partition, owned in self.flow.owned.items():
            assert not owned.abandoned
            assert owned in self.flow.open
            assert partition in self.flow.client.assigned
            assert partition not in self.flow.missing

    def teardown(self) -> None:
        try:
            flow, client = self.flow, self.flow.client
            flow.faults.clear()
            self.loop.pass_by(SETTLED_SECONDS)

            assert not flow.fatal
            assert set(flow.owned) == set(client.assigned), "an assigned partition is worked on by nobody"
            assert not client.paused & set(client.assigned)
            assert all(owned.next_offset == flow.reached.get(place, 0) for place, owned in flow.owned.items())
            assert flow.open == set(flow.owned.values()), "what was held before was not closed"
            self.loop.run_until_complete(flow.close())
            self.loop.pass_by(SETTLED_SECONDS)
            assert not flow.owned
            assert not flow.open
            assert not self.keeper.done()
            self.keeper.cancel()
            self.loop.pass_by(0.0)
            assert not asyncio.all_tasks(self.loop)
            assert not self.loop.unobserved
        finally:
            clock.monotonic = self.real
            self.loop.close()


TestOwning = Owning.TestCase
TestOwning.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
# The same examples each time: a control that is found by luck is no control.
UNTIL_FOUND = settings(
    TestOwning.settings, max_examples=600, phases=[Phase.generate], derandomize=True, print_blob=False
)


class Forgetful(Flow):
    """The control: what is given up is only taken again if somebody still remembers to, as before."""

    def _postpone(self, partition: TopicPartition, missing: Missing[OwnedPartition], error: BaseException) -> None:
        super()._postpone(partition, missing, error)
        if isinstance(error, asyncio.CancelledError):
            missing.due = float("inf")


class Deaf(Flow):
    """The control: believes that it is always told what is assigned."""

    def _look(self) -> None:
        self._between = True
        super()._look()


@pytest.mark.parametrize("control", [Forgetful, Deaf])
def test_the_model_finds_a_partition_that_is_forgotten(control: type[Flow]) -> None:
    class Controlled(Owning):
        flow_type = control

    with pytest.raises((AssertionError, HypothesisException)):
        run_state_machine_as_test(Controlled, settings=UNTIL_FOUND)


@pytest.fixture
def loop() -> Generator[VirtualLoop]:
    made = VirtualLoop()
    real, clock.monotonic = clock.monotonic, made.time
    yield made
    clock.monotonic = real
    made.close()


def test_what_cannot_be_mended_by_trying_again_is_reported_at_once(loop: VirtualLoop) -> None:
    async def play() -> Flow:
        flow = Flow()
        flow.faults[ALL[0]] = (1, lambda: DatabaseBehindError("the database is older than the topics"))
        flow.client.assigned = frozenset(ALL)
        keeper = asyncio.create_task(flow.keep())
        await flow.on_partitions_assigned(ALL)
        await asyncio.sleep(1)
        keeper.cancel()
        return flow

    flow = loop.run_until_complete(play())

    assert [str(error) for error in flow.fatal] == ["the database is older than the topics"]
    assert set(flow.owned) >= set(ALL[1:])


def test_a_relay_that_fails_gives_its_shard_up_and_the_shard_is_taken_again(loop: VirtualLoop) -> None:
    """An outage that outlasts the relay's time-out: the relay must not wait for its own end."""

    async def play() -> tuple[list[TopicPartition], int]:
        context = SimpleNamespace(
            **dict.fromkeys(("processor", "accounting", "producers", "cluster")),
            service="people",
            settings=SimpleNamespace(database_url=""),
            metrics=metrics(),
            timing=Timing(1, 5),
            on_fatal=lambda error: pytest.fail(str(error)),
        )
        hop = StatefulHop(topics.CONTACTS, lambda _record, _unit: Ignored("unused"), store=cast("Any", None))
        flow = StatefulFlow(hop, cast("FlowContext", context))
        flow.subscriber = Subscriber()
        place = ALL[0]
        cast("Consumer", flow.consumer).assigned = frozenset([place])
        shard = Shard(place, 0, next_sequence=1)

        async def no_broker(_shard: Shard, _connection: Connection) -> None:
            await asyncio.sleep(0.1)
            raise OSError("the broker is away")

        taken: list[TopicPartition] = []

        async def acquire(partition: TopicPartition) -> Shard:
            taken.append(partition)
            return Shard(partition, 0)

        relay = Relay(
            flow.group,
            shard,
            cast("Connection", None),
            answering=lambda _: contextlib.nullcontext(),
            told=lambda _shard, _rows: None,
            acquire=no_broker,
            failed=flow._relay_failed,
        )
        flow.owned[place] = shard
        flow._relays[shard] = relay
        flow.acquire = acquire  # type: ignore[method-assign]
        keeper = asyncio.create_task(flow.keep())
        relay.start(flow._relaying)
        await asyncio.sleep(10)
        keeper.cancel()
        return taken, len(flow._relaying)

    taken, left = loop.run_until_complete(play())

    assert taken == [ALL[0]]
    assert left == 0
    assert not loop.unobserved
