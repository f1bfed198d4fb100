"""Real public messages of the prison and probation services, where they are at hand: each is understood or ignored.

They are not part of the project. ONWARD_SAMPLES names their folder; without it, the one beside the checkout is taken.
Every case they show is also shown by an example of our own.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onward.cli.main import app

SAMPLES = Path(os.environ.get("ONWARD_SAMPLES") or Path(__file__).resolve().parents[4] / "shared" / "samples")
FILES = sorted(SAMPLES.glob("hmpps-*/*.json"))
NEVER_A_RELEASE = ("absconded", "merged", "received", "patient.removed")


def the_object(file: Path, *, on_the_day: bool = True) -> dict[str, Any]:
    at = ["--at", _occurred(file)] if on_the_day else []
    result = CliRunner().invoke(app, ["try", "--source", "hmpps", str(file), "--json", *at])
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def _occurred(file: Path) -> str:
    message = json.loads(file.read_bytes())
    event = json.loads(message["Message"]) if "Message" in message else message
    return str(event.get("publishedAt") or event["occurredAt"])


def test_the_samples_are_at_hand_or_it_is_said_that_they_are_not() -> None:
    if not FILES:
        pytest.skip(f"no public samples at {SAMPLES}: set ONWARD_SAMPLES to try them")
    assert len(FILES) > 20


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_public_sample_is_understood_or_ignored_with_a_reason(file: Path) -> None:
    for printed in (the_object(file), the_object(file, on_the_day=False)):
        intake = printed["intake"]
        assert intake["outcome"] in {"contact", "ignored"}
        assert bool(intake["reason"]) == (intake["outcome"] == "ignored")
        assert bool(printed["contacts"]) == (intake["outcome"] == "contact")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_public_sample_alone_ends_in_a_guessed_referral(file: Path) -> None:
    for contact in the_object(file)["contacts"]:
        assert contact["decision"]["referrals"] == []
        if contact["facts"].get("event.movement") == "released":
            assert contact["decision"]["needs_information"]


@pytest.mark.parametrize(
    "file", [f for f in FILES if any(word in f.stem for word in NEVER_A_RELEASE)], ids=lambda f: f.stem
)
def test_what_is_no_release_is_not_taken_for_one(file: Path) -> None:
    for contact in the_object(file)["contacts"]:
        assert contact["facts"].get("event.movement") != "released"
