"""`onward rules diff` as an author runs it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from onward.contracts import paths
from unit.routing.routing_builders import HOUSING
from unit.workbench.pack_folders import folder_of, run


def folders(tmp_path: Path, before: str, after: str) -> tuple[Path, Path]:
    found = tmp_path / "before", tmp_path / "after"
    for folder, need in zip(found, (before, after), strict=True):
        folder.mkdir()
        folder_of(folder, need=need)
    return found


def diff(tmp_path: Path, before: str, after: str, *options: str) -> Result:
    one, other = folders(tmp_path, before, after)
    return run("diff", one, str(other), *options)


def test_other_words_end_with_0_and_say_that_equality_is_proved(tmp_path: Path) -> None:
    result = diff(tmp_path, HOUSING, HOUSING.replace('">= 18"', "18..120"))
    assert result.exit_code == 0
    assert "Proved equal: every situation leads to the same under both" in result.output
    assert "housing: person.age: was >= 18; is 18..120" in result.output


def test_a_difference_ends_with_1_and_says_what_changed_in_words(tmp_path: Path) -> None:
    result = diff(tmp_path, HOUSING, HOUSING.replace("18", "21"))
    assert result.exit_code == 1
    assert "Changed: housing (after/need.yaml:5:5)" in result.output
    assert "person.age: was >= 18; is >= 21" in result.output
    assert "Loses people: it matched, and does not now" in result.output
    assert "Different: 1 changed, 0 rules unchanged" in result.output


def test_an_unpacked_bundle_is_compared_with_the_directory_in_it(tmp_path: Path) -> None:
    bundle, rules = tmp_path / "seen", tmp_path / "rules"
    for folder in (bundle / "routing", rules):
        folder.mkdir(parents=True)
        folder_of(folder, need=HOUSING)
    shutil.copytree(paths.schemas() / "directory", bundle / "directory")
    assert run("diff", rules, str(bundle)).exit_code == 0
    for file in (bundle / "directory").glob("*.yaml"):
        file.write_text(file.read_text().replace("accepting: false", "accepting: true"))
    other = run("diff", bundle, str(rules))
    assert other.exit_code == 1
    assert "`birmingham-annexe-drug-treatment` is described otherwise" in other.output
    own = str(paths.schemas() / "directory")
    assert run("diff", bundle, str(rules), "--directory-before", own).exit_code == 0


@pytest.mark.parametrize("command", ["check", "fmt", "test", "coverage", "lint", "analyse"])
def test_a_whole_bundle_is_not_taken_for_rules_with_faults(tmp_path: Path, command: str) -> None:
    for name in ("routing", "directory"):
        (tmp_path / name).mkdir()
    folder_of(tmp_path / "routing", need=HOUSING)
    result = run(command, tmp_path)
    assert result.exit_code == 2
    assert result.output == (
        f"onward: {tmp_path} holds rules and a directory of providers; "
        f"name the rules in it, such as {tmp_path / 'routing'}\n"
    )


@pytest.mark.parametrize(
    "change",
    [('">= 18"', '">= 21"'), ('">= 18"', '">= 16"'), (", consent.accommodation: true", ""), ("agrees", "x")],
)
def test_every_example_can_be_pasted_as_a_rule_test(tmp_path: Path, change: tuple[str, str]) -> None:
    basis = HOUSING.replace("legal_basis: agreed", "legal_basis: duty")
    after = basis.replace(*change)
    result = diff(tmp_path, basis, after)
    examples = re.findall(r"given: (\{.*\})\n +expect: (\w+)\n(?: +because: (\S+)\n)?", result.output)
    assert len(examples) >= (result.exit_code == 1)
    tests = "".join(
        f"      - name: example {number}\n        given: {given}\n        expect: {expect}\n"
        + (f"        because: {because}\n" if because else "")
        for number, (given, expect, because) in enumerate(examples)
    )
    pasted = tmp_path / "pasted"
    pasted.mkdir()
    folder_of(pasted, need=f"{after}    tests:\n{tests}" if tests else after)
    assert run("test", pasted).exit_code == 0, run("test", pasted).output


def test_a_name_that_lets_another_rule_go_first_is_said(tmp_path: Path) -> None:
    urgent = HOUSING.replace("id: housing", "id: urgent").replace("within_5_working_days", "immediate")
    result = diff(tmp_path, HOUSING + urgent, HOUSING.replace("id: housing", "id: zz") + urgent)
    assert "Renamed: housing is now zz" in result.output
    assert "`urgent` now comes before `zz`, by its name" in " ".join(result.output.split())


def test_json_is_one_document(tmp_path: Path) -> None:
    document = json.loads(diff(tmp_path, HOUSING, HOUSING.replace("18", "21"), "--json").stdout)
    assert not document["ok"]
    (rule,) = document["rules"]
    assert (rule["rule"], rule["status"], rule["written"]) == (
        "housing",
        "changed",
        ["person.age: was >= 18; is >= 21"],
    )
    loses = rule["differences"][0]
    assert (loses["direction"], loses["before"], loses["after"]) == ("loses", "match", "no_match")
    assert loses["given"]["person.age"] == 18
    (lost,) = document["people"]
    assert lost["before"]["referred"]
    assert lost["after"]["referred"] == []
    assert set(document["versions"]) == {"before", "after"}


def test_rules_that_cannot_be_loaded_end_with_2(tmp_path: Path) -> None:
    result = diff(tmp_path, HOUSING, HOUSING.replace("person.age", "person.aeg"))
    assert result.exit_code == 2
    assert "after/need.yaml" in result.stderr
    assert run("diff", tmp_path / "nowhere").exit_code == 2


def test_the_second_bundle_is_the_projects_own_unless_it_is_named(tmp_path: Path) -> None:
    for name in ("routing", "directory"):
        shutil.copytree(paths.schemas() / name, tmp_path / "live" / name)
    for live in (tmp_path / "live", tmp_path / "live" / "routing"):
        result = run("diff", live)
        assert result.exit_code == 0
        assert "Proved equal" in result.output
        assert f"directory {tmp_path / 'live' / 'directory'}" in result.output


def test_rules_alone_are_never_proved_equal_to_rules_with_a_directory(tmp_path: Path) -> None:
    shutil.copytree(paths.schemas() / "routing", tmp_path / "live")
    result = run("diff", tmp_path / "live")
    assert "Proved equal" not in result.output
    assert "The rules are proved equal: the directory was NOT compared" in result.output
    assert "holds rules alone" in result.stderr
    assert "in a folder of another name" in result.stdout
    assert json.loads(run("diff", tmp_path / "live", "--json").stdout)["proved_equal"] is False


def test_each_bundle_is_compared_with_its_own_directory(tmp_path: Path) -> None:
    one, other = folders(tmp_path, HOUSING, HOUSING)
    shutil.copytree(paths.schemas() / "directory", directory := tmp_path / "directory")
    for file in directory.glob("*.yaml"):
        text = file.read_text()
        file.write_text(
            text.replace("services: [housing_authority]", "accepting: false\n    services: [housing_authority]")
        )
    result = run("diff", one, str(other), "--directory-after", str(directory))
    assert result.exit_code == 1
    assert "is described otherwise: accepting" in result.output
    assert "Somebody loses: ACCOMMODATION to housing_authority" in result.output
    assert run("diff", one, str(other), "--directory-before", str(tmp_path / "nowhere")).exit_code == 2
