"""Goals are kept only where a provider can take the person, and an area without help is found."""

import pytest

from onward.contracts import paths
from onward.directory import files as directory_files
from onward.directory.model import Eligibility
from onward.routing.bundle_files import load_bundle
from onward.workbench.analysis import analyse
from unit.routing.routing_builders import a_directory, a_provider
from unit.workbench.analysed import HOUSING, a_file, a_rule, codes, found, the

GOAL = "cover:\n  - {why: all adults, category: ACCOMMODATION, when: {person.age: '>= 18'}}\n"


def test_a_rule_that_matches_reaches_nobody_whom_no_provider_can_take() -> None:
    near = "E08000025"
    rule = a_file(a_rule("one", "person.age: known"), head=GOAL)
    elsewhere = a_provider("shelter", services=("cas3",), catchment=("E08000026",))
    men = a_directory(a_provider("council", catchment=(near,), eligibility=Eligibility(sex="male")))
    gap = the("A013", found(rule, directory=men))
    assert gap.message.startswith("`one` would refer them for ACCOMMODATION, and no provider can take them: ")
    assert gap.witness is not None
    assert gap.witness.facts["person.sex"] == "female"
    one_area = a_directory(a_provider("council", catchment=(near,)))
    assert "A013" not in codes(found(rule, directory=one_area)), "elsewhere the directory promises nothing"
    lost = the("A013", found(rule, directory=a_directory(a_provider("council", catchment=(near,)), elsewhere)))
    assert lost.witness is not None
    assert lost.witness.facts["person.area"] == "E08000026"
    full = a_directory(a_provider("council", accepting=False))
    assert "A013" not in codes(found(rule, directory=full)), "full is for now"


@pytest.mark.parametrize(("theme", "severity"), [("need", "warning"), ("safety", "error"), ("statutory", "error")])
def test_an_area_without_a_provider_that_others_of_its_file_have_is_found(theme: str, severity: str) -> None:
    council, shelter = a_provider("council", catchment=("E08000025",)), a_provider("shelter", services=("cas3",))
    file = a_file(a_rule("one", "person.age: known"), theme=theme)
    hole = found(file, directory=a_directory(council, shelter.model_copy(update={"catchment": ("E08000029",)})))
    missing = the("A016", hole)
    assert missing.severity == severity
    assert missing.message.startswith("nobody takes ACCOMMODATION as housing_authority in Solihull (E08000029), and")
    assert missing.rules == ("one",)
    national = a_provider("all", area="national")
    assert "A016" not in codes(found(file, directory=a_directory(council, shelter, national)))


def test_the_pack_finds_the_town_that_loses_its_housing_authority() -> None:
    files = dict(directory_files.read_files())
    text = files["west-midlands.yaml"].decode()
    at = text.index("- id: solihull-housing\n")
    wrong = text[:at] + text[at:].replace("[E08000029]", "[E08000028]", 1)
    directory = directory_files.parse(files | {"west-midlands.yaml": wrong.encode()})
    errors = [each for each in analyse(load_bundle(paths.schemas() / "routing"), directory) if each.severity == "error"]
    assert {"A013", "A016"} <= {each.code for each in errors}
    assert any("Solihull (E08000029)" in each.message for each in errors)


def test_a_rule_for_people_some_of_whom_are_too_young_for_every_provider_is_found() -> None:
    adults = a_directory(a_provider("council", catchment=("E08000025",), eligibility=Eligibility(min_age=18)))
    some = the("A017", found(a_file(a_rule("one", 'person.age: ">= 16"')), directory=adults))
    assert some.severity == "warning"
    assert some.witness is not None
    assert some.witness.facts["person.age"] in {16, 17}
    assert "A017" not in codes(found(a_file(a_rule("one", 'person.age: ">= 18"')), directory=adults))


def test_a_rule_for_everywhere_that_names_one_town_s_provider_is_found() -> None:
    here, there = (a_provider(name, catchment=(area,)) for name, area in (("one", "E08000025"), ("two", "E08000026")))
    named = a_rule("one", "person.age: known", refer=f"{HOUSING}, providers: [one]")
    some = the("A017", found(a_file(named), directory=a_directory(here, there)))
    assert some.witness is not None
    assert some.witness.facts["person.area"] == "E08000026"
    local = a_rule("one", "person.area: E08000025", refer=f"{HOUSING}, providers: [one]")
    assert "A017" not in codes(found(a_file(local), directory=a_directory(here, there)))
