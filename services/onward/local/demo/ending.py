"""Whether a playing ended as its story says. Pure: what the topics hold in, what is wrong out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onward.local.demo.story import StoryEnding


@dataclass(frozen=True, slots=True)
class Observed:
    """What the topics say about one playing."""

    decisions: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    """Referral events of its referrals."""
    asked: Sequence[Mapping[str, Any]]
    """Questions, each with the partner it went to under `partner`."""
    escalations: Sequence[Mapping[str, Any]]
    parked: Sequence[str]
    """Reasons for which its messages were parked."""
    ignored: int
    """How many of its messages led to no contact and were not parked."""


def final_states(steps: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """
    The last step of each referral.

    Steps of one referral can reach the topic in another order than they were taken (they come from different
    partitions), so the last is the one that leads to a state from which no other step goes on.
    """
    by_referral: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        by_referral.setdefault(step["referral_id"], []).append(step)
    final: dict[str, Mapping[str, Any]] = {}
    for referral, taken in by_referral.items():
        left = Counter(step["was"] for step in taken)
        ends = [step for step in taken if not left[step["now"]]]
        final[referral] = ends[-1] if ends else taken[-1]
    return final


def faults(ends: StoryEnding, seen: Observed) -> list[str]:
    """What differs from the story's end; empty when it ended as written."""
    final = final_states(seen.steps)
    stand = Counter((step["category"], step["now"]) for step in final.values())
    want = Counter((referral.category, referral.status) for referral in ends.referrals)
    found = [f"expected {count} x {' '.join(state)}" for state, count in (want - stand).items()]
    found += [f"did not expect {count} x {' '.join(state)}" for state, count in (stand - want).items()]
    providers = {(step["category"], step["provider"]) for step in final.values()}
    found += [
        f"expected {referral.category} at {referral.provider}"
        for referral in ends.referrals
        if referral.provider and (referral.category, referral.provider) not in providers
    ]
    found += _differences("asked", set(ends.asked), {question["partner"] for question in seen.asked}, exact=True)
    found += _differences("notice", set(ends.notices), {notice["kind"] for notice in seen.escalations})
    reasons = {stopped["reason"] for decision in seen.decisions for stopped in decision["suppressed"]}
    found += _differences("suppressed", set(ends.suppressed), reasons)
    if Counter(seen.parked) != Counter(ends.parked):
        found.append(f"parked: expected {list(ends.parked)}, found {list(seen.parked)}")
    if seen.ignored != ends.ignored:
        found.append(f"ignored: expected {ends.ignored}, found {seen.ignored}")
    return found


def _differences(what: str, want: set[str], have: set[str], *, exact: bool = False) -> list[str]:
    missing = [f"{what}: `{item}` is missing" for item in sorted(want - have)]
    return missing + ([f"{what}: `{item}` was not expected" for item in sorted(have - want)] if exact else [])
