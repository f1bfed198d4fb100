"""
What is wrong with a rule bundle: every problem in one pass, each with its place and what to do.

Codes begin with Y for reading YAML, R for structure, T for types, P for policy, D for the directory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from onward.diagnostics import yaml_tree
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place

MOST_PROBLEMS = 1_000
"""After so many the reading ends: what is left says nothing new, and its list would fill a memory."""
MOST_REPEATED = 5_000_000
"""Values of sets and conditions of prerequisites, each counted wherever it is named; usual are thousands."""
_LONGEST = 500
"""Characters of a message; what is over is cut out of its middle, since what to do stands at its end."""


class BundleError(Exception):
    """A rule bundle cannot be used; nothing of it was loaded."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics)))
        super().__init__("\n".join(map(str, self.diagnostics)))


@dataclass(slots=True)
class ProblemReport:
    """Collects problems while a bundle is read."""

    found: list[Diagnostic] = field(default_factory=list)
    _repeated: int = 0

    def add(self, place: Place, code: str, message: str) -> None:
        """
        Note a problem and go on, so that an author sees all of them at once.

        Raises:
            BundleError: There are too many already to be of any use.
        """
        self.found.append(Diagnostic.at(place, code, _shortened(message)))
        if len(self.found) >= MOST_PROBLEMS:
            self.finish()

    def repeat(self, size: int, place: Place) -> None:
        """
        Count what the name at *place* stands for, since few names can stand for more than a memory holds.

        Raises:
            BundleError: All names together stand for too much.
        """
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            what = f"the names up to here stand for over {MOST_REPEATED} values and conditions; this is no rule bundle"
            self.add(place, "Y001", what)
            self.finish()

    def finish(self) -> None:
        """
        End the reading: all or nothing, since a rule without its faulty condition would reach more people.

        Raises:
            BundleError: There was at least one problem.
        """
        if self.found:
            raise BundleError(self.found)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a bundle: its name as problems show it, and its bytes."""

    name: str
    content: bytes


def read(source: SourceFile, report: ProblemReport) -> Node | None:
    """The tree of a file, or None when it cannot be read; every problem goes to *report*."""
    reading = yaml_tree.read(source.name, source.content)
    report.found += reading.problems
    return reading.root


def _shortened(message: str) -> str:
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"
