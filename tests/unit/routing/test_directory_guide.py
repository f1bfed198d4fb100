"""The guide for adding a provider, done as it says in a copy of the directory."""

import re
import shutil
from pathlib import Path

import pytest

from onward.contracts import paths
from onward.directory import files as directory_files
from onward.routing.domain.decide import Router
from unit.routing.pack_builders import RULES, referral, situation

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = DOCS / "guides" / "add-a-provider.md"
BLOCK = re.compile(r"```yaml file=schemas/directory/(\S+)\n(.*?)```", re.DOTALL)
HOMELESS = {
    "person.age": 34,
    "person.area": "E06000022",
    "accommodation.status": "homeless",
    "consent.accommodation": True,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the directory, in which nobody has followed the guide yet."""
    copied = shutil.copytree(paths.schemas() / "directory", tmp_path / "directory")
    for name, _ in BLOCK.findall(GUIDE.read_text()):
        (copied / name).unlink(missing_ok=True)
    return copied


def test_before_the_guide_is_followed_the_need_is_unmet(folder: Path) -> None:
    decision = Router(RULES, directory_files.load(folder)).decide(situation("custody", HOMELESS))

    assert [unmet.category for unmet in decision.unmet] == ["ACCOMMODATION"]


def test_one_file_as_the_guide_has_it_brings_a_person_to_the_new_provider(folder: Path) -> None:
    (found,) = BLOCK.findall(GUIDE.read_text())
    name, text = found
    (folder / name).write_text(text)

    decision = Router(RULES, directory_files.load(folder)).decide(situation("custody", HOMELESS))

    made = referral(decision, "housing_authority")
    assert made.provider == "anytown-night-shelter"
    assert {"name", "phone", "accommodation.status"} <= set(made.disclosed)
    assert "address" not in made.disclosed


def test_the_new_profile_of_the_guide_is_one_that_the_directory_takes(folder: Path) -> None:
    (profile,) = re.findall(r"```yaml\n(  night-shelter:.*?)```", GUIDE.read_text(), re.DOTALL)
    profiles = folder / "profiles.yaml"
    profiles.write_text(profiles.read_text() + "\n" + profile)

    assert directory_files.load(folder).profiles["night-shelter"].fields == (
        "name",
        "person.interpreter",
        "accommodation.status",
    )


def test_the_mistake_that_the_guide_shows_is_told_as_it_shows_it(folder: Path) -> None:
    ((name, text),) = BLOCK.findall(GUIDE.read_text())
    (folder / name).write_text(text.replace("profile: housing", "profile: housng"))
    (shown,) = re.findall(r"```text\n(.*)\n```", GUIDE.read_text())

    with pytest.raises(directory_files.DirectoryError) as caught:
        directory_files.load(folder)

    assert [str(problem) for problem in caught.value.problems] == [shown]


def test_the_table_of_seeds_names_every_seed_once_and_only_rules_that_exist() -> None:
    rows = re.findall(r"^\| (\d+) \| .*? \| (.*?) \|", (DOCS / "rule-pack.md").read_text(), re.MULTILINE)
    ids = {rule.id for rule in RULES.rules}

    assert [int(number) for number, _ in rows] == list(range(1, 34))
    for number, rules in rows:
        for name in re.findall(r"`([a-z0-9…-]+)`", rules):
            assert any(known.startswith(name.removesuffix("…")) for known in ids), f"seed {number}: no rule `{name}`"
            assert name.endswith("…") or name in ids, f"seed {number}: no rule `{name}`"
