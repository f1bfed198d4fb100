"""What the demo says of a referral is how it stands, in whatever order its steps were read."""

from typing import Any

from onward.local.demo.report import final_states


def a_step(was: str | None, now: str) -> dict[str, Any]:
    return {"referral_id": "r1", "was": was, "now": now, "category": "ACCOMMODATION", "provider": "example-housing"}


def test_the_last_step_is_found_whatever_order_the_steps_arrive_in() -> None:
    steps = [a_step("RECEIVED", "ACCEPTED"), a_step(None, "READY"), a_step("SENT", "RECEIVED"), a_step("READY", "SENT")]
    assert final_states(steps)["r1"]["now"] == "ACCEPTED"
