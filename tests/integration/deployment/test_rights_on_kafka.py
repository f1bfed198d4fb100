"""Who may do what on Kafka: every principal, topic, group and transactional id, asked of a real broker."""

import asyncio
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.protocol.admin import DescribeClientQuotasRequest

from integration.chassis.living import make_topics
from integration.chassis.secured import Secured, secured
from integration.deployment import authorized
from integration.deployment.authorized import asking
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.rights import give, limit
from onward.chassis.processing import groups
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import (
    INSTALLATION_ID,
    OPERATIONS,
    REDRIVE_ID,
    Operation,
    Principal,
    ResourceKind,
    principals,
)
from onward.directory import files as directory_files

_ANY_NAME = 2
STRANGER = Principal("stranger", "tool", "has a login and no right", ())


@dataclass(frozen=True)
class Deployment:
    """Who logs in, and what there is, where these are the providers."""

    providers: tuple[str, ...]

    @cached_property
    def everybody(self) -> tuple[Principal, ...]:
        return principals(topics.files(), self.providers)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        return tuple(topics.expand(self.providers, SERVICES))

    @property
    def strange(self) -> tuple[str, ...]:
        """Topics that somebody else has on the same cluster, called nearly as ours are."""
        near = ("in.custody-b", "contacts2", "parked.intakes", "referralsx", f"referrals{self.providers[0]}")
        return (*near, f"{self.topics[-1]}x", "of-others")

    @property
    def groups(self) -> list[str]:
        """Those of services, one of everybody else, and some that are called nearly so."""
        ours = [group.name for group in groups.of_deployment()]
        each = [f"{each.name}.any" for each in self.everybody]
        return [*ours, *each, "peoples.contacts", "people", f"{self.everybody[-1].name}x."]


TRANSACTIONAL_IDS = (
    *(f"{name}.contacts.0.0" for name in SERVICES),
    *(INSTALLATION_ID, f"{INSTALLATION_ID}s", "peoples.contacts.0.0"),
    *(f"{REDRIVE_ID}{name}" for name in SERVICES),
)
PROVIDERS = tuple(sorted(directory_files.load().providers))
SOME = PROVIDERS[::12]
"""Providers are alike: every one of them in the nightly run, these in every other."""


@pytest.fixture(
    scope="module",
    params=[SOME, pytest.param(PROVIDERS, marks=pytest.mark.nightly)],
    ids=["some-providers", "every-provider"],
)
def deployment(request: pytest.FixtureRequest) -> Deployment:
    return Deployment(request.param)


@pytest.fixture(scope="module")
def broker(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Generator[Secured]:
    patches.install()
    users = [each.name for each in (*deployment.everybody, STRANGER)]
    with secured(tmp_path_factory.mktemp("rights"), users=users, mechanisms=["SCRAM-SHA-512"]) as running:
        asyncio.run(_prepare(running.inner, deployment))
        yield running


async def _prepare(bootstrap: str, deployment: Deployment) -> None:
    # It makes `installation` itself.
    ours = (name for name in deployment.topics if name != "installation")
    await make_topics(bootstrap, *ours, *deployment.strange, partitions=1)
    inner = KafkaConnection(bootstrap)
    rows = [
        (each.name, right.kind, right.name, right.prefixed, right.operation)
        for each in deployment.everybody
        for right in each.rights
    ]
    assert await give(inner, rows) == len(rows)
    await limit(inner, {each.name: each.quota.settings for each in deployment.everybody if each.quota is not None})
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        async with asyncio.timeout(60):
            while not await _has_groups(admin):  # noqa: ASYNC110 - the broker tells nobody when it has its topic
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def _has_groups(admin: AIOKafkaAdminClient) -> bool:
    try:
        await admin.list_consumer_group_offsets("anybody")
    except KafkaError:
        return False
    return True


@pytest.fixture
def connect(broker: Secured) -> Callable[[str], KafkaConnection]:
    def of(user: str) -> KafkaConnection:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in broker.by_password(user).items():
                environment.setenv(name, value)
            return KafkaConnection.of_environment(f"localhost:{broker.port}")

    return of


def expected(who: Principal, kind: ResourceKind, name: str) -> frozenset[Operation]:
    return frozenset(operation for operation in OPERATIONS[kind] if who.may(kind, name, operation))


async def test_the_broker_allows_everybody_exactly_what_the_matrix_says(
    deployment: Deployment, connect: Callable[[str], KafkaConnection]
) -> None:
    cells: Counter[str] = Counter()
    wrong: list[tuple[object, ...]] = []

    def compare(who: Principal, kind: ResourceKind, name: str, allowed: frozenset[Operation]) -> None:
        wanted = expected(who, kind, name)
        cells["allowed"] += len(allowed)
        cells["refused"] += len(OPERATIONS[kind]) - len(allowed)
        if allowed != wanted:
            wrong.append((who.name, kind, name, sorted(allowed), sorted(wanted)))

    for who in (*deployment.everybody, STRANGER):
        async with asking(connect(who.name)) as client:
            for name, allowed in (
                await authorized.on_topics(client, [*deployment.topics, *deployment.strange])
            ).items():
                compare(who, "topic", name, allowed)
            for name, allowed in (await authorized.on_groups(client, deployment.groups)).items():
                compare(who, "group", name, allowed)
            for name in TRANSACTIONAL_IDS:
                takes_over = await authorized.takes_over(client, name)
                both: frozenset[Operation] = frozenset({"Write", "Describe"})
                compare(who, "transactional-id", name, both if takes_over else frozenset())
    assert wrong == []
    asked: dict[ResourceKind, int] = {
        "topic": len(deployment.topics) + len(deployment.strange),
        "group": len(deployment.groups),
        "transactional-id": len(TRANSACTIONAL_IDS),
    }
    of_each = sum(count * len(OPERATIONS[kind]) for kind, count in asked.items())
    assert cells.total() == of_each * (len(deployment.everybody) + 1)
    print(f"\n{cells.total()} cells tried: {cells['allowed']} allowed, {cells['refused']} refused")  # noqa: T201


async def test_partners_and_providers_have_the_quotas_that_they_are_given(
    broker: Secured, deployment: Deployment
) -> None:
    async with asking(KafkaConnection(broker.inner)) as client:
        every = DescribeClientQuotasRequest([("user", _ANY_NAME, None)], False)  # type: ignore[list-item]
        answer: Any = await client.send(client.get_random_node(), every)
    found = {entity[0][1]: dict(values) for entity, values in answer.entries}
    assert found == {each.name: each.quota.settings for each in deployment.everybody if each.quota is not None}


async def refusal(work: Any) -> type[BaseException] | None:
    try:
        async with asyncio.timeout(20):
            await work
    except KafkaError as error:
        return type(error)
    return None


async def writes(connection: KafkaConnection, topic: str) -> None:
    producer = connection.producer()
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"{}", partition=0)
    finally:
        await producer.stop()


async def reads(connection: KafkaConnection, topic: str, group: str) -> None:
    options = {"group_id": group, "auto_offset_reset": "earliest", "enable_auto_commit": False}
    consumer = connection.consumer(topic, **options)
    try:
        await consumer.start()
        await consumer.getone()
        await consumer.commit()
    finally:
        await consumer.stop()


async def takes_id(connection: KafkaConnection, transactional_id: str) -> None:
    producer = connection.producer(transactional_id=transactional_id)
    try:
        await producer.start()
    finally:
        await producer.stop()


async def test_what_the_broker_says_is_what_happens(
    broker: Secured, deployment: Deployment, connect: Callable[[str], KafkaConnection]
) -> None:
    one, other = deployment.providers[:2]
    inner = KafkaConnection(broker.inner)
    for topic in (f"referrals.{one}", f"referrals.{other}", "in.custody", "status.custody", "contacts"):
        await writes(inner, topic)
    partner, provider = connect("partner-custody"), connect(f"provider-{one}")
    routing, dispatch = connect("routing"), connect("dispatch")

    assert await refusal(writes(partner, "in.custody")) is None
    assert await refusal(reads(partner, "status.custody", "partner-custody.desk")) is None
    assert await refusal(reads(provider, f"referrals.{one}", f"provider-{one}.desk")) is None
    assert await refusal(writes(provider, f"replies.{one}")) is None
    assert await refusal(takes_id(routing, "routing.situations.0.0")) is None

    refused: dict[str, type[BaseException] | None] = {
        "a partner as another one": await refusal(writes(partner, "in.courts")),
        "a partner as a provider": await refusal(writes(partner, f"replies.{one}")),
        "a partner past intake": await refusal(writes(partner, "contacts")),
        "a partner reads what it sent": await refusal(reads(partner, "in.custody", "partner-custody.desk")),
        "a provider reads another's people": await refusal(
            reads(provider, f"referrals.{other}", f"provider-{one}.desk")
        ),
        "a provider answers for another": await refusal(writes(provider, f"replies.{other}")),
        "routing reads names": await refusal(reads(routing, "contacts", "routing.contacts")),
        "routing sends referrals": await refusal(writes(routing, f"referrals.{one}")),
        "dispatch reads names": await refusal(reads(dispatch, "contacts", "dispatch.contacts")),
    }
    assert {str(kind and kind.__name__) for kind in refused.values()} == {"TopicAuthorizationFailedError"}, refused
    assert await refusal(reads(provider, f"referrals.{one}", "dispatch.deliveries")) is GroupAuthorizationFailedError
    assert await refusal(takes_id(dispatch, "routing.situations.0.0")) is TransactionalIdAuthorizationFailed
