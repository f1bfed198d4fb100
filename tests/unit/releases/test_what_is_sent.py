"""What goes to `rulesets` with a release takes nothing away that services need."""

from typing import cast

import pytest

from onward.cli.rules.releases import releasing
from onward.cli.rules.releases.rulesets_topic import Rulesets
from onward.contracts.ruleset import Release
from unit.cli.rulesets_in_memory import RulesetsInMemory
from unit.routing.bundle_builders import directory, keys, of, rules, signed

RULES, SHIPPED = rules(), directory().model_copy(update={"shipped": True})
ONLY_SENT = directory()


async def sent(topic: RulesetsInMemory, made: Release) -> None:
    async with topic.reading("", keys()) as view:
        await releasing.release("", cast("Rulesets", view), [RULES, ONLY_SENT], made)


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> RulesetsInMemory:
    made = RulesetsInMemory()
    made.take_the_place_of_kafka(monkeypatch)
    made.contents[SHIPPED.kind, SHIPPED.sha256] = SHIPPED
    return made


async def test_a_shadow_with_the_directory_of_an_image_leaves_it_marked_as_shipped(topic: RulesetsInMemory) -> None:
    await sent(topic, signed(of(RULES, ONLY_SENT, action="shadow"), approver=None))
    assert topic.contents[SHIPPED.kind, SHIPPED.sha256] == SHIPPED
    assert topic.contents[RULES.kind, RULES.sha256] == RULES


async def test_what_is_published_again_leaves_it_marked_too(topic: RulesetsInMemory) -> None:
    made = signed(of(RULES, ONLY_SENT))
    await sent(topic, made)
    await sent(topic, made)
    assert topic.contents[SHIPPED.kind, SHIPPED.sha256] == SHIPPED
