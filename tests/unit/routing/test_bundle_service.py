"""What the routing service makes of its trusted keys, and publishing without the workbench."""

import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from installation_keys import OF_EVERY_SERVICE
from onward.chassis.errors import ConfigurationError
from onward.chassis.releases.settings import ReleaseSettings as Settings
from onward.cli.rules.releases.gate import hold, studied
from onward.cli.rules.releases.gate import tested as hindered
from onward.contracts import topics
from onward.directory import files as directory_files
from onward.releases.contents import pack_directory, read_directory
from onward.routing.app import build
from unit.routing.bundle_builders import key_file, rules
from unit.routing.routing_builders import HOUSING, a_directory, rule_set


def settings(**more: Any) -> Settings:
    usual = {
        "kafka_bootstrap": "localhost:1",
        **OF_EVERY_SERVICE,
    }
    return Settings.model_validate(usual | more)


def test_routing_follows_the_topic_of_rule_sets(tmp_path: Path) -> None:
    file = tmp_path / "trusted.yaml"
    file.write_text(key_file())
    (following,) = build(settings(rule_keys=str(file))).follows
    assert following.topic is topics.RULESETS


def test_an_empty_name_of_a_file_is_no_file() -> None:
    assert settings(rule_keys="").rule_keys is None


def test_routing_refuses_to_start_with_a_file_of_keys_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "trusted.yaml"
    for text in (None, "keys: []", "schema: rule-keys/v1\nkeys: [{name: a-b}]"):
        if text is not None:
            file.write_text(text)
        with pytest.raises(ConfigurationError, match="ONWARD_RULE_KEYS"):
            build(settings(rule_keys=str(file)))


def test_without_the_workbench_nothing_is_published_and_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("onward.workbench")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(typer.Exit) as caught:
        studied(rule_set(need=HOUSING), rules(), a_directory(), command="publish")
    assert caught.value.exit_code == 1
    assert "pip install 'onward[authors]'" in capsys.readouterr().err


def test_a_rule_without_tests_is_not_published() -> None:
    found = hindered(rule_set(need=HOUSING), a_directory(), None)
    assert {each.command for each in found} == {"check"}


def test_nothing_holds_what_nothing_hinders() -> None:
    hold([], what="nothing", json=True)


def test_what_a_directory_lacks_keeps_it_from_being_published() -> None:
    files = dict(directory_files.read_files())
    profiles, area = files["profiles.yaml"].decode(), files["west-midlands.yaml"].decode()
    files["profiles.yaml"] = profiles.replace("never: [risk]", "never: []", 1).encode()
    files["west-midlands.yaml"] = area.replace("E08000029]", "E08000092]", 1).encode()
    listed = pack_directory(files)
    found = hindered(rule_set(need=HOUSING), read_directory(listed), listed)
    told = [each.problem for each in found if each.problem.startswith("directory/")]
    assert [each.partition("error[")[2][:4] for each in told] == ["D014", "D106"]
    assert {each.command for each in found} == {"check"}
