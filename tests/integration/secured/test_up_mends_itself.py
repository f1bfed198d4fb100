"""`onward up --secure`: a service that is killed comes back, and nothing is lost, doubled or in doubt."""

import os
import re
import signal
import urllib.request

from integration.secured.secured_system import SecuredSystem
from integration.whole.partner_messages import arrest, message, somebody
from integration.whole.watching import Seen

EACH = 60  # events before the kill, and as many after it


def _unaccounted(whole: SecuredSystem) -> set[float]:
    read: set[float] = set()
    for url in whole.metrics_urls().values():
        with urllib.request.urlopen(url, timeout=5) as answer:
            read |= {
                float(value)
                for value in re.findall(
                    r"^onward_unaccounted_events\{.*\} (\S+)$", answer.read().decode(), re.MULTILINE
                )
            }
    return read


def test_intake_that_is_killed_comes_back_and_every_event_becomes_one_contact_and_one_situation(
    whole: SecuredSystem,
) -> None:
    whole.settle()
    watch = whole.watch
    before = {topic: len(watch.all(topic)) for topic in ("contacts", "situations")}

    def more(topic: str) -> list[Seen]:
        return watch.all(topic)[before[topic] :]

    watch.send(*(message("custody", arrest(somebody())) for _ in range(EACH)))
    os.kill(whole.service("intake").pid, signal.SIGKILL)
    whole.read_until("service `intake` ended by itself, with exit code 137")
    watch.send(*(message("custody", arrest(somebody())) for _ in range(EACH)))
    assert len(more("contacts")) < 2 * EACH, "nothing was left to do when intake was killed"
    whole.read_until("service `intake` is ready again")

    def situations() -> list[Seen]:
        seen = more("situations")
        return seen if len(seen) >= 2 * EACH else []

    watch.until(situations, what="a situation for every event", within=90)
    watch.catch_up()
    for topic, name in (("contacts", "contact_id"), ("situations", "situation_id")):
        ids = [seen.body[name] for seen in more(topic)]
        assert (len(ids), len(set(ids))) == (2 * EACH, 2 * EACH), topic
    assert _unaccounted(whole) == {0.0}
