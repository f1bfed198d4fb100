"""The image: one for every service, pinned, of nobody, and it says whether it lives."""

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from contract.deployed import DEPLOY
from onward.deployment.alive import alive
from onward.deployment.kubernetes import PORT, USER

TEXT = (DEPLOY / "Dockerfile").read_text()
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]


def test_every_stage_is_of_the_one_base_that_is_pinned_by_digest() -> None:
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", TEXT, re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)
    assert [line.split()[1] for line in LINES if line.startswith("FROM ")] == ["${PYTHON}", "${PYTHON}"]


def test_it_is_of_nobody_and_says_whether_it_lives() -> None:
    assert f"USER {USER}:{USER}" in LINES
    assert f"EXPOSE {PORT}" in LINES
    assert any("HEALTHCHECK" in line and "onward.deployment.alive" in line for line in LINES)
    assert 'ENTRYPOINT ["onward", "run"]' in LINES
    final = TEXT.rpartition("FROM ")[2]
    assert "RUN " not in final, "nothing runs in the final stage"
    assert "--require-hashes" in TEXT


class _Live(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/live" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        pass


@pytest.mark.parametrize(("status", "lives"), [(200, True), (503, False)])
def test_what_its_health_check_says_is_what_the_service_says(
    status: int, lives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Live, "status", status)
    server = HTTPServer(("127.0.0.1", 0), _Live)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        assert alive(server.server_port) is lives
    finally:
        thread.join()
        server.server_close()


def test_where_nobody_answers_nothing_lives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert alive(port) is False
