"""The demo can tell a story that ended as written from one that did not."""

from typing import Any

import pytest

from onward.local.demo.ending import Observed, faults, final_states
from onward.local.demo.story import EndedReferral, StoryEnding


def a_step(was: str | None, now: str, *, referral: str = "r1", category: str = "ACCOMMODATION") -> dict[str, Any]:
    return {"referral_id": referral, "was": was, "now": now, "category": category, "provider": "example-housing"}


def seen(**known: Any) -> Observed:
    nothing: dict[str, Any] = {
        "decisions": [], "steps": [], "asked": [], "escalations": [], "parked": [], "ignored": 0,
    }  # fmt: skip
    return Observed(**{**nothing, **known})


ACCEPTED = StoryEnding(referrals=(EndedReferral(category="ACCOMMODATION", status="ACCEPTED"),))


def test_the_last_step_is_found_whatever_order_the_steps_arrive_in() -> None:
    steps = [a_step("RECEIVED", "ACCEPTED"), a_step(None, "READY"), a_step("SENT", "RECEIVED"), a_step("READY", "SENT")]
    assert final_states(steps)["r1"]["now"] == "ACCEPTED"


def test_a_story_that_ended_as_written_has_no_fault() -> None:
    assert faults(ACCEPTED, seen(steps=[a_step(None, "READY"), a_step("READY", "ACCEPTED")])) == []


@pytest.mark.parametrize(
    ("ends", "what"),
    [
        (ACCEPTED, {}),
        (StoryEnding(), {"steps": [a_step(None, "READY")]}),
        (ACCEPTED, {"steps": [a_step(None, "READY", referral=name) for name in ("r1", "r2")]}),
        (StoryEnding(asked=("custody",)), {}),
        (StoryEnding(), {"asked": [{"partner": "custody"}]}),
        (StoryEnding(notices=("crisis-phone-call",)), {}),
        (StoryEnding(suppressed=("deceased",)), {"decisions": [{"suppressed": [{"reason": "stale"}]}]}),
        (StoryEnding(parked=("not_json",)), {"parked": ["schema"]}),
        (StoryEnding(), {"ignored": 1}),
    ],
)
def test_a_story_that_ended_otherwise_is_told_apart(ends: StoryEnding, what: dict[str, Any]) -> None:
    assert faults(ends, seen(**what)) != []


def test_the_wrong_provider_is_a_fault() -> None:
    ends = StoryEnding(referrals=(EndedReferral(category="ACCOMMODATION", status="READY", provider="another"),))
    assert faults(ends, seen(steps=[a_step(None, "READY")])) == ["expected ACCOMMODATION at another"]
