"""`python -m onward.intake.schemas` writes the JSON Schema of every partner event whose shape is ours to define."""

import sys
from pathlib import Path

from pydantic import BaseModel

from onward.contracts import generated, paths
from onward.contracts.generated import Generated
from onward.intake.answers import EVENT_TYPE, FactsAnswered
from onward.intake.sources import ADAPTERS


def partner_schemas(folder: Path) -> Generated:
    """
    The schemas, for *folder*: `in.<source>.<event type>.schema.json`, and one for answers, which every partner sends.

    They list our own codes. Intake also reads the synonyms in docs/partners/words.md, and ignores fields that it does
    not know.
    """
    files = {
        f"in.{source}.{event}.schema.json": _schema(event, model)
        for source, adapter in ADAPTERS.items()
        for event, model in adapter.catalogue.models.items()
    }
    return Generated(folder, {**files, f"in.{EVENT_TYPE}.schema.json": _schema(EVENT_TYPE, FactsAnswered)}, "in.*.json")


def _schema(event: str, model: type[BaseModel]) -> str:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return generated.json_text({**schema, "$schema": dialect, "title": event})


if __name__ == "__main__":
    sys.exit(generated.main("onward.intake.schemas", partner_schemas(paths.schemas() / "events")))
