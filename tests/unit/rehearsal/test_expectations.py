"""What a scenario says must hold is held against what came of each step."""

from pathlib import Path

import pytest

from unit.rehearsal.scenarios import AGREES, played, told

SENT = "only: {sent: [{category: ACCOMMODATION, provider: birmingham-housing, basis: consent}]}"


async def test_what_came_as_expected_is_no_fault(tmp_path: Path) -> None:
    assert told(await played(tmp_path, AGREES + f"expect: {{{SENT}}}")) == []


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ("only: {sent: []}", "sent: not expected: category ACCOMMODATION; provider birmingham-housing"),
        (
            "only: {sent: [{category: DOMESTIC_ABUSE}]}",
            "sent: expected and not found: category DOMESTIC_ABUSE",
        ),
        ("some: {escalations: [{kind: rejected}]}", "escalations: expected and not found: kind rejected"),
        ("never: {sent: [{shows: {}}]}", "sent: must never happen, and did: no shows"),
        ("never: {sent: [{hides: [email]}]}", "sent: must never happen, and did: hides email"),
        ("only: {sent: [{fields: [name]}]}", "sent: expected and not found: fields name"),
        ("some: {sent: [{shows: {accommodation.status: settled}}]}", "sent: expected and not found: shows"),
        ("contacts: 2", "expected 2 contacts, found 1"),
        ("people: 0", "expected 0 people, found 1"),
        ("facts: {accommodation.status: settled}", "`accommodation.status` has another value"),
        ("facts: {accommodation.status: unknown}", "`accommodation.status` is known, and must not be"),
        ("facts: {person.veteran: true}", "`person.veteran` is not known"),
        ("only: {referrals: [{status: ACCEPTED}]}", "referrals: expected and not found: status ACCEPTED"),
        ("only: {statuses: [{to: custody, status: READY}]}", "statuses: not expected: category ACCOMMODATION"),
        ("some: {parked: [{service: intake}]}", "parked: expected and not found: service intake"),
    ],
    ids=lambda value: value[:40],
)
async def test_what_came_otherwise_is_told_with_its_line(tmp_path: Path, expected: str, fault: str) -> None:
    found = told(await played(tmp_path, AGREES + f"expect:\n  {expected}"))
    assert any(each.startswith(f"7: {fault}") for each in found), found


async def test_a_question_that_must_never_be_put_and_was_is_told(tmp_path: Path) -> None:
    asked = "message: {source: custody, example: in.custody/risk-assessed.json}\n"
    never = "expect: {never: {questions: [{to: custody, asks: [accommodation.status]}]}}"
    (found,) = told(await played(tmp_path, asked + never))
    assert found.startswith("4: questions: must never happen, and did")


async def test_a_value_of_a_person_s_record_is_not_in_a_fault(tmp_path: Path) -> None:
    scenario = await played(tmp_path, AGREES + "expect: {only: {sent: []}, facts: {accommodation.status: settled}}")
    disclosed = scenario.steps[0].effects.sent[0]["disclosed"]
    assert disclosed["name"]
    assert disclosed["name"] not in "".join(told(scenario))
    assert "homeless" not in "".join(told(scenario))


async def test_two_that_look_alike_each_need_a_thing_of_their_own(tmp_path: Path) -> None:
    twice = "expect: {some: {statuses: [{category: ACCOMMODATION}, {status: READY}]}}"
    assert told(await played(tmp_path, AGREES + twice)) == []
    thrice = "expect: {some: {statuses: [{to: custody}, {to: custody}, {to: custody}]}}"
    assert told(await played(tmp_path, AGREES + thrice)) == ["6: statuses: expected and not found: to custody"]


async def test_what_must_never_happen_is_looked_for_after_every_step(tmp_path: Path) -> None:
    head = "title: A story\nnever: {escalations: [{kind: rejected}]}"
    refused = "at: +1 day\nreply: {category: ACCOMMODATION, status: REJECTED, reason: NO_CAPACITY}"
    assert told(await played(tmp_path, AGREES, head=head)) == []
    (fault,) = told(await played(tmp_path, AGREES, refused, head=head))
    assert fault == "2: escalations: must never happen, and did: kind rejected"


async def test_a_reply_to_what_nobody_sent_ends_the_scenario_there(tmp_path: Path) -> None:
    impossible = "reply: {category: DOMESTIC_ABUSE, status: ACCEPTED}"
    scenario = await played(tmp_path, AGREES, impossible, "at: +1 day")
    assert told(scenario) == ["6: no referral (DOMESTIC_ABUSE) was sent by now"]
    assert len(scenario.steps) == 2


async def test_what_is_known_beforehand_is_known_to_the_next_message(tmp_path: Path) -> None:
    known = """
    contact:
      source: liaison
      identity: {name: <name>, identifiers: [{type: PNC, value: <pnc>}]}
      facts: {person.veteran: true}
      consents: [{purpose: ACCOMMODATION, given: true}]
    expect: {contacts: 1}
    """
    later = """
    at: +1 hour
    message:
      source: custody
      example: in.custody/homeless-and-agrees.json
      changes: {/person/pncId: <pnc>, /person/name: <name>, /occurredAt: <now>}
    expect: {people: 1, facts: {person.veteran: true, accommodation.status: homeless}}
    """
    assert told(await played(tmp_path, known, later)) == []


async def test_a_partner_that_repeats_itself_is_heard_once(tmp_path: Path) -> None:
    expected = f"  times: 3\nexpect: {{contacts: 1, {SENT}}}"
    scenario = await played(tmp_path, AGREES + expected)
    assert told(scenario) == []
    assert [each["service"] for each in scenario.steps[0].effects.ignored] == ["people", "people"]


async def test_days_are_those_of_the_clock_on_the_wall(tmp_path: Path) -> None:
    scenario = await played(tmp_path, AGREES, "at: +4 weeks", "at: +24 hours", "at: 2026-05-01T09:30")
    moments = [step.moment.isoformat() for step in scenario.steps]
    assert moments[1] == "2026-03-30T09:00:00+00:00", "summer time began in between"
    assert moments[2:] == ["2026-03-31T09:00:00+00:00", "2026-05-01T08:30:00+00:00"]
