"""The directory's reader: every mistake with its place, all at once, and nothing used of a faulty directory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.directory.files import DirectoryError, load, parse

PROFILES = """schema: directory/v1
profiles:
  housing:
    why: A housing authority reaches the person
    fields: [name, phone, accommodation.status]
    never: [offence, health]
"""
AREA = """schema: directory/v1
area: anyshire
providers:
  - id: anytown-housing
    name: Example Housing, Anytown (synthetic)
    services: [housing_authority]
    categories: [ACCOMMODATION]
    catchment: [E08000025]
    eligibility: {min_age: 16}
    profile: housing
    location: [52.48, -1.90]
"""


def problems(area: str = AREA, profiles: str = PROFILES, **more: str) -> list[str]:
    files = {"profiles.yaml": profiles, "anyshire.yaml": area, **{f"{name}.yaml": text for name, text in more.items()}}
    try:
        parse({name: text.encode() for name, text in files.items()})
    except DirectoryError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_directory_without_mistakes_is_read_whole() -> None:
    directory = parse({"profiles.yaml": PROFILES.encode(), "anyshire.yaml": AREA.encode()})

    provider = directory.providers["anytown-housing"]
    assert provider.area == "anyshire"
    assert provider.catchment == ("E08000025",)
    assert provider.eligibility.min_age == 16
    assert provider.location == (52.48, -1.90)
    assert directory.profiles["housing"].never == ("offence", "health")


def test_the_version_is_that_of_the_content_and_not_of_the_order_of_files() -> None:
    one = parse({"profiles.yaml": PROFILES.encode(), "anyshire.yaml": AREA.encode()})
    same = parse({"anyshire.yaml": AREA.encode(), "profiles.yaml": PROFILES.encode()})
    other = parse({"profiles.yaml": PROFILES.encode(), "anyshire.yaml": AREA.replace("16", "17").encode()})

    assert one.sha256 == same.sha256
    assert one.sha256.startswith(one.version)
    assert one.sha256 != other.sha256


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("profile: housing", "profile: housng", "10:14: error[D021]: no profile `housng`; did you mean `housing`?"),
        ("housing_authority", "housing_authoriti", "6:16: error[D005]: `housing_authoriti` is not one of"),
        ("[ACCOMMODATION]", "[ACCOMODATION]", "did you mean `ACCOMMODATION`?"),
        ("    profile: housing\n", "", "4:5: error[D005]: `profile` is missing"),
        ("    profile: housing\n", "    profil: housing\n", "no key `profil` here"),
        ("[E08000025]", "[E8000025]", "8:17: error[D023]: `E8000025` is not a GSS code"),
        ("[E08000025]", "[E08000025, '*']", "8:28: error[D022]: `*` is everywhere"),
        ("[E08000025]", "[]", "8:5: error[D005]: `catchment` is empty; name at least one"),
        ("{min_age: 16}", "{min_age: sixteen}", "9:28: error[D005]: `sixteen` is not a whole number"),
        ("{min_age: 16}", "{min_age: 16, max_age: 12}", "9:18: error[D024]: min_age 16 is above max_age 12"),
        ("{min_age: 16}", "{minage: 16}", "no key `minage` here"),
        ("[52.48, -1.90]", "[-1.90, 52.48]", "11:15: error[D025]: outside the United Kingdom"),
        (
            "profile: housing",
            "profile: housing\n    accepting: no",
            "11:16: error[D005]: `no` is not `true` or `false`",
        ),
        ("profile: housing", "profile: housing\n    area: elsewhere", "`area` is not written here"),
        ("anytown-housing", "Anytown Housing", "4:9: error[D005]: `Anytown Housing` is no valid `id`"),
        ("area: anyshire", "area: othershire", "2:7: error[D002]"),
        ("directory/v1", "directory/v2", "1:9: error[D005]"),
        ("services: [housing_authority]", "services: &a [housing_authority]", "6:15: error[Y008]"),
    ],
)
def test_each_mistake_in_a_provider_is_named_with_its_place(written: str, instead: str, said: str) -> None:
    assert written in AREA
    found = problems(AREA.replace(written, instead, 1))

    assert any(said in problem for problem in found), found
    assert all(problem.startswith("directory/anyshire.yaml:") for problem in found), found


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("phone", "fone", "5:20: error[D010]: no field `fone`; did you mean `phone`?"),
        ("accommodation.status", "custody.status", "error[D011]: `custody.status` is offence data"),
        ("accommodation.status", "person.religion", "error[D011]: `person.religion` is equality data"),
        ("accommodation.status", "needs.housing", "error[D010]: no field `needs.housing`"),
        ("accommodation.status", "name", "error[D013]: `name` is named twice"),
        ("[offence, health]", "[offence, helth]", "6:22: error[D005]: `helth` is not one of"),
        ("    why: A housing authority reaches the person\n", "", "error[D005]: `why` is missing"),
    ],
)
def test_each_mistake_in_a_profile_is_named_with_its_place(written: str, instead: str, said: str) -> None:
    assert written in PROFILES
    found = problems(profiles=PROFILES.replace(written, instead, 1))

    assert any(said in problem for problem in found), found


def test_identifiers_are_named_one_by_one() -> None:
    assert problems(profiles=PROFILES.replace("phone", "identifiers.NHS")) == []
    assert any("D010" in problem for problem in problems(profiles=PROFILES.replace("phone", "identifiers")))


def test_two_providers_cannot_have_one_id_in_whatever_file() -> None:
    found = problems(othershire=AREA.replace("anyshire", "othershire"))

    assert any("D020" in problem and "already at directory/anyshire.yaml:4:5" in problem for problem in found), found


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    area = AREA.replace("[E08000025]", "[nowhere]").replace("{min_age: 16}", "{min_age: 9, max_age: 2}")
    found = problems(area, PROFILES.replace("phone", "fone"), othershire="schema: directory/v1\narea: x\n")

    assert {problem.split("error[")[1][:4] for problem in found} == {"D005", "D010", "D023", "D024"}


def test_a_faulty_profile_is_not_told_as_missing_too() -> None:
    (told,) = problems(profiles=PROFILES.replace("health", "helth"))
    assert told.startswith("directory/profiles.yaml:6:22: error[D005]: `helth` is not one of contact, household,")
    assert told.endswith("did you mean `health`?")
    assert [each[:39] for each in problems(profiles="\t" + PROFILES)] == ["directory/profiles.yaml:1:1: error[Y003"]


def test_without_profiles_nothing_may_be_sent() -> None:
    with pytest.raises(DirectoryError, match=r"directory/profiles.yaml:1:1: error\[D001\]"):
        parse({"anyshire.yaml": AREA.encode()})


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no directory of providers"):
        load(tmp_path / "nowhere")


def test_a_new_area_file_is_all_that_a_new_area_needs(tmp_path: Path) -> None:
    (tmp_path / "profiles.yaml").write_text(PROFILES)
    (tmp_path / "anyshire.yaml").write_text(AREA)
    (tmp_path / "newshire.yaml").write_text(AREA.replace("anyshire", "newshire").replace("anytown", "newtown"))

    assert set(load(tmp_path).providers) == {"anytown-housing", "newtown-housing"}


@given(st.text(alphabet="{}[]:,-?&*!|>'\"%@` \nabcdefghi0#", max_size=120), st.integers(0, len(AREA)))
def test_no_text_makes_the_reader_fail_in_any_other_way(junk: str, at: int) -> None:
    area = AREA[:at] + junk + AREA[at:]
    for problem in problems(area):
        assert "error[" in problem


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("[housing_authority]", "[housing_authority, cas3, cas3]", "6:41: error[D013]: `cas3` is named twice in `serv"),
        ("[ACCOMMODATION]", "[ACCOMMODATION, ACCOMMODATION]", "7:33: error[D013]: `ACCOMMODATION` is named twice"),
        ("[E08000025]", "[E08000025, E08000026, E08000025]", "8:39: error[D013]: `E08000025` is named twice in `catch"),
        ("anytown-housing", "anytown-housing-", "4:9: error[D005]: `anytown-housing-` is no valid `id`"),
    ],
)
def test_what_one_list_of_a_provider_names_twice_is_told_at_its_second_place(
    written: str, instead: str, said: str
) -> None:
    (found,) = problems(AREA.replace(written, instead, 1))
    assert found.startswith(f"directory/anyshire.yaml:{said}")


def test_what_a_profile_names_twice_is_told_on_its_line() -> None:
    profiles = PROFILES.replace("[name, phone, accommodation.status]", "\n      - name\n      - phone\n      - name")
    (told,) = problems(profiles=profiles)
    assert told.startswith("directory/profiles.yaml:8:9: error[D013]: `name` is named twice in `fields` of `housing`")
    assert [each[:37] for each in problems(profiles=PROFILES.replace("[offence, health]", "[health, health]"))] == [
        "directory/profiles.yaml:6:21: error[D"
    ]


def test_a_service_that_there_is_not_leaves_no_empty_list_to_tell_of() -> None:
    (found,) = problems(AREA.replace("housing_authority", "housing_authorty"))
    assert "did you mean `housing_authority`?" in found
    assert "empty" not in found


@pytest.mark.parametrize("field", ["person.ethnicity", "person.disabled", "person.sexual_orientation"])
def test_what_is_kept_to_watch_for_equal_treatment_is_in_no_profile(field: str) -> None:
    (found,) = problems(profiles=PROFILES.replace("phone", field))
    assert f"error[D011]: `{field}` is equality data" in found
