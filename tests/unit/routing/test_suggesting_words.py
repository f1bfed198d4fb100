"""What is offered instead of a word that is none of a closed list."""

from typing import get_args

import pytest

from onward.contracts.codes import Category, Service, Urgency
from onward.diagnostics.spelling import instead

SERVICES, CATEGORIES, URGENCIES = get_args(Service), get_args(Category), get_args(Urgency)


@pytest.mark.parametrize(
    ("word", "options", "offered"),
    [
        ("alcohol_services", SERVICES, "`alcohol_treatment`"),
        ("drugs_treatment", SERVICES, "`drug_treatment`"),
        ("housing", SERVICES, "`housing_authority` or `supported_housing`"),
        ("Debt_Advice", SERVICES, "`debt_advice`"),
        ("ALCOHOL", CATEGORIES, "`SUBSTANCE_ALCOHOL`"),
        ("accomodation", CATEGORIES, "`ACCOMMODATION`"),
        ("MENTALHEALTH", CATEGORIES, "`MENTAL_HEALTH`"),
        ("within_5_days", URGENCIES, "`within_5_working_days`"),
    ],
)
def test_what_is_near_or_shares_a_telling_word_is_offered(word: str, options: tuple[str, ...], offered: str) -> None:
    assert instead(word, options) == f"; did you mean {offered}?"


def test_three_letters_of_five_are_enough_where_both_begin_alike_and_four_where_they_do_not() -> None:
    assert instead("abcxy", ["abczw"]) == "; did you mean `abczw`?"
    assert instead("xbcxy", ["abczw"]) == "; write one of `abczw`"
    assert instead("xbcde", ["abcde"]) == "; did you mean `abcde`?"
    assert instead("xbcdy", ["abcde"]) == "; write one of `abcde`"


@pytest.mark.parametrize("word", ["soon", "x", "working", "of_days", "_", "weeks" * 100_000])
def test_every_word_is_named_where_none_is_near(word: str) -> None:
    assert instead(word, URGENCIES) == f"; write one of {', '.join(f'`{name}`' for name in sorted(URGENCIES))}"


def test_an_ending_that_many_share_brings_no_word_near() -> None:
    services = ("youth_service", "debt_service", "alcohol_treatment", "family_service")
    assert instead("alcohol_service", services) == "; did you mean `alcohol_treatment`?"
    assert instead("museum_service", services).startswith("; write one of ")
