"""Which bundle decided how much and when, and how it came to be live."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onward.cli.render.output import visible
from onward.cli.rules.releases.decision_history import DecisionPast, RecordedDecision
from onward.releases.chain import Admitted, Pair

_SHOWN = 12


@dataclass(slots=True)
class Decided:
    """What one bundle decided."""

    pair: Pair
    first: datetime | None
    last: datetime | None
    decisions: int = 0
    referrals: int = 0

    def add(self, made: RecordedDecision, referrals: int) -> None:
        """One more decision."""
        self.decisions += 1
        self.referrals += referrals
        if made.at is not None:
            self.first = min(self.first or made.at, made.at)
            self.last = max(self.last or made.at, made.at)


@dataclass(frozen=True, slots=True)
class HistoryLines:
    """The whole history."""

    releases: list[Admitted]
    bundles: list[Decided]

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "releases": [_release(each) for each in self.releases],
            "bundles": [
                {
                    "rules": each.pair[0],
                    "directory": each.pair[1],
                    "first": each.first and each.first.isoformat(),
                    "last": each.last and each.last.isoformat(),
                    "decisions": each.decisions,
                    "referrals": each.referrals,
                }
                for each in self.bundles
            ],
        }

    def words(self) -> str:
        """For a person."""
        lines = ["Released:"] if self.releases else ["Released: nothing that the trusted keys signed"]
        for each in self.releases:
            said = each.statement
            by = " and ".join(_signers(each).values())
            lines.append(
                f"  {each.at:%Y-%m-%d %H:%M:%S}  {said.action:<11} {said.number:>4}  rules {said.rules[:_SHOWN]}, "
                f"directory {said.directory[:_SHOWN]}, by {by}: {visible(said.why)}"
            )
        lines.append("Decided:")
        for bundle in self.bundles:
            when = (
                f"{bundle.first:%Y-%m-%d %H:%M:%S} to {bundle.last:%Y-%m-%d %H:%M:%S}" if bundle.first else "no times"
            )
            lines.append(
                f"  rules {bundle.pair[0][:_SHOWN]}, directory {bundle.pair[1][:_SHOWN]}: {when}, "
                f"{bundle.decisions} decisions, {bundle.referrals} referrals"
            )
        return "\n".join(lines)


def _release(release: Admitted) -> dict[str, Any]:
    said = release.statement
    return {
        "action": said.action,
        "number": said.number,
        "rules": said.rules,
        "directory": said.directory,
        "why": said.why,
        "at": release.at.isoformat(),
        "signed_by": _signers(release),
    }


def _signers(release: Admitted) -> dict[str, str]:
    found = {"author": release.signers.author, "approver": release.signers.approver}
    return {role: key.name for role, key in found.items() if key is not None}


async def tell(past: DecisionPast) -> HistoryLines:
    """Everything that *past* keeps, bundles in the order in which they first decided."""
    found: dict[Pair, Decided] = {}
    async for made in past.decisions():
        try:
            body = json.loads(made.value)
            pair = (str(body["rules"]["sha256"]), str(body["directory"]["sha256"]))
            referrals = len(body["referrals"])
        except (ValueError, KeyError, TypeError):
            continue
        found.setdefault(pair, Decided(pair, made.at, made.at)).add(made, referrals)
    bundles = sorted(found.values(), key=lambda each: each.first.timestamp() if each.first else 0.0)
    return HistoryLines(await past.releases(), bundles)
