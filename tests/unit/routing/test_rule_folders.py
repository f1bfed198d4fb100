"""No file of a folder that is meant as a rule file is passed over in silence."""

import os
from pathlib import Path

import pytest

from onward.diagnostics.yaml_tree import Diagnostic
from onward.routing.bundle_files import load_bundle, read_files
from onward.routing.domain.diagnostics import BundleError
from unit.routing.routing_builders import BASES, rule_file

RULE = b"""\
  - id: a-rule
    why: For the tests here
    when: {person.age: known}
    notify: {kind: told, to: duty-practitioner}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rule file that can be read."""
    (tmp_path / "bases.yaml").write_text(BASES)
    (tmp_path / "need.yaml").write_bytes(rule_file("need", RULE.decode()).content)
    return tmp_path


def problems(folder: Path) -> list[Diagnostic]:
    """What is wrong with the folder."""
    with pytest.raises(BundleError) as raised:
        load_bundle(folder)
    return list(raised.value.diagnostics)


@pytest.mark.parametrize(
    "name", ["more.yml", "more.YAML", "more.yaml ", "more.yaml.txt", "more.yaml.bak", "more", "more.txt", "a/more.yml"]
)
def test_a_rule_file_whose_name_does_not_end_in_yaml_is_a_problem(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("# A comment\nschema: routing/v1\n")
    (found,) = problems(folder)
    assert (found.code, found.file) == ("Y013", f"{folder.name}/{name}")
    assert "rename it" in found.message


@pytest.mark.parametrize(
    "name", [".more.yaml.swp", "more.yaml~", "#more.yaml#", ".~lock.more.yaml#", "README.md", "x.schema.json", "notes"]
)
def test_what_is_no_rule_file_is_let_be(folder: Path, name: str) -> None:
    (folder / name).write_text("schema: routing/v1\n" if name != "notes" else "Ask the panel\n")
    assert [file.name.partition("/")[2] for file in read_files(folder)] == ["bases.yaml", "need.yaml"]


def test_stories_beside_the_rules_are_no_rules_and_a_rule_among_them_is_a_problem(folder: Path) -> None:
    stories = folder / "scenarios" / "housing"
    stories.mkdir(parents=True)
    (stories / "says-no.yaml").write_text("title: Says no\nsteps: []\n")
    (folder / "scenarios" / "notes").write_text("Ask the panel\n")
    assert [file.name.partition("/")[2] for file in read_files(folder)] == ["bases.yaml", "need.yaml"]
    (stories / "more.yml").write_text("# A comment\nschema: routing/v1\n")
    (found,) = problems(folder)
    assert (found.code, found.file) == ("Y013", f"{folder.name}/scenarios/housing/more.yml")
    assert "move it out of the folder `scenarios`" in found.message


def test_a_folder_or_a_dead_link_in_the_place_of_a_rule_file_is_a_problem(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    (folder / "link.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(folder / "pipe.yaml")
    assert {(found.code, Path(found.file).name) for found in problems(folder)} == {
        ("Y013", "folder.yaml"),
        ("Y013", "link.yaml"),
        ("Y013", "pipe.yaml"),
    }


def test_a_link_to_a_rule_file_is_read_and_one_to_a_folder_is_a_problem(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "need.yaml").rename(elsewhere / "need.yaml")
    (folder / "need.yaml").symlink_to(elsewhere / "need.yaml")
    assert [rule.id for rule in load_bundle(folder).rules] == ["a-rule"]
    (folder / "more").symlink_to(elsewhere)
    assert [found.code for found in problems(folder)] == ["Y013"]


def test_a_name_that_cannot_be_printed_is_a_problem_that_can(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.yaml")).write_text("")
    (folder / "a\x1b[31m.yaml").write_text("")
    found = problems(folder)
    assert [each.code for each in found] == ["Y013", "Y013"]
    assert "caf\ufffd.yaml" in str(found[1])


def test_what_cannot_be_read_is_told_beside_all_other_problems(folder: Path) -> None:
    (folder / "more.yml").write_text("")
    (folder / "need.yaml").write_bytes(rule_file("need", RULE.decode().replace("known", "knwon")).content)
    assert {found.code for found in problems(folder)} == {"Y013", "T005"}
