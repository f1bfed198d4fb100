"""The kinds of value that a fact can have. There is no other: a rule compares these and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

FactValue: TypeAlias = bool | int | str | date | list[dict[str, bool | int | str]]
"""A value of any kind, as Python has it."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of words."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a fixed form, such as a GSS area code."""

    pattern: str
    example: str


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in Europe/London."""


@dataclass(frozen=True, slots=True)
class Records:
    """A list of records; a rule asks whether it *has* one that fits."""

    fields: Mapping[str, "YesNo | Whole | Choice | Code"]


Kind: TypeAlias = YesNo | Whole | Choice | Code | Day | Records


def python_type(kind: Kind) -> Any:
    """The type that pydantic checks a value of *kind* against."""
    match kind:
        case YesNo():
            return bool
        case Whole(low, high):
            return Annotated[int, Field(ge=low, le=high, strict=True)]
        case Choice(values):
            return Literal[values]
        case Code(pattern, example):
            return Annotated[str, Field(pattern=pattern, examples=[example])]
        case Day():
            return date
        case Records(fields):
            members = {name: NotRequired[python_type(each)] for name, each in fields.items()}
            record = TypedDict("Record", members)  # type: ignore[misc]  # its keys are data
            return list[record]


def in_words(kind: Kind) -> str:
    """The values a fact may have, as a partner is told them."""
    match kind:
        case YesNo():
            return "true or false"
        case Whole(low, high):
            return f"a whole number from {low} to {high}"
        case Choice(values):
            return "one of: " + ", ".join(values)
        case Code(_, example):
            return f"a code such as {example}"
        case Day():
            return "a day such as 2026-01-31"
        case Records(fields):
            each = "; ".join(f"{name}: {in_words(field)}" for name, field in fields.items())
            return f"a list, empty if none, of records with {each}"


class DeclaredFact(NamedTuple):
    """One fact that is declared beside others of its theme, as `onward.contracts.facts` takes it in."""

    path: str
    kind: Kind
    data_class: Literal["contact", "household", "need", "health", "offence", "risk", "safeguarding", "logistics"]
    """One of `onward.contracts.facts.DataClass`."""
    why: str
    derived: bool = False
    ask: str = ""
