"""Exactly once under faults: nothing lost, nothing doubled, the order of each key kept."""

from collections.abc import Callable

import psycopg
import pytest

from chaos.harness import FaultKind
from chaos.scene import Outcome, Plan, play
from onward.local.stack import Stack


def told(outcome: Outcome) -> str:
    return f"{outcome.verdict} {outcome.landed} drained={outcome.drained} ended={outcome.ended}\n{outcome.logs[-6000:]}"


def assert_exactly_once(outcome: Outcome, faults: tuple[FaultKind, ...]) -> None:
    assert sorted(fault.kind for fault in outcome.landed) == sorted(faults)
    assert all(fault.left > 0 for fault in outcome.landed), f"a fault came too late to prove anything: {told(outcome)}"
    assert outcome.verdict.expected >= 20_000
    assert outcome.drained, told(outcome)
    assert (outcome.verdict.missing, outcome.verdict.doubled, outcome.verdict.out_of_order) == (0, 0, 0), told(outcome)
    assert outcome.stopped_cleanly, told(outcome)
    assert {code for _, code in outcome.ended} <= {0, 137}, "a process ends by SIGKILL or cleanly"


@pytest.mark.timeout(180)
async def test_a_stateless_service_loses_and_doubles_nothing(private_stack: Callable[..., Stack]) -> None:
    faults: tuple[FaultKind, ...] = ("kill", "stop", "broker", "term", "kill", "stop", "broker")
    plan = Plan("chaos.services.stateless", 3, faults)

    outcome = await play(private_stack(), plan)

    assert_exactly_once(outcome, faults)


@pytest.mark.timeout(180)
async def test_a_stateful_service_loses_and_doubles_nothing(private_stack: Callable[..., Stack]) -> None:
    faults: tuple[FaultKind, ...] = ("kill", "stop", "broker", "term", "database", "stop", "kill")
    plan = Plan("chaos.services.stateful", 2, faults, parked="parked.ledger")
    stack = private_stack(postgres=True)

    outcome = await play(stack, plan)

    assert_exactly_once(outcome, faults)
    with psycopg.connect(stack.database_url) as connection:
        applied = connection.execute("select count(*), count(*) filter (where times > 1) from ledger.step").fetchone()
    assert applied == (outcome.verdict.expected, 0), "the state holds each step once"
