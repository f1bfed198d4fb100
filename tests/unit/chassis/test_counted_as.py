"""A family of topics is one name in the metrics: a hundred providers must not be a hundred series each."""

from typing import Any

from onward.chassis.processing.hop import StatefulHop, StatelessHop
from onward.contracts import topics
from onward.contracts.outcome import Ignored, Outcome


def ignore(*_: Any) -> Outcome:
    return Ignored("nothing")


class Nowhere:
    async def load(self, connection: Any, records: Any) -> None:
        """Nothing is known."""

    async def save(self, connection: Any, unit: None) -> None:
        """Nothing is kept."""


def test_a_family_of_topics_is_counted_under_one_name() -> None:
    replies = StatefulHop(topics.REPLIES, ignore, store=Nowhere(), names=["replies.a", "replies.b"])
    assert replies.counted_as == {"replies.a": "replies", "replies.b": "replies"}


def test_a_topic_and_each_partner_are_counted_under_their_own_names() -> None:
    assert StatelessHop(topics.CONTACTS, ignore).counted_as == {"contacts": "contacts"}
    assert StatelessHop.of_raw(["in.custody", "in.hmpps"], ignore).counted_as == {
        "in.custody": "in.custody",
        "in.hmpps": "in.hmpps",
    }
