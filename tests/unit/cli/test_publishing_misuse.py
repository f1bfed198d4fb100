"""What people type wrongly when they publish: said in words, before any server is asked."""

import gzip
import json
import shutil
import stat
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from onward.cli.main import app
from onward.cli.rules.releases import reach, rulesets_topic
from onward.cli.rules.releases.releasing import statement_after
from onward.cli.rules.releases.rulesets_topic import ReleaseHistory
from onward.cli.rules.releases.signing_keys import read_private, write_private
from onward.contracts import paths
from onward.contracts.ruleset import Release
from onward.directory import files as directory_files
from onward.releases.chain import Releases
from onward.releases.contents import pack_directory
from onward.releases.signing import RefusedError
from unit.cli.rulesets_in_memory import RulesetsInMemory
from unit.cli.test_rules_check import RULES
from unit.routing.bundle_builders import AT, AUTHOR, a_statement, following, key_file, keys, signed, trusted

NOBODY = "127.0.0.1:1"
COMPLETE = (
    RULES.replace("expect: match}", "expect: match, then: {notify: {kind: check, to: duty-practitioner}}}")
    + "      - {name: x, given: {event.source: hmpps, person.age: 34}, expect: no_match, because: event.source}\n"
)
"""Nothing of it is untested."""
SHELTER = """\
schema: directory/v1
area: anyshire
providers:
  - {id: night-shelter, name: A shelter, services: [housing_authority], categories: [ACCOMMODATION],
     catchment: [E06000022], profile: housing}
"""


@pytest.fixture
def onward(tmp_path: Path) -> Callable[..., Result]:
    write_private(tmp_path / "author.key", AUTHOR)
    (tmp_path / "trusted.yaml").write_text(key_file())
    env = {
        "ONWARD_RULE_KEYS": str(tmp_path / "trusted.yaml"),
        "ONWARD_MY_RULE_KEY": str(tmp_path / "author.key"),
        "ONWARD_KAFKA_BOOTSTRAP": NOBODY,
    }
    return lambda *arguments, **more: CliRunner().invoke(app, ["rules", *arguments], env={**env, **more})


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("", "say what changes"),
        (" ", "say what changes"),
        ("x" * 1001, "at most 1000"),
        ("a\nb", "one line of plain text"),
        ("\udcff", "one line of plain text"),
        ("\u202eevil", "one line of plain text"),
    ],
)
def test_a_reason_that_cannot_be_signed_is_refused_in_words(onward: Callable[..., Result], why: str, said: str) -> None:
    for command in (("rollback",), ("shadow", "stop"), ("propose",)):
        done = onward(*command, "--why", why)
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_private_key_that_others_can_read_or_change_signs_nothing(
    onward: Callable[..., Result], tmp_path: Path, mode: int
) -> None:
    key = tmp_path / "author.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(mode)
    done = onward("rollback", "--why", "w")
    assert (done.exit_code, "chmod 600" in done.stderr) == (2, True)


@pytest.mark.parametrize(("mode", "taken"), [(0o440, True), (0o640, True), (0o644, False), (0o660, False)])
def test_a_key_that_root_hands_over_may_be_read_by_its_group_and_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, taken: bool
) -> None:
    key = tmp_path / "audit-key"
    write_private(key, AUTHOR)
    key.chmod(mode)
    monkeypatch.setattr("os.geteuid", lambda: key.stat().st_uid + 1)
    if taken:
        assert read_private(key).public_key() == AUTHOR.public_key()
    else:
        with pytest.raises(typer.Exit):
            read_private(key)


def test_a_passphrase_that_lacks_or_is_too_much_is_said(
    onward: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_much = onward("rollback", "--why", "w", ONWARD_KEY_PASSPHRASE="p")
    assert (too_much.exit_code, "has no passphrase: unset ONWARD_KEY_PASSPHRASE" in too_much.stderr) == (2, True)
    sealed = tmp_path / "sealed.key"
    with monkeypatch.context() as patch:
        patch.setenv("ONWARD_KEY_PASSPHRASE", "p")
        write_private(sealed, AUTHOR)
    lacking = onward("rollback", "--why", "w", "--key", str(sealed), ONWARD_KEY_PASSPHRASE="")
    assert (lacking.exit_code, "put it into ONWARD_KEY_PASSPHRASE" in lacking.stderr) == (2, True)
    wrong = onward("rollback", "--why", "w", "--key", str(sealed), ONWARD_KEY_PASSPHRASE="q")
    assert (wrong.exit_code, "no key that can be read" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("until", "said"), [("2026-01-01", "was given up on 2026-01-01"), ("2999-01-01", "did not do it")]
)
def test_a_key_that_is_given_up_later_still_signs(
    onward: Callable[..., Result], tmp_path: Path, until: str, said: str
) -> None:
    text = key_file(trusted(AUTHOR, "rules-author-1", "author"))
    (tmp_path / "trusted.yaml").write_text(text.replace("role: author", f"role: author, until: {until}T00:00:00Z"))
    done = onward("rollback", "--why", "w")
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b'{"decision_id":"x"}\n')[:-9], b"no gzip", gzip.compress(b"x")[:12]],
    ids=["without its end", "no gzip", "a head only"],
)
def test_an_export_that_was_cut_off_is_said(onward: Callable[..., Result], tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "decisions.jsonl.gz"
    file.write_bytes(content)
    done = onward("history", "--file", str(file), ONWARD_KAFKA_BOOTSTRAP="")
    assert (done.exit_code, "no whole gzip file" in done.stderr) == (2, True), done.output


def test_exported_records_go_before_a_broker_that_only_the_environment_names(
    onward: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text("")
    done = onward("history", "--file", str(file), "--json", ONWARD_KAFKA_BOOTSTRAP=NOBODY)
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"ok": True, "releases": [], "bundles": []}), done.output
    both = onward("history", "--file", str(file), "--bootstrap", NOBODY)
    neither = onward("history", ONWARD_KAFKA_BOOTSTRAP="")
    assert [(each.exit_code, "name either a broker" in each.stderr) for each in (both, neither)] == [(2, True)] * 2


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "127.0.0.1:0", "host:port", "[::1", "a:1,b:x"])
def test_an_address_that_is_none_is_said_before_any_work(
    onward: Callable[..., Result], tmp_path: Path, address: str
) -> None:
    archive = ("archive", str(tmp_path / "new"), "--from-kafka", address)
    for command in (("rollback", "--why", "w"), ("history",), ("shadow", "list"), archive):
        done = onward(*command, ONWARD_KAFKA_BOOTSTRAP=address)
        assert (done.exit_code, "write HOST:PORT" in done.stderr) == (2, True), done.output


@pytest.mark.parametrize(
    "asked", [("--remake", ""), ("--unpack", ""), ("--remake", "", "--unpack", "a"), ("--remake", "a", "--unpack", "a")]
)
def test_a_name_that_is_empty_is_no_decision_that_was_made_again(onward: Callable[..., Result], asked: str) -> None:
    done = onward("history", *asked, "--json")
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (2, False)


class View:
    """The topic, with three bundles: `b1`, live; `a2` before it; and `a1`."""

    def __init__(self) -> None:
        self.story = ReleaseHistory(keys())
        made: list[Release] = []
        for number, first in enumerate(("a1", "a2", "b1"), 1):
            before = following(made[-1]) if made else ""
            made.append(signed(a_statement(number, rules=first + "0" * 62, previous=before)))
            self.story.releases.admit(made[-1], at=AT)

    async def content(self, *_: object) -> None:
        return None


@pytest.mark.parametrize(
    ("sha", "code", "said"),
    [
        ("a", 2, "more than one bundle begins with a"),
        ("a1", 2, "needs no approval"),
        ("a2", 1, "its files"),
        ("c", 1, "no bundle c"),
    ],
)
def test_who_goes_back_says_to_which_beyond_doubt(
    onward: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, sha: str, code: int, said: str
) -> None:
    def reading(*_: object) -> nullcontext[View]:
        return nullcontext(View())

    monkeypatch.setattr(rulesets_topic, "reading", reading)
    done = onward("rollback", sha, "--why", "w")
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


def test_who_proposes_the_first_release_hears_that_there_is_no_way_back_from_it(
    onward: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, proposal, rules = RulesetsInMemory(), tmp_path / "proposal.json", tmp_path / "rules"
    topic.take_the_place_of_kafka(monkeypatch)
    rules.mkdir()
    (rules / "need.yaml").write_text(COMPLETE)

    def propose() -> str:
        done = onward("propose", str(rules), "--why", "A change", "--out", str(proposal))
        assert done.exit_code == 0, done.output
        return done.stderr

    assert "Nothing was published before, so this cannot be rolled back" in propose()
    topic.releases.append(signed(a_statement(1)))
    assert "rolled back" not in propose()


TWICE = "      - {name: again, given: {event.source: custody, person.age: 34}, expect: match}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COMPLETE + TWICE, "lint: rules/need.yaml:13:9: error[L001]"),
        (RULES, "coverage: rules/need.yaml:5:5: 3 parts of `ready` that no test shows; `onward rules coverage --rule"),
    ],
)
def test_what_lint_calls_an_error_or_no_test_shows_is_not_proposed(
    onward: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    RulesetsInMemory().take_the_place_of_kafka(monkeypatch)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "need.yaml").write_text(text)
    done = onward("propose", str(tmp_path / "rules"), "--why", "w", "--out", str(tmp_path / "proposal.json"))
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert not (tmp_path / "proposal.json").exists()


def test_over_a_gap_nothing_is_proposed() -> None:
    releases = Releases(keys())
    with suppress(RefusedError):
        releases.admit(signed(a_statement(2, previous="c" * 64)), at=AT)
    with pytest.raises(typer.Exit) as caught:
        statement_after(releases, "publish", ("a" * 64, "b" * 64), "w")
    assert caught.value.exit_code == 1


def test_a_name_that_may_be_a_person_s_makes_no_key(onward: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "new.key"
    for name in ("A Person", "author@example.org", ""):
        assert onward("keys", "new", name, "--role", "author", "--out", str(out)).exit_code == 2
        assert not out.exists()


def test_a_bundle_with_a_provider_to_whom_nothing_could_go_out_is_not_proposed(
    onward: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, rules, listed = RulesetsInMemory(), tmp_path / "rules", tmp_path / "directory"
    topic.take_the_place_of_kafka(monkeypatch)
    rules.mkdir()
    (rules / "need.yaml").write_text(COMPLETE)
    shutil.copytree(paths.schemas() / "directory", listed)
    (listed / "anyshire.yaml").write_text(SHELTER)
    proposal = tmp_path / "proposal.json"
    arguments = ("propose", str(rules), "--directory", str(listed), "--why", "A shelter", "--out", str(proposal))

    done = onward(*arguments)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[0] == (
        "topics: directory/anyshire.yaml:4:5: provider `night-shelter` has no `referrals.night-shelter` and "
        f"`replies.night-shelter` on the broker; make them: onward topics --directory {listed}"
    )
    assert not proposal.exists()

    topic.topics = {*topic.topics, "referrals.night-shelter", "replies.night-shelter"}
    assert onward(*arguments).exit_code == 0
    topic.topics = {*topic.topics} - {"replies.night-shelter"}
    refused = onward("publish", str(proposal))
    assert refused.exit_code == 1
    assert f"has no `replies.night-shelter` on the broker; make them: onward topics --proposal {proposal}" in (
        refused.stderr
    )


def test_a_provider_on_a_channel_that_dispatch_lacks_is_not_published() -> None:
    files = {**directory_files.read_files(), "anyshire.yaml": SHELTER.encode()}
    content, existing = pack_directory(files), {"referrals.night-shelter", "replies.night-shelter"}
    directory = directory_files.parse(files)
    shelter = directory.providers["night-shelter"].model_copy(update={"channel": "carrier-pigeon"})
    alone = directory.model_copy(update={"providers": {"night-shelter": shelter}})
    (found,) = reach.unreachable(alone, content, existing, remedy="onward topics")
    assert found.command == "dispatch"
    assert found.problem == (
        "directory/anyshire.yaml:4:5: provider `night-shelter` is reached by `carrier-pigeon`, "
        "which dispatch does not have; it has `topic`"
    )
