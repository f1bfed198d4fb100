"""Whatever service parked a record, once the cause is mended it comes back and does what it should have done."""

import json
import os
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from integration.whole.on_the_way import provider_of, referrals_of, say, told
from integration.whole.partner_messages import Somebody, arrest, message, now, somebody
from integration.whole.watching import Seen, Sending
from integration.whole.whole_system import System
from onward.chassis.security import contact_ids
from onward.cli.main import app
from onward.contracts.referral import Reply
from onward.contracts.services import SERVICES
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE

TESTS = Path(__file__).resolve().parents[2]
EACH = 3
READS = {
    "intake": "in",
    "people": "contacts",
    "routing": "situations",
    "tracking": "decisions",
    "dispatch": "deliveries",
}


@dataclass(frozen=True)
class Faulty:
    """The whole system, run by a release in which any service can be made to fail."""

    whole: System
    faults: Path
    since: datetime
    """What the tests before these had parked on purpose is of no concern here."""

    @contextmanager
    def fault(self, service: str) -> Generator[None]:
        """While the block lasts, the service's own code raises on every record."""
        file = self.faults / service
        file.touch()
        try:
            yield
        finally:
            file.unlink()

    def parked(self, service: str) -> list[Seen]:
        return self.whole.watch.records[f"parked.{service}"]

    def wait_parked(self, service: str, count: int, *, after: int) -> list[Seen]:
        """Wait until the service has parked so many records more than *after*."""

        def found() -> list[Seen]:
            more = self.parked(service)[after:]
            return more if len(more) >= count else []

        return self.whole.watch.until(found, what=f"{count} records to be parked by {service}")

    def onward(self, command: str, *arguments: str) -> list[dict[str, Any]]:
        """What a command of `onward parked` says to programs."""
        since = () if command == "show" or "--record" in arguments else ("--since", self.since.isoformat())
        asked = ["parked", command, *arguments, *since, "--json", "--bootstrap", self.whole.bootstrap]
        result = CliRunner().invoke(app, asked, env=dict(self.whole.secrets))
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def stands(self, place: str) -> dict[str, Any]:
        (record,) = self.onward("show", place)
        return record

    def concluded(self, *places: str) -> list[dict[str, Any]]:
        """Wait until these parked records went back and were concluded; how they stand."""

        def found() -> bool:
            noted = Counter(note.body["parked"].rpartition("/")[0] for note in self.whole.watch.records["redrives"])
            return all(noted[place] == 2 for place in places)

        self.whole.watch.until(found, what=f"the conclusion of {places}")
        return [self.stands(place) for place in places]

    def send_back(self, *arguments: str) -> int:
        """How many records went back."""
        (done,) = self.onward("redrive", *arguments, "--apply")
        assert done["left"] == []
        return sum(each["records"] for each in done["back"])


@pytest.fixture(scope="module")
def faulty(whole: System, tmp_path_factory: pytest.TempPathFactory) -> Generator[Faulty]:
    faults = tmp_path_factory.mktemp("faults")
    usual = dict(whole.services.running)
    environment = {
        **os.environ,
        **whole.secrets,
        KAFKA_VARIABLE: whole.bootstrap,
        DATABASE_VARIABLE: whole.database,
        "ONWARD_SESSION_TIMEOUT_S": "4",
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "services"), str(TESTS)]),
    }

    def release(name: str) -> RunningService:
        own = {"FAULT_FILE": str(faults / name), "FAULTY_SERVICE": name}
        spec = ServiceSpec(name, "integration.whole.faulty_release", own)
        return RunningService(spec, whole.directory / "faulty", environment)

    (whole.directory / "faulty").mkdir(exist_ok=True)
    releases = {name: release(name) for name in SERVICES}
    whole.services.stop()
    whole.services.running.update(releases)
    try:
        for service in releases.values():
            service.start()
        for service in releases.values():
            service.wait_ready()
        yield Faulty(whole, faults, now())
    finally:
        # Nothing comes after this file: see `conftest.py`.
        for service in releases.values():
            service.stop()
        whole.services.running.update(usual)


def send(whole: System, people: Sequence[Somebody]) -> dict[int, list[Sending]]:
    """Two messages of each person, all in one partition: an arrest and what the custody suite learned later."""
    sent: dict[int, list[Sending]] = {}
    for who in people:
        later = arrest(who, riskAssessment={"selfHarm": "medium"})
        sent[who.number] = [message("custody", arrest(who), partition=1), message("custody", later, partition=1)]
    whole.watch.send(*(one for each in sent.values() for one in each))
    return sent


def of(whole: System, who: Somebody) -> list[Seen]:
    """The person's deliveries that reached a provider."""
    found = [seen for seen in whole.watch.all("contacts") if who.case.encode() in (seen.value or b"")]
    contacts = {seen.body["contact_id"] for seen in found}
    decisions = [seen for seen in whole.watch.all("decisions") if seen.body["contact_id"] in contacts]
    ids = {referral["referral_id"] for seen in decisions for referral in seen.body["referrals"]}
    return [seen for seen in whole.watch.all("referrals") if seen.body["referral_id"] in ids]


def heard(whole: System, who: Somebody) -> Counter[str]:
    """How often the partner that raised the person heard what of its messages."""
    told = [seen.body for seen in whole.watch.all("feedback")]
    return Counter(body["outcome"] for body in told if body["reference"] == who.case)


def is_referred(whole: System, who: Somebody) -> bool:
    return len(of(whole, who)) >= 2


def test_what_each_service_parked_for_a_fault_of_its_own_comes_back_and_people_are_referred(faulty: Faulty) -> None:
    whole = faulty.whole
    people: dict[str, list[Somebody]] = {}
    sent: dict[int, list[Sending]] = {}
    for service in SERVICES:
        people[service] = [somebody() for _ in range(EACH)]
        before = len(faulty.parked(service))
        with faulty.fault(service):
            sent |= send(whole, people[service])
            parked = faulty.wait_parked(service, EACH * 2, after=before)
        assert {seen.header("reason") for seen in parked} == {"handler_error"}
        assert {seen.header("origin").partition("/")[0].partition(".")[0] for seen in parked} == {READS[service]}
    whole.rest()
    assert [of(whole, who) for theirs in people.values() for who in theirs if of(whole, who)] == []

    # Sending it once more helps nobody whom people knows: this is why there is another way.
    again = people["tracking"][0]
    whole.watch.send(*sent[again.number])
    whole.rest()
    assert of(whole, again) == []

    waiting = faulty.onward("list")
    assert {each["service"] for each in waiting} == {*SERVICES}
    (would,) = faulty.onward("redrive")
    assert sum(each["records"] for each in would["back"]) == len(waiting)
    assert faulty.send_back() == len(waiting)

    for theirs in people.values():
        for who in theirs:
            whole.watch.until(partial(is_referred, whole, who), what="the referrals of somebody")
    faulty.concluded(*(each["record"] for each in waiting))
    whole.rest()
    for theirs in people.values():
        for who in theirs:
            assert len(of(whole, who)) == len({seen.body["referral_id"] for seen in of(whole, who)}) == 2
    assert faulty.onward("list") == []
    assert faulty.send_back() == 0
    mended = {each["record"]: each for each in faulty.onward("list", "--all")}
    assert {mended[each["record"]]["state"] for each in waiting} == {"mended"}
    assert_order_kept(faulty, waiting)
    assert_unmarked(whole)
    for service in ("intake", "people"):
        for who in people[service]:
            assert heard(whole, who) == Counter(parked=2, mended=2), service


def assert_order_kept(faulty: Faulty, waiting: list[dict[str, Any]]) -> None:
    """What came from one partition went back to it in the order in which it was parked."""
    watch = faulty.whole.watch
    for service, kind in READS.items():
        parked = [seen for seen in faulty.parked(service) if seen.place in {each["record"] for each in waiting}]
        for partition in {seen.header("origin").split("/")[1] for seen in parked}:
            theirs = [seen for seen in parked if seen.header("origin").split("/")[1] == partition]
            topic = theirs[0].header("origin").partition("/")[0]
            back = [
                seen.header("onward_redriven").rpartition("/")[0]
                for seen in watch.records[topic]
                if seen.partition == int(partition) and seen.header("onward_redriven")
            ]
            assert [place for place in back if place in {seen.place for seen in theirs}] == [
                seen.place for seen in theirs
            ], kind


def assert_unmarked(whole: System) -> None:
    """The marks stay on the records that went back: nothing that follows from those, or leaves us, has any."""
    inputs = {*READS.values(), "replies", "receipts"}
    marked = {
        seen.topic
        for seen in (seen for each in whole.watch.records.values() for seen in each)
        if seen.header("onward_redriven")
    }
    assert {topic.partition(".")[0] for topic in marked} <= inputs
    assert [seen for seen in whole.watch.all("referrals") if b"onward_redrive" in (seen.value or b"")] == []


def test_an_answer_that_came_before_its_question_comes_back_after_it(faulty: Faulty) -> None:
    whole = faulty.whole
    who = somebody()
    body = arrest(who, needs=[{"category": "employment", "severity": "high"}], accommodation={"status": "settled"})
    body["consent"]["purposes"] = ["employment"]
    del body["person"]["dateOfBirth"]
    before = len(faulty.parked("people"))
    with faulty.fault("people"):
        (sent,) = whole.watch.send(message("custody", body))
        (first,) = faulty.wait_parked("people", 1, after=before)
    (contact,) = whole.contacts(sent.place)
    asked = str(contact_ids.asked(whole.id_key, "custody", UUID(contact.body["contact_id"])))
    answer = {
        "eventType": "facts.answered",
        "inReplyTo": asked,
        "facts": {"person.date_of_birth": who.born},
    }
    (answered,) = whole.watch.send(message("custody", answer))
    (second,) = faulty.wait_parked("people", 1, after=before + 1)
    assert second.header("reason") == "unknown_question"

    assert faulty.send_back("--record", first.place) == 1
    whole.wait(lambda: whole.watch.about("questions", asked), "the question")
    assert faulty.send_back("people", "--reason", "unknown_question") == 1

    decision = whole.decided(answered.place)[0]
    (referral,) = referrals_of(whole, decision)
    assert referral.body["category"] == "EMPLOYMENT_EDUCATION"
    for stands in faulty.concluded(first.place, second.place):
        assert (stands["state"], stands["outcome"]) == ("mended", "published")


def test_a_providers_yes_that_came_before_its_referral_comes_back_after_it(faulty: Faulty) -> None:
    whole = faulty.whole
    who = somebody()
    before = len(faulty.parked("tracking"))
    with faulty.fault("tracking"):
        (sent,) = whole.watch.send(message("custody", arrest(who)))
        (decision,) = whole.decided(sent.place)
        (parked,) = faulty.wait_parked("tracking", 1, after=before)
    proposed = decision.body["referrals"][0]
    yes = Reply.model_validate(
        {"reply_id": who.case, "referral_id": proposed["referral_id"], "status": "ACCEPTED", "replied_at": now()}
    )
    say(whole, f"replies.{proposed['provider']}", yes, key=1)
    (early,) = faulty.wait_parked("tracking", 1, after=before + 1)
    assert early.header("reason") == "unknown_referral"

    assert faulty.send_back("tracking", "--reason", "handler_error") == 1
    referrals = referrals_of(whole, decision)
    (referral,) = [each for each in referrals if each.body["referral_id"] == proposed["referral_id"]]
    told(whole, referral, "SENT")
    assert [each["record"] for each in faulty.onward("list", "--partner", provider_of(referral))] == [early.place]
    assert faulty.send_back("--partner", provider_of(referral)) == 1

    told(whole, referral, "ACCEPTED")
    for stands in faulty.concluded(parked.place, early.place):
        assert (stands["state"], stands["outcome"]) == ("mended", "published")


def test_what_nobody_mended_is_parked_again_counts_how_often_and_is_left_out_in_the_end(faulty: Faulty) -> None:
    whole = faulty.whole
    poison = Sending("situations", b'{"situation_id": "none"}', key=b"somebody")
    unknown = reply_to_nothing()
    before = {service: len(faulty.parked(service)) for service in ("routing", "tracking")}
    whole.watch.send(poison, unknown)
    (last,) = faulty.wait_parked("routing", 1, after=before["routing"])
    (other,) = faulty.wait_parked("tracking", 1, after=before["tracking"])
    assert faulty.send_back("--record", other.place) == 1
    (stands,) = faulty.concluded(other.place)
    assert (stands["state"], stands["outcome_reason"]) == ("parked_again", "unknown_referral")

    for times in (1, 2, 3):
        assert faulty.send_back("routing", "--reason", "schema") == 1
        (stands,) = faulty.concluded(last.place)
        assert (stands["state"], stands["redrives"]) == ("parked_again", times - 1)
        (last,) = faulty.wait_parked("routing", 1, after=before["routing"] + times)
    (waits,) = faulty.onward("list", "routing")
    assert (waits["record"], waits["redrives"], waits["state"]) == (last.place, 3, "waiting")
    (would,) = faulty.onward("redrive", "routing")
    assert (would["back"], would["left"][0]["records"]) == ([], 1)
    assert faulty.send_back("--record", last.place, "--however-often") == 1


def reply_to_nothing() -> Sending:
    body = {"reply_id": "1", "referral_id": str(UUID(int=9)), "status": "ACCEPTED", "replied_at": now().isoformat()}
    return Sending("replies.birmingham-housing", json.dumps(body).encode(), key=b"1")


def test_a_partner_that_writes_a_mark_mends_nothing_of_others_and_nothing_twice(faulty: Faulty) -> None:
    whole = faulty.whole
    before = len(faulty.parked("intake"))
    whole.watch.send(Sending("in.custody", b"not JSON", key=b"theirs", partition=0))
    (parked,) = faulty.wait_parked("intake", 1, after=before)
    mine = [
        ("onward_redriven", f"{parked.place}/{int(parked.appended_at.timestamp() * 1000)}".encode()),
        ("onward_redrives", b"1"),
    ]
    stolen = [
        header
        for seen in whole.watch.records["in.custody"]
        for header in seen.headers[-3:]
        if seen.header("onward_redriven")
    ][:3]
    assert len(stolen) == 3
    who = somebody()
    whole.watch.send(
        Sending("in.custody", json.dumps(arrest(who)).encode(), headers=[*mine, stolen[2]], partition=0),
        Sending("in.hmpps", b"not JSON", headers=stolen),
        Sending("in.custody", b"not JSON", headers=stolen, partition=1),
    )
    whole.rest()
    assert len(of(whole, who)) == 2
    assert faulty.stands(parked.place)["state"] == "waiting"
    victim = (stolen[0][1] or b"").decode().rpartition("/")[0]
    assert faulty.stands(victim)["state"] == "mended"
    notes = [note for note in whole.watch.records["redrives"] if note.body["parked"].startswith(f"{victim}/")]
    assert [note.body["topic"] for note in notes] == ["in.custody"] * 3, "the one in its own partition says so itself"
