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
