"""
A new partner and a new provider, added to a copy of the project by the guides' own text.

People get from one to the other on a running system, and nothing else was changed.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import psutil
import pytest

from following import Copy
from integration.whole.partner_messages import ago
from integration.whole.watching import Seen, Sending, Watch
from onward.local import deployment
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE

TOPICS = {"in.hostels": 2, "contacts": 3, "status.hostels": 1, "referrals.anytown-night-shelter": 1}
SECRETS = deployment.local_secrets(None, {})
UP = "from onward.cli.main import main; main()"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the project with the two newcomers of the guides, and whatever the guides say beside."""
    copy = Copy(tmp_path)
    copy.follow("docs/guides/add-a-partner.md")
    copy.make("schemas")
    copy.follow("docs/guides/add-a-provider.md")
    return copy.root


@pytest.fixture
def bootstrap(house: Path, leftovers: Callable[[Sequence[psutil.Process]], list[str]]) -> Generator[str]:
    """`onward up` of that copy: the address of its Kafka."""
    ours = (KAFKA_VARIABLE, DATABASE_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"PYTHONPATH": str(house / "services"), "ONWARD_SCHEMAS": str(house / "schemas")}
    environment |= SECRETS
    with subprocess.Popen(
        [sys.executable, "-c", UP, "up"],
        env=environment,
        cwd=house,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = ""
        for line in process.stdout:
            told += line
            if "Ctrl-C stops it all" in line:
                break
        else:
            pytest.fail(f"`onward up` ended:\n{told}")
        family = psutil.Process(process.pid).children(recursive=True)
        try:
            (address,) = re.findall(r"Kafka +(\S+)", told)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
    assert process.returncode == 0
    assert leftovers(family) == []


def test_people_of_the_new_partner_reach_the_new_provider_and_the_partner_is_told(house: Path, bootstrap: str) -> None:
    example = (house / "schemas/examples/in.hostels/asked-to-leave.json").read_bytes()
    event = json.loads(example) | {"occurredAt": ago(hours=1)}
    with Watch(bootstrap, TOPICS, SECRETS) as watch:
        (sent,) = watch.send(Sending("in.hostels", json.dumps(event).encode()))
        (referral,) = watch.until(
            lambda: watch.records["referrals.anytown-night-shelter"], what="a referral at the new provider"
        )
        (contact,) = watch.until(lambda: watch.about("contacts", sent.place), what="the contact")

        def told() -> list[Seen]:
            return [each for each in watch.records["status.hostels"] if each.body["status"] == "SENT"]

        (status,) = watch.until(told, what="the new partner to be told")
    assert contact.body["source"] == "hostels"
    assert referral.body["category"] == "ACCOMMODATION"
    assert referral.body["disclosed"]["name"] == "Test Person-0001"
    assert referral.body["disclosed"]["accommodation.status"] == "homeless"
    assert "identifiers.NHS" not in referral.body["disclosed"]
    assert status.body["reference"] == "HOSTEL-0001"
    assert status.body["referral_id"] == referral.body["referral_id"]
