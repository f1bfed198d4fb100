"""Secrets may stand in files, and show nowhere: no dump, no log, no help, no argument."""

import base64
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr, ValidationError
from typer.testing import CliRunner

from installation_keys import ENVIRONMENT
from onward.chassis.errors import ConfigurationError
from onward.chassis.releases.settings import KeySettings, ReleaseSettings
from onward.chassis.secret_files import SECRETS, secret
from onward.chassis.settings import Settings
from onward.cli.main import app
from onward.dispatch.settings import Settings as DispatchSettings
from onward.people.settings import Settings as PeopleSettings
from onward.tracking.settings import Settings as TrackingSettings

VALUES = {
    "pepper": "a pepper that nobody shall see, of 40 chars",
    "id_key": base64.b64encode(b"a key of ids nobody shall see 32").decode(),
    "master_key": base64.b64encode(b"a master key nobody shall see 32").decode(),
    "reference_key": base64.b64encode(b"a key of references nobody sees!").decode(),
    "database_url": "postgresql://people:word-of-the-database@db/onward",
    "kafka_key_password": "word-of-the-kafka-key",
    "kafka_sasl_password": "word-of-the-login",
    "kafka_token_client_secret": "word-of-the-client",
}
PLAIN = {"ONWARD_KAFKA_BOOTSTRAP": "broker:9092", "ONWARD_PARKING_KEY": ENVIRONMENT["ONWARD_PARKING_KEY"]}
LOGIN = {
    "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "ONWARD_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "ONWARD_KAFKA_SASL_USERNAME": "people",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ONWARD_"):
            monkeypatch.delenv(name)


def files(folder: Path, values: Mapping[str, str]) -> dict[str, str]:
    for name, value in values.items():
        (folder / name).write_text(value + "\n")
    return {f"ONWARD_{name.upper()}_FILE": str(folder / name) for name in values}


def set_all(monkeypatch: pytest.MonkeyPatch, *variables: Mapping[str, str]) -> None:
    for each in variables:
        for name, value in each.items():
            monkeypatch.setenv(name, value)


@pytest.mark.parametrize("kind", [Settings, PeopleSettings, TrackingSettings, DispatchSettings])
def test_every_secret_may_stand_in_a_file(
    kind: type[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, PLAIN, LOGIN, files(tmp_path, VALUES))
    read = kind()
    for name, value in VALUES.items():
        if name not in kind.model_fields:
            assert name in {"pepper", "master_key", "reference_key"}
            continue
        held = getattr(read, name)
        assert (held.get_secret_value() if isinstance(held, SecretStr) else held) == value, name


def test_every_setting_that_opens_something_is_among_them() -> None:
    kinds = (Settings, KeySettings, ReleaseSettings, PeopleSettings, TrackingSettings, DispatchSettings)
    fields = {name: field for kind in kinds for name, field in kind.model_fields.items()}
    opening = {name for name, field in fields.items() if "SecretStr" in str(field.annotation)}
    assert opening | {"database_url", "parking_key", "mending_key"} == SECRETS


def test_a_secret_that_is_set_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, PLAIN, files(tmp_path, VALUES), {"ONWARD_PEPPER": "p" * 40})
    with pytest.raises(ConfigurationError, match="ONWARD_PEPPER and ONWARD_PEPPER_FILE are both set"):
        PeopleSettings()


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"", "is empty"), (b"\xff\xfe", "no text")])
def test_a_file_that_cannot_be_used_is_told_by_its_variable(content: bytes | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "pepper").write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"ONWARD_PEPPER_FILE: .*{said}"):
        secret("pepper", {"ONWARD_PEPPER_FILE": str(tmp_path / "pepper")})


def test_a_secret_is_in_no_dump_and_in_no_word_of_what_is_wrong_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, PLAIN, LOGIN, files(tmp_path, VALUES))
    read = PeopleSettings()
    dumps = [repr(read), str(read), str(read.model_dump()), read.model_dump_json(), repr(read.kafka), str(read.kafka)]
    for dump in dumps:
        assert not [name for name, value in VALUES.items() if value in dump]
        assert "word-of-the" not in dump
    for name in ("pepper", "id_key", "master_key", "reference_key", "database_url"):
        (tmp_path / name).write_text("word-of-the-wrong@@")
        with pytest.raises(ValidationError) as refused:
            PeopleSettings()
        assert "word-of-the" not in str(refused.value)
        (tmp_path / name).write_text(VALUES[name])


COMMANDS = ("--help", "cases --help", "topics --help", "parked show --help", "offsets show --help", "migrate --help")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("in_files", [True, False])
def test_no_help_shows_a_secret_that_is_set(
    command: str, in_files: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = files(tmp_path, VALUES) if in_files else {f"ONWARD_{name.upper()}": value for name, value in VALUES.items()}
    set_all(monkeypatch, PLAIN, LOGIN, given)
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 0, done.output
    assert "word-of-the" not in done.output
    assert not [name for name, value in VALUES.items() if value in done.output]


def test_no_option_takes_a_secret_as_an_argument_but_one_that_says_where_it_is_safer() -> None:
    """Arguments are shown to every user of a machine."""
    options = dict(_options(typer.main.get_command(app)))
    named = [
        name for name in options if any(word in name for word in ("password", "secret", "pepper", "master", "mending"))
    ]
    assert named == []
    assert all("_FILE" in text for name, text in options.items() if name == "--database")


def _options(command: Any) -> Iterator[tuple[str, str]]:
    for each in getattr(command, "commands", {}).values():
        yield from _options(each)
    for parameter in command.params:
        yield from ((option, getattr(parameter, "help", "") or "") for option in parameter.opts)
