"""Whether what nobody could read of a message could say that somebody's life is at risk."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.left_out import LeftOut
from onward.intake.domain.unread import Unread

_FIELDS: Final = frozenset({"riskAssessment", "selfHarm", "threshold", "risk.self_harm", "event.threshold"})
"""Whatever stands there says how near to death somebody is, or holds what does."""

_WORDS: Final = ("suicid", "selfharm", "selfinjur", "overdos", "ligature", "tolife")
"""What is written of it anywhere else, without what is no letter: a risk to life, thoughts of suicide."""


def could_hide_risk_to_life(
    body: Mapping[str, Any], left_out: Sequence[LeftOut], unread: Sequence[Unread], *, prefix: str
) -> bool:
    """
    Whether one of *left_out*, or of the *unread* fields that look like one of ours, could say that a life is at risk.

    By the field that it is, or by a word in it. *prefix* is the JSON pointer to *body* that those of *left_out* begin
    with. Too often is safe: somebody rings the partner for nothing.
    """
    fields = ([_unescaped(part) for part in one.pointer.removeprefix(prefix).split("/")[1:]] for one in left_out)
    resembled = (each.resembles.split(".") for each in unread)
    return any(_FIELDS.intersection(parts) for parts in resembled) or any(
        _FIELDS.intersection(parts) or _says_so(_at(body, parts)) for parts in fields
    )


def _at(body: Mapping[str, Any], parts: Sequence[str]) -> object:
    """What stands there; of facts that nobody knows, which are told under one name, what they are called."""
    value: object = body
    for part in parts:
        if isinstance(value, list) and part.isdigit() and int(part) < len(cast("list[object]", value)):
            value = cast("list[object]", value)[int(part)]
        elif isinstance(value, dict) and part in value:
            value = cast("dict[str, object]", value)[part]
        elif isinstance(value, dict) and part == "*":
            return [name for name in cast("dict[str, object]", value) if name not in FACTS and name not in ASKABLE_ONLY]
        else:
            return None
    return value


def _says_so(value: object) -> bool:
    letters = "".join(char for char in json.dumps(value, ensure_ascii=False).casefold() if char.isalpha())
    return any(word in letters for word in _WORDS)


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
