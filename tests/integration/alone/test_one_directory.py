"""
A provider and a profile are published while everything runs, and the first person is on the way to it. No restart.

Three processes each of routing, tracking and dispatch, on a broker and a database of their own; of each one for the
control, in which nothing is shared out.
"""

import asyncio
import os
import shutil
import signal
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner, Result

from installation_keys import local_keys, seal_reference
from integration.rules.test_people_publish import RULE
from integration.whole.watching import Seen, Sending, Watch
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.chassis.security import keyring, sealing
from onward.cli.main import app
from onward.cli.rules.releases.signing_keys import write_private
from onward.contracts import paths, topics
from onward.contracts.contact import Identity
from onward.contracts.referral import Reply
from onward.contracts.situation import Situation
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack
from unit.routing.bundle_builders import APPROVER, AUTHOR, key_file
from unit.routing.routing_builders import BIRMINGHAM, PUBLISHABLE_BASES

SERVICES = ("routing", "tracking", "dispatch")
PROCESSES = 3
PEOPLE = 600
UNWATCHED = {"rulesets", "installation", *(f"in.{source}" for source in topics.sources())}
OLD, NEW = "old-housing", "night-shelter"
REFERRALS = admin.topic_specs([NEW])[f"referrals.{NEW}"]
PROFILES = """\
schema: directory/v1
profiles:
  housing:
    why: A housing authority needs to know who comes, how to reach them and where they are now
    fields: [name, phone, safe_contact, accommodation.status]
    never: [offence, health, risk, safeguarding]
"""
NIGHT_SHELTER = """\
  night-shelter:
    why: A night shelter needs to know who comes and in which language to greet them
    fields: [person.interpreter, name, accommodation.status]
    never: [offence, health, risk, safeguarding]
"""
ENTRY = """\
schema: directory/v1
area: {area}
providers:
  - id: {provider}
    name: Example ({area}, synthetic)
    services: [housing_authority]
    categories: [ACCOMMODATION]
    catchment: ["{catchment}"]
    profile: {profile}
"""


def person(number: int) -> str:
    return f"{number:032x}"


@dataclass
class House:
    """Servers, with the services that a test starts; and the folder of those who publish."""

    stack: Stack
    folder: Path
    environment: Mapping[str, str]
    sealed: Sequence[tuple[str, str]]
    """Of each person: the identity and the partner's reference."""
    watch: Watch
    processes: dict[str, RunningService] = field(default_factory=dict[str, RunningService])
    sent: list[int] = field(default_factory=list[int])

    def of(self, service: str) -> list[RunningService]:
        return [process for name, process in self.processes.items() if name.startswith(service)]

    def start(self, service: str, *, processes: int = PROCESSES, **more: str) -> None:
        """So many processes of it; ready when all are."""
        for number in range(processes):
            spec = ServiceSpec(f"{service}-{number}", module=f"onward.{service}")
            environment = {**self.environment, **more}
            self.processes[spec.name] = RunningService(spec, self.stack.directory, environment)
            self.processes[spec.name].start()

    def ready(self) -> None:
        for process in self.processes.values():
            process.wait_ready(within=90)

    def stop(self, service: str) -> None:
        for process in self.of(service):
            process.send(signal.SIGTERM)
        for process in self.of(service):
            assert process.await_end(within=20), process.log_tail()

    def onward(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, env={**self.environment})

    def told(self, service: str, metric: str) -> list[float]:
        """The value of a metric in each process of a service."""
        found: list[float] = []
        for process in self.of(service):
            with urllib.request.urlopen(process.metrics_url, timeout=5) as answer:
                lines: list[str] = answer.read().decode().splitlines()
            found += [float(line.rpartition(" ")[2]) for line in lines if line.startswith(metric)]
        return found

    def send(self, count: int) -> list[int]:
        """Situations of so many people more: each is homeless and agrees to help."""
        numbers = range(len(self.sent), len(self.sent) + count)
        self.sent.extend(numbers)
        self.watch.send(*(self._situation(number) for number in numbers))
        return list(numbers)

    def _situation(self, number: int) -> Sending:
        at = datetime.now(UTC)  # noqa: TID251 - as partners send it
        identity, reference = self.sealed[number]
        situation = Situation(
            situation_id=UUID(int=number + 1),
            contact_id=UUID(int=10**6 + number),
            person=person(number),
            source="custody",
            type="custody.detention-authorised",
            occurred_at=at,
            received_at=at,
            facts={
                "person.age": 30,
                "person.area": BIRMINGHAM,
                "person.interpreter": "pl",
                "accommodation.status": "homeless",
                "consent.accommodation": True,
            },
            identity_fields=("name", "phone"),
            references={"custody": reference},
            sealed=identity,
        )
        headers = [("content-type", b"application/json"), ("ce_type", topics.SITUATIONS.event_type.encode())]
        return Sending("situations", situation.model_dump_json().encode(), person(number).encode(), headers)

    @contextmanager
    def flow(self, *, most: int) -> Generator[None]:
        """People come to notice, one after the other, for as long as the block lasts; at most so many."""
        stop = threading.Event()

        def run() -> None:
            while len(self.sent) < most and not stop.wait(0.05):
                self.send(1)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def old_referrals(self) -> list[Seen]:
        return self.watch.records[f"referrals.{OLD}"]

    def deliveries_to_the_newcomer(self) -> list[Seen]:
        return [seen for seen in self.watch.records["deliveries"] if seen.body["provider"] == NEW]

    def told_as(self, status: str) -> list[Seen]:
        return [seen for seen in self.watch.records["status.custody"] if seen.body["status"] == status]

    def newcomer(self) -> Watch:
        """Who watches what the newcomer is sent; its topics were made after the others were watched."""
        return Watch(self.stack.kafka_bootstrap, {f"referrals.{NEW}": REFERRALS.partitions}, self.environment)

    def all_receipts(self) -> list[Seen]:
        """Every receipt, once there is one for each person who was sent."""
        receipts = self.watch.records["receipts"]
        return receipts if len(receipts) >= len(self.sent) else []

    def nobody_was_missed_or_sent_twice(self, theirs: Watch) -> None:
        receipts = self.watch.until(self.all_receipts, what="a receipt for everybody")
        self.watch.catch_up()
        theirs.catch_up()
        assert Counter(seen.body["outcome"] for seen in receipts) == {"sent": len(self.sent)}
        delivered = Counter(seen.body["referral_id"] for seen in (*self.old_referrals(), *theirs.all("referrals")))
        assert set(delivered.values()) == {1}
        assert len(delivered) == len(self.sent)
        assert delivered.keys() == {seen.body["referral_id"] for seen in receipts}
        assert self.watch.all("parked") == []

    # Those who publish

    def rules(self) -> Path:
        return self.folder / "schemas" / "routing"

    def propose(self, listed: Path, proposal: Path) -> Result:
        key = str(self.folder / "author.key")
        return self.onward(
            *("rules", "propose", str(self.rules()), "--directory", str(listed), "--why", "A night shelter"),
            *("--key", key, "--out", str(proposal)),
        )

    def approve(self, proposal: Path) -> None:
        key, seen = str(self.folder / "approver.key"), str(proposal.with_suffix(".seen"))
        for step in ("--unpack", "--seen"):
            done = self.onward("rules", "approve", str(proposal), "--key", key, step, seen)
            assert done.exit_code == 0, done.output

    def publish(self, proposal: Path) -> None:
        done = self.onward("rules", "publish", str(proposal))
        assert done.exit_code == 0, done.output

    def proposed(self) -> Path:
        """A directory with the newcomer and its profile, its topics made, proposed and approved."""
        listed, proposal = self.folder / "with-the-newcomer", self.folder / "proposal.json"
        shutil.copytree(self.folder / "schemas" / "directory", listed)
        (listed / "profiles.yaml").write_text(PROFILES + NIGHT_SHELTER)
        (listed / "anyshire.yaml").write_text(
            ENTRY.format(area="anyshire", provider=NEW, catchment=BIRMINGHAM, profile=NEW)
        )
        refused = self.propose(listed, proposal)
        assert refused.exit_code == 1
        assert f"anyshire.yaml:4:5: provider `{NEW}` has no `referrals.{NEW}` and `replies.{NEW}`" in refused.stderr
        made = self.onward("topics", "--directory", str(listed), "--replication", "1")
        assert made.exit_code == 0, made.output
        done = self.propose(listed, proposal)
        assert done.exit_code == 0, done.output
        self.approve(proposal)
        return proposal


async def seal_everybody(database: str, secrets: dict[str, str]) -> list[tuple[str, str]]:
    """What people would have kept of everybody: keys, and under them names and the partner's references."""
    key, (master, for_references) = sealing.new_key(), local_keys(secrets)
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await keyring.prepare(connection)
        keys = {person(number): key for number in range(PEOPLE)}
        await keyring.keep(connection, keys, master=master, reference=for_references)
    return [
        (
            sealing.seal(key, person(number), Identity(name=f"Test Person-{number:04}", phone="07700 900001")),
            seal_reference(key, person(number), "custody", f"C/{number}"),
        )
        for number in range(PEOPLE)
    ]


@pytest.fixture
def house(tmp_path: Path) -> Generator[House]:
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    schemas = tmp_path / "schemas"
    shutil.copytree(paths.schemas() / "topics", schemas / "topics")
    for file in ("contact-types.json", "facts-by-source.json"):
        shutil.copy(paths.schemas() / file, schemas)
    for folder in ("routing", "directory"):
        (schemas / folder).mkdir()
    (schemas / "routing" / "bases.yaml").write_text(PUBLISHABLE_BASES)
    (schemas / "routing" / "need.yaml").write_text(RULE.replace("NOTE", "to be housed").replace("AGE", "18"))
    (schemas / "directory" / "profiles.yaml").write_text(PROFILES)
    (schemas / "directory" / "oldshire.yaml").write_text(
        ENTRY.format(area="oldshire", provider=OLD, catchment="*", profile="housing")
    )
    (tmp_path / "trusted.yaml").write_text(key_file())
    for role, private in (("author", AUTHOR), ("approver", APPROVER)):
        write_private(tmp_path / f"{role}.key", private)
    secrets = deployment.local_secrets(None, {})
    specs = admin.topic_specs([OLD])
    with Stack(environ=environ) as stack:
        asyncio.run(create_topics(stack.kafka_bootstrap, specs))
        sealed = asyncio.run(seal_everybody(stack.database_url, secrets))
        environment = {
            **environ,
            **stack.variables,
            **secrets,
            "ONWARD_SCHEMAS": str(schemas),
            "ONWARD_RULE_KEYS": str(tmp_path / "trusted.yaml"),
        }
        watched = {name: spec.partitions for name, spec in specs.items() if name not in UNWATCHED}
        with Watch(stack.kafka_bootstrap, watched, secrets) as watch:
            made = House(stack, tmp_path, environment, sealed, watch)
            try:
                yield made
            finally:
                for process in made.processes.values():
                    process.send(signal.SIGCONT)
                    process.stop()


def test_a_newcomer_gets_its_first_referral_and_is_heard_in_the_middle_of_a_flow_without_a_restart(
    house: House,
) -> None:
    for service in SERVICES:
        house.start(service)
    house.ready()
    proposal = house.proposed()
    with house.newcomer() as theirs:
        with house.flow(most=PEOPLE):
            house.watch.until(lambda: len(house.old_referrals()) > 20, what="referrals to the provider of old")
            # Dispatch is kept from reading what is published now.
            for process in house.of("dispatch"):
                process.send(signal.SIGSTOP)
            house.publish(proposal)
            (delivery, *_) = house.watch.until(house.deliveries_to_the_newcomer, what="a delivery to the newcomer")
            for process in house.of("dispatch"):
                process.send(signal.SIGCONT)
            (first, *_) = theirs.until(lambda: theirs.all("referrals"), what="the newcomer's first referral")
            reply = Reply(
                reply_id="1",
                referral_id=first.body["referral_id"],
                status="ACCEPTED",
                replied_at=datetime.now(UTC),  # noqa: TID251 - as providers send it
            )
            house.watch.send(Sending(f"replies.{NEW}", reply.model_dump_json().encode(), b"theirs"))
            (accepted,) = house.watch.until(lambda: house.told_as("ACCEPTED"), what="the partner to be told")
        house.nobody_was_missed_or_sent_twice(theirs)
        number = int(accepted.body["reference"].removeprefix("C/"))
        assert accepted.body["referral_id"] == first.body["referral_id"]
        assert first.body["disclosed"] == {
            "person.interpreter": "pl",
            "name": f"Test Person-{number:04}",
            "accommodation.status": "homeless",
        }
        assert list(first.body["disclosed"]) == ["person.interpreter", "name", "accommodation.status"]
        assert delivery.body["release_number"] == 1
        assert {seen.body["provider"] for seen in house.watch.all("deliveries") if seen.body["release_number"]} == {NEW}
        assert len(theirs.all("referrals")) > 1
        assert house.old_referrals()
    assert house.told("dispatch", "onward_ruleset_number") == [1.0] * PROCESSES
    assert house.told("tracking", "onward_ruleset_number") == [1.0] * PROCESSES
    assert set(house.told("dispatch", "onward_held_back_seconds")) == {0.0}
    assert [process.exit_code() for process in house.processes.values()] == [None] * 9, "nothing was started again"


def test_without_the_keys_dispatch_sends_the_newcomer_nothing_and_with_them_what_waited(house: House) -> None:
    """The control: it is the following that brings the newcomer its referrals. Nobody is refused meanwhile."""
    proposal = house.proposed()
    house.start("routing", processes=1)
    house.start("tracking", processes=1)
    house.start("dispatch", processes=1, ONWARD_RULE_KEYS="")
    house.ready()
    house.publish(proposal)
    with house.newcomer() as theirs:
        until(lambda: house.told("routing", "onward_ruleset_number") == [1.0], what="routing to go by the release")
        people = house.send(12)
        house.watch.until(lambda: len(house.deliveries_to_the_newcomer()) == len(people), what="all to be delivered")
        until(lambda: sum(house.told("dispatch", "onward_held_back_seconds")) > 0, what="dispatch to wait")
        assert house.told("dispatch", "onward_ruleset_number") == [0.0]
        house.watch.catch_up()
        theirs.catch_up()
        assert theirs.all("referrals") == []
        assert house.watch.all("receipts") == []

        house.stop("dispatch")
        house.start("dispatch", processes=1)
        house.ready()
        house.nobody_was_missed_or_sent_twice(theirs)
        assert len(theirs.all("referrals")) == len(people)


def until(holds: Callable[[], object], *, what: str, within: float = 40) -> None:
    """Wait for something that processes say of themselves."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"waited {within} s in vain for {what}"
        threading.Event().wait(0.1)
