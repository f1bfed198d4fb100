"""Every scenario of the project, and of the guide, holds; and says that something must."""

import re
from pathlib import Path

import pytest

from onward.contracts import paths
from onward.rehearsal import expectations, scenario
from onward.rehearsal.loading import load_scenario
from onward.rehearsal.play import play
from unit.rehearsal.scenarios import known, services, told

SHAPES = (
    scenario.Scenario,
    scenario.DemoPart,
    scenario.ScenarioStep,
    scenario.ScenarioMessage,
    scenario.ScenarioReply,
    scenario.ScenarioApproval,
    scenario.ScenarioMatch,
    scenario.ScenarioContact,
    expectations.StepExpectation,
    expectations.ExpectedEffects,
    expectations.ExpectedReferral,
    expectations.ExpectedEscalation,
    expectations.ExpectedQuestion,
    expectations.ExpectedMatch,
    expectations.ExpectedStatus,
    expectations.ExpectedFeedback,
)
FOLDER = paths.schemas() / "examples" / "scenarios"
FILES = sorted(FOLDER.rglob("*.yaml"))
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "rehearsing-stories.md"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_scenario_holds(path: Path) -> None:
    file = load_scenario(path, known())
    assert file.scenario.expects, "a scenario of the project says what must hold"
    assert told(await play(file, services())) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_names_its_schema_for_editors(path: Path) -> None:
    above = "../" * (len(path.relative_to(FOLDER).parts) + 1)
    assert path.read_text().startswith(f"# yaml-language-server: $schema={above}scenario.schema.json\n")


def test_the_scenario_of_the_guide_is_one_of_them() -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert text == (FOLDER / "refused-and-met-again.yaml").read_text()


def test_the_guide_names_every_key_of_a_scenario() -> None:
    guide = GUIDE.read_text()
    keys = {key for shape in SHAPES for key in shape.model_fields}
    assert sorted(key for key in keys if f"`{key}`" not in guide) == []
