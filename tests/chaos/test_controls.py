"""The same harness on the two usual designs: it must see them fail, or its silence about ours means nothing."""

from collections.abc import Callable, Sequence

import pytest

from chaos.harness import FaultKind
from chaos.scene import Outcome, Plan, play
from onward.local.stack import Stack


async def harmed(stack: Stack, design: str, faults: Sequence[FaultKind]) -> Outcome:
    # Slow handlers: nearly all the time a batch is in hand when a fault lands.
    plan = Plan(f"chaos.controls.{design}", 3, faults, records=4000, throttle_us=2000, settle_seconds=20)
    outcome = await play(stack, plan)
    assert all(fault.left > 0 for fault in outcome.landed), outcome.landed
    return outcome


@pytest.mark.timeout(120)
async def test_one_transactional_producer_for_each_process_doubles(private_stack: Callable[..., Stack]) -> None:
    outcome = await harmed(private_stack(postgres=False), "per_process", ("stop", "stop", "stop"))

    assert outcome.verdict.doubled > 0, f"the harness is blind: {outcome.verdict}\n{outcome.logs[-3000:]}"


@pytest.mark.timeout(120)
async def test_committing_after_producing_doubles_or_loses(private_stack: Callable[..., Stack]) -> None:
    outcome = await harmed(private_stack(postgres=False), "after_produce", ("kill", "stop", "kill"))

    hurt = outcome.verdict.doubled + outcome.verdict.missing
    assert hurt > 0, f"the harness is blind: {outcome.verdict}\n{outcome.logs[-3000:]}"
