"""What is not YAML is told with what a person most likely did, and never with what they wrote."""

import pytest

from onward.diagnostics.yaml_tree import read


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("person.age: >= 18\n", '; a range stands in quotes, such as `">= 18"`'),
        ("{person.age: > 18}\n", '; a range stands in quotes, such as `">= 18"`'),
        (
            "why: Note: canary\n",
            "; a text with `: ` in it stands in quotes, and the keys of one group begin in one column",
        ),
        ("when: {a: canary\nrefer: b\n", "; a comma or a `}` is missing here or just above"),
        ("when: [canary\nrefer: b\n", "; a comma or a `]` is missing here or just above"),
        ("when:\n    a: b\n   c: canary\n", "; the keys of one group begin in one column"),
        ("rules:\n  - a: b\n   c: canary\n", "; the `-` of one list begin in one column"),
        ("why: @canary\n", "; put the text in quotes"),
        ('why: "canary\n', "; a quote that was opened is not closed"),
        ("why: >-\n  canary\nwhen\n", ""),
    ],
)
def test_a_slip_is_named_as_the_author_knows_it(text: str, advice: str) -> None:
    (problem,) = read("example.yaml", text.encode()).problems
    assert problem.code == "Y004"
    assert problem.message.endswith(advice)
    assert ("; " in problem.message) is bool(advice)
    assert "canary" not in problem.message


def test_a_first_entry_that_lost_its_dash_is_told_with_the_line_it_begins_on() -> None:
    text = "providers:\n    name: A\n    services: [cas3]\n    catchment: ['*']\n\n  - id: other\n    name: B\n"
    (told,) = read("f.yaml", text.encode()).problems
    assert (told.code, told.line) == ("Y004", 6)
    assert told.message.endswith("; the entry that begins on line 2 has no `-`")
    (plain,) = read("f.yaml", b"a: 1\n b: 2\n").problems
    assert "has no `-`" not in plain.message
