"""No file of the folder is passed over in silence: with it, an area's help would be gone."""

import shutil
from pathlib import Path

import pytest

from onward.contracts import paths
from onward.directory.files import DirectoryError, load, read_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's directory."""
    return shutil.copytree(paths.schemas() / "directory", tmp_path / "providers")


def problems(folder: Path) -> list[str]:
    with pytest.raises(DirectoryError) as raised:
        load(folder)
    return [f"{each.code} {each.file}" for each in raised.value.problems]


@pytest.mark.parametrize(
    "name",
    [
        "cambridgeshire.yml",
        "cambridgeshire.YAML",
        "cambridgeshire.yaml.bak",
        "cambridgeshire.bak",
        "cambridgeshire.orig",
        "cambridgeshire.txt",
        "cambridgeshire.json",
        "cambridgeshire.yaml ",
        "cambridgeshire.yaml~",
        "cambridgeshire",
        ".cambridgeshire.yml",
        ".cambridgeshire",
        "areas/cambridgeshire.yaml",
        "areas/cambridgeshire.yml",
        ".hidden/cambridgeshire.yaml",
    ],
)
def test_an_area_under_another_name_is_a_problem_and_never_gone(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "cambridgeshire.yaml").rename(folder / name)
    assert problems(folder) == [f"Y013 directory/{name}"]
    with pytest.raises(DirectoryError, match="Y013"):
        read_files(folder)


def test_a_hidden_area_is_read_and_found_to_have_another_name(folder: Path) -> None:
    (folder / "cambridgeshire.yaml").rename(folder / ".cambridgeshire.yaml")
    assert problems(folder) == ["D002 directory/.cambridgeshire.yaml"]


def test_links_to_folders_and_to_nowhere_are_problems(folder: Path) -> None:
    (folder / "more").symlink_to(folder)
    (folder / "north.yaml").symlink_to("nowhere.yaml")
    assert problems(folder) == ["Y013 directory/more", "Y013 directory/north.yaml"]


@pytest.mark.parametrize(
    "name",
    ["README.md", "national.yaml~", ".national.yaml.swp", "#national.yaml#", ".~lock.national.yaml#", ".gitkeep"],
)
def test_notes_and_what_editors_leave_beside_an_open_file_are_let_be(folder: Path, name: str) -> None:
    (folder / name).write_text("schema: directory/v1\n" if name != ".gitkeep" else "")
    assert sorted(read_files(folder)) == sorted(read_files())


def test_what_cannot_be_read_is_told_beside_all_other_problems(folder: Path) -> None:
    (folder / "north.yml").write_text("")
    national = folder / "national.yaml"
    national.write_text(national.read_text().replace("cas3", "cas4"))
    assert {each.split()[0] for each in problems(folder)} == {"Y013", "D005"}
