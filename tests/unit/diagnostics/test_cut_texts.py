"""A ` #` in the middle of a sentence cuts it: that is told, and a comment behind a word is not."""

import pytest

from onward.diagnostics.yaml_tree import read


def said(text: str) -> list[str]:
    return [f"{each.line}:{each.column} {each.code} {each.message}" for each in read("f.yaml", text.encode()).problems]


CUT = "Y015 `{}` ends before ` #`, which begins a comment; put the text in quotes, or move the comment"


@pytest.mark.parametrize("key", ["why", "advice", "purpose", "citation", "article_9", "name"])
@pytest.mark.parametrize("value", ["Meet them #never write", "Meet them # never write", "Team #3 in Leeds", "Meet  #x"])
def test_a_sentence_that_a_comment_cuts_is_an_error(key: str, value: str) -> None:
    assert said(f"{key}: {value}\n") == [f"1:{len(key) + 3} {CUT.format(key)}"]


def test_it_is_told_wherever_the_sentence_stands() -> None:
    assert said("rules:\n  - id: a\n    why: A money #adviser\n") == [f"3:10 {CUT.format('why')}"]
    assert said("tests: [{name: at the door #3\n  , expect: match}]\n") == [f"1:16 {CUT.format('name')}"]
    assert said("why: A sentence\n  that goes on #here\n  # and a comment\n") == [f"1:6 {CUT.format('why')}"]


@pytest.mark.parametrize(
    "text",
    [
        'why: "Meet them #never write"\n',
        'why: "Meet them" # a comment\n',
        "why: >-\n  Meet them #never write\n",
        "why: Meet them\n# a comment\n",
        "why: Meet them at no.#3\n",
        "urgency: immediate  # as agreed\n",
        "id: a #3\n",
        "when: {person.age: 18}  # of age\n",
    ],
)
def test_what_loses_nothing_is_no_error(text: str) -> None:
    assert said(text) == []
