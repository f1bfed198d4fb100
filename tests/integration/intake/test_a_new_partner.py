"""A new partner is one adapter file and one topic file: proved in a copy of the project."""

import json
import os
import subprocess
import sys
from pathlib import Path

from following import Copy
from installation_keys import ENVIRONMENT

CHECK = """
import json, sys
from datetime import UTC, datetime
from onward.chassis.record import RawRecord
from onward.contracts import topics
from onward.intake.app import build
from onward.chassis.settings import Settings

service = build(Settings())
(hop,) = service.hops
assert "in.hostels" in hop.names, hop.names
value = sys.stdin.buffer.read()
outcome = hop.decide(RawRecord("in.hostels", 0, 0, None, value, (), datetime(2026, 3, 3, tzinfo=UTC)))
(message,) = outcome.messages
print(message.topic, message.body.source, message.body.type, json.dumps(message.body.facts))
"""


def test_a_partner_is_added_with_one_adapter_and_one_topic_file(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.follow("docs/guides/add-a-partner.md")
    message = (tmp_path / "schemas/examples/in.hostels/asked-to-leave.json").read_text()
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "services"),
        "ONWARD_SCHEMAS": str(tmp_path / "schemas"),
        "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        **ENVIRONMENT,
    }
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=environment,
        cwd=tmp_path,
        input=message,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    topic, source, kind, facts = done.stdout.strip().split(" ", 3)
    assert (topic, source, kind) == ("contacts", "hostels", "hostels.asked-to-leave")
    assert json.loads(facts)["accommodation.status"] == "homeless"
