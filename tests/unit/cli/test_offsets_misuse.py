"""`onward offsets` says what it lacks before it asks any server."""

import base64
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner

from onward.cli.main import app

KEY = {"ONWARD_ID_KEY": base64.b64encode(b"k" * 32).decode()}
NOBODY = ("--bootstrap", "127.0.0.1:1")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("show", "despatch"), KEY, "no service `despatch`; did you mean `dispatch`"),
        (("recover", "dispatch"), {}, "set ONWARD_ID_KEY"),
        (("recover", "dispatch"), {"ONWARD_ID_KEY": "ä"}, "ONWARD_ID_KEY must be base64"),
        (("recover", "people"), KEY, "keeps its positions in PostgreSQL: set ONWARD_DATABASE_URL"),
        (("recover", "dispatch", "--topic", "decisions"), KEY, "no topic that dispatch reads `decisions`"),
        (("recover", "dispatch", "--partition", "0"), KEY, "--partition needs --topic"),
    ],
)
def test_what_is_lacking_is_said_and_nothing_is_done(
    arguments: tuple[str, ...], environment: Mapping[str, str], said: str
) -> None:
    unset = {"ONWARD_ID_KEY": None, "ONWARD_DATABASE_URL": None}
    result = CliRunner().invoke(app, ["offsets", *arguments, *NOBODY], env={**unset, **environment})
    assert result.exit_code == 2, result.output
    assert said in " ".join(result.stderr.split())


def test_a_broker_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(app, ["offsets", "show", "dispatch", *NOBODY], env=KEY)
    assert result.exit_code == 1
    assert "Kafka refuses the connection at 127.0.0.1:1" in result.stderr
