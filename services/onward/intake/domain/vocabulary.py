"""
Words for our codes: those of every partner. A word that nobody knows is never guessed.

What one partner alone says, or means otherwise, stands beside its adapter: see `own_words`.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, get_args

from onward.contracts import codes
from onward.contracts.area_vocabulary import ADDED
from onward.contracts.contact import ConsentPurpose
from onward.diagnostics.spelling import spelled
from onward.intake.domain.need_words import NEED_WORDS


def _added_words() -> dict[str, str]:
    return {word: code for code, need in ADDED.needs.items() for word in need.words}


def table(own: tuple[str, ...], others: Mapping[str, str]) -> Mapping[str, str]:
    """Our codes and others' words for them, as `spelled` writes them."""
    return {spelled(word): code for word, code in others.items()} | {spelled(code): code for code in own}


NEEDS = table(get_args(codes.Need), {**NEED_WORDS, **_added_words()})
"""Our codes of needs and others' words for them."""

CATEGORIES = {
    **NEEDS,
    **table(
        (
            "WOMENS_SERVICES",
            "YOUTH_JUSTICE",
            "GANGS_EXIT",
            "OUT_OF_COURT",
            "VICTIM_SUPPORT",
            "CHILDRENS_SOCIAL_CARE",
            "BEHAVIOUR_CHANGE",
            "SEXUAL_VIOLENCE",
            "VETERANS",
            "CARE_LEAVERS",
            "IMMIGRATION_ADVICE",
        ),
        {
            **dict.fromkeys(("sexual assault", "rape", "SARC", "ISVA", "sexual abuse"), "SEXUAL_VIOLENCE"),
            **dict.fromkeys(("veteran", "armed forces", "Op COURAGE", "Op NOVA"), "VETERANS"),
            **dict.fromkeys(("care leaver", "leaving care"), "CARE_LEAVERS"),
            **dict.fromkeys(("immigration", "NRPF"), "IMMIGRATION_ADVICE"),
            "women specific": "WOMENS_SERVICES",
            "women's services": "WOMENS_SERVICES",
            "women": "WOMENS_SERVICES",
            "youth": "YOUTH_JUSTICE",
            "gangs": "GANGS_EXIT",
            "victims": "VICTIM_SUPPORT",
            "victim services": "VICTIM_SUPPORT",
            "children's services": "CHILDRENS_SOCIAL_CARE",
            "MASH": "CHILDRENS_SOCIAL_CARE",
            "perpetrator programme": "BEHAVIOUR_CHANGE",
            "domestic abuse perpetrator programme": "BEHAVIOUR_CHANGE",
            "DAPP": "BEHAVIOUR_CHANGE",
        },
    ),
}

PURPOSES = {
    **CATEGORIES,
    **table(
        tuple(word for part in get_args(ConsentPurpose) for word in get_args(part) or (part,)),
        {"DTR": "DUTY_TO_REFER", "contact": "CONTACT_DETAILS", "pass contact details": "CONTACT_DETAILS"},
    ),
}

SEVERITIES: Mapping[str, int] = {
    **{str(level): level for level in range(5)},
    "none": 0,
    "nil": 0,
    "no_need": 0,
    "no_risk": 0,
    "low": 1,
    "mild": 1,
    "minimal": 1,
    "minor": 1,
    "slight": 1,
    "standard": 1,
    "very_low": 1,
    "moderate": 2,
    "medium": 2,
    "high": 3,
    "acute": 3,
    "major": 3,
    "serious": 3,
    "severe": 3,
    "significant": 3,
    "urgent": 4,
    "immediate": 4,
    "very_high": 4,
    "critical": 4,
    "crisis": 4,
    "emergency": 4,
    "extreme": 4,
    "imminent": 4,
    "life_threatening": 4,
    "very_severe": 4,
    **{f"level_{level}": level for level in range(5)},
    "low_risk": 1,
    "moderate_risk": 2,
    "medium_risk": 2,
    "high_risk": 3,
    "very_high_risk": 4,
    "immediate_risk": 4,
}

CONSENTED: Mapping[str, bool] = {
    "agreed": True,
    "consented": True,
    "given": True,
    "declined": False,
    "not_agreed": False,
    "refused": False,
    "revoked": False,
    "withdrawn": False,
    "withheld": False,
}
"""What is written of a consent in the place of yes and no. One that was withdrawn must not go on standing."""

SEXES: Mapping[str, str] = {"f": "female", "female": "female", "m": "male", "male": "male"}
"""Anything else a partner writes is not known: single-sex services then ask."""

SETTINGS = table(
    (
        "street",
        "dwelling",
        "police_station",
        "emergency_department",
        "inpatient",
        "place_of_safety",
        "prison",
        "court",
        "community",
    ),
    {
        "public place": "street",
        "private dwelling": "dwelling",
        "home": "dwelling",
        "custody suite": "police_station",
        "custody": "police_station",
        "police custody": "police_station",
        "police custody suite": "police_station",
        "custody cell": "police_station",
        "police cell": "police_station",
        "police cells": "police_station",
        "cell": "police_station",
        "cells": "police_station",
        "A&E": "emergency_department",
        "ED": "emergency_department",
        "hospital ward": "inpatient",
        "ward": "inpatient",
        "HBPOS": "place_of_safety",
        "health-based place of safety": "place_of_safety",
        "health-based POS": "place_of_safety",
        "136 suite": "place_of_safety",
        "s136 suite": "place_of_safety",
        "section 136 suite": "place_of_safety",
        "hospital 136 suite": "place_of_safety",
        "hospital suite": "place_of_safety",
        "workplace": "community",
        "clinic": "community",
    },
)

ACCOMMODATION_STATUS = table(
    ("settled", "at_risk", "homeless"),
    {"NFA": "homeless", "no fixed abode": "homeless"},
)

ACCOMMODATION_CURRENT = table(
    ("own_tenancy", "family_or_friends", "supported", "cas1", "cas2", "cas3", "hostel", "street", "prison", "other"),
    {"sofa surfing": "family_or_friends", "rough sleeping": "street", "approved premises": "cas1"},
)

THRESHOLDS = table(
    ("crime", "immediate_risk_to_life", "serious_harm", "none"),
    {
        **dict.fromkeys(
            (
                "risk to life",
                "life at risk",
                "threat to life",
                "danger to life",
                "immediate threat to life",
                "immediate danger to life",
                "imminent risk to life",
                "imminent threat to life",
                "serious risk to life",
                "real and immediate risk to life",
                "real and immediate threat to life",
                "life threatening",
                "life in danger",
                "risk of death",
                "article 2",
                "ECHR article 2",
                "Art 2",
            ),
            "immediate_risk_to_life",
        ),
        **dict.fromkeys(
            (
                "risk of serious harm",
                "serious injury",
                "risk of serious injury",
                "immediate risk of serious harm",
                "immediate threat of serious harm",
                "imminent risk of serious harm",
                "threat of serious harm",
                "real and immediate risk of serious harm",
                "significant harm",
                "risk of significant harm",
                "grievous harm",
                "inhuman or degrading treatment",
                "article 3",
                "ECHR article 3",
                "Art 3",
            ),
            "serious_harm",
        ),
        **dict.fromkeys(("criminal offence", "offence", "crime in progress", "core policing duty"), "crime"),
        **dict.fromkeys(
            (
                "no threshold",
                "no threshold met",
                "threshold not met",
                "not met",
                "below threshold",
                "no police threshold",
            ),
            "none",
        ),
    },
)
"""
Right Care, Right Person: at which the police act on a call.

The words are those of the National Partnership Agreement (2023), of Articles 2 and 3 of the European Convention on
Human Rights that it rests on, and what call handlers write for them.
"""

LISTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "needs": NEEDS,
    "categories": CATEGORIES,
    "purposes": PURPOSES,
    "severities": SEVERITIES,
    "thresholds": THRESHOLDS,
    "settings": SETTINGS,
    "accommodation_status": ACCOMMODATION_STATUS,
    "accommodation_current": ACCOMMODATION_CURRENT,
}
"""The lists of words to which a partner may have words of its own, by name."""
_ALSO_IN: Final[Mapping[str, tuple[str, ...]]] = {"needs": ("categories", "purposes"), "categories": ("purposes",)}
"""A need can be a category and a purpose of consent, in the same words."""

OwnWords: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By the name of the list, one partner's words, as `spelled` writes them, with our codes for them."""


class VocabularyError(Exception):
    """A partner's own words name a list or a code that there is not."""


def code_of(name: str, word: str) -> Any:
    """Our code for *word*, as `spelled` writes it, in the list *name* or one that shares its words; else None."""
    return next((LISTS[each][word] for each in (name, *_ALSO_IN.get(name, ())) if word in LISTS[each]), None)


def own_words(**lists: Mapping[str, str | int]) -> OwnWords:
    """
    One partner's words for our codes, by the list in which they stand: `own_words(needs={"shelter": "ACCOMMODATION"})`.

    For that partner they count before the words of every partner, and for no other at all. A word for a need is one
    for a category and for a purpose of consent too.

    Raises:
        VocabularyError: There is no such list, or no such code in it.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, words in lists.items():
        if name not in LISTS:
            raise VocabularyError(f"no list of words is called `{name}`; there are {', '.join(LISTS)}")
        codes_of = set(LISTS[name].values())
        for word, code in words.items():
            if code not in codes_of:
                raise VocabularyError(
                    f"`{name}` has no code `{code}`; there are {', '.join(map(str, sorted(codes_of)))}"
                )
            for each in (name, *_ALSO_IN.get(name, ())):
                found.setdefault(each, {}).setdefault(spelled(word), code)
    return found
