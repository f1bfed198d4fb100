"""Each guide for adding something, followed to the letter in a copy, passes there what continuous integration runs."""

import json

import pytest

from following import Copy

RECEIVED = "2026-03-02T10:00"


@pytest.fixture
def copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp(request.node.name[:20]))


def pack_passes(copy: Copy) -> None:
    """What `onward rules` refuses, and what it warns of, in the whole pack."""
    assert "nothing wrong" in copy.onward("rules", "check")
    assert " 0 failed" in copy.onward("rules", "test")
    assert "0 errors, 0 warnings" in copy.onward("rules", "lint")
    copy.onward("rules", "analyse")


@pytest.mark.timeout(600)
def test_a_partner_is_added_by_its_guide(copy: Copy) -> None:
    new = copy.follow("docs/guides/add-a-partner.md")
    copy.make("schemas")
    copy.make("verify")
    copy.run("lint-imports", "--no-cache")
    copy.typed([path for path in new if path.endswith(".py")])
    pack_passes(copy)
    copy.test(
        *(f"tests/unit/intake/test_{name}.py" for name in ("answers", "intake_examples", "intake_handlers")),
        *(f"tests/unit/intake/test_{name}.py" for name in ("declared_by_the_adapter", "intake_total", "unknown_types")),
        *(f"tests/contract/test_{name}.py" for name in ("generated_files", "groups", "groups_and_topics")),
        *(f"tests/contract/test_{name}.py" for name in ("partner_pages", "partner_schemas", "topic_files")),
        "tests/unit/demo",
    )
    example = "schemas/examples/in.hostels/asked-to-leave.json"
    told = json.loads(copy.onward("try", "--source", "hostels", example, "--at", RECEIVED, "--json"))
    assert told["intake"]["outcome"] == "contact"
    (contact,) = told["contacts"]
    assert contact["type"] == "hostels.asked-to-leave"


@pytest.mark.timeout(600)
def test_a_provider_is_added_by_its_guide(copy: Copy) -> None:
    (new,) = copy.follow("docs/guides/add-a-provider.md")
    assert new == "schemas/directory/anyshire.yaml"
    copy.make("verify")
    pack_passes(copy)
    copy.test(
        *(f"tests/unit/routing/test_directory_{name}.py" for name in ("content", "guide")),
        "tests/unit/directory/test_directory_files.py",
        "tests/contract/test_groups_and_topics.py",
    )
    assert "referrals.anytown-night-shelter" in copy.onward("topics", "--list")


@pytest.mark.timeout(600)
def test_a_rule_may_ask_for_what_a_new_partner_tells_of(copy: Copy) -> None:
    copy.follow("docs/guides/add-a-partner.md")
    rule = copy.root / "schemas/routing/hostels.yaml"
    rule.write_text(
        "schema: routing/v1\ntheme: safety\nowner: policy-housing\nrules:\n  - id: hostel-call\n"
        "    why: Whoever must leave a hostel is called\n    when: {event.type: hostels.asked-to-leave}\n"
        "    notify: {kind: call-back, to: duty-practitioner, urgency: next_working_day}\n    tests:\n"
        "      - {name: asked to leave, given: {event.type: hostels.asked-to-leave}, expect: match}\n"
        "      - {name: another, given: {event.type: custody.disposed}, expect: no_match, because: event.type}\n"
    )
    before = copy.tried("python", "-m", "onward.cli", "rules", "check")
    assert "D105" in before.stdout + before.stderr
    copy.make("schemas")
    assert "nothing wrong" in copy.onward("rules", "check")
