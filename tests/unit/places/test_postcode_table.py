"""The table of postcodes: what goes in comes out, whatever is written how, and half a file is never read."""

from array import array
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.places.areas import PostcodeAreas, installed
from onward.places.postcode_file import PostcodeFileError, read_postcode_file
from onward.places.table import PostcodeTable, PostcodeTableError, load_table, read_postcode

BIRMINGHAM, CARLISLE, CUMBERLAND, CAMBRIDGE = "E08000025", "E07000028", "E06000063", "E07000008"
TODAY = date(2026, 3, 2)
HEADER = "pcd,pcds,doterm,oslaua"

_LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_POSTCODES = st.builds(
    lambda area, district, inward: f"{area}{district} {inward}",
    st.text(_LETTERS, min_size=1, max_size=2),
    st.one_of(st.integers(0, 99).map(str), st.builds("{}{}".format, st.integers(0, 9), _LETTERS)),
    st.builds("{}{}{}".format, st.integers(0, 9), _LETTERS, _LETTERS),
)


def table(*rows: str, header: str = HEADER) -> PostcodeTable:
    return read_postcode_file([f"{line}\n" for line in (header, *rows)], "onspd.csv").table


def problems(*rows: str, header: str = HEADER) -> tuple[str, ...]:
    with pytest.raises(PostcodeFileError) as raised:
        read_postcode_file([f"{line}\n" for line in (header, *rows)], "onspd.csv")
    return raised.value.problems


@given(st.dictionaries(_POSTCODES, st.sampled_from((BIRMINGHAM, CARLISLE, CAMBRIDGE, "S12000028")), min_size=1))
def test_every_postcode_that_goes_in_comes_out_of_the_file_with_its_authority(places: dict[str, str]) -> None:
    made = table(*(f",{postcode},,{code}" for postcode, code in places.items()))
    assert len(made) == len({read_postcode(each) for each in places})
    for postcode, code in places.items():
        read = read_postcode(postcode)
        assert read is not None
        assert made.authority(read) == code


@given(st.sets(_POSTCODES, min_size=1, max_size=20), _POSTCODES)
def test_what_did_not_go_in_is_not_known(places: set[str], other: str) -> None:
    made = table(*(f",{each},,{BIRMINGHAM}" for each in places))
    asked = read_postcode(other)
    assert asked is not None
    assert (made.authority(asked) is None) == (other not in places)


def test_a_postcode_is_one_however_it_is_written() -> None:
    assert read_postcode("B11 1AA") == read_postcode("b111aa") == read_postcode(" B11  1aa ")
    for none in ("", "B11", "NFA", "no fixed abode", "1AA B11", "B11 1AAA", "\u212a1 1AA", "B11 \u0661AA"):
        assert read_postcode(none) is None


def test_a_table_is_the_same_when_it_is_read_back(tmp_path: Path) -> None:
    made = table(f",B11 1AA,,{BIRMINGHAM}", f",B1 1BB,,{BIRMINGHAM}", f",CA1 1AA,201501,{CARLISLE}")
    path = tmp_path / "postcodes.table"
    path.write_bytes(made.encoded())
    assert load_table(path).encoded() == made.encoded()
    assert len(load_table(path)) == 3


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda content: content[:-1], "damaged, or not written to its end"),
        (lambda content: content[:40], "no table of postcodes"),
        (lambda content: b"pcd,oslaua\n" + content, "no table of postcodes"),
        (lambda content: content[:16] + b"\x02\x00" + content[18:], "of another release (format 2, not 1)"),
    ],
)
def test_half_a_file_or_another_is_never_read_as_a_table(tmp_path: Path, damage: object, told: str) -> None:
    path = tmp_path / "postcodes.table"
    assert callable(damage)
    path.write_bytes(damage(table(f",B11 1AA,,{BIRMINGHAM}").encoded()))
    with pytest.raises(PostcodeTableError, match="onward places import") as raised:
        load_table(path)
    assert told in str(raised.value)
    with pytest.raises(PostcodeTableError, match="No such file"):
        load_table(tmp_path / "nowhere")


def test_an_abolished_authority_leads_to_its_successor_from_the_day_after_its_last() -> None:
    areas = PostcodeAreas({}, table(f",CA1 1AA,,{CARLISLE}"))
    assert areas.area("CA1 1AA", date(2023, 3, 31)) == CARLISLE
    assert areas.area("CA1 1AA", date(2023, 4, 1)) == CUMBERLAND
    assert PostcodeAreas({"CA1": CARLISLE}).area("CA1 1AA", TODAY) == CUMBERLAND


def test_the_table_counts_before_the_district_and_the_district_where_the_table_has_no_such_postcode() -> None:
    areas = PostcodeAreas({"CB1": CAMBRIDGE}, table(f",CB1 9ZZ,,{BIRMINGHAM}"))
    assert areas.area("CB1 9ZZ", TODAY) == BIRMINGHAM
    assert areas.area("CB1 1AA", TODAY) == CAMBRIDGE
    assert areas.area("ZZ99 3VZ", TODAY) is None
    assert areas.area("no fixed abode", TODAY) is None


def test_the_project_knows_the_districts_of_its_two_areas() -> None:
    assert installed().area("B11 1AA", TODAY) == BIRMINGHAM
    assert installed().area("cb11aa", TODAY) == CAMBRIDGE
    assert installed().area("SW1A 1AA", TODAY) is None


@pytest.mark.parametrize("header", ["pcds,laua", "PCDS,LAD25CD", "pcd7,oslaua", "PCD8,lad24cd,lad25cd", "pcd,oslaua"])
def test_the_columns_have_had_several_names_and_each_is_known(header: str) -> None:
    columns = header.count(",")
    row = ",".join(["B11 1AA", *(["S12000028"] if columns == 2 else []), BIRMINGHAM])
    read = read_postcode("B11 1AA")
    assert read is not None
    assert table(row, header=header).authority(read) == BIRMINGHAM


def test_what_is_wrong_in_a_file_is_told_with_its_line() -> None:
    good = f",B11 1AA,,{BIRMINGHAM}"
    assert problems(good, f",B11,,{BIRMINGHAM}") == ("onspd.csv:3: no postcode where one should be",)
    assert problems(",B11 1AA,,Birmingham") == ("onspd.csv:2: no code of a local authority where one should be",)
    assert problems(good, ",B11 1AB") == ("onspd.csv:3: 2 columns where the first line has 4",)
    (twice,) = problems(good, f",CB1 1AA,,{CAMBRIDGE}", f",b111aa,,{CAMBRIDGE}")
    assert twice == "onspd.csv:4: a postcode that stands in the file twice, with two local authorities"
    assert problems(good, ',"B11 1AB"x,,')[0].startswith("onspd.csv:3: no line of a CSV file")
    assert problems(header="a,b")[0].startswith("onspd.csv:1: no column for a postcode (pcds)")
    assert problems(header="pcds,b")[0].startswith("onspd.csv:1: no column for the local authority")
    assert problems()[0].startswith("onspd.csv:1: no postcode that has a local authority")


def test_of_many_problems_the_first_are_told_and_the_others_counted() -> None:
    with pytest.raises(PostcodeFileError, match="and 480 more like these") as raised:
        read_postcode_file([HEADER + "\n", *["\n", ",nothing,,\n"] * 500], "onspd.csv")
    assert len(raised.value.problems) == 20
    assert raised.value.problems[0].startswith("onspd.csv:")


def test_a_postcode_without_an_authority_is_left_out_and_counted_and_a_newer_authority_told() -> None:
    rows = [",B11 1AA,,E06000099", ",IM1 1AA,,M99999999", ",JE2 3AA,,L99999999", ",B11 1AB,,", f",B1 1AA,,{BIRMINGHAM}"]
    read = read_postcode_file([f"{line}\n" for line in (HEADER, *rows, rows[-1])], "onspd.csv")
    assert (len(read.table), read.without, read.unknown) == (2, 3, {"E06000099": 1})


def test_a_table_of_one_authority_needs_two_bytes_for_each_number() -> None:
    made = PostcodeTable.of({"B1": array("I", [5 << 16])}, (BIRMINGHAM,))
    assert len(made.encoded()) == 60 + 9 + 8 + 4
