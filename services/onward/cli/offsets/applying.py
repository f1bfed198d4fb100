"""Sets a position where its service will go on from; whoever runs there is fenced first."""

from aiokafka.structs import TopicPartition

from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import Producers, ProducerSettings
from onward.chassis.postgres import database, migrations, shard
from onward.chassis.postgres.outbox import position_group
from onward.cli.offsets.planning import Plan

_SET = """
    update input_shard
    set next_offset = %s, published = %s, handled_offset = null, handled_ms = null
    where consumer_group = %s and topic = %s and partition = %s
"""


class MovedError(Exception):
    """The position is not what it was when the plan was made: somebody works there."""


class Applying:
    """Applies plans on one installation."""

    def __init__(self, bootstrap: str, service: str, database_url: str | None) -> None:
        self._service = service
        self._url = database_url
        self._cluster = Cluster(KafkaConnection.of_environment(bootstrap), "onward-offsets")
        self._settings = ProducerSettings(
            KafkaConnection.of_environment(bootstrap), "onward-offsets", request_timeout_s=20
        )

    async def close(self) -> None:
        """Close what was opened."""
        await self._cluster.close()

    async def apply(self, plan: Plan) -> None:
        """
        Make *plan* true.

        Raises:
            MovedError: Nothing was changed: somebody else moved the position since.
            KafkaError, TimeoutError, psycopg.Error: A server is away. Look again.
        """
        standing = plan.standing
        if not standing.keeps_state:
            await self._commit(standing.group, standing.group, standing.partition, standing.committed, plan.offset)
            return
        await self._set_shard(plan)
        if standing.repeats:
            held = standing.kept.next_sequence if standing.kept else 0
            group, owner = position_group(standing.group), f"{standing.group}.outbox"
            await self._commit(group, owner, standing.partition, standing.noted, held)

    async def _commit(self, group: str, owner: str, partition: TopicPartition, before: int | None, offset: int) -> None:
        """Under the transactional ids of the partition's owner, which fences whoever has it now."""
        producers = Producers(self._settings, f"{owner}.{partition.topic}.{partition.partition}")
        await producers.start()
        try:
            now = await self._cluster.committed(group, partition)
            if now != before:
                raise MovedError(f"{group} moved in {partition.topic}/{partition.partition} from {before} to {now}")
            # With the counts that stand beside it, if the group still has any: they go on from there.
            note = await self._cluster.note(group, partition)
            await producers.commit([], (partition, offset), group, note=note)
        finally:
            await producers.discard()

    async def _set_shard(self, plan: Plan) -> None:
        assert self._url is not None
        standing = plan.standing
        migrations.apply(self._url, self._service, [migrations.OWN])
        async with await database.connect(self._url, self._service, purpose="offsets") as connection:
            if standing.kept is None:
                await shard.begin(connection, standing.group, standing.partition, plan.offset)
            # Raises the epoch and ends the owner's session: what it has in hand is refused.
            taken = await shard.acquire(connection, standing.group, standing.partition)
            assert taken is not None
            if standing.kept is not None and taken.next_offset != standing.kept.next_offset:
                raise MovedError(f"{standing.group} moved in {standing.place} to {taken.next_offset}")
            held = taken.next_sequence if standing.repeats else taken.published
            await connection.execute(_SET, (plan.offset, held, standing.group, *standing.partition))
