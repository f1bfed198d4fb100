"""Where a home should stand: a postcode, or what says that there is none or that nobody knows."""

import re
from typing import Final

from onward.diagnostics.spelling import spelled

_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_PSEUDO: Final = re.compile(r"ZZ99 [0-9][A-Z]{2}|NF1 1NF")
"""Made up where there is none: by the NHS (Organisation Data Service, ZZ99), and by probation for no fixed abode."""
_NO_FIXED_ABODE: Final = frozenset({"ZZ99 3VZ", "NF1 1NF"})
_HOMELESS: Final = (
    "nfa",
    "no_fixed_abode",
    "of_no_fixed_abode",
    "no_fixed_address",
    "no_fixed_accommodation",
    "homeless",
    "street_homeless",
    "rough_sleeper",
    "rough_sleeping",
    "sleeping_rough",
)


def postcode(text: str | None) -> str | None:
    """A UK postcode as the Post Office writes it; None when it is none, or one that stands for none."""
    written = _written(text)
    return None if written is None or _PSEUDO.fullmatch(written) else written


def says_no_home(text: str | None) -> bool:
    """Whether *text*, where a postcode or an address should stand, says that the person has no fixed abode."""
    if text is None:
        return False
    word = spelled(text[:200])
    return _written(text) in _NO_FIXED_ABODE or any(word == each or word.startswith(f"{each}_") for each in _HOMELESS)


def is_made_up(text: str) -> bool:
    """Whether *text* is a postcode that stands for none: no fixed abode, abroad, or not known."""
    return _PSEUDO.fullmatch(_written(text) or "") is not None


def _written(text: str | None) -> str | None:
    match = _POSTCODE.fullmatch("".join(text.split()).upper()) if text else None
    return f"{match[1]} {match[2]}" if match else None
