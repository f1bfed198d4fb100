"""What a shadow bundle would have done otherwise."""

from collections import defaultdict
from itertools import zip_longest
from typing import Final, TypeAlias

from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.ruleset import Change, ShadowDifference

_Kind: TypeAlias = tuple[str, str]

MOST_CHANGES: Final = 200
"""Of one situation, listed. A record has a largest size, and what is too large would take the decision with it."""


class Allowance:
    """
    The time that a shadow may take from the decisions that count: *share* of all time, saved up to *most* seconds.

    Args:
        share: Of one CPU, such as 0.25.
        most: Seconds; also what there is at first.
    """

    def __init__(self, *, share: float, most: float) -> None:
        self._share = share
        self._most = most
        self._left = most
        self._at: float | None = None

    def is_left(self, now: float) -> bool:
        """Whether there is any left at *now*, in seconds that only go forward."""
        passed = 0.0 if self._at is None else now - self._at
        self._at = now
        self._left = min(self._most, self._left + passed * self._share)
        return self._left > 0

    def spend(self, seconds: float) -> None:
        """Take off what was used: more than there was, if one decision took longer."""
        self._left -= seconds


def difference(live: Decision, shadow: Decision) -> ShadowDifference | None:
    """
    Where two decisions on one situation refer differently; None when they do not.

    Referrals are compared within a category and service: to another provider one has moved, by another rule, urgency,
    basis or approval it has changed. At most `MOST_CHANGES` are listed. Notices, questions and reasons are not
    compared: nobody is sent anywhere by them.
    """
    before, after = _by_kind(live), _by_kind(shadow)
    found = [
        change
        for kind in sorted(before.keys() | after.keys())
        for old, new in zip_longest(before.get(kind, ()), after.get(kind, ()))
        if (change := _change(old, new)) is not None
    ]
    if not found:
        return None
    return ShadowDifference(
        decision_id=str(live.decision_id),
        situation_id=str(live.situation_id),
        person=live.person,
        live_rules=live.rules.sha256,
        live_directory=live.directory.sha256,
        shadow_rules=shadow.rules.sha256,
        shadow_directory=shadow.directory.sha256,
        changes=tuple(found[:MOST_CHANGES]),
    )


def _by_kind(decision: Decision) -> dict[_Kind, list[ProposedReferral]]:
    found: defaultdict[_Kind, list[ProposedReferral]] = defaultdict(list)
    for referral in sorted(decision.referrals, key=lambda each: (each.provider, each.rule)):
        found[referral.category, referral.service].append(referral)
    return found


def _change(old: ProposedReferral | None, new: ProposedReferral | None) -> Change | None:
    if new is None:
        assert old is not None
        return Change(kind="lost", category=old.category, rule=old.rule, provider=old.provider)
    if old is None:
        return Change(kind="gained", category=new.category, rule=new.rule, provider=new.provider)
    if _as_sent(old) == _as_sent(new):
        return None
    return Change(
        kind="changed" if old.provider == new.provider else "moved",
        category=new.category,
        rule=new.rule,
        provider=new.provider,
        was_rule=old.rule,
        was_provider=old.provider,
    )


def _as_sent(referral: ProposedReferral) -> tuple[object, ...]:
    return (referral.provider, referral.rule, referral.urgency, referral.legal_basis, referral.approval)
