"""Rules that matched together though their file promises that at most one does."""

from collections.abc import Sequence

from onward.routing.domain.language import RuleSet


class Overlapping:
    """The promises of a bundle; without any, looking costs nothing."""

    def __init__(self, rules: RuleSet) -> None:
        self._ids = tuple(rule.id for rule in rules.rules)
        numbers = {name: number for number, name in enumerate(self._ids)}
        self._files = tuple(frozenset(numbers[name] for name in file) for file in rules.unique)

    def among(self, matched: Sequence[int]) -> tuple[tuple[str, ...], ...]:
        """For each file of which more than one rule is among those *matched*, by number, their ids."""
        if not self._files:
            return ()
        found = ([number for number in matched if number in file] for file in self._files)
        return tuple(tuple(self._ids[number] for number in numbers) for numbers in found if len(numbers) > 1)
