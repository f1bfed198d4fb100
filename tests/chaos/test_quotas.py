"""A broker that slows a service down, as an operator of a shared cluster may have told it to."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String
from pydantic import SecretStr

from chaos.harness import Load, Reader, Verdict, make_topics, until
from chaos.scene import INPUT, OUTPUT
from chaos.services import stateless
from chaos.services.words import SECRETS, StepSettings
from integration.chassis.living import living
from onward.local import ports
from onward.local.stack import Stack

RECORDS = 3000
QUOTAS = {"producer_byte_rate": 30_000.0, "consumer_byte_rate": 100_000.0, "request_percentage": 20.0}
"""About a tenth of what it writes when nobody slows it down."""

_ENTITY = Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))


class _Altered(Response):
    """The client library knows how to describe quotas, not how to alter them."""

    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", String("utf-8")), ("entity", _ENTITY))),
    )


class _Alter(RequestStruct):
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        (
            "entries",
            Array(
                ("entity", _ENTITY),
                ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
            ),
        ),
        ("validate_only", Boolean),
    )


class AlterQuotas(Request[_Alter]):
    """Slow one client id down."""

    API_KEY = 49

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id

    def build(self, request_struct_class: type[_Alter]) -> _Alter:
        ops = [(key, value, False) for key, value in QUOTAS.items()]
        return request_struct_class([([("client-id", self._client_id)], ops)], False)


async def slow_down(bootstrap: str, client_id: str) -> None:
    """See to it that the broker answers what comes from *client_id* late."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        # The client has no method for it.
        answer: Any = await admin._send_request(AlterQuotas(client_id))
    finally:
        await admin.close()
    assert [code for code, *_ in answer.entries] == [0], answer


@pytest.mark.nightly  # slow is what it tests
@pytest.mark.timeout(240)
async def test_a_service_that_the_broker_slows_down_goes_on_and_gives_nothing_up(
    private_stack: Callable[..., Stack],
) -> None:
    stack = private_stack(postgres=False)
    bootstrap = stack.kafka_bootstrap
    await make_topics(bootstrap, {INPUT: 3, OUTPUT: 2, "parked.copier": 1})
    settings = StepSettings(
        kafka_bootstrap=bootstrap,
        id_key=SecretStr(SECRETS["ONWARD_ID_KEY"]),
        parking_key=SECRETS["ONWARD_PARKING_KEY"],
        http_port=ports.free_port(),
        input_topic=INPUT,
        output_topic=OUTPUT,
    )
    service = stateless.build(settings)
    reader = Reader(bootstrap, {OUTPUT: 2})
    reading = asyncio.create_task(reader.run())
    try:
        async with living(service.name, settings, service.hops) as running:
            before = Load(bootstrap, INPUT, RECORDS, 10_000)
            free = await handled(before, reader)
            await slow_down(bootstrap, f"onward-{service.name}")
            after = Load(bootstrap, INPUT, 2 * RECORDS, 10_000, sent=before.sent)
            slowed = await handled(after, reader)
            log = running.log.getvalue()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    assert slowed > 3 * free, f"{slowed:.1f} s, and {free:.1f} s before anybody slowed it down"
    print(f"{RECORDS} records: {free:.1f} s, and slowed down {slowed:.1f} s")  # noqa: T201 - the figures
    assert "partition.given_up" not in log
    assert Verdict.of(reader, after.sent) == Verdict(after.sent, 0, 0, 0)


async def handled(load: Load, reader: Reader) -> float:
    """Write all at once; the seconds until all came out."""
    load.may_end.set()
    began = time.monotonic()
    await load.run()
    assert await until(lambda: reader.distinct >= load.sent, within=120)
    return time.monotonic() - began
