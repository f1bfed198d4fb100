"""Providers and approvers, as the stories have them: they read what they are sent and answer it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from onward.contracts.ids import derived_id
from onward.contracts.referral import Approval, Reply
from onward.local.demo.story import Answered, Story

DEFAULT_ANSWERS = (Answered(status="RECEIVED"), Answered(status="ACCEPTED"))
"""What a provider answers when its story says nothing else."""


def replies(referral: Mapping[str, Any], story: Story, *, now: datetime) -> list[Reply]:
    """What the provider that received *referral* answers, in order."""
    answers = story.answers.get(referral["category"], DEFAULT_ANSWERS)
    return [
        Reply(
            reply_id=str(derived_id("demo-reply", referral["referral_id"], str(number))),
            referral_id=UUID(referral["referral_id"]),
            status=answer.status,
            reason=answer.reason,
            replied_at=now,
        )
        for number, answer in enumerate(answers)
    ]


def approval(escalation: Mapping[str, Any], category: str, story: Story, *, now: datetime) -> Approval | None:
    """What the person asked to approve says; None when the story has nobody answer."""
    said = next((yes for approved, yes in story.approvals.items() if approved == category), None)
    if said is None:
        return None
    return Approval(
        referral_id=UUID(escalation["referral_id"]),
        approved=said,
        by="demo.practitioner",
        role=escalation["to"],
        at=now,
    )
