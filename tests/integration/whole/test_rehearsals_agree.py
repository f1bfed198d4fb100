"""A rehearsal and the running system agree: from the same records the same content comes on every topic."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from integration.whole.both_ways import BothWays, Story, differences
from integration.whole.real_samples import Disguise
from integration.whole.whole_system import System
from onward.contracts import paths
from onward.contracts.services import SERVICES
from onward.intake.partners import read
from onward.rehearsal.scenario import (
    ScenarioApproval,
    ScenarioMessage,
    ScenarioReply,
    ScenarioStep,
    read_scenario,
)

EXAMPLES = paths.schemas() / "examples"
SCENARIOS = sorted((EXAMPLES / "scenarios").rglob("*.yaml"))
MESSAGES = sorted(path for path in EXAMPLES.glob("in.*/*") if path.suffix != ".yaml")
WRITTEN_AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
"""When the examples happen."""
ANSWERS = ("RECEIVED", "ACCEPTED", "REJECTED", "INFO_REQUESTED")


class OneOfTwo(Disguise):
    """Whatever a message names becomes a number, a case and an event of one of two people, as chance will have it."""

    def __init__(self, two: Sequence[Disguise], chance: random.Random) -> None:
        self.mark = chance.choice(two).mark
        self._serials = defaultdict(lambda: chance.choice(two).serial(""))


def scenarios() -> Iterator[Story]:
    """
    Every scenario of the project, each about people of its own.

    But those in which somebody says who is who: an answer is signed for the contacts of its own story, with a key that
    no running service trusts (`test_matches_running` has one that is trusted).
    """
    for path in SCENARIOS:
        file = read_scenario(path.stem, path.read_bytes())
        steps = file.scenario.steps
        if any(step.match for step in steps):
            continue
        yield Story(path.stem, steps, file.moments, [Disguise()] * len(steps))


def random_stories(count: int, chance: random.Random) -> Iterator[Story]:
    """Any partners' messages about two people who may have each other's numbers; replies and approvals between."""
    for _ in range(count):
        steps, two = list(random_steps(chance)), (Disguise(), Disguise())
        # Of several contacts of one message, each partition takes its own when it likes: those are about others.
        disguises = [Disguise() if names_several(step) else OneOfTwo(two, chance) for step in steps]
        yield Story(f"random{two[0].mark}", steps, [WRITTEN_AT] * len(steps), disguises)


def names_several(step: ScenarioStep) -> bool:
    """Whether several contacts come of its message."""
    if step.message is None or step.message.example is None:
        return False
    made = read(step.message.source, (EXAMPLES / step.message.example).read_bytes(), (), received_at=WRITTEN_AT)
    return isinstance(made, tuple) and len(made) > 1


def random_steps(chance: random.Random) -> Iterator[ScenarioStep]:
    for _ in range(chance.randint(2, 4)):
        path = chance.choice(MESSAGES)
        message = ScenarioMessage(
            source=path.parent.name.removeprefix("in."),
            example=str(path.relative_to(EXAMPLES)),
            times=chance.choice((1, 1, 1, 2)),
        )
        yield ScenarioStep(message=message)
        if chance.random() < 0.5:
            yield ScenarioStep(reply=ScenarioReply.model_validate({"status": chance.choice(ANSWERS)}))
        if chance.random() < 0.3:
            yield ScenarioStep(approval=ScenarioApproval(approved=chance.random() < 0.5))


@pytest.fixture(scope="module")
def played(whole: System) -> BothWays:
    """Every scenario and some random stories, played on both."""
    chance = random.Random(11)
    both = BothWays(whole)
    both.play([*scenarios(), *random_stories(15, chance)], chance)
    return both


def test_every_topic_holds_after_all_scenarios_and_random_ones_what_it_holds_in_a_rehearsal(played: BothWays) -> None:
    differing = differences(played.on_the_stack, played.in_memory)
    assert not differing, "\n".join(differing)


def test_something_came_onto_every_kind_of_topic(played: BothWays) -> None:
    counted = Counter(each.said.partition(" ")[0].partition(".")[0] for each in played.on_the_stack)
    kinds = ["contacts", "situations", "decisions", "deliveries", "receipts", "referrals", "replies", "approvals"]
    kinds += ["referral-events", "status", "questions", "escalations", "parked"]
    assert [kind for kind in kinds if not counted[kind]] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_loses_messages_is_noticed(played: BothWays, service: str) -> None:
    assert differences(played.on_the_stack, played.again(faulty=service)) != []


def test_deadlines_that_count_from_another_moment_are_noticed(played: BothWays) -> None:
    assert played.again() == played.in_memory
    assert differences(played.on_the_stack, played.again(later=timedelta(hours=1))) != []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(5))
def test_they_agree_over_many_more_random_stories(whole: System, seed: int) -> None:
    chance = random.Random(seed)
    both = BothWays(whole)
    both.play(list(random_stories(150, chance)), chance)
    differing = differences(both.on_the_stack, both.in_memory)
    assert not differing, "\n".join(differing)
