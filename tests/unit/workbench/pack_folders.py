"""Rule files in a folder, and the commands of `onward rules` run on them."""

from pathlib import Path

from typer.testing import CliRunner, Result

from onward.cli.rules.app import rules
from unit.routing.routing_builders import BASES, rule_file


def folder_of(into: Path, **by_theme: str) -> Path:
    """A folder with the rules of each theme, and the bases `agreed`, `life` and `duty`."""
    (into / "bases.yaml").write_text(BASES)
    for theme, text in by_theme.items():
        (into / f"{theme}.yaml").write_bytes(rule_file(theme, text).content)
    return into


def run(command: str, folder: Path, *arguments: str) -> Result:
    """A command of `onward rules` on a folder."""
    return CliRunner().invoke(rules, [command, str(folder), *arguments])
