"""The organisation that a partner's message comes from, in one spelling."""

from typing import Final

from onward.contracts.placeholders import says_nothing
from onward.diagnostics.spelling import spelled

_SAYS_NOTHING: Final = frozenset({"the", "of", "police", "constabulary", "service", "force"})
_LONGEST: Final = 64


def force_named(told: object) -> str:
    """
    A police force as partners name it: `West Midlands Police`, `west-midlands` or its number, `20`.

    Blank where nobody said, or in a way that names none.
    """
    if isinstance(told, int) and not isinstance(told, bool):
        told = str(told)
    if not isinstance(told, str) or len(told) > _LONGEST or says_nothing(told):
        return ""
    return "_".join(word for word in spelled(told).split("_") if word and word not in _SAYS_NOTHING)
