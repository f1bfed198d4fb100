"""Bundles that say the same in other words are proved equal."""

from pathlib import Path

import pytest

from onward.contracts import paths
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle, read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.loader import load
from onward.workbench.difference import Side, difference
from unit.workbench.analysed import a_file, a_rule
from unit.workbench.diffed import ADULT, compared, of_rules, the_rule

BOTH = "person.age: 18..30, accommodation.status: homeless"
SETS = "sets:\n  no_home: [homeless, at_risk]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (a_rule("housing", ADULT), a_rule("housing", ADULT.replace(">= 18", "18..120"))),
        (a_rule("housing", ADULT), a_rule("housing", ADULT.replace(">= 18", "> 17"))),
        (a_rule("housing", ADULT), a_rule("housing", ", ".join(reversed(ADULT.split(", "))))),
        (a_rule("housing", ADULT), a_rule("housing", ADULT).replace("why: tests", "why: other words")),
        (
            a_rule("housing", ADULT, more="    any_of: [{person.sex: female}, {person.veteran: true}]\n"),
            a_rule("housing", ADULT, more="    any_of: [{person.veteran: true}, {person.sex: female}]\n"),
        ),
        (
            a_rule("housing", ADULT, more="    any_of: [{person.age: 18..30}, {person.age: 31..120}]\n"),
            a_rule("housing", ADULT),
        ),
        (
            a_rule("housing", ADULT, more="    unless: [{person.sex: female}, {person.veteran: true}]\n"),
            a_rule("housing", f"{ADULT}, person.sex: male, person.veteran: false"),
        ),
        (
            a_rule("housing", ADULT, more="    unless: [{person.sex: female, person.veteran: true}]\n"),
            a_rule("housing", ADULT, more="    any_of: [{person.sex: male}, {person.veteran: false}]\n"),
        ),
        (
            a_rule("housing", f"{ADULT}, person.area: E08000025, person.nation: england"),
            a_rule("housing", f"{ADULT}, person.area: E08000025"),
        ),
    ],
)
def test_other_words_prove_equal(before: str, after: str) -> None:
    found = of_rules(before, after)
    assert the_rule(found).status in ("words", "unchanged"), the_rule(found)
    assert found.equal
    assert found.people == ()


def test_a_set_written_out_proves_equal() -> None:
    named = a_file(a_rule("housing", "accommodation.status: $no_home"), head=SETS)
    written = a_file(a_rule("housing", "accommodation.status: [at_risk, homeless]"))
    assert compared([named], [written]).equal


def test_rules_in_another_order_and_another_file_prove_equal() -> None:
    one, other = a_rule("housing", ADULT), a_rule("other", BOTH)
    found = compared([a_file(one, other)], [a_file(other, name="b"), a_file(one, name="a")])
    assert found.equal
    assert the_rule(found).words == ("file",)


def test_the_real_pack_equals_itself_with_every_comment_gone() -> None:
    files = read_files(paths.schemas() / "routing")
    bare = [SourceFile(file.name, _without_comments(file.content)) for file in files]
    directory = directory_files.load()
    found = difference(Side(load(files), directory), Side(load(bare), directory))
    assert found.equal
    assert {each.status for each in found.rules} == {"unchanged"}
    assert found.remarks == ("the files differ in writing only, so that decisions name another version",)


def test_the_real_pack_with_three_changes_is_compared_at_once(tmp_path: Path) -> None:
    directory = directory_files.load()
    for file in read_files(paths.schemas() / "routing"):
        (tmp_path / Path(file.name).name).write_bytes(file.content)
    need = tmp_path / "need.yaml"
    text = need.read_text()
    for name, old, new in (
        ("treatment-drugs", '">= 18"', '">= 21"'),
        ("treatment-alcohol", '">= 18"', "18..120"),
        ("debt-advice", "within_10_working_days", "within_3_weeks"),
    ):
        head, tail = text.split(f"  - id: {name}\n")
        text = f"{head}  - id: {name}\n{tail.replace(old, new, 1)}"
    need.write_text(text)
    before, after = load_bundle(paths.schemas() / "routing"), load_bundle(tmp_path)
    found = difference(Side(before, directory), Side(after, directory))
    changed = {each.rule.id: {shown.direction for shown in each.shown} for each in found.of("changed")}
    assert changed == {"treatment-drugs": {"loses", "asks no longer"}, "debt-advice": {"moves"}}
    assert [each.rule.id for each in found.of("words")] == ["treatment-alcohol"]
    assert [(each.category, each.direction) for each in found.people] == [("SUBSTANCE_DRUGS", "loses")]


def _without_comments(text: bytes) -> bytes:
    return b"\n".join(line for line in text.split(b"\n") if not line.lstrip().startswith(b"#"))
