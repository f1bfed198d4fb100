"""`onward words`: each partner's own words for our codes."""

import json

from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import topics


def test_every_partner_is_listed_with_its_own_words_and_where_to_add_one() -> None:
    result = CliRunner().invoke(app, ["words", "--json"])
    assert result.exit_code == 0, result.output
    told = {each["source"]: each for each in json.loads(result.stdout)["sources"]}
    assert sorted(told) == list(topics.sources())
    assert all(each["not_known"] is None and each["records"] is None for each in told.values())
    shown = CliRunner().invoke(app, ["words", "--source", "custody"]).stdout
    assert shown.splitlines()[0] == "in.custody: schemas/words/custody.yaml"
    assert "in.hmpps" not in shown


def test_a_partner_that_there_is_not_is_misuse() -> None:
    assert CliRunner().invoke(app, ["words", "--source", "custdy"]).exit_code == 2
