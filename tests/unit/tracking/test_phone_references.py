import re
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.codes import Category
from onward.tracking.domain.phone_references import CODES, candidates, choose

CATEGORIES: tuple[Category, ...] = get_args(Category)


def test_every_category_has_a_code_of_its_own() -> None:
    assert set(CODES) == set(CATEGORIES)
    assert len(set(CODES.values())) == len(CODES)


@given(referral=st.uuids(), category=st.sampled_from(CATEGORIES))
def test_a_reference_is_two_letters_four_digits_and_the_category_with_nothing_that_can_be_misread(
    referral: UUID, category: Category
) -> None:
    chosen = choose(referral, category, ())
    assert re.fullmatch(rf"[A-Z]{{2}}\d{{4}}{CODES[category]}", chosen)
    for one, other in ("0O", "1I", "5S", "8B"):
        assert not (one in chosen and other in chosen)


@given(referral=st.uuids())
def test_a_reference_is_the_same_each_time(referral: UUID) -> None:
    assert choose(referral, "ACCOMMODATION", ()) == choose(referral, "ACCOMMODATION", ())


def test_a_taken_reference_leads_to_the_next_and_at_last_to_a_longer_one() -> None:
    referral = UUID(int=7)
    offered = candidates(referral, "ACCOMMODATION")
    assert len(set(offered)) == len(offered)
    assert choose(referral, "ACCOMMODATION", offered[:1]) == offered[1]
    assert re.fullmatch(r"[A-Z]{2}\d{6}AC", offered[-1])
    with pytest.raises(LookupError, match="every reference"):
        choose(referral, "ACCOMMODATION", offered)
