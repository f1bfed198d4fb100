"""The guide for rule authors can be followed: its commands print what it says, and its mistakes are told as it says."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import paths
from unit.cli.guide_reading import GUIDE, Mistake, Step, made, mistakes, printed_as, steps
from unit.cli.guide_stage import Desk

TEXT = GUIDE.read_text(encoding="utf-8")
STEPS = list(steps(TEXT))
MISTAKES = list(mistakes(TEXT))
RULE = next(step for step in STEPS if step.path.endswith("before-release.yaml"))
ENOUGH = (
    "bases.yaml",
    "sets.yaml",
    "suppress.yaml",
    "need-release.yaml",
    "duty-to-refer.yaml",
    "duty-to-refer-approved.yaml",
)
"""The files of the pack that the mistakes speak of, and those whose rules theirs are linked with."""
COMMANDS = {"A": "analyse", "L": "lint"}
"""Which command finds a mistake, by the first letter of its code; the others are found by `check`."""


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"), patch)


def test_the_guide_has_files_commands_and_mistakes() -> None:
    done = {step.command.split()[2] for step in STEPS if step.command.startswith("onward rules")}
    assert done >= {"check", "fmt", "test", "coverage", "lint", "analyse", "explain", "diff", "impact"}
    assert done >= {"propose", "approve", "publish", "shadow", "rollback", "history"}
    assert any(step.command.startswith("make year ") for step in STEPS)
    assert len(MISTAKES) >= 50
    assert [step.path for step in STEPS if step.path] == ["schemas/routing/before-release.yaml", "facts.yaml"]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"line {step.line}")
def test_each_step_in_turn_does_what_the_guide_says(desk: Desk, step: Step) -> None:
    done = desk.do(step)
    if done is None:
        return
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.exit_code in (0, 1), done.output
    assert printed_as(step.text, done.output, figures=" impact " in step.command), done.output
    if step.command.startswith("onward rules shadow start"):
        desk.the_shadow_differs(12)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "routing"
    folder.mkdir()
    for name in ENOUGH:
        shutil.copy(paths.schemas() / "routing" / name, folder)
    return folder


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"line {mistake.line} {mistake.code}")
def test_each_mistake_is_told_as_the_guide_says(small: Path, mistake: Mistake) -> None:
    (small / Path(RULE.path).name).write_text(made(mistake, RULE.text), encoding="utf-8")
    told = CliRunner().invoke(app, ["rules", COMMANDS.get(mistake.code[0], "check"), str(small)]).output
    assert f"[{mistake.code}]" in told
    assert re.search(re.escape(mistake.message), told), told


def test_every_page_about_an_error_is_linked_or_its_family_is() -> None:
    linked = set(re.findall(r"\(\.\./rule-errors/([A-Z]\d{3})\.md\)", TEXT))
    index = (paths.rule_errors() / "README.md").read_text(encoding="utf-8")
    for family in index.split("\n## ")[1:]:
        heading, _, listed = family.partition("\n")
        if f"rule-errors/README.md#{slug(heading)})" not in TEXT:
            assert set(re.findall(r"\[([A-Z]\d{3})\]", listed)) <= linked, heading


def slug(heading: str) -> str:
    """As a heading is linked to."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_place_that_is_linked_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, heading = target.partition("#")
        page = (GUIDE.parent / path).resolve() if path else GUIDE
        assert page.is_file(), target
        headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
        assert not heading or heading in map(slug, headings), target
