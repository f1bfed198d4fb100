"""A scenario that cannot be played is refused before anything is played, each slip with its line and column."""

from pathlib import Path

import pytest

from onward.diagnostics.yaml_values import YamlFileError
from onward.rehearsal import loading
from onward.rehearsal.loading import load_scenario
from onward.tracking.domain import calls
from unit.rehearsal.scenarios import AGREES, a_scenario, known

TRACKING = Path(loading.__file__).parents[1] / "tracking" / "domain" / "calls.py"


@pytest.mark.parametrize(
    ("step", "place", "told"),
    [
        ("massage: {source: custody, body: {}}", "3:5", "no key `massage` here"),
        ("message: {source: custdy, body: {}}", "3:23", "no partner `custdy` sends to us; did you mean `custody`?"),
        ("message: {source: custody}", "3:5", "give `body` or `example`, one of them"),
        ("message: {source: custody, form: raw, body: {}}", "3:5", "with `form: raw` the body is a text"),
        ("message: {source: custody, body: {a: <shoe>}}", "3:5", "nobody knows the placeholder `<shoe>`"),
        ("message: {source: custody, example: in.custody/no.json}", "3:5", "there is no example `in.custody/no.json`"),
        ("message: {source: custody, example: ../topics/in.custody.yaml}", "3:5", "there is no example"),
        (
            "message: {source: custody, example: in.custody/homeless-and-agrees.json, without: [/person/shoe]}",
            "3:5",
            "the example has nothing at `/person/shoe`",
        ),
        (
            "message: {source: custody, example: in.custody/homeless-and-agrees.json, changes: {/shoe/size: 9}}",
            "3:5",
            "the example has nothing at `/shoe/size`",
        ),
        ("message: {source: custody, body: {}, changes: {/a: 1}}", "3:5", "`changes` and `without` change an"),
        ("at: tomorrow", "3:9", "write a moment such as 2026-03-04T09:00, or a while"),
        ("at: 2026-03-01T10:00", "", ""),
        ("reply: {status: MAYBE}", "3:21", "`MAYBE` is not one of RECEIVED, INFO_REQUESTED"),
        ("reply: {status: ACCEPTED, provider: birmingham-hosing}", "3:41", "did you mean `birmingham-housing`?"),
        ("{reply: {status: ACCEPTED}, approval: {approved: true}}", "3:5", "reply and approval: one step is one thing"),
        ("contact: {source: nobody, facts: {}}", "3:23", "there is no source `nobody`"),
        ("contact: {source: liaison, type: a.b}", "3:38", "no contact is of type `a.b`"),
        ("contact: {source: liaison, identity: {date_of_birth: x}}", "3:5", "identity.date_of_birth: Input should be"),
        ("expect: {only: {sent: [{provider: birmingham-hosing}]}}", "3:39", "did you mean `birmingham-housing`?"),
        ("expect: {never: {sent: [{shows: {phne: x}}]}}", "3:30", "there is no shows `phne`; did you mean `phone`?"),
        ("expect: {some: {escalations: [{kind: rejekted}]}}", "3:42", "did you mean `rejected`?"),
        ("expect: {some: {escalations: [{to: nobody}]}}", "3:40", "there is no to `nobody`"),
        ("expect: {some: {suppressed: [{reason: deceasd}]}}", "3:43", "did you mean `deceased`?"),
        ("expect: {some: {sent: [{rule: no-such-rule}]}}", "3:35", "there is no rule `no-such-rule`"),
        ("expect: {facts: {person.agee: 3}}", "3:35", "there is no fact `person.agee`; did you mean `person.age`?"),
        ("expect: {some: {parked: [{service: intak}]}}", "3:40", "did you mean `intake`?"),
    ],
    ids=lambda value: value[:50],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, step: str, place: str, told: str) -> None:
    path = tmp_path / "a-story.yaml"
    path.write_text(a_scenario(step))
    if not told:
        load_scenario(path, known())
        return
    with pytest.raises(YamlFileError) as refused:
        load_scenario(path, known())
    assert str(refused.value).startswith(f"{path}:{place}: error[D005]: "), str(refused.value)
    assert told in str(refused.value)


def test_time_does_not_go_back(tmp_path: Path) -> None:
    path = tmp_path / "a-story.yaml"
    path.write_text(a_scenario("at: 2026-03-04T10:00", "at: 2026-03-03T10:00"))
    with pytest.raises(YamlFileError, match=r":4:9: error\[D005\]: before the step above it"):
        load_scenario(path, known())


def test_every_slip_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a-story.yaml"
    path.write_text(a_scenario(AGREES + "expect: {facts: {a: 1, b: 2}}", "contact: {source: x}"))
    with pytest.raises(YamlFileError) as refused:
        load_scenario(path, known())
    assert len(str(refused.value).splitlines()) == 3


def test_the_calls_that_no_rule_names_are_those_that_tracking_writes() -> None:
    text = TRACKING.read_text()
    body = text.partition("def ")[2]
    assert [call for call in calls.KINDS if f'"{call}"' not in body] == []
    assert body.count("return _escalation(change, ") == len(calls.KINDS) + body.count("notice.kind,")


def test_all_slips_of_a_file_are_told_from_its_top_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a-story.yaml"
    expects = "expect: {some: {sent: [{rule: no-such-rule}]}}"
    never = "never: {sent: [{provider: nobody}]}\ntitle: A story"
    path.write_text(a_scenario(expects, "message: {source: custody, body: {a: <shoe>}}", head=never))
    with pytest.raises(YamlFileError) as refused:
        load_scenario(path, known())
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["1", "4", "5"]
    path.write_text("steps:\n  - at: tomorrow\ntitle: ''\n")
    with pytest.raises(YamlFileError) as refused:
        load_scenario(path, known())
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["2", "3"]
