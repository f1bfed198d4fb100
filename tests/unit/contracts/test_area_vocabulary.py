"""What an area adds to the closed lists is read whole, or is an error with its place."""

from pathlib import Path

import pytest

from onward.contracts.area_vocabulary import AreaVocabulary, AreaVocabularyError

GOOD = """\
schema: vocabulary/v1
needs:
  HOARDING: {means: Keeps so much at home that it is a danger, reference: HG, health: true, words: [hoards]}
services:
  hoarding_support: {means: Clears homes together with people}
roles:
  home-safety: {means: The fire service's home-safety team}
facts:
  person.lives_alone: {why: Nobody else lives in the home, class: household, values: yes_no, valid_days: 365}
"""


def read(folder: Path, **files: str) -> AreaVocabulary:
    for name, text in files.items():
        (folder / name.replace("_yaml", ".yaml").replace("_yml", ".yml")).write_text(text)
    return AreaVocabulary(folder)


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert AreaVocabulary(tmp_path / "none").needs == {}


def test_each_section_adds_to_its_list(tmp_path: Path) -> None:
    added = read(tmp_path, anyshire_yaml=GOOD)
    assert added.beside("needs", ["ACCOMMODATION"]) == ("HOARDING",)
    assert added.beside("services", []) == ("hoarding_support",)
    assert added.beside("roles", []) == ("home-safety",)
    assert added.beside("facts", []) == ("person.lives_alone",)
    assert added.needs["HOARDING"].words == ("hoards",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("HOARDING:", "hoarding:", "anyshire.yaml:2:1: error[D005]: `hoarding` cannot be a key of `needs`"),
        ("hoarding_support", "hoarding-support", "anyshire.yaml:4:1: error[D005]: `hoarding-support` cannot"),
        ("home-safety:", "Home Safety:", "anyshire.yaml:6:1"),
        ("person.lives_alone", "needs.lives_alone", "anyshire.yaml:8:1"),
        ("person.lives_alone", "person.Lives", "anyshire.yaml:8:1"),
        ("reference: HG", "reference: H1", "anyshire.yaml:3:"),
        (", health: true", "", "`health` is missing"),
        ("values: yes_no", "values: [once]", "`values` is `yes_no`, or a list of two words or more"),
        ("values: yes_no", "values: [once, once]", "each once"),
        ("class: household", "class: contact", "anyshire.yaml:9:"),
        ("valid_days: 365", "valid_days: -1", "too small"),
        ("services:", "service:", "no key `service`"),
        ("vocabulary/v1", "vocabulary/v2", "anyshire.yaml:1:"),
    ],
)
def test_a_slip_is_an_error_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(AreaVocabularyError) as caught:
        read(tmp_path, anyshire_yaml=GOOD.replace(old, new))
    assert told in str(caught.value)


def test_two_files_do_not_add_the_same(tmp_path: Path) -> None:
    other = GOOD.replace("HOARDING", "OTHER_NEED").replace("hoarding_support", "other").replace("home-", "other-")
    with pytest.raises(AreaVocabularyError) as caught:
        read(tmp_path, anyshire_yaml=GOOD, testshire_yaml=other)
    told = str(caught.value)
    assert "`HG` ends the references of `HOARDING` already" in told
    assert "`person.lives_alone` is added by another file too" in told


def test_one_of_ours_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(AreaVocabularyError, match="`HOARDING` is one of Onward's own needs"):
        read(tmp_path, anyshire_yaml=GOOD).beside("needs", ["HOARDING"])


@pytest.mark.parametrize("name", ["anyshire_yml", ".hidden", "anyshire.yaml.bak"])
def test_a_file_that_would_not_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(AreaVocabularyError, match=r"rename it, or move it elsewhere"):
        read(tmp_path, **{name: GOOD})
