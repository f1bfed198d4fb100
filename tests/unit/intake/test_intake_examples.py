"""Every example message becomes what stands beside it, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from onward.contracts import contact_types, paths, topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read

FOLDER = paths.schemas() / "examples"
MESSAGES = sorted(path for path in FOLDER.glob("in.*/*") if not path.name.endswith(".expected.yaml"))
RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def expected_of(path: Path) -> Mapping[str, Any]:
    expected: Mapping[str, Any] = yaml.safe_load((path.parent / f"{path.stem}.expected.yaml").read_text())
    return expected


def said_of(contact: Contact) -> dict[str, Any]:
    """A contact as the expectation files write it: what is empty is left out."""
    identity = contact.identity.model_dump(mode="json", exclude={"identifiers"}, exclude_defaults=True)
    facts: dict[str, Any] = contact.model_dump(mode="json")["facts"]
    said = {
        "type": contact.type,
        "occurred_at": contact.occurred_at.isoformat(),
        "reference": contact.reference,
        "identifiers": [f"{one.type} {one.value}" for one in contact.identifiers],
        "identity": identity,
        "facts": {path: value for path, value in facts.items() if path not in {"event.source", "event.type"}},
        "consents": [
            f"{one.purpose} {'yes' if one.given else 'no'}{f' to {one.recipient}' if one.recipient else ''}"
            for one in contact.consents
        ],
        "links": [
            f"{link.kind}: {link.kept.type} {link.kept.value}, {link.other.type} {link.other.value}"
            for link in contact.links
        ],
        "in_reply_to": str(contact.in_reply_to) if contact.in_reply_to else None,
        "left_out": [f"{one.pointer} {one.reason}" for one in contact.left_out],
    }
    return {key: value for key, value in said.items() if value or key in {"identifiers", "facts"}}


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_example_becomes_what_stands_beside_it(path: Path) -> None:
    expected = expected_of(path)
    source = path.parent.name.removeprefix("in.")
    headers = [(name, value.encode()) for name, value in expected.get("headers", {}).items()]
    received_at = datetime.fromisoformat(expected.get("received_at", RECEIVED.isoformat()))
    told = read(source, path.read_bytes(), headers, received_at=received_at)
    if expected["outcome"] == "contact":
        assert not isinstance(told, Ignored | Parked), told
        contacts = list(told)
        assert [said_of(contact) for contact in contacts] == expected["contacts"]
        assert len({contact.contact_id for contact in contacts}) == len(contacts)
        for contact in contacts:
            assert (contact.source, contact.facts["event.source"]) == (source, source)
            assert (contact.type, contact.received_at) == (contact.facts["event.type"], received_at)
    else:
        found = (type(told).__name__.lower(), getattr(told, "reason", None), getattr(told, "pointer", ""))
        assert found == (expected["outcome"], expected["reason"], expected.get("pointer", ""))


def test_every_partner_has_examples_of_a_contact_and_of_something_else() -> None:
    for source in topics.sources():
        outcomes = {expected_of(path)["outcome"] for path in MESSAGES if path.parent.name == f"in.{source}"}
        assert "contact" in outcomes, source
        assert outcomes & {"ignored", "parked"}, source


def test_every_expectation_has_its_message() -> None:
    expectations = {
        path.with_name(path.name.removesuffix(".expected.yaml")) for path in FOLDER.glob("in.*/*.expected.yaml")
    }
    assert expectations == {path.with_suffix("") for path in MESSAGES}


def test_no_movement_but_a_real_release_sets_a_day_of_release() -> None:
    for path in MESSAGES:
        for contact in expected_of(path).get("contacts", []):
            facts = contact["facts"]
            assert ("release.on" in facts) == (facts.get("event.movement") == "released"), path


def test_a_rule_may_ask_for_every_type_of_contact_that_the_examples_become() -> None:
    shown = {contact["type"] for path in MESSAGES for contact in expected_of(path).get("contacts", ())}
    assert shown | {"accommodation.booking-cancelled"} == set(contact_types.known())
