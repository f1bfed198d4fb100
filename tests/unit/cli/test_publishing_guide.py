"""The guide to publishing rules, done from top to bottom by its own commands in a copy, with keys and a topic."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import paths
from onward.releases.signing import digest
from unit.cli.rulesets_in_memory import RulesetsInMemory

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "publishing-rules.md"
COMMANDS = [
    found.removeprefix("    ")
    for found in PAGE.read_text(encoding="utf-8").splitlines()
    if found.startswith("    onward rules ")
]
ENOUGH = ("bases.yaml", "sets.yaml", "plans.yaml")
"""A small pack: what is followed here is how it is published, and not what is in it."""
NOT_HERE = "--remake"
"""Needs decisions that were published: `tests/integration/rules` does it on a broker."""


class Publisher:
    """A folder in which one person holds both keys, as the guide has people practise."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        shutil.copytree(paths.schemas(), folder / "schemas", ignore=shutil.ignore_patterns("examples", "events"))
        self.rules = folder / "schemas" / "routing"
        for file in self.rules.glob("*.yaml"):
            if file.name not in ENOUGH:
                file.unlink()
        shutil.copytree(self.rules, folder / "live")
        patch.chdir(folder)
        patch.setenv("ONWARD_SCHEMAS", str(folder / "schemas"))
        patch.setenv("ONWARD_RULE_KEYS", "trusted.yaml")
        patch.setenv("ONWARD_KAFKA_BOOTSTRAP", "nowhere:9092")
        self.topic = RulesetsInMemory()
        self.topic.take_the_place_of_kafka(patch)
        self.keys: list[str] = []

    def does(self, command: str) -> str:
        """What a command of the guide prints; fails if it does."""
        arguments = shlex.split(command)[1:]
        if arguments[:2] == ["rules", "propose"]:
            self.author_writes(f"# for: {command}\n")
            Path("proposal.json").unlink(missing_ok=True)  # "for the next change put the last one away"
        # Another older bundle, by the beginning of its hash: the one that was rolled back from.
        arguments = [self.topic.releases[1].statement.rules[:6] if each == "3f9c01" else each for each in arguments]
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, f"{command}\n{done.output}"
        if arguments[:3] == ["rules", "keys", "new"]:
            self.keys.append(done.stdout)
            Path("trusted.yaml").write_text("schema: rule-keys/v1\nkeys:\n" + "".join(self.keys), encoding="utf-8")
        return done.stdout

    def author_writes(self, text: str) -> None:
        """A change of the rules, so that there is something to propose."""
        with (self.rules / "plans.yaml").open("a", encoding="utf-8") as file:
            file.write(text)


def test_every_command_of_the_guide_does_what_it_is_there_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = Publisher(tmp_path, monkeypatch)
    done = [command for command in dict.fromkeys(COMMANDS) if NOT_HERE not in command]
    printed = {command: publisher.does(command) for command in done}
    sent = [(digest(each.statement), each.statement.action) for each in publisher.topic.releases]
    assert [(each.id, each.code) for each in publisher.topic.acts] == sent, "each was put on the audit chain first"

    actions = [release.statement.action for release in publisher.topic.releases]
    assert actions == ["publish", "publish", "rollback", "rollback", "shadow", "stop-shadow"]
    history = next(text for command, text in printed.items() if command.endswith("rules history"))
    assert "The rules to start with" in history
    assert len(done) >= 15


def test_the_file_of_trusted_keys_is_written_as_the_guide_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(tmp_path, monkeypatch)
    for command in dict.fromkeys(each for each in COMMANDS if " keys new " in each):
        publisher.does(command)
    (shown,) = re.findall(r"```yaml\n(schema: rule-keys/v1\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    written = Path("trusted.yaml").read_text(encoding="utf-8")

    def without_the_key(text: str) -> str:
        return re.sub(r"public: \S+\}", "public: …}", text)

    assert without_the_key(written) == without_the_key(shown)
