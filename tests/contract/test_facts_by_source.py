"""Which partner tells which fact is what intake really reads, and what rules ask for is told by somebody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from onward.contracts import paths
from onward.contracts.contact import Contact
from onward.contracts.facts import FACTS
from onward.contracts.facts_by_source import told_facts
from onward.intake.partners import adapters, makes, read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
EXAMPLES = sorted((paths.schemas() / "examples").glob("in.*/*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_example_brings_a_fact_that_its_partner_is_not_said_to_tell(path: Path) -> None:
    source = path.parent.name.removeprefix("in.")
    made = read(source, path.read_bytes(), (), received_at=RECEIVED)
    for contact in made if isinstance(made, tuple) else ():
        assert isinstance(contact, Contact)
        assert contact.facts.keys() <= told_facts()[source][contact.type]


def test_every_partner_and_every_type_of_contact_is_there() -> None:
    told = told_facts()
    assert told.keys() == adapters().keys()
    assert {kind for types in told.values() for kind in types} == makes()


def test_a_fact_of_the_shapes_is_found_that_no_example_shows() -> None:
    assert "event.required_assessment" in told_facts()["custody"]["custody.detention-authorised"]
    assert "event.order" not in told_facts()["custody"]["custody.detention-authorised"]


def test_every_fact_that_does_not_follow_from_others_is_told_by_somebody() -> None:
    told = {path for types in told_facts().values() for facts in types.values() for path in facts}
    assert {path for path, fact in FACTS.items() if not fact.derived} - told == set()
