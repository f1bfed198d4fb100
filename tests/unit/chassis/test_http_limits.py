"""Whoever reaches the port of a process holds nothing up: probes are answered while others half-send requests."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import pytest

from onward.chassis.observability import http

MANY = 300


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    async def live() -> http.Body:
        return http.answer(200, {"live": True})

    socket = http.listen("127.0.0.1", 0)
    server = http.server({"/live": live})
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    yield socket.getsockname()[1]
    server.should_exit = True
    await serving


async def ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


async def test_a_probe_is_answered_and_its_connection_closed(port: int) -> None:
    told = await ask(port, b"GET /live HTTP/1.1\r\nhost: a\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in told


async def test_a_probe_is_answered_while_hundreds_half_send_requests(port: int) -> None:
    held: list[asyncio.StreamWriter] = []
    for _ in range(MANY):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(ConnectionError):
            writer.write(b"GET /live HTTP/1.1\r\nhost: ")
            await writer.drain()
        held.append(writer)
    assert (await ask(port, b"GET /live HTTP/1.1\r\nhost: a\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    for writer in held:
        writer.close()


async def test_a_half_sent_request_is_cut_off_in_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_CONNECTION_SECONDS", 0.1)
    assert await ended(port, b"GET /live HTTP/1.1\r\nhost: ") == b""


async def ended(port: int, request: bytes) -> bytes:
    try:
        return await ask(port, request)
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    "body", [b"content-length: 3\r\n\r\nabc", b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"], ids=["sized", "chunked"]
)
async def test_a_request_with_a_body_is_refused(port: int, body: bytes) -> None:
    assert (await ask(port, b"GET /live HTTP/1.1\r\nhost: a\r\n" + body)).startswith(b"HTTP/1.1 413 ")


async def test_endless_headers_are_refused(port: int) -> None:
    told = await ended(port, b"GET /live HTTP/1.1\r\n" + b"x: " + b"y" * 100_000)
    assert not told.startswith(b"HTTP/1.1 200 ")
