"""Rules that no message can meet, and kinds of notice that are slips or Onward's own, are found."""

from pathlib import Path

import pytest

from onward.contracts.notice_kinds import OWN_KINDS
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle, read_files
from onward.workbench.linting.all_findings import lint
from unit.routing.routing_builders import problems
from unit.workbench.pack_folders import folder_of


def found(folder: Path, rules: str, code: str) -> list[str]:
    """The messages of a code, for rules of theme need."""
    folder_of(folder, need=rules)
    findings = lint(load_bundle(folder), read_files(folder), directory_files.load())
    return [each.message for each in findings if each.code == code]


def rule(conditions: str, name: str = "a-rule", kind: str = "told") -> str:
    notify = f"    notify: {{kind: {kind}, to: duty-practitioner}}\n"
    return f"  - id: {name}\n    why: For these tests of {name}\n    {conditions}\n{notify}"


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ("when: {event.source: custody, event.type: prison.movement}", "none that is left has event.type"),
        (
            "when: {event.source: custody, event.type: custody.disposed, event.order: drug_rehabilitation}",
            "event.order is told by none of custody",
        ),
        ("when: {event.type: court.hearing, event.threshold: crime}", "event.threshold is told by none of courts"),
        ("when: {event.source: custody}\n    any_of: [{event.type: prison.movement}]", "none that is left"),
        ("when: {event.type: prison.movement, event.order: known}", "event.order is told by none of hmpps"),
    ],
)
def test_conditions_that_no_message_can_meet_are_found(tmp_path: Path, conditions: str, why: str) -> None:
    (message,) = found(tmp_path, rule(conditions), "L031")
    assert why in message


@pytest.mark.parametrize(
    "conditions",
    [
        "when: {event.source: hmpps, event.type: prison.movement}",
        "when: {event.source: custody, needs.mental_health: 3, registrations: known}",
        "when: {event.type: court.hearing, event.threshold: unknown}",
        "when: {event.type: court.hearing, event.detained_in: nowhere}",
        "when: {event.source: not custody, event.type: prison.movement}",
    ],
)
def test_what_a_message_can_meet_or_somebody_else_may_have_told_is_not(tmp_path: Path, conditions: str) -> None:
    assert found(tmp_path, rule(conditions), "L031") == []


def test_a_kind_of_notice_that_is_nearly_the_kind_of_others_is_found(tmp_path: Path) -> None:
    others = [rule(f"when: {{event.source: {source}}}", source, "check-movement") for source in ("courts", "custody")]
    slip = rule("when: {event.source: liaison}", "slip", "check-movment")
    (message,) = found(tmp_path, "".join([*others, slip]), "L032")
    assert "did you mean `check-movement`" in message
    other = rule("when: {event.source: liaison}", "other", "check-address")
    assert found(tmp_path, "".join([*others, other]), "L032") == []


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_no_rule_may_take_a_kind_that_onward_uses_itself(kind: str) -> None:
    (problem,) = problems(rule("when: {event.source: custody}", kind=kind))
    assert f"error[R031]: `{kind}` is a kind of call that Onward makes itself" in problem
