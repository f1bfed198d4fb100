"""A service whose position was lost refuses to guess; recovered from its outputs, nothing is lost or doubled."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from integration.chassis import faults_of_positions as faults
from integration.chassis.living import (
    Living,
    Note,
    living,
    make_topics,
    notes,
    pass_marks,
    read,
    settings,
    until,
    write,
)
from onward.chassis.errors import PositionLostError
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import Received
from onward.cli.offsets.planning import fault
from onward.cli.offsets.shapes import HopTopics
from onward.contracts.outcome import Ignored, Outcome, Published
from onward.local.stack import Stack


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


IGNORED = 9
"""The last record before the fault: no output names it."""


@dataclass
class Copier:
    """Copies notes, but for one that it ignores; 0 to 9 are handled before anything goes wrong."""

    bootstrap: str
    shape: HopTopics
    given: Any

    @property
    def source(self) -> str:
        return self.shape.inputs[0]

    @property
    def target(self) -> str:
        return self.shape.outputs[0]

    @property
    def group(self) -> str:
        return self.shape.group(self.source)

    def running(self, *, ready: bool = True) -> AbstractAsyncContextManager[Living]:
        output = notes(self.target)

        def decide(received: Received[Note]) -> Outcome:
            if received.body.number == IGNORED:
                return Ignored("nine")
            return Published((output.message(received.body, key=received.body.key),))

        return living(self.shape.service, self.given, [StatelessHop(notes(self.source), decide)], ready=ready)

    async def write(self, *numbers: int) -> None:
        await write(self.bootstrap, self.source, [Note(key="k", number=number) for number in numbers])

    async def written(self, count: int, *, within: float = 20) -> list[Any]:
        return await read(self.bootstrap, self.target, count, within=within, partitions=1)

    async def refuses(self) -> Living:
        """Start it; it must end by itself, having said why."""
        async with self.running(ready=False) as service:
            await until(lambda: service.process.fatal is not None)
            await until(lambda: "onward offsets recover" in service.process.health.starting)
        assert service.codes == [1]
        assert isinstance(service.process.fatal, PositionLostError)
        told = service.log.getvalue()
        assert "service.failed" in told
        assert f"onward offsets recover {self.shape.service}" in told
        return service

    async def goes_on(self, *numbers: int) -> None:
        """Start it; in the end, exactly *numbers* came out, each once."""
        async with self.running() as service:
            assert service.process.fatal is None, service.process.fatal
            await self.written(len(numbers))
            await until(lambda: all(not held.claimed for held in service.process.flows[0].owned.values()))
            metrics = await service.metrics()
        assert Counter(numbers_of(await self.written(len(numbers) + 1, within=1))) == Counter(numbers)
        (dropped,) = [value for name, value in metrics.items() if name.startswith("onward_records_dropped_total")]
        assert dropped == 0


def numbers_of(records: list[Any]) -> list[int]:
    return [Note.model_validate_json(record.value).number for record in records]


@pytest.fixture
async def copier(kafka: Broker, unique: Callable[[str], str]) -> Copier:
    """One that has handled its first ten records, and was stopped."""
    return await a_copier(kafka.bootstrap, unique)


async def a_copier(bootstrap: str, unique: Callable[[str], str]) -> Copier:
    shape = HopTopics("copier" + unique("")[:20], (unique("in"),), (unique("out"),))
    await make_topics(bootstrap, shape.inputs[0], shape.outputs[0], shape.parked, partitions=1)
    made = Copier(bootstrap, shape, settings(bootstrap))
    await made.write(*range(10))
    async with made.running() as service:
        await made.written(9)
        await until(lambda: [held.next_offset for held in service.process.flows[0].owned.values()] == [10])
    return made


async def test_a_group_that_was_deleted_goes_on_after_the_newest_record_that_an_output_names(copier: Copier) -> None:
    await faults.delete_group(copier.bootstrap, copier.group)
    await copier.write(10, 11, 12)
    refused = await copier.refuses()
    assert "no committed offset" in str(refused.process.fatal)

    (plan,) = await faults.recover(copier.bootstrap, copier.shape)

    assert (plan.offset, plan.standing.named) == (9, 8)
    await copier.goes_on(*range(9), 10, 11, 12)


async def test_where_every_offset_of_the_cluster_was_lost_a_service_goes_on_as_its_outputs_say(
    private_stack: Callable[..., Stack], unique: Callable[[str], str]
) -> None:
    kafka = private_stack(postgres=False).kafka
    copier = await a_copier(kafka.bootstrap, unique)
    await asyncio.to_thread(faults.empty_the_offsets, kafka)
    await is_recovered(copier)


@pytest.mark.nightly  # a minute is the shortest that Kafka keeps offsets
async def test_where_offsets_have_expired_a_service_goes_on_as_its_outputs_say(
    private_stack: Callable[..., Stack], unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.keep_offsets_for_a_minute(monkeypatch)
    kafka = private_stack(postgres=False).kafka
    copier = await a_copier(kafka.bootstrap, unique)
    async with asyncio.timeout(180):
        while await faults.committed(copier.bootstrap, copier.group, copier.source) is not None:  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(1)
    await is_recovered(copier)


async def is_recovered(copier: Copier) -> None:
    """What is true of every service whose offsets are gone, however they went."""
    await copier.write(10, 11, 12)
    refused = await copier.refuses()
    assert "no committed offset" in str(refused.process.fatal)
    (plan,) = await faults.recover(copier.bootstrap, copier.shape)
    assert plan.offset == 9
    await copier.goes_on(*range(9), 10, 11, 12)


async def test_the_control_begins_again_and_doubles_everything(copier: Copier) -> None:
    """What a service without the refusal does."""
    await faults.delete_group(copier.bootstrap, copier.group)
    await faults.set_offset(copier.bootstrap, copier.group, copier.source, 0)
    async with copier.running():
        found = numbers_of(await copier.written(18))
    assert Counter(found) == Counter([*range(9), *range(9)])


async def test_offsets_that_are_older_than_the_outputs_are_told_and_set_forward(copier: Copier) -> None:
    """A cluster whose offsets were restored from an older copy: the service itself cannot see that."""
    await faults.set_offset(copier.bootstrap, copier.group, copier.source, 4)
    (standing,) = await faults.look(copier.bootstrap, copier.shape)
    wrong = fault(standing)
    assert wrong is not None
    assert "would be sent again" in wrong.words

    await faults.recover(copier.bootstrap, copier.shape)

    await copier.write(10)
    await copier.goes_on(*range(9), 10)


async def test_a_position_beyond_the_end_is_refused_and_no_new_record_is_dropped_as_old(copier: Copier) -> None:
    await faults.set_offset(copier.bootstrap, copier.group, copier.source, 35)
    await copier.write(10, 11)
    refused = await copier.refuses()
    assert "is 35, but the log ends at 12" in str(refused.process.fatal)

    await faults.recover(copier.bootstrap, copier.shape)

    await copier.goes_on(*range(9), 10, 11)


async def test_records_removed_before_they_were_read_are_counted_and_named(copier: Copier) -> None:
    await copier.write(10, 11, 12)
    await faults.delete_records(copier.bootstrap, copier.source, before=12)
    refused = await copier.refuses()
    assert "up to 2 records were removed before they were read" in str(refused.process.fatal)
    told = refused.process.flows[0].metrics.text().decode()
    assert f'onward_records_lost_total{{service="{copier.shape.service}",topic="{copier.source}"}} 2.0' in told

    (plan,) = await faults.recover(copier.bootstrap, copier.shape)

    assert (plan.offset, plan.removed_unread) == (12, 2)
    await copier.goes_on(*range(9), 12)


async def test_a_topic_made_anew_by_hand_is_refused_and_then_read_from_its_beginning(copier: Copier) -> None:
    before = {dict(record.headers)["ce_id"] for record in await copier.written(9)}
    await faults.make_anew(copier.bootstrap, copier.source)
    await copier.write(*range(20, 35))
    await copier.refuses()

    (plan,) = await faults.recover(copier.bootstrap, copier.shape)

    assert (plan.offset, plan.standing.named) == (0, None)
    await copier.goes_on(*range(9), *range(20, 35))
    after = [dict(record.headers)["ce_id"] for record in await copier.written(24)]
    assert before <= set(after)
    assert len(set(after)) == 24, "an id was given twice"


async def test_a_topic_made_anew_with_fewer_records_under_a_running_service_ends_it_with_the_reason(
    copier: Copier,
) -> None:
    async with copier.running() as service:
        await faults.make_anew(copier.bootstrap, copier.source)
        await copier.write(20, 21)
        await until(lambda: service.process.fatal is not None, within=60)
    assert service.codes == [1]
    assert isinstance(service.process.fatal, PositionLostError)

    await faults.recover(copier.bootstrap, copier.shape)

    await copier.goes_on(*range(9), 20, 21)


@pytest.mark.parametrize("passes", [True, False])
async def test_marks_of_transactions_that_retention_took_are_no_lost_records(copier: Copier, *, passes: bool) -> None:
    """Retention leaves nothing of a quiet topic, and a mark stands after its last record."""
    await faults.write_in_a_transaction(copier.bootstrap, copier.source, Note(key="k", number=10))
    async with copier.running() as service:
        await copier.written(10)
        await until(lambda: [held.next_offset for held in service.process.flows[0].owned.values()] == [11])
        if passes:
            await pass_marks(service)
    await faults.delete_records(copier.bootstrap, copier.source, before=12)
    if passes:
        await copier.write(11)
        await copier.goes_on(*range(9), 10, 11)
    else:
        await copier.refuses()  # the control: whether it was a record nobody can say any more


async def test_recovering_what_is_in_order_changes_nothing(copier: Copier) -> None:
    assert await faults.recover(copier.bootstrap, copier.shape) == []


async def test_a_recovery_fences_an_owner_that_works_on(copier: Copier) -> None:
    async with copier.running() as service:
        await faults.set_offset_of_active(copier.bootstrap, copier.group, copier.source, 35)
        (plan,) = await faults.recover(copier.bootstrap, copier.shape)
        assert plan.offset == 9
        await copier.write(10, 11)
        found = numbers_of(await copier.written(11))
        assert service.process.fatal is None
    assert Counter(found) == Counter([*range(9), 10, 11])
