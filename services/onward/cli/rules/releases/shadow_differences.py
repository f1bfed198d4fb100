"""What shadow bundles would have done otherwise: the topic `shadow-differences`, added up."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import ValidationError

from onward.cli.whole_topic import records
from onward.contracts import topics
from onward.contracts.ruleset import Change, ShadowDifference

_Bundles: TypeAlias = tuple[str, str, str, str]
_EXAMPLES = 3


@dataclass(slots=True)
class Differences:
    """How one shadow bundle differed from one live bundle."""

    bundles: _Bundles
    """The rules and the directory of the live one, then of the shadow."""
    situations: int = 0
    changes: Counter[tuple[str, ...]] = field(default_factory=Counter[tuple[str, ...]])
    examples: dict[tuple[str, ...], list[str]] = field(default_factory=dict[tuple[str, ...], list[str]])

    def add(self, found: ShadowDifference) -> None:
        """One more situation on which they disagree."""
        self.situations += 1
        for change in found.changes:
            what = _what(change)
            self.changes[what] += 1
            known = self.examples.setdefault(what, [])
            if len(known) < _EXAMPLES:
                known.append(found.decision_id)

    def document(self) -> dict[str, Any]:
        """For programs."""
        names = ("live_rules", "live_directory", "shadow_rules", "shadow_directory")
        fields = ("kind", "category", "rule", "provider", "was_rule", "was_provider")
        return {
            **dict(zip(names, self.bundles, strict=True)),
            "situations": self.situations,
            "changes": [
                {**dict(zip(fields, what, strict=True)), "count": count, "decisions": self.examples[what]}
                for what, count in self.changes.most_common()
            ],
        }

    def words(self) -> str:
        """For a person."""
        lines = [f"{self.bundles[2][:12]} beside {self.bundles[0][:12]}: {self.situations} situations differ"]
        for (kind, category, rule, provider, was_rule, was_provider), count in self.changes.most_common():
            was = f", was {was_rule} to {was_provider}" if was_rule else ""
            lines.append(f"  {count:>7}  {kind:<7}  {category:<28}  {rule} to {provider}{was}")
        return "\n".join(lines)


def _what(change: Change) -> tuple[str, ...]:
    return (change.kind, change.category, change.rule, change.provider, change.was_rule, change.was_provider)


async def read(bootstrap: str) -> list[Differences]:
    """
    Everything that is still kept, by bundles, in the order in which they first differed.

    Raises:
        KafkaError: the broker is away.
    """
    found: dict[_Bundles, Differences] = {}
    async for record in records(bootstrap, topics.SHADOW_DIFFERENCES.name):
        try:
            difference = ShadowDifference.model_validate_json(record.value or b"")
        except ValidationError:
            continue
        bundles = (
            difference.live_rules,
            difference.live_directory,
            difference.shadow_rules,
            difference.shadow_directory,
        )
        found.setdefault(bundles, Differences(bundles)).add(difference)
    return list(found.values())
