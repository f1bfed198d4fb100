"""What a broker says that a client may do. The client library has no requests for it."""

from collections.abc import Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.transaction import InitProducerIdRequest
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from onward.chassis.kafka.connection import KafkaConnection
from onward.deployment.access import Operation

CODES: Final[dict[Operation, int]] = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Delete": 6,
    "Alter": 7,
    "Describe": 8,
    "ClusterAction": 9,
    "DescribeConfigs": 10,
    "AlterConfigs": 11,
    "IdempotentWrite": 12,
}
_TOPIC_REFUSED, _GROUP_REFUSED, _ID_REFUSED = 29, 30, 53
_NOT_TOLD = -(2**31)
_TIMEOUT_MS = 60_000


class _MetadataAnswer(Response):
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", Array(("id", Int32), ("host", String()), ("port", Int32), ("rack", String()))),
        ("cluster_id", String()),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("name", String()),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("in_sync", Array(Int32)),
                        ("offline", Array(Int32)),
                    ),
                ),
                ("authorized", Int32),
            ),
        ),
        ("cluster_authorized", Int32),
    )


class _Metadata(RequestStruct):
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataAnswer
    SCHEMA = Schema(
        ("topics", Array(String())),
        ("may_create", Boolean),
        ("include_cluster", Boolean),
        ("include_topics", Boolean),
    )


class _AskMetadata(Request[_Metadata]):
    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = list(topics)

    def build(self, request_struct_class: type[_Metadata]) -> _Metadata:
        return request_struct_class(self._topics, False, True, True)


class _Groups(RequestStruct):
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3  # the library names the answer of an older version
    SCHEMA = DescribeGroupsRequest_v3.SCHEMA


class _AskGroups(Request[_Groups]):
    API_KEY = 15

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = list(groups)

    def build(self, request_struct_class: type[_Groups]) -> _Groups:
        return request_struct_class(self._groups, True)


def _operations(bits: int) -> frozenset[Operation]:
    return frozenset() if bits == _NOT_TOLD else frozenset(name for name, code in CODES.items() if bits >> code & 1)


@asynccontextmanager
async def asking(connection: KafkaConnection) -> Any:
    """A bare connection, logged in."""
    client = connection.client(client_id="matrix", request_timeout_ms=_TIMEOUT_MS)
    await client.bootstrap()
    try:
        yield client
    finally:
        await client.close()


async def on_topics(client: AIOKafkaClient, topics: Collection[str]) -> dict[str, frozenset[Operation]]:
    """What the client may do with each topic; with one that it may not even see, nothing."""
    answer: Any = await client.send(_node(client), _AskMetadata(sorted(topics)))
    assert _operations(answer.cluster_authorized) == frozenset(), "nobody may do anything with the cluster"
    found: dict[str, frozenset[Operation]] = {}
    for error, name, _, _, bits in answer.topics:
        assert error in (0, _TOPIC_REFUSED), (name, error)
        found[name] = frozenset() if error else _operations(bits)
    return found


async def on_groups(client: AIOKafkaClient, groups: Collection[str]) -> dict[str, frozenset[Operation]]:
    """What the client may do with each group."""
    answer: Any = await client.send(_node(client), _AskGroups(sorted(groups)))
    found: dict[str, frozenset[Operation]] = {}
    for error, name, *_, bits in answer.groups:
        assert error in (0, _GROUP_REFUSED), (name, error)
        found[name] = frozenset() if error else _operations(bits)
    return found


async def takes_over(client: AIOKafkaClient, transactional_id: str) -> bool:
    """Whether the client may produce under this id: it tries to."""
    answer: Any = await client.send(_node(client), InitProducerIdRequest(transactional_id, 10_000))
    return bool(answer.error_code != _ID_REFUSED)


def _node(client: AIOKafkaClient) -> int:
    node = client.get_random_node()
    assert node is not None
    return int(node)
