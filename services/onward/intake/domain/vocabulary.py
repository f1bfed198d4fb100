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


def _added_words() -> dict[str, str]:
    return {word: code for code, need in ADDED.needs.items() for word in need.words}


def table(own: tuple[str, ...], others: Mapping[str, str]) -> Mapping[str, str]:
    """Our codes and others' words for them, as `spelled` writes them."""
    return {spelled(code): code for code in own} | {spelled(word): code for word, code in others.items()}


NEEDS = table(
    get_args(codes.Need),
    {
        "housing": "ACCOMMODATION",
        "homelessness": "ACCOMMODATION",
        "homeless": "ACCOMMODATION",
        "no fixed abode": "ACCOMMODATION",
        "NFA": "ACCOMMODATION",
        "rough sleeping": "ACCOMMODATION",
        "sofa surfing": "ACCOMMODATION",
        "drugs": "SUBSTANCE_DRUGS",
        "drug": "SUBSTANCE_DRUGS",
        "drug use": "SUBSTANCE_DRUGS",
        "drug misuse": "SUBSTANCE_DRUGS",
        "drug dependence": "SUBSTANCE_DRUGS",
        "illicit drugs": "SUBSTANCE_DRUGS",
        "heroin": "SUBSTANCE_DRUGS",
        "opiates": "SUBSTANCE_DRUGS",
        "opioids": "SUBSTANCE_DRUGS",
        "crack": "SUBSTANCE_DRUGS",
        "cocaine": "SUBSTANCE_DRUGS",
        "cannabis": "SUBSTANCE_DRUGS",
        "ketamine": "SUBSTANCE_DRUGS",
        "alcohol": "SUBSTANCE_ALCOHOL",
        "alcohol use": "SUBSTANCE_ALCOHOL",
        "alcohol misuse": "SUBSTANCE_ALCOHOL",
        "alcohol dependence": "SUBSTANCE_ALCOHOL",
        "drinking": "SUBSTANCE_ALCOHOL",
        "mental wellbeing": "MENTAL_HEALTH",
        "emotional wellbeing": "MENTAL_HEALTH",
        "mental illness": "MENTAL_HEALTH",
        "mental ill health": "MENTAL_HEALTH",
        "anxiety": "MENTAL_HEALTH",
        "depression": "MENTAL_HEALTH",
        "psychosis": "MENTAL_HEALTH",
        "schizophrenia": "MENTAL_HEALTH",
        "bipolar": "MENTAL_HEALTH",
        "personality disorder": "MENTAL_HEALTH",
        "eating disorder": "MENTAL_HEALTH",
        "PTSD": "MENTAL_HEALTH",
        "post-traumatic stress disorder": "MENTAL_HEALTH",
        "trauma": "MENTAL_HEALTH",
        "complex trauma": "MENTAL_HEALTH",
        "childhood trauma": "MENTAL_HEALTH",
        "trauma in childhood": "MENTAL_HEALTH",
        "psychological trauma": "MENTAL_HEALTH",
        "health": "PHYSICAL_HEALTH",
        "primary care": "PHYSICAL_HEALTH",
        "learning disability": "LEARNING_NEURODIVERSITY",
        "learning": "LEARNING_NEURODIVERSITY",
        "neurodiversity": "LEARNING_NEURODIVERSITY",
        "autism": "LEARNING_NEURODIVERSITY",
        "autistic": "LEARNING_NEURODIVERSITY",
        "autism spectrum": "LEARNING_NEURODIVERSITY",
        "autism spectrum disorder": "LEARNING_NEURODIVERSITY",
        "autism spectrum condition": "LEARNING_NEURODIVERSITY",
        "ASD": "LEARNING_NEURODIVERSITY",
        "Asperger's": "LEARNING_NEURODIVERSITY",
        "ADHD": "LEARNING_NEURODIVERSITY",
        "attention deficit hyperactivity disorder": "LEARNING_NEURODIVERSITY",
        "dyslexia": "LEARNING_NEURODIVERSITY",
        "dyspraxia": "LEARNING_NEURODIVERSITY",
        "learning difficulty": "LEARNING_NEURODIVERSITY",
        "learning difficulties": "LEARNING_NEURODIVERSITY",
        "intellectual disability": "LEARNING_NEURODIVERSITY",
        "brain injury": "LEARNING_NEURODIVERSITY",
        "acquired brain injury": "LEARNING_NEURODIVERSITY",
        "traumatic brain injury": "LEARNING_NEURODIVERSITY",
        "ABI": "LEARNING_NEURODIVERSITY",
        "TBI": "LEARNING_NEURODIVERSITY",
        "head injury": "LEARNING_NEURODIVERSITY",
        "employment": "EMPLOYMENT_EDUCATION",
        "education": "EMPLOYMENT_EDUCATION",
        "training": "EMPLOYMENT_EDUCATION",
        "unemployment": "EMPLOYMENT_EDUCATION",
        "work": "EMPLOYMENT_EDUCATION",
        "ETE": "EMPLOYMENT_EDUCATION",
        "education training and employment": "EMPLOYMENT_EDUCATION",
        "education skills and work": "EMPLOYMENT_EDUCATION",
        "finance": "FINANCE_DEBT",
        "finances": "FINANCE_DEBT",
        "debt": "FINANCE_DEBT",
        "debts": "FINANCE_DEBT",
        "benefits": "FINANCE_DEBT",
        "welfare benefits": "FINANCE_DEBT",
        "money": "FINANCE_DEBT",
        "finance benefit and debt": "FINANCE_DEBT",
        "finance and id": "FINANCE_DEBT",
        "family": "FAMILY_RELATIONSHIPS",
        "relationships": "FAMILY_RELATIONSHIPS",
        "family and significant others": "FAMILY_RELATIONSHIPS",
        "children families and communities": "FAMILY_RELATIONSHIPS",
        "domestic violence": "DOMESTIC_ABUSE",
        "domestic abuse and violence": "DOMESTIC_ABUSE",
        "DVA": "DOMESTIC_ABUSE",
        "attitudes thinking and behaviour": "THINKING_BEHAVIOUR",
        "thinking": "THINKING_BEHAVIOUR",
        "anger management": "THINKING_BEHAVIOUR",
        "anger": "THINKING_BEHAVIOUR",
        "lifestyle and associates": "SOCIAL_INCLUSION",
        "isolation": "SOCIAL_INCLUSION",
        **_added_words(),
    },
)
"""
Refer and Monitor's service categories, Resettlement Passport's pathways, and what practitioners write. That of the
Criminal Justice Joint Inspection's review of neurodiversity (2021), with ADHD and brain injury, is ours. A need for
which we have no category, such as gambling, is in no list: it is left out and told, never bent into another.
"""

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
        ),
        {
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
