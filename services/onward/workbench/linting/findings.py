"""One finding of `onward rules lint`, and the places of a rule that it can stand at."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, TypeAlias

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.language import Condition, Rule

Severity: TypeAlias = Literal["warning", "error"]


@dataclass(frozen=True, slots=True, order=True)
class LintFinding:
    """Where, how grave, what and what to do about it."""

    place: Place
    code: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}"

    def document(self) -> dict[str, str | int]:
        """The finding as a JSON object."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
        }


def warning(place: Place, code: str, message: str) -> LintFinding:
    """Something that may be right, and that its author should look at."""
    return LintFinding(place, code, "warning", message)


def error(place: Place, code: str, message: str) -> LintFinding:
    """Something that is never right."""
    return LintFinding(place, code, "error", message)


def places(rule: Rule) -> frozenset[str]:
    """Where a rule stands, its lines in area overlays included; each as `file:line:column`."""
    return frozenset(_places(rule))


def _places(value: Any) -> Iterator[str]:
    if isinstance(value, Place):
        yield str(value)
    elif isinstance(value, Condition):
        yield value.where
    if isinstance(value, tuple):
        for each in value:
            yield from _places(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _places(getattr(value, each.name))
