"""Giving rights and quotas on a cluster, many at once: the client library has requests for one right, and for none."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest_v1
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from onward.chassis.kafka.connection import KafkaConnection

GivenRight: TypeAlias = tuple[str, str, str, bool, str]
"""Principal, kind of resource, its name, whether that is a prefix, operation: by the names of `kafka-acls.sh`."""

_KINDS: Final = {"topic": 2, "group": 3, "cluster": 4, "transactional-id": 5}
_OPERATIONS: Final = {
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
_LITERAL, _PREFIXED, _ALLOW = 3, 4, 3
_AT_ONCE: Final = 500
_SECONDS: Final = 60


class _CreateAcls(Request[CreateAclsRequest_v1]):
    API_KEY = 30

    def __init__(self, rights: Sequence[GivenRight]) -> None:
        self._rows = [
            (
                _KINDS[kind],
                name,
                _PREFIXED if prefixed else _LITERAL,
                f"User:{principal}",
                "*",
                _OPERATIONS[operation],
                _ALLOW,
            )
            for principal, kind, name, prefixed, operation in rights
        ]

    def build(self, request_struct_class: type[CreateAclsRequest_v1]) -> CreateAclsRequest_v1:
        return request_struct_class(self._rows)


async def give(kafka: KafkaConnection, rights: Iterable[GivenRight]) -> int:
    """
    Give *rights*, of which some may be there already; how many there are.

    Raises:
        KafkaError: The broker is away, or does not let us: it takes `Alter` on the cluster.
    """
    rows = list(rights)
    async with _connected(kafka) as client:
        for begin in range(0, len(rows), _AT_ONCE):
            answer: Any = await client.send(client.get_random_node(), _CreateAcls(rows[begin : begin + _AT_ONCE]))
            _raise_for(code for code, *_ in answer.creation_responses)
    return len(rows)


class _QuotasAltered(Response):
    # Properties of the base class; every answer of the library has constants.
    API_KEY = 49  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]
    API_VERSION = 0  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "entries",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("entity", Array(("type", String("utf-8")), ("name", String("utf-8")))),
            ),
        ),
    )


class _AlterQuotasStruct(RequestStruct):
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _QuotasAltered
    SCHEMA = Schema(
        (
            "entries",
            Array(
                ("entity", Array(("type", String("utf-8")), ("name", String("utf-8")))),
                ("changes", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
            ),
        ),
        ("validate_only", Boolean),
    )


class _AlterQuotas(Request[_AlterQuotasStruct]):
    API_KEY = 49

    def __init__(self, quotas: Mapping[str, Mapping[str, float]]) -> None:
        self._entries = [
            ([("user", principal)], [(key, value, False) for key, value in limits.items()])
            for principal, limits in quotas.items()
        ]

    def build(self, request_struct_class: type[_AlterQuotasStruct]) -> _AlterQuotasStruct:
        return request_struct_class(self._entries, False)


async def limit(kafka: KafkaConnection, quotas: Mapping[str, Mapping[str, float]]) -> None:
    """
    Set *quotas* of principals, by Kafka's own names such as `producer_byte_rate`.

    Raises:
        KafkaError: As `give`; it takes `AlterConfigs` on the cluster.
    """
    async with _connected(kafka) as client:
        answer: Any = await client.send(client.get_random_node(), _AlterQuotas(quotas))
        _raise_for(code for code, *_ in answer.entries)


@asynccontextmanager
async def _connected(kafka: KafkaConnection) -> AsyncGenerator[AIOKafkaClient]:
    client = kafka.client(client_id="onward-rights", request_timeout_ms=_SECONDS * 1000)
    try:
        await client.bootstrap()
        yield client
    finally:
        await client.close()


def _raise_for(codes: Iterable[int]) -> None:
    for code in codes:
        if code:
            raise for_code(code)
