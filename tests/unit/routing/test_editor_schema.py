"""The editor's schema is up to date, takes the project's rule files and marks an author's slips."""

import json
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from onward.contracts import paths
from onward.contracts.fact_kinds import Choice
from onward.contracts.facts import FACTS
from onward.routing import schema
from unit.routing.routing_builders import HOUSING, rule_file
from unit.routing.rule_file_grammar import Bundle, bundles

VALIDATOR = jsonschema.Draft7Validator(schema.editor_schema())


class Plain(yaml.CSafeLoader):
    """Days stay texts, as an editor's YAML reader leaves them."""


Plain.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    document: Any = yaml.load(text, Loader=Plain)
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_the_written_schema_is_up_to_date_and_is_a_schema() -> None:
    for name, text in schema.rule_file_schema().items():
        assert (paths.schemas() / "routing" / name).read_text() == text
    jsonschema.Draft7Validator.check_schema(schema.editor_schema())


@pytest.mark.parametrize("path", sorted((paths.schemas() / "routing").glob("*.yaml")), ids=lambda path: path.name)
def test_the_project_s_rule_files_are_taken(path: Any) -> None:
    assert complaints(path.read_text()) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("person.age", "person.agee"),
        ("status: homeless", "status: homles"),
        ("accommodation: true", "accommodation: 'true'"),
        ("housing_authority", "housing"),
        ("within_5_working_days", "soon"),
        ("theme: need", "theme: needs"),
        ("why:", "because:"),
        ('">= 18"', '">= eighteen"'),
    ],
)
def test_a_slip_is_marked(right: str, wrong: str) -> None:
    text = rule_file("need", HOUSING).content.decode()
    assert complaints(text) == []
    assert complaints(text.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("test", "taken"),
    [
        ("accommodation.status: not homeless", True),
        ("accommodation.status: not homles", False),
        ("accommodation.status: not $usual", True),
        ("accommodation.status: not known", True),
        ("person.age: not 17", True),
        ("person.age: not seventeen", False),
        ("person.area: not E08000025", True),
        ("person.area: not E0800002", False),
        ("release.on: not 2026-03-01", True),
        ("release.on: not 2026-13-01", False),
        ("release.on: 2026-02-32", False),
        ("consent.accommodation: not known", True),
        ("consent.accommodation: not true", False),
    ],
)
def test_a_value_that_there_is_not_is_marked_after_not_too(test: str, taken: bool) -> None:
    text = rule_file("need", f"  - id: a\n    why: x\n    when: {{{test}}}\n    notify: {{kind: b, to: crisis-line}}\n")
    assert (complaints(text.content.decode()) == []) is taken


def test_a_referral_without_a_legal_basis_is_marked() -> None:
    text = rule_file("need", HOUSING.replace("    legal_basis: agreed\n", "")).content.decode()
    assert complaints(text) == ["'legal_basis' is a dependency of 'refer'"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bundles())
def test_nothing_is_marked_in_a_bundle_that_loads(bundle: Bundle) -> None:
    assert {name: [error.message for error in VALIDATOR.iter_errors(tree)] for name, tree in bundle.items()} == {
        name: [] for name in bundle
    }


OVERLAY = """\
schema: routing/v1
theme: need
owner: tests
hit_policy: unique
area: [E07000008]
prerequisites: {told: {why: It must be told, when: {duty_to_refer.status: submitted}}}
cover: [{why: Nobody is left out, when: {accommodation.status: homeless}, category: ACCOMMODATION}]
narrows: [{rule: housing, why: Only these, when: {needs.accommodation: ">= 3"}}]
rules:
  - id: local
    why: Here only
    owner: others
    requires: [told]
    widens: [housing]
    when: {person.age: 34}
    notify: {kind: check, to: duty-practitioner}
"""


def test_an_overlay_is_taken() -> None:
    assert complaints(OVERLAY) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("hit_policy: unique", "hit_policy: first"),
        ("area: [E07000008]", "area: Cambridge"),
        ("category: ACCOMMODATION", "category: HOUSING"),
        ("why: Only these, when", "when"),
        ("rule: housing", "rle: housing"),
        ("requires: [told]", "requires: told"),
        ("widens:", "widen:"),
        ("status: submitted", "status: sent"),
        ("person.age: 34", "person.ethnicity: white"),
    ],
)
def test_a_slip_in_an_overlay_is_marked(right: str, wrong: str) -> None:
    assert complaints(OVERLAY.replace(right, wrong, 1))


def test_an_editor_can_say_what_each_fact_means_and_complete_its_words() -> None:
    conditions = schema.editor_schema()["definitions"]["conditions"]
    offered = conditions["properties"]
    for path, fact in FACTS.items():
        assert fact.monitoring is (path not in offered)
        if not fact.monitoring:
            assert offered[path]["description"].startswith(fact.why)
        if not fact.monitoring and isinstance(fact.kind, Choice):
            shape = conditions["definitions"][offered[path]["$ref"].rpartition("/")[2]]
            one_value, _several = shape["anyOf"][0]["anyOf"]
            assert one_value == {"enum": list(fact.kind.values)}


def test_a_shape_that_several_facts_have_stands_there_once() -> None:
    written = schema.editor_schema()["definitions"]
    shapes = [json.dumps(shape) for shape in written["conditions"]["definitions"].values()]
    assert len(shapes) == len(set(shapes))
    offered = (
        *written["conditions"]["properties"].values(),
        *written["test"]["properties"]["given"]["properties"].values(),
    )
    spelled_out = [each for each in offered if "$ref" not in each]
    assert all(each.keys() <= {"enum", "description", "type", "pattern", "patternErrorMessage"} for each in spelled_out)
