"""Reasonable adjustments come as the flags of DAPB4019 have them: by code, by term, or as FHIR writes a coding."""

from typing import get_args

import pytest

from onward.contracts.arrangements import Adjustment
from onward.intake.domain.adjustments import FLAGS
from onward.intake.domain.arrangement_parts import ArrangementsIn

EVERY = [(code, term, adjustment) for adjustment, flags in FLAGS.items() for code, term in flags.items()]


def read(*told: object) -> tuple[str, ...]:
    return ArrangementsIn.model_validate({"adjustments": list(told)}).adjustments


@pytest.mark.parametrize(("code", "term", "adjustment"), EVERY, ids=[code for code, _, _ in EVERY])
def test_a_flag_is_read_however_it_is_written(code: str, term: str, adjustment: str) -> None:
    assert read(code) == read(term) == read(term.upper()) == read({"code": code, "display": term}) == (adjustment,)
    assert read({"system": "http://snomed.info/sct", "display": term}) == read(int(code)) == (adjustment,)


def test_a_flag_of_ours_has_one_meaning_and_every_word_of_ours_has_one() -> None:
    codes = [code for code, _, _ in EVERY]
    assert len(codes) == len(set(codes))
    assert set(FLAGS) == set(get_args(Adjustment)) - {"other"}


def test_a_flag_that_we_have_no_word_for_is_asked_about_and_holds_up_nothing() -> None:
    assert read("231501003", "Needle phobia", {"code": "231501003"}) == ("other",)
    assert read({}, {"code": None}, {"code": {"a": 1}}, None) == ()
    assert ArrangementsIn.model_validate({"adjustments": "Uses hearing loop, 1108171000000102"}).adjustments == (
        "hearing_loop",
        "longer_appointment",
    )
