"""A setting of the connection that cannot be used ends a command before it begins, whatever the command."""

import pytest
from typer.testing import CliRunner

from onward.cli.main import app

COMMANDS = ("topics", "parked list", "books list", "offsets show intake", "types")


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_named_and_nothing_was_done(command: str) -> None:
    arguments = [*command.split(), "--bootstrap", "broker.example:9092"]
    result = CliRunner().invoke(app, arguments, env={"ONWARD_KAFKA_CA_FILE": "/no/such/file"})
    assert result.exit_code == 2
    assert result.stderr == "onward: ONWARD_KAFKA_CA_FILE: Path does not point to a file\n"
    assert result.stdout == ""
