"""Every real public message that lies beside the project goes through with the outcome its kind implies."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.movements import NOT_A_RELEASE, RELEASE_CODES
from onward.intake.partners import read
from onward.intake.sources.hmpps.irrelevant import IRRELEVANT

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("ONWARD_SAMPLES", ROOT.parent / "shared" / "samples"))
FILES = sorted(FOLDER.glob("hmpps-*/*.json"))
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not FILES, reason="no public samples here; set ONWARD_SAMPLES to the folder that holds hmpps-domain-events/"
)


def inner(path: Path) -> dict[str, Any]:
    """The event itself, out of SNS."""
    document: dict[str, Any] = json.loads(path.read_text())
    event: dict[str, Any] = json.loads(document["Message"]) if "Message" in document else document
    return event


def told(path: Path) -> Contact | Ignored | Parked:
    made = read("hmpps", path.read_bytes(), [], received_at=RECEIVED)
    if isinstance(made, Ignored | Parked):
        return made
    assert len(made) == 1
    return made[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_public_message_is_understood(path: Path) -> None:
    found = told(path)
    assert not isinstance(found, Parked), found
    assert found != Ignored("unknown_event_type")
    event_type = inner(path)["eventType"]
    if event_type in IRRELEVANT:
        assert found == Ignored("irrelevant_event_type")
    elif event_type.startswith("prisoner-offender-search."):
        assert found == Ignored("superseded_by_prison_offender_events")
    else:
        assert isinstance(found, Contact), found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_public_message_names_its_person(path: Path) -> None:
    found = told(path)
    if isinstance(found, Contact):
        event = inner(path)
        information = event.get("additionalInformation") or {}
        references = (event.get("personReference") or {}).get("identifiers") or []
        given = {one["value"] for one in references} | {str(value) for value in information.values()}
        assert {one.value for one in found.identifiers} <= given


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if inner(path)["eventType"].endswith("events.prisoner.released")],
    ids=lambda p: p.stem,
)
def test_only_a_release_code_makes_a_public_message_a_release(path: Path) -> None:
    found = told(path)
    assert isinstance(found, Contact)
    code = inner(path)["additionalInformation"]["nomisMovementReasonCode"]
    expected = NOT_A_RELEASE.get(code, "released" if code in RELEASE_CODES else "unknown")
    assert found.facts["event.movement"] == expected
    assert ("release.on" in found.facts) == (expected == "released")


def test_no_two_public_messages_are_one_contact() -> None:
    ids = [found.contact_id for found in map(told, FILES) if isinstance(found, Contact)]
    assert len(set(ids)) == len(ids)
