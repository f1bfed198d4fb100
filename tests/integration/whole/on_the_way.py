"""What happens to a referral from decision to reply, as tests wait for it and bring it about."""

from typing import Any
from uuid import UUID

from integration.whole.partner_messages import now
from integration.whole.watching import Seen, Sending
from integration.whole.whole_system import Observed
from onward.contracts.base import Message
from onward.contracts.codes import ReferralStatus
from onward.contracts.referral import Reply


def referrals_of(whole: Observed, decision: Seen, *, category: str = "") -> list[Seen]:
    """Wait until every referral that a decision proposes (for *category*, if given) is on its provider's topic."""
    proposed = [
        referral["referral_id"] for referral in decision.body["referrals"] if category in ("", referral["category"])
    ]
    assert proposed

    def sent() -> list[Seen]:
        found = [whole.watch.about("referrals", each) for each in proposed]
        return [each[0] for each in found] if all(found) else []

    return whole.wait(sent, "the referrals of a decision")


def say(whole: Observed, topic: str, body: Message, *, key: object) -> str:
    """One record of ours on *topic*; where it stands."""
    (sent,) = whole.watch.send(Sending(topic, body.model_dump_json().encode(), key=str(key).encode()))
    return sent.place


def reply(referral: Seen, status: Any, name: str) -> Reply:
    return Reply(reply_id=name, referral_id=UUID(referral.body["referral_id"]), status=status, replied_at=now())


def told(whole: Observed, referral: Seen, status: ReferralStatus) -> list[Seen]:
    """What partners were told of a referral, once it stands so."""

    def found() -> list[Seen]:
        updates = whole.watch.about("status", referral.body["referral_id"])
        return [update for update in updates if update.body["status"] == status]

    return whole.wait(found, f"the status {status}")


def provider_of(record: Seen) -> str:
    return record.topic.partition(".")[2]
