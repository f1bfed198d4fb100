"""The short reference that people say on the phone: two letters, four digits and two letters for what it is for."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from onward.contracts.area_vocabulary import ADDED, AreaVocabularyError
from onward.contracts.codes import Category

_OURS: dict[str, str] = {
    "ACCOMMODATION": "AC",
    "SUBSTANCE_DRUGS": "DR",
    "SUBSTANCE_ALCOHOL": "AL",
    "MENTAL_HEALTH": "MH",
    "PHYSICAL_HEALTH": "PH",
    "LEARNING_NEURODIVERSITY": "LN",
    "EMPLOYMENT_EDUCATION": "EE",
    "FINANCE_DEBT": "FD",
    "FAMILY_RELATIONSHIPS": "FR",
    "DOMESTIC_ABUSE": "DA",
    "THINKING_BEHAVIOUR": "TB",
    "SOCIAL_INCLUSION": "SN",
    "WOMENS_SERVICES": "WM",
    "YOUTH_JUSTICE": "YJ",
    "GANGS_EXIT": "GE",
    "OUT_OF_COURT": "CC",
    "VICTIM_SUPPORT": "VC",
    "CHILDRENS_SOCIAL_CARE": "CS",
    "BEHAVIOUR_CHANGE": "CH",
    "GAMBLING": "GM",
    "TRAUMA": "TR",
    "BRAIN_INJURY": "NJ",
    "SOCIAL_CARE": "AR",
    "SEXUAL_VIOLENCE": "XV",
    "VETERANS": "VT",
    "CARE_LEAVERS": "CL",
    "IMMIGRATION_ADVICE": "MM",
}
CODES: Mapping[str, str] = {**_OURS, **{code: need.reference for code, need in ADDED.needs.items()}}
if len(set(CODES.values())) < len(CODES):
    raise AreaVocabularyError(f"vocabulary: a `reference` is one of {', '.join(sorted(_OURS.values()))}; write another")

_CONFUSED = (("0", "O"), ("1", "I"), ("5", "S"), ("8", "B"))
"""Pairs that are misheard or misread; both never stand in one reference (as in Refer and Monitor)."""

_SHORT, _LONG = 4, 2
"""With a third of all four-digit references in use, one referral in a hundred gets one with six digits."""


def _candidate(referral_id: UUID, category: Category, attempt: int, digits: int) -> str:
    drawn = int.from_bytes(hashlib.sha256(referral_id.bytes + attempt.to_bytes(2, "big")).digest())
    drawn, first = divmod(drawn, 26)
    drawn, second = divmod(drawn, 26)
    number = drawn % 10**digits
    return f"{chr(65 + first)}{chr(65 + second)}{number:0{digits}}{CODES[category]}"


def _clear(reference: str) -> bool:
    return not any(one in reference and other in reference for one, other in _CONFUSED)


def _drawn(referral_id: UUID, category: Category, digits: int, first: int) -> Iterator[str]:
    for attempt in range(first, 1 << 16):
        candidate = _candidate(referral_id, category, attempt, digits)
        if _clear(candidate):
            yield candidate


def candidates(referral_id: UUID, category: Category) -> tuple[str, ...]:
    """The references this referral may have, best first; the same each time."""
    short = _drawn(referral_id, category, 4, 0)
    long = _drawn(referral_id, category, 6, 1 << 15)
    return (*(next(short) for _ in range(_SHORT)), *(next(long) for _ in range(_LONG)))


def choose(referral_id: UUID, category: Category, taken: Collection[str]) -> str:
    """
    The first reference that no other referral has.

    Raises:
        LookupError: all are taken, which no number of referrals we can meet brings about.
    """
    for candidate in candidates(referral_id, category):
        if candidate not in taken:
            return candidate
    raise LookupError(f"every reference for a {category} referral is taken; see {__name__}")
