"""Every code of a local authority leads to the authority that has its area today; one that never existed to none."""

import re
from datetime import date
from importlib import resources

import pytest

from onward.contracts.authorities import authorities, current, is_authority
from onward.contracts.facts import AREA

BCP, DORSET, BUCKS = "E06000058", "E06000059", "E06000060"
NORTH_NORTHANTS, WEST_NORTHANTS = "E06000061", "E06000062"
CUMBERLAND, WESTMORLAND, NORTH_YORKSHIRE, SOMERSET = "E06000063", "E06000064", "E06000065", "E06000066"
REORGANISED: dict[date, dict[str, tuple[str, ...]]] = {
    date(2019, 3, 31): {
        BCP: ("Bournemouth", "Poole", "Christchurch"),
        DORSET: ("East Dorset", "North Dorset", "Purbeck", "West Dorset", "Weymouth and Portland"),
        "E07000244": ("Suffolk Coastal", "Waveney"),
        "E07000245": ("Forest Heath", "St Edmundsbury"),
        SOMERSET: ("Taunton Deane", "West Somerset"),
    },
    date(2020, 3, 31): {BUCKS: ("Aylesbury Vale", "Chiltern", "South Bucks", "Wycombe")},
    date(2021, 3, 31): {
        NORTH_NORTHANTS: ("Corby", "East Northamptonshire", "Kettering", "Wellingborough"),
        WEST_NORTHANTS: ("Daventry", "Northampton", "South Northamptonshire"),
    },
    date(2023, 3, 31): {
        CUMBERLAND: ("Allerdale", "Carlisle", "Copeland"),
        WESTMORLAND: ("Barrow-in-Furness", "Eden", "South Lakeland"),
        NORTH_YORKSHIRE: (
            "Craven",
            "Hambleton",
            "Harrogate",
            "Richmondshire",
            "Ryedale",
            "Scarborough",
            "Selby",
        ),
        SOMERSET: ("Mendip", "Sedgemoor", "South Somerset", "Somerset West and Taunton"),
    },
}
"""By the last day of the old authorities: the new one, and whom it took over from (the structural changes orders)."""


@pytest.mark.parametrize("ended", REORGANISED)
def test_each_reorganisation_of_2019_to_2023_leads_from_the_old_authorities_to_the_new_one(ended: date) -> None:
    listed = {
        each.name: each.successor
        for each in authorities().values()
        if each.until == ended and each.code[:3] in ("E06", "E07")
    }
    assert listed == {name: successor for successor, names in REORGANISED[ended].items() for name in names}


def test_allerdale_leads_to_cumberland() -> None:
    assert current("E07000026") == "E06000063"
    assert authorities()["E06000063"].name == "Cumberland"
    assert not is_authority("E07000026")
    assert is_authority("E06000063")


def test_an_authority_that_was_itself_abolished_leads_on_to_the_last() -> None:
    """Taunton Deane became Somerset West and Taunton in 2019, and that Somerset in 2023."""
    assert current("E07000190") == current("E07000246") == SOMERSET


def test_a_moved_boundary_with_a_new_code_leads_to_the_new_code() -> None:
    assert (current("E08000016"), current("E08000019")) == ("E08000038", "E08000039")


@pytest.mark.parametrize(
    "code", ["E07000999", "E06000067", "E08000099", "W06000025", "N09000012", "S12000051", "", "*"]
)
def test_a_code_that_never_existed_is_not_known_and_leads_to_nothing(code: str) -> None:
    assert code not in authorities()
    assert not is_authority(code)
    assert current(code) == code


def test_an_authority_there_is_leads_to_itself() -> None:
    assert current("E08000025") == "E08000025"


def test_the_united_kingdom_has_361_authorities() -> None:
    now = [code for code, each in authorities().items() if each.successor is None]
    by_kind = {kind: sum(code.startswith(kind) for code in now) for kind in ("E06", "E07", "E08", "E09")}
    assert by_kind == {"E06": 63, "E07": 164, "E08": 36, "E09": 33}
    assert [sum(code.startswith(kind) for code in now) for kind in ("W06", "S12", "N09")] == [22, 32, 11]


def test_the_list_holds_together() -> None:
    for code, each in authorities().items():
        assert re.fullmatch(AREA.pattern, code)
        assert (each.until is None) == (each.successor is None)
        if each.successor is not None and each.until is not None:
            assert is_authority(each.successor), "one step leads to the authority of today"
            assert each.since < each.until
            assert code[0] == each.successor[0], "no area has changed its nation"


def test_the_file_says_where_it_is_from_under_which_licence_and_of_what_day() -> None:
    text = resources.files("onward.contracts").joinpath("local_authorities.csv").read_text(encoding="utf-8")
    head = " ".join(line for line in text.splitlines() if line.startswith("#"))
    for said in ("Office for National Statistics", "Open Government Licence v3.0", "1 April 2025", "30 November 2026"):
        assert said in head
