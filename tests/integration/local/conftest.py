"""What the tests of the local stack share: a service that does what a test wants of it."""

import os
import textwrap
from pathlib import Path

import pytest

# Answers /ready with the status in its environment, and ends as soon as the file named there exists.
SERVICE = textwrap.dedent(
    """
    import http.server, os, pathlib, signal, sys, threading

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(int(os.environ["STATUS"]))
            self.end_headers()
            self.wfile.write(b"broker: not yet")

        def log_message(self, *arguments):
            pass

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # before anybody can find it ready
    print("serving", os.environ.get("ONWARD_KAFKA_BOOTSTRAP"), flush=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["ONWARD_HTTP_PORT"])), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not pathlib.Path(os.environ["END"]).exists():
        threading.Event().wait(0.02)
    print("the disk is full", flush=True)
    sys.exit(4)
    """
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment in which the fake service can be imported."""
    (tmp_path / "fake_service.py").write_text(SERVICE)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHONPATH": path, "STATUS": "200", "END": str(tmp_path / "end")}
