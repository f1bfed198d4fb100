"""An approver signs the files that they looked at and no others: the second person is no formality."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onward.cli.main import app
from onward.cli.rules.releases.proposals import Proposal
from onward.cli.rules.releases.signing_keys import write_private
from onward.contracts.ruleset import Content, Release
from onward.releases.signing import sign
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.publishing.contents import pack_rules
from unit.routing.bundle_builders import APPROVER, AUTHOR, directory, key_file, of, rules
from unit.routing.routing_builders import HOUSING

Onward = Callable[..., Result]


@pytest.fixture
def onward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Onward:
    monkeypatch.chdir(tmp_path)
    write_private(tmp_path / "approver.key", APPROVER)
    (tmp_path / "trusted.yaml").write_text(key_file())
    env = {"ONWARD_RULE_KEYS": "trusted.yaml", "ONWARD_MY_RULE_KEY": "approver.key"}
    return lambda *arguments: CliRunner().invoke(app, ["rules", "approve", "proposal.json", *arguments], env=env)


def proposed(content: Content, why: str = "What is proposed") -> Path:
    listed = directory()
    statement = of(content, listed, why=why)
    release = Release(statement=statement, signatures=(sign(statement, "author", AUTHOR),))
    path = Path("proposal.json")
    path.write_text(Proposal(release=release, rules=content, directory=listed).model_dump_json())
    return path


def signatures() -> int:
    return len(json.loads(Path("proposal.json").read_bytes())["release"]["signatures"])


def test_what_was_looked_at_is_signed(onward: Onward) -> None:
    proposed(rules())
    assert onward("--unpack", "seen").exit_code == 0
    assert json.loads(Path("seen/statement.json").read_bytes())["why"] == "What is proposed"
    assert signatures() == 1
    assert onward("--seen", "seen").exit_code == 0
    assert signatures() == 2


def test_nobody_signs_without_having_looked(onward: Onward) -> None:
    proposed(rules())
    done = onward()
    assert (done.exit_code, "--unpack" in done.stderr, signatures()) == (2, True, 1)


@pytest.mark.parametrize("other", ["the rules", "the reason"])
def test_a_proposal_that_was_changed_since_is_not_signed(onward: Onward, other: str) -> None:
    proposed(rules())
    assert onward("--unpack", "seen").exit_code == 0
    proposed(rules(f"{HOUSING}# another\n")) if other == "the rules" else proposed(rules(), why="Something else")
    done = onward("--seen", "seen")
    assert (done.exit_code, "it was not approved" in done.stderr, signatures()) == (1, True, 1)


@pytest.mark.parametrize("change", ["altered", "missing", "too many"])
def test_a_folder_that_is_not_what_is_proposed_is_no_look_at_it(onward: Onward, change: str) -> None:
    proposed(rules())
    assert onward("--unpack", "seen").exit_code == 0
    file = next(path for path in Path("seen").rglob("need.yaml"))
    match change:
        case "altered":
            file.write_text("schema: rules/v1\n")
        case "missing":
            file.unlink()
        case _:
            file.with_name("more.yaml").write_text("")
    done = onward("--seen", "seen")
    assert (done.exit_code, file.parent.name in done.stderr, signatures()) == (1, True, 1)


@pytest.mark.parametrize(
    "name", ["directory/profiles.yaml", "Directory/profiles.yaml", "directory/more.yaml", "statement.json"]
)
def test_a_rule_file_cannot_hide_where_another_file_belongs(onward: Onward, name: str) -> None:
    proposed(pack_rules([SourceFile(name, HOUSING.encode()), SourceFile("need.yaml", HOUSING.encode())]))
    for way in ("--unpack", "--seen"):
        done = onward(way, "seen")
        assert (done.exit_code, signatures()) == (2, 1), done.output
    assert not Path("seen").exists()
