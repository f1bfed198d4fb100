"""
What is wrong with a rule bundle: every problem in one pass, each with its place and what to do.

Codes begin with Y for reading YAML, R for structure, T for types, P for policy, D for the directory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from onward.contracts.yaml_text import Diagnostic, Place

MOST_PROBLEMS = 1_000
"""After so many the reading ends: what is left says nothing new, and its list would fill a memory."""
_LONGEST = 500
"""Characters of a message; what is over is cut out of its middle, since what to do stands at its end."""


class BundleError(Exception):
    """A rule bundle cannot be used; nothing of it was loaded."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics)))
        super().__init__("\n".join(map(str, self.diagnostics)))


@dataclass(slots=True)
class Report:
    """Collects problems while a bundle is read."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, place: Place, code: str, message: str) -> None:
        """
        Note a problem and go on, so that an author sees all of them at once.

        Raises:
            BundleError: There are too many already to be of any use.
        """
        self.found.append(Diagnostic.at(place, code, _shortened(message)))
        if len(self.found) >= MOST_PROBLEMS:
            self.finish()

    def finish(self) -> None:
        """
        End the reading: all or nothing, since a rule without its faulty condition would reach more people.

        Raises:
            BundleError: There was at least one problem.
        """
        if self.found:
            raise BundleError(self.found)


def _shortened(message: str) -> str:
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"


__all__ = ["BundleError", "Diagnostic", "Place", "Report"]
