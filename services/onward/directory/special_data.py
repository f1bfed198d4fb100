"""Which fields tell about health or an offence: of these the law asks for more than a basis under Article 6."""

from typing import Final

from onward.contracts.area_vocabulary import ADDED
from onward.contracts.arrangements import DATA_CLASSES, TELLS_HEALTH
from onward.contracts.facts import FACTS

# Needs that tell about a person's health though their class is `need` (UK GDPR Article 4(15)).
_HEALTH_NEEDS: Final = frozenset(
    f"needs.{need}"
    for need in (
        *("substance_drugs", "substance_alcohol", "mental_health", "physical_health", "learning_neurodiversity"),
        *("gambling", "trauma", "brain_injury", "social_care"),
        *(need.lower() for need, added in ADDED.needs.items() if added.health),
    )
)


ONLY_WITH_A_RELEASE: Final = frozenset({"release.on"})
"""Shown with release referrals alone: of others' business a release of years ago is none."""


def data_class_of(field: str) -> str:
    """What sort of data a field is that a profile may name; `contact` for what identifies."""
    fact = FACTS.get(field)
    return DATA_CLASSES.get(field, "contact") if fact is None else fact.data_class


def tells_health(field: str) -> bool:
    """Whether it needs an Article 9 condition."""
    return data_class_of(field) == "health" or field in _HEALTH_NEEDS or field in TELLS_HEALTH


def tells_offence(field: str) -> bool:
    """Whether it needs an Article 10 authority; allegations are offence data too (DPA 2018 s. 11(2))."""
    return data_class_of(field) == "offence"
