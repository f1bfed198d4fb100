"""`onward types`: what is known of each partner's event types."""

import json
from typing import Any

from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import topics


def listed(*arguments: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["types", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    told: list[dict[str, Any]] = json.loads(result.stdout)["sources"]
    return told


def test_every_partner_is_listed_with_the_types_it_may_send() -> None:
    told = {each["source"]: each for each in listed()}
    assert sorted(told) == list(topics.sources())
    assert told["custody"] == {
        "source": "custody",
        "shape_is_ours": True,
        "reads": [
            "custody.detention.authorised",
            "custody.detention.disposed",
            "custody.detention.risk-assessed",
            "facts.answered",
        ],
        "reads_untyped": False,
        "leaves_aside": ["custody.interview.recorded", "custody.property.recorded", "custody.review.completed"],
        "unknown": None,
    }
    assert not told["hmpps"]["shape_is_ours"]
    assert "intervention.referral.sent" in told["hmpps"]["leaves_aside"]
    assert told["courts"]["reads_untyped"]


def test_one_partner_can_be_asked_for_in_words() -> None:
    result = CliRunner().invoke(app, ["types", "--source", "custody"])
    assert result.stdout.splitlines()[:2] == [
        "in.custody: any other is parked",
        "  reads         custody.detention.authorised",
    ]
    assert "in.hmpps" not in result.stdout


def test_a_partner_that_there_is_not_is_misuse() -> None:
    result = CliRunner().invoke(app, ["types", "--source", "custdy"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean `custody`" in result.stderr


def test_an_address_that_is_none_is_said_before_any_work() -> None:
    result = CliRunner().invoke(app, ["types", "--bootstrap", "nowhere:x"])
    assert result.exit_code == 2
    assert "is no address" in result.stderr
