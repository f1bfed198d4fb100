"""A file of the project that cannot be used: any command and any service says which one, where and what, in words."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from installation_keys import ENVIRONMENT
from onward.chassis.runtime import run
from onward.chassis.settings import Settings
from onward.cli.main import app
from onward.contracts import contact_types, paths, topics
from onward.intake.app import build

EXAMPLE = paths.schemas() / "examples" / "in.custody" / "homeless-and-agrees.json"
MISTAKE = "topics/in.custody.yaml:8:12: error[D005]: no key `partitons` here"


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project's own in a copy, where nothing of the former is remembered, nor of the copy afterwards."""
    copy = tmp_path / "schemas"
    shutil.copytree(paths.schemas(), copy, ignore=shutil.ignore_patterns("released", "events"))
    monkeypatch.setenv("ONWARD_SCHEMAS", str(copy))
    for remembered in (topics.files, contact_types.known):
        remembered.cache_clear()
    yield copy
    for remembered in (topics.files, contact_types.known):
        remembered.cache_clear()


@pytest.fixture
def misspelt(schemas: Path) -> Path:
    """A topic file with a key that is no key."""
    file = schemas / "topics" / "in.custody.yaml"
    file.write_text(file.read_text().replace("partitions:", "partitons:"))
    return file


@pytest.mark.usefixtures("misspelt")
@pytest.mark.parametrize(
    "command",
    [
        ["types", "--source", "custody"],
        ["rules", "check"],
        ["rules", "explain", str(EXAMPLE), "--source", "custody"],
        ["try", str(EXAMPLE), "--source", "custody"],
        ["topics", "--bootstrap", "127.0.0.1:1"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_mistake_in_a_topic_file_ends_any_command_in_words(command: list[str]) -> None:
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    assert result.stderr.startswith("onward: a file of the project cannot be used:\n")
    assert MISTAKE in result.stderr


@pytest.mark.usefixtures("misspelt")
def test_it_is_told_in_a_document_to_whoever_asked_for_one() -> None:
    result = CliRunner().invoke(app, ["rules", "check", "--json"])
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert not told["ok"]
    assert MISTAKE in told["problem"]


@pytest.mark.usefixtures("misspelt")
def test_a_service_does_not_start_and_says_so_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONWARD_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        run(build, Settings, ["--check"])
    assert ended.value.code == 2
    assert MISTAKE in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_list_of_types_that_is_not_as_it_was_written_names_what_writes_it(schemas: Path, content: str | None) -> None:
    file = schemas / contact_types.FILE
    file.unlink()
    if content is not None:
        file.write_text(content)
    result = CliRunner().invoke(app, ["rules", "check"])
    assert result.exit_code == 2
    assert str(file) in result.stderr
    assert "run `make schemas`" in result.stderr
