"""The one form of a rule file."""

import pytest

from onward.routing import schema
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.loader import load
from onward.workbench.formatting.form import formatted
from onward.workbench.formatting.meaning import meaning, same_bundle
from onward.workbench.formatting.order import ORDER
from unit.routing.routing_builders import BASES, HOUSING, rule_file
from unit.workbench.formatting_samples import PACK, a_file, words


def a_rule(lines: str) -> str:
    """A rule of the file's form, with *lines* as written."""
    return f"schema: routing/v1\nrules:\n  - id: one\n{lines}"


@pytest.mark.parametrize("file", PACK, ids=lambda file: file.name)
def test_a_file_of_the_pack_changes_little_and_only_once(file: SourceFile) -> None:
    before = file.content.decode()
    after = formatted(before)
    assert formatted(after) == after
    assert words(after) == words(before)
    assert len(set(after.splitlines()) ^ set(before.splitlines())) < len(before.splitlines()) / 3


def test_the_formatted_pack_means_the_same() -> None:
    assert same_bundle(PACK, [a_file(file.name, formatted(file.content.decode())) for file in PACK])


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(">= 18", "> 18"), ("homeless,", "[homeless, at_risk],"), ("agreed", "life"), ("A homeless", "A")],
)
def test_another_meaning_is_not_the_same(right: str, wrong: str) -> None:
    one = [a_file("bases.yaml", BASES), rule_file("need", HOUSING)]
    other = [one[0], rule_file("need", HOUSING.replace(right, wrong, 1))]
    moved = [one[0], rule_file("need", "\n\n" + HOUSING)]
    assert same_bundle(one, moved)
    assert not same_bundle(one, other)
    assert meaning(load(one)) == meaning(load(moved))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    why: x\n    when: {a.b: 'true', c.d: '34'}\n", "    why: x\n    when: {a.b: true, c.d: 34}\n"),
        ("    why: 'yes'\n", '    why: "yes"\n'),
        ("    why: 'plain words'\n", "    why: plain words\n"),
        ("    why: 'with: colon'\n", '    why: "with: colon"\n'),
        ("    when: {a.b: '>= 18'}\n", '    when: {a.b: ">= 18"}\n'),
        ("    when: {a.b: $set, c.d: 'not $set'}\n", "    when: {a.b: $set, c.d: not $set}\n"),
        ("    why: 'say \"no\"'\n", "    why: 'say \"no\"'\n"),
        ("    why: >-\n      short\n      words\n", "    why: short words\n"),
        ("    why: |-\n      a line\n      another\n", "    why: |-\n      a line\n      another\n"),
        ('    why: "a line\\nanother"\n', "    why: |-\n      a line\n      another\n"),
        ('    why: "bell \\a"\n', '    why: "bell \\u0007"\n'),
        ('    why: "Siân\\n edge "\n', '    why: "Siân\\n edge "\n'),
        ('    why: "bell \\a Siân"\n', '    why: "bell \\u0007 Siân"\n'),
        ('    why: "a\\_b"\n', '    why: "a\\u00a0b"\n'),
        ('    why: " edge "\n', '    why: " edge "\n'),
        ("    why: it's   wide\n", "    why: it's   wide\n"),
        ("    any_of: [ {a.b: 1},\n     {c.d: [x,\n  y]} ]\n", "    any_of: [{a.b: 1}, {c.d: [x, y]}]\n"),
        ("    tests:\n    - name: a\n", "    tests:\n      - name: a\n"),
        ("    ? why\n    : x\n", "    why: x\n"),
        ("    when: x\n    why: y\n", "    why: y\n    when: x\n"),
        ("    tests: []\n    why: {}\n", "    why: {}\n    tests: []\n"),
    ],
)
def test_a_layout_becomes_the_form(before: str, after: str) -> None:
    assert formatted(a_rule(before)) == a_rule(after)
    assert formatted(a_rule(after)) == a_rule(after)
    assert words(a_rule(before)) == words(a_rule(after))


LONG = ", ".join(f"event.fact_{number}: value_{number}" for number in range(6))


def test_what_does_not_fit_on_a_line_is_opened() -> None:
    opened = "".join(f"      event.fact_{number}: value_{number}\n" for number in range(6))
    assert formatted(a_rule(f"    when: {{{LONG}}}\n")) == a_rule(f"    when:\n{opened}")


def test_what_a_test_is_given_runs_on() -> None:
    done = formatted(a_rule(f"    tests:\n      - {{name: a, given: {{{LONG}}}, expect: match}}\n"))
    assert "      - name: a\n        given: {event.fact_0: value_0" in done
    assert "\n          event.fact_4: value_4, event.fact_5: value_5}\n        expect: match\n" in done
    assert formatted(done) == done


def test_a_long_text_is_folded_at_120_characters() -> None:
    done = formatted(a_rule(f"    why: {'word ' * 60}\n"))
    assert done.splitlines()[3] == "    why: >-"
    assert [len(line) for line in done.splitlines()[4:]] == [120, 120, 75]


def test_one_empty_line_stands_between_rules_and_none_at_the_edges() -> None:
    before = (
        "\n\nschema: routing/v1\nrules:\n\n  - id: one\n    why: x\n  - id: two\n    why: y\n\n\n\n  - id: three\n\n\n"
    )
    assert formatted(before) == (
        "schema: routing/v1\nrules:\n  - id: one\n    why: x\n\n  - id: two\n    why: y\n\n  - id: three\n"
    )


def test_a_key_takes_its_comments_along() -> None:
    before = a_rule("    # about when\n    when: {a.b: 1} # beside when\n    # about why\n    why: x\n")
    assert formatted(before) == a_rule(
        "    # about why\n    why: x\n    # about when\n    when: {a.b: 1}  # beside when\n"
    )


def test_a_comment_in_braces_opens_them() -> None:
    before = a_rule("    when: {a.b: 1, # one\n      # two\n      c.d: 2} # three\n")
    assert formatted(before) == a_rule("    when:\n      a.b: 1  # one\n      # two\n      c.d: 2  # three\n")


def test_windows_line_ends_and_a_byte_order_mark_go() -> None:
    assert formatted("\ufeffschema: routing/v1 # one\r\n# two\r\nsets: {a: [x]}\r\n") == (
        "schema: routing/v1  # one\n# two\nsets: {a: [x]}\n"
    )


@pytest.mark.parametrize("text", ["", "# only a comment\n", "%YAML 1.1\n---\nschema: routing/v1\n"])
def test_what_is_no_rule_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"empty|directive"):
        formatted(text)


def test_the_order_of_keys_names_every_key_of_the_language() -> None:
    known = schema.editor_schema()
    assert set(ORDER["file"]) == set(known["properties"])
    for sort, order in ORDER.items():
        if sort in known["definitions"]:
            assert set(order) == set(known["definitions"][sort]["properties"]), sort
    assert set(known["definitions"]) - set(ORDER) == {"conditions", "group"}
