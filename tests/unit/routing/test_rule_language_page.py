"""The reference page of the language names every key there is, and its examples load."""

import re
from pathlib import Path
from typing import Any

from onward.contracts.facts import FACTS
from onward.routing import schema
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.loader import load

PAGE = (Path(__file__).parents[3] / "docs" / "rule-language.md").read_text()
NATIONAL = """\
schema: routing/v1
theme: need
owner: tests
rules:
  - id: housing-voluntary
    why: A homeless adult who agrees
    when: {person.age: ">= 18", accommodation.status: homeless, consent.accommodation: true}
    requires: [duty-to-refer-sent]
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}
    legal_basis: consent-referral
"""
SHARED = """\
schema: routing/v1
sets: {cambridgeshire: [E07000008]}
bases:
  consent-referral: {kind: consent, purpose: help, article_6: 6(1)(a), citation: UK GDPR Art. 6}
"""


def keys(definition: dict[str, Any]) -> set[str]:
    return set(definition["properties"])


def test_every_key_is_on_the_page() -> None:
    written = schema.editor_schema()
    of = written["definitions"]
    wanted = keys(written).union(*(keys(of[name]) for name in of if name not in ("conditions", "group")))
    named = set(re.findall(r"`([a-z_0-9]+)[`:]", PAGE))
    assert wanted - named == set()


def test_every_fact_on_the_page_exists() -> None:
    named = set(re.findall(r"`((?:person|accommodation|event)\.[a-z_0-9]+)", PAGE)) - {"event.day"}
    assert named
    assert named <= FACTS.keys()


def test_the_examples_load_together() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (of_a_test,) = [text for text in examples if text.startswith("tests:")]
    assert len(examples) == 4
    whole = [text for text in examples if text is not of_a_test]
    files = [*whole, SHARED, NATIONAL]
    rules = load([SourceFile(f"{number}.yaml", text.encode()) for number, text in enumerate(files)])
    assert [rule.id for rule in rules.rules] == ["cambridgeshire-winter-night", "housing-voluntary"]
    assert len(rules.rules[1].narrowed) == len(rules.rules[1].requires) == len(rules.goals) == 1
