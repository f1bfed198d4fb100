"""The JSON Schema of scenarios, for editors: `schemas/scenario.schema.json`."""

from collections.abc import Mapping
from typing import Any, Final

from onward.contracts import topics
from onward.contracts.facts import FACTS
from onward.contracts.schemas import DIALECT
from onward.diagnostics.json_text import as_file
from onward.rehearsal.scenario import Scenario

FILE: Final = "scenario.schema.json"


def scenario_schema() -> dict[str, str]:
    """The one file, by its name: for completion and quick warnings; `onward rehearse` alone decides."""
    schema = _without_titles(Scenario.model_json_schema())
    shapes = schema["$defs"]
    shapes["ScenarioMessage"]["properties"]["source"]["enum"] = list(topics.sources())
    paths = {"propertyNames": {"enum": sorted(FACTS)}}
    shapes["ScenarioContact"]["properties"]["facts"] |= paths
    shapes["StepExpectation"]["properties"]["facts"] |= paths
    return {FILE: as_file({"$schema": DIALECT, "title": "Onward scenario", **schema})}


def _without_titles(schema: Any) -> Any:
    """Titles that repeat a name, and defaults, help nobody who writes."""
    match schema:
        case Mapping():
            kept = {name: value for name, value in schema.items() if not _says_nothing(name, value)}
            return {name: _without_titles(value) for name, value in kept.items()}
        case list():
            return [_without_titles(each) for each in schema]
        case _:
            return schema


def _says_nothing(name: str, value: object) -> bool:
    # A property may be called `title`: that is a schema, not a text.
    return (name == "title" and isinstance(value, str)) or name == "default"
