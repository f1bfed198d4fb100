"""The JSON Schema of scenarios, for editors: `schemas/scenario.schema.json`."""

from typing import Final

from onward.contracts import topics
from onward.contracts.facts import FACTS
from onward.contracts.schemas import DIALECT, WrittenJsonSchema
from onward.diagnostics.json_text import as_file
from onward.rehearsal.scenario import Scenario

FILE: Final = "scenario.schema.json"


def scenario_schema() -> dict[str, str]:
    """The one file, by its name: for completion and quick warnings; `onward rehearse` alone decides."""
    schema = Scenario.model_json_schema(schema_generator=WrittenJsonSchema)
    shapes = schema["$defs"]
    shapes["ScenarioMessage"]["properties"]["source"]["enum"] = list(topics.sources())
    paths = {"propertyNames": {"enum": sorted(FACTS)}}
    shapes["ScenarioContact"]["properties"]["facts"] |= paths
    shapes["StepExpectation"]["properties"]["facts"] |= paths
    return {FILE: as_file({"$schema": DIALECT, "title": "Onward scenario", **schema})}
