"""Guides for a partner, a provider, a need and a service, followed to the letter in a copy; CI passes there."""

import json
from dataclasses import dataclass

import pytest

from following import Copy

RECEIVED = "2026-03-02T10:00"
RULE = """\
schema: routing/v1
theme: safety
owner: policy-housing
rules:
  - id: hostel-call
    why: Whoever must leave a hostel is called
    when: {event.type: hostels.asked-to-leave}
    notify: {kind: call-back, to: duty-practitioner, urgency: next_working_day}
    tests:
      - {name: asked to leave, given: {event.type: hostels.asked-to-leave}, expect: match}
      - {name: another, given: {event.type: custody.disposed}, expect: no_match, because: event.type}
"""


@dataclass(frozen=True)
class Grown:
    """The copy, grown by every guide."""

    copy: Copy
    new: list[str]
    """The files that the guides made."""
    rule_before: str
    """What `rules check` says of a rule about the new partner's event before the generated files are written."""
    rule_after: str

    @property
    def new_code(self) -> list[str]:
        """The Python files among them."""
        return [path for path in self.new if path.endswith(".py")]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    copy = Copy(tmp_path_factory.mktemp("grown"))
    new = [*copy.follow("docs/guides/add-a-partner.md"), *copy.follow("docs/guides/add-a-provider.md")]
    new += [*copy.follow("docs/guides/add-a-need.md"), *copy.follow("services/README.md")]
    rule = copy.root / "schemas/routing/hostels.yaml"
    rule.write_text(RULE)
    before = copy.tried("python", "-m", "onward.cli", "rules", "check")
    copy.make("schemas")
    after = copy.tried("python", "-m", "onward.cli", "rules", "check")
    rule.unlink()
    copy.make("schemas")  # the page of its pathway goes with it
    return Grown(copy, new, before.stdout + before.stderr, after.stdout + after.stderr)


def test_what_is_generated_is_up_to_date(grown: Grown) -> None:
    grown.copy.make("verify")


def test_the_import_contracts_hold(grown: Grown) -> None:
    grown.copy.run("lint-imports", "--no-cache")


@pytest.mark.timeout(600)
def test_the_types_of_what_is_new_hold_and_it_is_written_as_the_rest_is(grown: Grown) -> None:
    assert grown.new_code
    grown.copy.typed(grown.new_code)


def test_the_whole_pack_passes_what_its_authors_run(grown: Grown) -> None:
    assert "nothing wrong" in grown.copy.onward("rules", "check")
    assert " 0 failed" in grown.copy.onward("rules", "test")
    assert "0 errors, 0 warnings" in grown.copy.onward("rules", "lint")
    grown.copy.onward("rules", "analyse")


@pytest.mark.timeout(600)
def test_every_test_that_looks_at_partners_providers_services_and_their_topics_passes(grown: Grown) -> None:
    own = [path for path in grown.new if path.startswith("tests/")]
    assert own
    grown.copy.test(
        *own,
        # What the others may send is held in this copy as it is in the project: only the newcomer's is looked at anew.
        *("-k", "not test_what_validates_is_read or hostels"),
        # But for the one that plants violations: it makes a copy itself, and holds for any service.
        *("tests/architecture", "--ignore=tests/architecture/test_the_guards.py"),
        *(f"tests/unit/intake/test_{name}.py" for name in ("answers", "intake_examples", "intake_handlers")),
        *(f"tests/unit/intake/test_{name}.py" for name in ("declared_by_the_adapter", "intake_total", "unknown_types")),
        *(f"tests/unit/routing/test_directory_{name}.py" for name in ("content", "guide")),
        "tests/unit/directory/test_directory_files.py",
        *(f"tests/contract/test_{name}.py" for name in ("alert_rules", "examples", "groups")),
        *(f"tests/contract/test_{name}.py" for name in ("groups_and_topics", "metrics_catalogue", "partner_pages")),
        *(f"tests/contract/test_{name}.py" for name in ("partner_schemas", "reasons", "scrape_targets")),
        *(f"tests/contract/test_{name}.py" for name in ("topic_files", "compose_file", "systemd_units")),
        "tests/unit/demo",
    )


def test_a_message_of_the_new_partner_is_read(grown: Grown) -> None:
    example = "schemas/examples/in.hostels/asked-to-leave.json"
    told = json.loads(grown.copy.onward("try", "--source", "hostels", example, "--at", RECEIVED, "--json"))
    assert told["intake"]["outcome"] == "contact"
    (contact,) = told["contacts"]
    assert contact["type"] == "hostels.asked-to-leave"


def test_the_day_of_the_new_partner_in_the_demo_goes_as_its_scenario_expects(grown: Grown) -> None:
    grown.copy.onward("rehearse", "schemas/examples/scenarios/asked-to-leave-a-hostel.yaml")


def test_what_an_area_adds_does_what_ours_does(grown: Grown) -> None:
    assert "schemas/vocabulary/testshire.yaml" in grown.new
    grown.copy.onward("rehearse", "schemas/examples/scenarios/a-home-that-is-full.yaml")
    schema = json.loads((grown.copy.root / "schemas/events/shared.v1.schema.json").read_text())
    assert "HOARDING" in json.dumps(schema)


def test_a_rule_may_ask_for_what_a_new_partner_tells_of_once_the_schemas_are_written(grown: Grown) -> None:
    assert "D105" in grown.rule_before
    assert "nothing wrong" in grown.rule_after


def test_the_new_provider_and_the_new_service_have_topics_and_the_service_starts(grown: Grown) -> None:
    assert "schemas/directory/anyshire.yaml" in grown.new
    grown.copy.onward("run", "gaps", "--check")
    listed = grown.copy.onward("topics", "--list")
    assert "referrals.anytown-night-shelter" in listed
    assert "parked.gaps" in listed
