"""
Equality data, as partners write it: the protected characteristics that are kept to watch that people are treated alike.

No rule can ask about any of it, nobody is asked for it, and no provider is told (Equality Act 2010 s. 149). A word that
we do not have is not known, and holds nothing up.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import AliasChoices, Field

from onward.contracts.fact_kinds import Choice
from onward.contracts.facts import FACTS, Facts
from onward.diagnostics.spelling import spelled
from onward.intake.domain.shapes import Shape
from onward.intake.domain.vocabulary import table

_GROUPS: Final = {"A": "asian", "B": "black", "M": "mixed", "W": "white", "O": "other"}
_ETHNICITIES: Final = {
    # The police's self-defined ethnicity, 18+1: a letter for the group and a digit in it. Chinese was O1 before.
    **{f"{letter}{digit}": group for letter, group in _GROUPS.items() for digit in (*range(1, 5), 9)},
    "O1": "asian",
    "Asian or Asian British": "asian",
    "Black or Black British": "black",
    "Black, Black British, Caribbean or African": "black",
    "Mixed or multiple ethnic groups": "mixed",
    "Other ethnic group": "other",
}
_YES_OR_NO: Final = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}


class EqualityIn(Shape):
    """What the person says of themselves, for equality monitoring alone."""

    ethnicity: Any = Field(default=None, validation_alias=AliasChoices("ethnicity", "selfDefinedEthnicity"))
    disabled: Any = None
    religion: Any = None
    sexual_orientation: Any = None
    gender_reassignment: Any = None
    marital_status: Any = None


def _words(path: str, **others: str) -> dict[str, str]:
    kind = FACTS[path].kind
    assert isinstance(kind, Choice)
    return dict(table(kind.values, others))


_BY_FIELD: Final[Mapping[str, Mapping[str, str | bool]]] = {
    "ethnicity": {**_words("person.ethnicity"), **{spelled(word): group for word, group in _ETHNICITIES.items()}},
    "religion": _words("person.religion", no_religion="none", christianity="christian", islam="muslim"),
    "sexual_orientation": _words(
        "person.sexual_orientation", straight="heterosexual", gay="gay_or_lesbian", lesbian="gay_or_lesbian"
    ),
    "marital_status": _words("person.marital_status"),
    "disabled": _YES_OR_NO,
    "gender_reassignment": _YES_OR_NO,
}


def equality_facts(person: EqualityIn) -> Facts:
    """The facts that follow, by path; None for what is not known."""
    return {f"person.{field}": _read(getattr(person, field), words) for field, words in _BY_FIELD.items()}


def _read(value: object, words: Mapping[str, str | bool]) -> str | bool | None:
    return words.get(spelled(str(value))) if isinstance(value, str | bool) else None
