"""The way of a change, by the commands that people use: keys, proposal, approval, publication, and back."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from integration.rules.stage import LISTED, Stage, bundle_of
from integration.whole.watching import Sending
from onward.cli.main import app
from onward.cli.rules.releases.proposals import Proposal
from onward.cli.rules.releases.unpacking import unpack
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.publishing.contents import pack_rules
from unit.routing.routing_builders import PUBLISHABLE_BASES

RULE = """\
schema: routing/v1
theme: need
owner: the homelessness policy lead
rules:
  - id: housing
    why: A homeless adult who agrees, NOTE
    when: {person.age: ">= AGE", accommodation.status: homeless, consent.accommodation: true}
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}
    legal_basis: agreed
    tests:
      - name: an adult
        given: {person.age: 60, accommodation.status: homeless, consent.accommodation: true}
        expect: match
        then:
          refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}
          legal_basis: agreed
      - name: a child
        given: {person.age: 16, accommodation.status: homeless, consent.accommodation: true}
        expect: no_match
        because: person.age
      - name: a home
        given: {person.age: 60, accommodation.status: settled, consent.accommodation: true}
        expect: no_match
        because: accommodation.status
      - name: no consent
        given: {person.age: 60, accommodation.status: homeless, consent.accommodation: false}
        expect: no_match
        because: consent.accommodation
"""


class People:
    """An author, an approver and what they type."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.folder = folder
        self.trusted = folder / "trusted.yaml"

    def onward(self, *arguments: str, **more: str) -> Result:
        env = {"ONWARD_RULE_KEYS": str(stage_keys(self.stage)), "ONWARD_KAFKA_BOOTSTRAP": self.stage.bootstrap, **more}
        return CliRunner().invoke(app, ["rules", *arguments], env=env)

    def told(self, *arguments: str) -> dict[str, Any]:
        """What a command that works tells a program."""
        done = self.onward(*arguments, "--json")
        assert done.exit_code == 0, done.output
        document: dict[str, Any] = json.loads(done.stdout)
        assert document["ok"] is True
        return document

    def pack(self, note: str, age: int = 18) -> Path:
        folder = self.folder / note.replace(" ", "-") / "routing"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bases.yaml").write_text(PUBLISHABLE_BASES)
        (folder / "need.yaml").write_text(RULE.replace("NOTE", note).replace("AGE", str(age)))
        return folder

    def approve(self, proposal: str) -> None:
        """Look, then sign what was looked at."""
        seen = str(Path(proposal).with_suffix(".seen"))
        self.told("approve", proposal, "--key", self.key("approver"), "--unpack", seen)
        self.told("approve", proposal, "--key", self.key("approver"), "--seen", seen)

    def key(self, role: str) -> str:
        return str(self.stage.folder / f"{role}.key")

    def publish(self, note: str, age: int = 18) -> str:
        """The whole way; the hash of the rules."""
        proposal = str(self.folder / f"{note.replace(' ', '-')}.json")
        made = self.told(
            "propose", str(self.pack(note, age)), "--why", note, "--key", self.key("author"), "--out", proposal
        )
        self.approve(proposal)
        self.told("publish", proposal)
        rules: str = made["rules"]
        self.stage.until(lambda: self.stage.live() == rules[:12], what=f"{note} to be live")
        return rules


def stage_keys(stage: Stage) -> Path:
    return stage.folder / "trusted.yaml"


@pytest.fixture
def people(stage: Stage, tmp_path: Path) -> People:
    return People(stage, tmp_path)


def test_from_a_change_to_a_decision_by_it_and_back_again(people: People) -> None:
    stage = people.stage
    first = people.publish("before the change")
    assert {bundle_of(seen) for seen in stage.decide(5)} == {first}
    second = people.publish("the change", age=50)
    decided = stage.decide(5)
    assert {bundle_of(seen) for seen in decided} == {second}
    assert not any(seen.body["referrals"] for seen in decided)
    back = people.told("rollback", "--why", "nobody is referred any more", "--key", people.key("approver"))
    assert back["rules"] == first
    stage.until(lambda: stage.live() == first[:12], what="the bundle before")
    decided = stage.decide(5)
    assert {bundle_of(seen) for seen in decided} == {first}
    assert all(seen.body["referrals"] for seen in decided)


def test_any_older_bundle_comes_back_with_an_approval(people: People, tmp_path: Path) -> None:
    oldest = people.publish("the oldest")
    people.publish("the one between")
    people.publish("the newest")
    alone = people.onward("rollback", oldest[:8], "--why", "x", "--key", people.key("author"))
    assert alone.exit_code == 2
    assert "--out" in alone.stderr
    proposal = str(tmp_path / "back.json")
    people.told("rollback", oldest[:8], "--why", "back", "--key", people.key("author"), "--out", proposal)
    early = people.onward("publish", proposal)
    assert early.exit_code == 1
    assert "not_the_one_before" in early.stderr
    people.approve(proposal)
    people.told("publish", proposal)
    people.stage.until(lambda: people.stage.live() == oldest[:12], what="the oldest to be live")
    unknown = people.onward("rollback", "0123456789", "--why", "x", "--key", people.key("author"))
    assert unknown.exit_code == 1


def test_publishing_again_after_an_interruption_does_the_rest_and_nothing_twice(people: People) -> None:
    stage = people.stage
    rules = people.publish("interrupted")
    proposal = str(people.folder / "interrupted.json")
    before = stage.rulesets()
    people.told("publish", proposal)
    assert stage.rulesets() == before
    key = f"rules/{rules}".encode()
    stage.put(Sending("rulesets", None, key))
    people.told("publish", proposal)
    added = stage.rulesets()[len(before) :]
    assert [json.loads(each)["content"]["sha256"] for each in added] == [rules], "its files, and no second release"
    rolled = people.publish("after the interruption")
    late = people.onward("publish", proposal)
    assert (late.exit_code, "It is not live: number" in late.stdout) == (0, True), late.output
    assert stage.live() == rolled[:12]


def test_a_proposal_alone_is_not_published(people: People, tmp_path: Path) -> None:
    proposal = str(tmp_path / "alone.json")
    folder = str(people.pack("nobody approved"))
    people.told("propose", folder, "--why", "w", "--key", people.key("author"), "--out", proposal)
    refused = people.onward("publish", proposal)
    assert refused.exit_code == 1
    assert "unsigned" in refused.stderr
    own = people.onward("approve", proposal, "--key", people.key("author"))
    assert own.exit_code == 1
    assert "`rules-author-1` may sign as author only" in own.stderr
    assert people.onward("propose", folder, "--why", "w", "--key", people.key("approver")).exit_code == 1


def test_a_proposal_that_was_altered_after_its_approval_is_refused(people: People, tmp_path: Path) -> None:
    proposal = tmp_path / "altered.json"
    folder = str(people.pack("altered later"))
    people.told("propose", folder, "--why", "good", "--key", people.key("author"), "--out", str(proposal))
    people.approve(str(proposal))
    proposal.write_text(proposal.read_text().replace('"why": "good"', '"why": "evil"'))
    refused = people.onward("publish", str(proposal))
    assert refused.exit_code == 1
    assert "bad_signature" in refused.stderr


def test_what_was_proposed_before_something_else_was_published_is_refused(people: People, tmp_path: Path) -> None:
    proposal = str(tmp_path / "late.json")
    folder = str(people.pack("comes too late"))
    people.told("propose", folder, "--why", "w", "--key", people.key("author"), "--out", proposal)
    people.approve(proposal)
    people.publish("comes between")
    refused = people.onward("publish", proposal)
    assert refused.exit_code == 1
    assert "propose it again" in refused.stderr
    kept = Path(proposal).read_bytes()
    again = people.onward("propose", folder, "--why", "w", "--key", people.key("author"), "--out", proposal)
    assert (again.exit_code, "holds a proposal that was approved" in again.stderr) == (2, True), again.output
    assert Path(proposal).read_bytes() == kept


def break_a_test(text: str) -> str:
    return text.replace("person.age: 60, accommodation.status: homeless, consent.accommodation: true", "person.age: 1")


def name_no_provider(text: str) -> str:
    return text.replace("urgency:", "providers: [nobody-at-all], urgency:")


def say_nothing_of_what_happens(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith(("        then", "          "))
    )


def be_slower_than_a_risk(text: str) -> str:
    return text.replace("accommodation.status: homeless,", "accommodation.status: homeless, risk.self_harm: 4,")


def never_match(text: str) -> str:
    return text.replace("\n    refer:", "\n    unless: {person.age: known}\n    refer:")


@pytest.mark.parametrize(
    ("spoil", "command"),
    [
        (break_a_test, "test"),
        (name_no_provider, "check"),
        (never_match, "analyse"),
        (say_nothing_of_what_happens, "coverage"),
        (be_slower_than_a_risk, "lint"),
    ],
)
@pytest.mark.parametrize("step", ["propose", "publish"])
def test_what_a_check_refuses_goes_nowhere_whoever_signs_it(
    people: People, tmp_path: Path, spoil: Callable[[str], str], command: str, step: str
) -> None:
    folder, proposal = people.pack(f"refused by {command} at {step}"), str(tmp_path / "refused.json")
    file = folder / "need.yaml"
    arguments = [str(folder), "--why", "w", "--key", people.key("author"), "--out", proposal]
    before = people.stage.next_number()
    if step == "propose":
        file.write_text(spoil(file.read_text()))
        refused = people.onward("propose", *arguments, "--json")
        assert not Path(proposal).exists()
    else:
        file.write_text(spoil(file.read_text()))
        rules = pack_rules(read_files(folder))
        made = Proposal(release=people.stage.release(rules), rules=rules, directory=LISTED)
        Path(proposal).write_text(made.model_dump_json())
        refused = people.onward("publish", proposal, "--json")
    assert refused.exit_code == 1, refused.output
    assert command in {each["command"] for each in json.loads(refused.stdout)["hindrances"]}
    assert people.stage.next_number() == before


def test_a_key_is_its_owner_s_and_is_never_written_over(people: People, tmp_path: Path) -> None:
    out = tmp_path / "own.key"
    made = people.onward(
        "keys", "new", "rules-author-9", "--role", "author", "--out", str(out), ONWARD_KEY_PASSPHRASE="p"
    )
    assert made.exit_code == 0
    assert made.stdout.startswith("  - {name: rules-author-9, role: author, public: ")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in out.read_bytes()
    again = people.onward("keys", "new", "rules-author-9", "--role", "author", "--out", str(out))
    assert again.exit_code == 2
    folder = str(people.pack("with a stranger's key"))
    shut = people.onward("propose", folder, "--why", "w", "--key", str(out))
    assert "ONWARD_KEY_PASSPHRASE" in shut.stderr
    stranger = people.onward("propose", folder, "--why", "w", "--key", str(out), ONWARD_KEY_PASSPHRASE="p")
    assert (stranger.exit_code, "not among the trusted ones" in stranger.stderr) == (1, True)


def test_a_shadow_decides_beside_and_its_differences_are_counted_and_listed(people: People) -> None:
    stage = people.stage
    live = people.publish("live beside a shadow", age=18)
    shadow = people.told(
        "shadow", "start", str(people.pack("in the shadow", 40)), "--why", "a trial", "--key", people.key("author")
    )
    stage.until(lambda: stage.series("onward_shadow_ruleset"), what="a shadow")
    before = stage.series("onward_shadow_differences_total")
    compared = stage.series("onward_shadow_decisions_total")
    young, old = stage.decide(12, age=30), stage.decide(5, age=45)
    assert {bundle_of(seen) for seen in (*young, *old)} == {live}
    assert all(seen.body["referrals"] for seen in young), "a shadow refers nobody, and stops nobody's referral"
    after = stage.series("onward_shadow_differences_total")
    assert after['kind="lost"'] - before['kind="lost"'] == 12
    now = stage.series("onward_shadow_decisions_total")
    assert now['result="same"'] - compared['result="same"'] == 5
    assert now['result="different"'] - compared['result="different"'] == 12
    published = [seen for seen in stage.watch.all("shadow-differences") if seen.body["shadow_rules"] == shadow["rules"]]
    assert sorted(seen.body["decision_id"] for seen in published) == sorted(seen.body["decision_id"] for seen in young)
    assert not any("facts" in seen.body for seen in published)
    listed = people.told("shadow", "list")
    assert listed["running"]["rules"] == shadow["rules"]
    (bundle,) = [each for each in listed["bundles"] if each["shadow_rules"] == shadow["rules"]]
    (change,) = bundle["changes"]
    assert (bundle["situations"], change["count"], change["kind"], change["rule"]) == (12, 12, "lost", "housing")
    assert "12  lost" in people.onward("shadow", "list").stdout
    people.told("shadow", "stop", "--why", "seen enough", "--key", people.key("author"))
    stage.until(lambda: not stage.series("onward_shadow_ruleset"), what="no shadow")
    assert people.onward("shadow", "stop", "--why", "again", "--key", people.key("author")).exit_code == 1


def test_any_decision_is_made_again_byte_for_byte_under_each_bundle_and_after_a_rollback(
    people: People,
) -> None:
    stage = people.stage
    one = people.publish("history one", age=18)
    decided = stage.decide(3)
    two = people.publish("history two", age=40)
    decided += stage.decide(3)
    people.told("rollback", "--why", "history three", "--key", people.key("author"))
    stage.until(lambda: stage.live() == one[:12], what="the bundle before")
    decided += stage.decide(3)
    assert [bundle_of(seen) for seen in decided] == [one] * 3 + [two] * 3 + [one] * 3
    for seen in decided[::2]:
        made = people.told("history", "--remake", seen.body["decision_id"])
        assert (made["identical"], made["bytes"], made["rules"]) == (True, len(seen.value or b""), bundle_of(seen))
    told = people.told("history")
    counts = {each["rules"]: (each["decisions"], each["referrals"]) for each in told["bundles"]}
    assert (counts[one], counts[two]) == ((6, 6), (3, 0))
    newest = told["releases"][-1]
    assert (newest["action"], newest["rules"], newest["signed_by"]) == ("rollback", one, {"author": "rules-author-1"})
    assert told["releases"][-2]["signed_by"] == {"author": "rules-author-1", "approver": "rules-approver-1"}
    assert "history three" in people.onward("history").stdout
    assert people.onward("history", "--remake", "no-such-decision").exit_code == 1


def test_exported_files_are_enough_and_a_changed_byte_is_found(people: People, tmp_path: Path) -> None:
    stage = people.stage
    people.publish("exported", age=18)
    (seen,) = stage.decide(1)
    situations = [each.value or b"" for each in stage.watch.all("situations")]
    file, rulesets = tmp_path / "export.jsonl", tmp_path / "rulesets.jsonl"
    file.write_bytes(b"\n".join([*situations, seen.value or b""]) + b"\n")
    rulesets.write_bytes(b"\n".join(stage.rulesets()) + b"\n")
    arguments = ("history", "--remake", seen.body["decision_id"], "--file", str(file), "--file", str(rulesets))
    made = people.onward(*arguments, "--json", ONWARD_KAFKA_BOOTSTRAP="")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["identical"] is True
    file.write_bytes(file.read_bytes().replace(b'"rule":"housing"', b'"rule":"hoosing"'))
    changed = people.onward(*arguments, "--json", ONWARD_KAFKA_BOOTSTRAP="")
    assert changed.exit_code == 1
    assert json.loads(changed.stdout)["differences"] == ["/referrals/0/rule"]
    without = people.onward(*arguments[:5], ONWARD_KAFKA_BOOTSTRAP="")
    assert (without.exit_code, "its rules" in without.stderr) == (1, True)


def test_an_approver_looks_at_the_files_and_anyone_gets_those_of_an_older_bundle_back(
    people: People, tmp_path: Path
) -> None:
    folder, proposal = people.pack("to be looked at"), str(tmp_path / "look.json")
    people.told("propose", str(folder), "--why", "w", "--key", people.key("author"), "--out", proposal)
    signed = Path(proposal).read_bytes()
    people.told("approve", proposal, "--key", people.key("approver"), "--unpack", str(tmp_path / "seen"))
    assert Path(proposal).read_bytes() == signed, "looking signs nothing"
    assert (tmp_path / "seen" / "routing" / "need.yaml").read_bytes() == (folder / "need.yaml").read_bytes()
    first = people.publish("an older one")
    people.publish("a newer one")
    people.told("history", "--unpack", first[:10], "--out", str(tmp_path / "old"))
    text = (tmp_path / "old" / "routing" / "need.yaml").read_text()
    assert "an older one" in text
    assert (tmp_path / "old" / "directory" / "profiles.yaml").exists()
    again = people.onward("history", "--unpack", first[:10], "--out", str(tmp_path / "old"))
    assert (again.exit_code, "not an empty folder" in again.stderr) == (2, True)


def test_a_file_name_that_leads_elsewhere_is_not_written(people: People, tmp_path: Path) -> None:
    rules = pack_rules([SourceFile("../outside.yaml", b"a: b"), SourceFile("need.yaml", b"a: b")])
    made = Proposal(release=people.stage.release(rules), rules=rules, directory=LISTED)
    with pytest.raises(typer.Exit) as caught:
        unpack(made.rules, made.directory, tmp_path / "folder")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "outside.yaml").exists()
    assert not (tmp_path / "folder").exists()
