"""What `--help` says: whole lines at the usual width, and no words of a programmer."""

from collections.abc import Iterator

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from onward.cli.main import app


def helps(group: object, *above: str) -> Iterator[tuple[str, ...]]:
    """Every command, and every group of them."""
    yield above
    for name, command in getattr(group, "commands", {}).items():
        yield from helps(command, *above, name)


@pytest.mark.parametrize("command", [*helps(get_command(app))], ids=" ".join)
def test_the_help_of_each_command_is_whole_and_in_words(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    assert not [line for line in result.output.splitlines() if line.endswith("...") and not line.startswith("Usage:")]
    assert not [word for word in ("%Y", "list[", "<int") if word in result.output]
