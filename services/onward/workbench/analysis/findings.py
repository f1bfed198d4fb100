"""What the analysis can find, each with its code, its weight and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from onward.diagnostics.yaml_tree import Place
from onward.workbench.logic import Witness

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The weightiest first. Rules with an error are not published."""
NAMED = 5
"""So many rules at most are named in one message."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of finding."""

    title: str
    severity: Severity
    """As a rule; a single finding may weigh less, and then says why."""
    mend: str
    """What an author can do."""


SORTS: Mapping[str, Sort] = {
    "A001": Sort("never matches", "error", "correct the conditions that exclude each other, or remove the rule"),
    "A002": Sort("always stopped", "warning", "let the suppression leave out these people, or remove the rule"),
    "A003": Sort("the same rule twice", "error", "remove one of them"),
    "A004": Sort(
        "always covered by an earlier rule",
        "error",
        "remove the referral, let it win with `instead_of`, or have the earlier rule match fewer people",
    ),
    "A005": Sort("match together", "info", "nothing, if the earlier rule should win for these people"),
    "A006": Sort(
        "one approves, the other does not",
        "error",
        "give both the same `approval`, or let the one that should win name the other under `instead_of`",
    ),
    "A007": Sort(
        "only the names say who wins",
        "warning",
        "let the one that is better for the person name the other under `instead_of`, or make them agree",
    ),
    "A008": Sort("not unique", "error", "let the rules match different people, or drop `hit_policy: unique`"),
    "A009": Sort("widens silently", "error", "name the national rule under `widens`, or ask what it asks"),
    "A010": Sort("no rule reaches this provider", "warning", "write a rule for it, or remove it from the directory"),
    "A011": Sort("can never take anybody", "error", "name another provider, or change whom the rule is for"),
    "A012": Sort("no provider can take anybody", "error", "add a provider, or change whom the rule is for"),
    "A013": Sort("gap", "error", "let a rule reach these people, or narrow the goal"),
    "A014": Sort("goal for nobody", "warning", "correct the conditions of the goal"),
    "A015": Sort("two services for one need", "info", "nothing, if these people should be referred to each of them"),
    "A016": Sort(
        "nobody helps here",
        "warning",
        "let a provider serve the area, or say in the catchments that it is none of theirs",
    ),
    "A017": Sort("no provider for some of them", "warning", "let a provider take them, or change whom the rule is for"),
    "A018": Sort("narrowed to nobody", "error", "let the area's conditions leave somebody of the national rule"),
    "A090": Sort("not proved", "warning", "simplify the rules concerned; until then take it as possible"),
}
"""Every sort, by its code."""


@dataclass(frozen=True, slots=True)
class AnalysisFinding:
    """Something found, with the situation that shows it."""

    code: str
    severity: Severity
    place: Place
    """Where to look first."""
    message: str
    rules: tuple[str, ...] = ()
    """The rules concerned."""
    witness: Witness | None = None
    """
    A situation that shows it, which the engine has confirmed.

    None only where the finding is that there is no such situation, or that it is not known.
    """

    @property
    def sort(self) -> Sort:
        """What sort of finding it is."""
        return SORTS[self.code]

    @property
    def order(self) -> tuple[int, str, Place, str]:
        """The weightiest first, then by code and place."""
        return SEVERITIES.index(self.severity), self.code, self.place, self.message

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}; {self.sort.mend}"

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "title": self.sort.title,
            "where": str(self.place),
            "message": self.message,
            "mend": self.sort.mend,
            "rules": list(self.rules),
            "example": None if self.witness is None else self.witness.given(),
        }


def finding(
    code: str,
    place: Place,
    message: str,
    *rules: str,
    witness: Witness | None = None,
    severity: Severity | None = None,
) -> AnalysisFinding:
    """A finding of the usual weight of its sort, or of *severity*."""
    return AnalysisFinding(code, severity or SORTS[code].severity, place, message, rules, witness)
