"""A whole Onward for tests: servers, topics, all five services, and somebody who watches every topic."""

import base64
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

from installation_keys import local_keys
from integration.whole.watching import Seen, Watch
from onward.chassis.observability.metrics import PARKED_REASONS
from onward.chassis.security import contact_ids
from onward.chassis.security.mending import MendingKey
from onward.chassis.security.wrapping import LocalKeys
from onward.contracts.outcome import Reasons
from onward.directory.model import Directory
from onward.local.services import Services

# Ten thousand lines, read again and again: the parser of the Prometheus client would take most of the time.
_OUTCOMES = re.compile(r'^onward_event_outcomes_total\{.*?topic="([^"]+)"\} (\S+)$', re.MULTILINE)
_ENDED = re.compile(r'^onward_event_outcomes_total\{outcome="(\w+)",reason="([^"]+)"', re.MULTILINE)
_UNCOUNTED = re.compile(r"^onward_uncounted_records\{.*\} (\S+)$", re.MULTILINE)
_LAG = re.compile(r"^onward_(?:consumer_lag_messages|outbox_depth)\{.*\} (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Counted:
    """How many records stand on each topic that a service reads, and how many of them ended in an outcome."""

    records: Counter[str]
    ended: Counter[str]
    uncounted: int


@dataclass(frozen=True)
class Observed:
    """A running Onward, seen from outside. Shared: a test takes people of its own."""

    directory: Path
    """Of this run: logs of the servers, and under `logs` those of the services."""
    secrets: Mapping[str, str]
    watch: Watch
    providers: Directory

    def metrics_urls(self) -> Mapping[str, str]:
        """Where each service's metrics are."""
        raise NotImplementedError

    def check(self) -> None:
        """Complain if something has ended."""
        raise NotImplementedError

    @property
    def id_key(self) -> bytes:
        return base64.b64decode(self.secrets["ONWARD_ID_KEY"])

    @property
    def master(self) -> LocalKeys:
        return local_keys(dict(self.secrets))[0]

    @property
    def mending(self) -> MendingKey:
        return MendingKey(base64.b64decode(self.secrets["ONWARD_MENDING_KEY"]))

    def questions(self, source: str, contact: str) -> list[Seen]:
        """What a partner was asked about a contact, which it knows by an id of its own."""
        return self.watch.about("questions", str(contact_ids.asked(self.id_key, source, UUID(contact))))

    def metrics(self, service: str) -> str:
        """The service's metrics, as Prometheus reads them."""
        with urllib.request.urlopen(self.metrics_urls()[service], timeout=30) as answer:
            text: str = answer.read().decode()
        return text

    def count(self) -> Counted:
        """The count as of now."""
        ended: Counter[str] = Counter()
        uncounted = 0
        for service in self.metrics_urls():
            metrics = self.metrics(service)
            for topic, count in _OUTCOMES.findall(metrics):
                ended[topic] += int(float(count))
            uncounted += sum(abs(int(float(count))) for count in _UNCOUNTED.findall(metrics))
        return Counted(Counter({name: self._written(name) for name in ended}), ended, uncounted)

    def _undeclared(self) -> set[tuple[str, str, str]]:
        """Outcomes that were counted under a reason that their service does not declare."""
        found: set[tuple[str, str, str]] = set()
        for service in self.metrics_urls():
            reasons: Reasons = import_module(f"onward.{service}.reasons").REASONS
            declared = {"parked": (*PARKED_REASONS, *reasons.parked)}
            declared |= {"published": reasons.published, "ignored": reasons.ignored}
            counted = _ENDED.findall(self.metrics(service))
            found |= {(service, outcome, reason) for outcome, reason in counted if reason not in declared[outcome]}
        return found

    def _written(self, name: str) -> int:
        """How many records stand on a topic, or on a family of topics that is counted as one."""
        records = self.watch.records
        if name in records:
            return len(records[name])
        return sum(len(each) for topic, each in records.items() if topic.startswith(f"{name}."))

    def settle(self, *, within: float = 60) -> None:
        """
        Wait until every record there is has ended in exactly one outcome, and what followed from it was seen.

        Fails the test if some do not in time.
        """
        deadline = time.monotonic() + within
        while True:
            self.check()
            counted = self.count()
            if counted.records == counted.ended:
                assert counted.uncounted == 0
                assert self._undeclared() == set()
                self.watch.catch_up()
                return
            if time.monotonic() > deadline:
                topics = counted.records.keys() | counted.ended.keys()
                differing = {topic: (counted.records[topic], counted.ended[topic]) for topic in topics}
                pytest.fail(
                    f"records and outcomes: { {t: both for t, both in differing.items() if both[0] != both[1]} }"
                )
            # Nobody tells when a counter has changed, and every look costs each service a page of its metrics.
            time.sleep(0.2)

    def rest(self, *, within: float = 60) -> None:
        """Wait until no service has anything left to read and nothing more comes; for when counters began anew."""
        deadline = time.monotonic() + within
        before = -1
        while time.monotonic() < deadline:
            self.check()
            written = sum(len(records) for records in self.watch.records.values())
            waiting = [
                float(lag)
                for service in self.metrics_urls()
                for lag in _LAG.findall(self.metrics(service))
                if float(lag)
            ]
            if written == before and not waiting:
                self.watch.catch_up()
                return
            before = -1 if waiting else written
            time.sleep(0.2)  # nobody tells when there is nothing left to do
        pytest.fail("records are still waiting")

    def contacts(self, place: str) -> list[Seen]:
        """The contacts that the record at *place* led to."""
        return self.watch.about("contacts", place)

    def decided(self, place: str) -> list[Seen]:
        """Wait for the contacts of the record at *place* and their decisions; the decisions, in the same order."""

        def found() -> list[Seen]:
            contacts = self.contacts(place)
            decisions = [self.watch.about("decisions", contact.body["contact_id"]) for contact in contacts]
            return [each[0] for each in decisions] if decisions and all(decisions) else []

        return self.watch.until(found, what=f"the decision on {place}")

    def wait(self, found: Callable[[], list[Seen]], what: str) -> list[Seen]:
        """Wait until *found* finds something."""
        return self.watch.until(found, what=what)


@dataclass(frozen=True)
class System(Observed):
    """A running Onward of this process, whose services may be stopped: a test kills only what it starts again."""

    bootstrap: str
    database: str
    services: Services
    trusted: Path
    """The file of trusted keys."""
    erasers: tuple[Path, Path]
    """The private keys of two people who may sign that a person is erased."""

    def metrics_urls(self) -> Mapping[str, str]:
        return {name: service.metrics_url for name, service in self.services.running.items()}

    def check(self) -> None:
        self.services.check()
