"""Logins of principals by SCRAM (RFC 5802), which the client library has no request for. No password is sent."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactBytes, CompactString, Int8, Int16, Int32, Schema, TaggedFields

from onward.chassis.kafka.connection import KafkaConnection

_SCRAM_SHA_512: Final = 2
_ITERATIONS: Final = 4096  # the least that the broker takes; the passwords are random, not chosen by people
_SALT_BYTES: Final = 32
_SECONDS: Final = 60


class _Altered(Response):
    # Properties of the base class; every answer of the library has constants.
    API_KEY = 51  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]
    API_VERSION = 0  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterStruct(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 51
    API_VERSION = 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Alter(Request[_AlterStruct]):
    API_KEY = 51

    def __init__(self, logins: Mapping[str, str]) -> None:
        self._rows: list[tuple[Any, ...]] = [
            (name, _SCRAM_SHA_512, _ITERATIONS, *_salted(password), {}) for name, password in logins.items()
        ]

    def build(self, request_struct_class: type[_AlterStruct]) -> _AlterStruct:
        return request_struct_class([], self._rows, {})


def _salted(password: str) -> tuple[bytes, bytes]:
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt, hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)


async def let_in(kafka: KafkaConnection, logins: Mapping[str, str]) -> None:
    """
    Give each principal of *logins* its password, for SCRAM-SHA-512; one that it had is no longer taken.

    Raises:
        KafkaError: The broker is away, or does not let us: it takes `Alter` on the cluster.
    """
    client = kafka.client(client_id="onward-logins", request_timeout_ms=_SECONDS * 1000)
    try:
        await client.bootstrap()
        answer: Any = await client.send(client.get_random_node(), _Alter(logins))
    finally:
        await client.close()
    for _, code, *_ in answer.results:
        if code:
            raise for_code(code)
