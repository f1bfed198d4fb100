"""A release is what a release code says, and nothing contradicts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.codes import Movement
from onward.intake.domain.movements import NOT_A_RELEASE, RELEASE_CODES, Gate, arrival, departure

RELEASED = Gate("RELEASED", "CR", "Movement reason code CR", "OUTSIDE_PRISON", "NOT_UNDER_PRISON_CARE")


@pytest.mark.parametrize(("code", "movement"), NOT_A_RELEASE.items())
@pytest.mark.parametrize("reason", ["RELEASED", "TRANSFERRED", "UNKNOWN", "", "SOMETHING_NEW"])
def test_the_movement_code_decides_whatever_the_reason_says(code: str, movement: Movement, reason: str) -> None:
    assert departure(replace(RELEASED, reason=reason, code=code, details="")) == movement
    assert departure(replace(RELEASED, reason=reason, code=f" {code.lower()} ", details="")) == movement
    assert departure(replace(RELEASED, reason=reason, code="", details=f"Movement reason code {code}")) == movement
    assert departure(replace(RELEASED, reason=reason, code="", details=f"ACTIVE IN:REL-{code}")) == movement


@pytest.mark.parametrize("code", RELEASE_CODES)
def test_a_known_release_code_with_nothing_against_it_is_a_release(code: str) -> None:
    assert departure(replace(RELEASED, code=code, details="")) == "released"
    assert departure(Gate("released", code)) == "released"


@pytest.mark.parametrize(
    "gate",
    [
        replace(RELEASED, code="", details=""),
        replace(RELEASED, code="QQ", details=""),
        replace(RELEASED, location="IN_PRISON"),
        replace(RELEASED, location="BEING_TRANSFERRED"),
        replace(RELEASED, status="UNDER_PRISON_CARE"),
        replace(RELEASED, details="Movement reason code DEC"),
        replace(RELEASED, details="INACTIVE OUT:REL-DEC"),
        replace(RELEASED, details="Movement reason code CR, INACTIVE OUT:REL-DEC"),
        replace(RELEASED, code="DEC"),
        replace(RELEASED, reason="UNKNOWN"),
        replace(RELEASED, reason=""),
    ],
)
def test_what_contradicts_itself_or_is_not_known_is_neither_a_release_nor_a_death(gate: Gate) -> None:
    assert departure(gate) == "unknown"


@pytest.mark.parametrize(
    ("reason", "movement"),
    [
        ("RELEASED_TO_HOSPITAL", "hospital"),
        ("SENT_TO_COURT", "court"),
        ("TRANSFERRED", "transfer"),
        ("TEMPORARY_ABSENCE_RELEASE", "temporary_absence"),
    ],
)
@pytest.mark.parametrize("code", ["", "CR", "QQ"])
def test_a_release_code_does_not_make_a_release_of_another_reason(reason: str, movement: Movement, code: str) -> None:
    assert departure(Gate(reason, code)) == movement


@given(st.builds(Gate, *[st.text() | st.sampled_from(["RELEASED", "CR", "OUTSIDE_PRISON", "ZZ"])] * 5))
def test_only_a_known_release_code_makes_a_release(gate: Gate) -> None:
    if departure(gate) == "released":
        written = f"{gate.code} {gate.details}".upper()
        assert any(code in written for code in RELEASE_CODES)


@pytest.mark.parametrize(
    ("gate", "movement"),
    [
        (Gate("ADMISSION", "N"), "admitted"),
        (Gate("ADMISSION", "N", location="OUTSIDE_PRISON"), "unknown"),
        (Gate("RETURN_FROM_COURT"), "returned"),
        (Gate("TEMPORARY_ABSENCE_RETURN"), "returned"),
        (Gate("TRANSFERRED", "INT"), "transfer"),
        (Gate("ADMISSION", "MRG"), "merged"),
        (Gate("MATERIALISED"), "unknown"),
    ],
)
def test_an_arrival_is_what_its_reason_says(gate: Gate, movement: Movement) -> None:
    assert arrival(gate) == movement


def test_no_code_is_in_both_tables() -> None:
    assert not NOT_A_RELEASE.keys() & RELEASE_CODES.keys()
