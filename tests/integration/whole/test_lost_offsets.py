"""On the running stack: every service loses its place, and `onward offsets` brings it back; nobody is sent twice."""

import asyncio
import json
from collections.abc import Sequence

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner, Result

from integration.chassis.faults_of_positions import delete_group
from integration.whole.partner_messages import message
from integration.whole.test_kill_one_service import REFERRALS_EACH, Since, an_arrest, assert_balanced, states
from integration.whole.watching import Sending
from integration.whole.whole_system import System
from onward.cli.main import app

PEOPLE = 10
GROUPS = {"dispatch": "dispatch.deliveries", "intake": "intake.in", "routing": "routing.situations"}
GIVEN_UP_AFTER = 40


def onward(whole: System, *arguments: str) -> Result:
    environment = {
        **whole.secrets,
        "ONWARD_KAFKA_BOOTSTRAP": whole.bootstrap,
        "ONWARD_DATABASE_URL": whole.database,
    }
    return CliRunner().invoke(app, ["offsets", *arguments], env=environment)


def arrests() -> Sequence[Sending]:
    return [message("custody", an_arrest()) for _ in range(PEOPLE)]


def all_sent(whole: System, since: Since, people: int) -> None:
    whole.watch.until(
        lambda: len(states(since)) == people * REFERRALS_EACH and set(states(since).values()) == {("READY", "SENT")},
        what="every referral to be sent",
        within=60,
    )


@pytest.mark.parametrize(
    "name", ["dispatch", *(pytest.param(name, marks=pytest.mark.nightly) for name in ("intake", "routing"))]
)
def test_a_service_whose_group_was_deleted_refuses_and_goes_on_where_its_outputs_say(whole: System, name: str) -> None:
    whole.rest()
    since = Since(whole, {topic: len(records) for topic, records in whole.watch.records.items()})
    whole.watch.send(*arrests())
    all_sent(whole, since, PEOPLE)
    whole.rest()
    service = whole.services.running[name]
    service.stop()
    asyncio.run(delete_group(whole.bootstrap, GROUPS[name]))
    service.start()
    assert service.await_end(within=GIVEN_UP_AFTER), "it must end by itself"
    assert service.exit_code() == 1
    assert f"onward offsets recover {name}" in service.log_tail()

    shown = onward(whole, "show", name, "--json")
    assert shown.exit_code == 1, shown.output
    wrong = [each for each in json.loads(shown.stdout)["partitions"] if each["problem"]]
    assert {each["committed"] for each in wrong} == {None}
    assert "Nothing was set" in onward(whole, "recover", name).stdout
    applied = onward(whole, "recover", name, "--apply")
    assert applied.exit_code == 0, applied.output
    assert onward(whole, "show", name).exit_code == 0

    service.start()
    service.wait_ready()
    whole.watch.send(*arrests())
    all_sent(whole, since, 2 * PEOPLE)
    whole.rest()
    assert_balanced(since, 2 * PEOPLE)


@pytest.mark.parametrize("name", ["people", "tracking"])
def test_a_service_that_keeps_state_drops_by_id_whatever_it_handled_before(whole: System, name: str) -> None:
    """What `onward offsets recover` counts on where it sets such a service back to the beginning of a topic."""
    whole.rest()
    since = Since(whole, {topic: len(records) for topic, records in whole.watch.records.items()})
    whole.watch.send(*arrests())
    all_sent(whole, since, PEOPLE)
    whole.rest()
    service = whole.services.running[name]
    parked = whole.watch.records[f"parked.{name}"]
    unhandled = len(parked)
    service.stop()
    with psycopg.connect(whole.database) as connection:
        back = sql.SQL("update {}.input_shard set next_offset = 0, handled_offset = null where next_offset > 0")
        assert connection.execute(back.format(sql.Identifier(name))).rowcount > 0
    service.start()
    service.wait_ready()
    whole.rest()
    assert 'reason="repeat"' in whole.metrics(name)
    # What it could not handle before, which the tests before this one sent on purpose, it cannot handle now.
    again = parked[unhandled:]
    assert {seen.header("origin") for seen in again} <= {seen.header("origin") for seen in parked[:unhandled]}
    # A partner hears again of its own message; what tracking parks, and a practitioner's answer, are nobody's.
    told_again = sum(seen.header("origin").startswith("contacts/") for seen in again)
    since = Since(whole, {**since.before, f"parked.{name}": len(parked)})
    assert_balanced(since, PEOPLE, told_again=told_again)
