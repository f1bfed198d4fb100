"""One finding of `onward rules lint`."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from onward.diagnostics.yaml_tree import Place

Severity: TypeAlias = Literal["warning", "error"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
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


def warning(place: Place, code: str, message: str) -> Finding:
    """Something that may be right, and that its author should look at."""
    return Finding(place, code, "warning", message)


def error(place: Place, code: str, message: str) -> Finding:
    """Something that is never right."""
    return Finding(place, code, "error", message)
