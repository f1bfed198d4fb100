"""Giving rights on a cluster: the request that the client library has for one right, for many at once."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest_v1
from aiokafka.protocol.api import Request

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
    client = kafka.client(client_id="onward-rights", request_timeout_ms=_SECONDS * 1000)
    try:
        await client.bootstrap()
        for begin in range(0, len(rows), _AT_ONCE):
            answer: Any = await client.send(client.get_random_node(), _CreateAcls(rows[begin : begin + _AT_ONCE]))
            for code, *_ in answer.creation_responses:
                if code:
                    raise for_code(code)
    finally:
        await client.close()
    return len(rows)
