"""What is no YAML that we take: the words, the place and, where it can be guessed, what was most likely done."""

import pytest

from onward.diagnostics.yaml_tree import MAX_BYTES, MAX_DEPTH, Diagnostic, Place, YamlMapping, read

QUOTE = "; a text with `: ` in it stands in quotes, and the keys of one group begin in one column"
RANGE = 'did not find expected comment or line break; a range stands in quotes, such as `">= 18"`'
START = "found character that cannot start any token; put the text in quotes"
ANCHOR, ALIAS = "anchor `&x`; write the value out where it is used", "alias `*x`; write the value out"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1:1 Y005 the file is empty"]),
        ("# nothing\n\n", ["1:1 Y005 the file is empty"]),
        ("a: ]", ["1:4 Y004 not YAML: did not find expected node content"]),
        ("a: 'b", ["1:6 Y004 not YAML: found unexpected end of stream; a quote that was opened is not closed"]),
        ("a: b: c", [f"1:5 Y004 not YAML: mapping values are not allowed in this context{QUOTE}"]),
        ("a: >= 18", [f"1:5 Y004 not YAML: {RANGE}"]),
        ("a: > 5\nb: c", [f"1:6 Y004 not YAML: {RANGE}"]),
        ("a: @b", [f"1:4 Y004 not YAML: {START}"]),
        ("a:\n.", ["2:2 Y004 not YAML: could not find expected ':'"]),
        (
            "a: [1\nb: 2",
            ["2:2 Y004 not YAML: did not find expected ',' or ']'; a comma or a `]` is missing here or just above"],
        ),
        ("a: b\n...\nc: d", ["3:1 Y004 not YAML: did not find expected <document start>"]),
        ("%YAML 3.0\n---\na: 1", ["1:1 Y004 not YAML: found incompatible YAML document"]),
        ("a: \x01", ["1:1 Y004 not YAML: unacceptable character #x0001: control characters are not allowed"]),
        ("a: &x 1\nb: ]", [f"1:4 Y008 {ANCHOR}", "2:4 Y004 not YAML: did not find expected node content"]),
        ("a:\tb\t\nc\t", ["1:3 Y003 a tab; use spaces", "2:2 Y003 a tab; use spaces"]),
        ("a: 1\n---\nb: 2\n---\nc: 3", ["2:1 Y006 a second document; a file holds one"]),
        ("[" * (MAX_DEPTH + 1), [f"1:{MAX_DEPTH + 1} Y007 nested deeper than {MAX_DEPTH} levels"]),
        ("a: &x 1\nb: *x", [f"1:4 Y008 {ANCHOR}", f"2:4 Y008 {ALIAS}"]),
        ("*x : 1", [f"1:1 Y008 {ALIAS}"]),
        (
            "*x : 1\n*x : 2",
            [f"1:1 Y008 {ALIAS}", f"2:1 Y008 {ALIAS}", "2:1 Y012 `` is written twice, first on line 1; keep one"],
        ),
        ("&x [a]", [f"1:1 Y008 {ANCHOR}"]),
        ("a: !t b", ["1:4 Y009 tag `!t`; values are read by the kind of their field, so remove it"]),
        ("!t {a: b}", ["1:1 Y009 tag `!t`; values are read by the kind of their field, so remove it"]),
        ("? [a]\n: 1", ["1:3 Y010 a key must be a word, not a list or mapping"]),
        ("a:\n  <<: {b: 1}", ["2:3 Y011 merge key `<<`; write the entries out"]),
        ("a:\n  1\na: 2", ["3:1 Y012 `a` is written twice, first on line 1; keep one"]),
    ],
)
def test_what_is_no_yaml_for_us_is_told_where_it_stands_and_what_to_do(text: str, problems: list[str]) -> None:
    found = read("f.yaml", text.encode()).problems
    assert [f"{each.line}:{each.column} {each.code} {each.message}" for each in found] == problems
    assert {each.file for each in found} == {"f.yaml"}


@pytest.mark.parametrize(("content", "line"), [(b"\xff", 1), (b"\n\xff", 2), (b"a: 1\nb: \xff\n\n", 2)])
def test_what_is_no_text_is_told_with_its_line(content: bytes, line: int) -> None:
    (problem,) = read("f.yaml", content).problems
    assert str(problem) == f"f.yaml:{line}:1: error[Y002]: the file is not UTF-8 text; save it as UTF-8"


def test_a_file_may_be_as_large_and_as_deep_as_it_may_be() -> None:
    assert read("f.yaml", b"a: b" + b" " * (MAX_BYTES - 4)).problems == ()
    assert read("f.yaml", b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).problems == ()


def test_a_quoted_merge_key_is_a_word_like_any_other() -> None:
    root = read("f.yaml", b"'<<': 1\nb: 2").root
    assert isinstance(root, YamlMapping)
    assert [key.text for key, _ in root] == ["<<", "b"]
    assert root.get("c") is None


def test_a_problem_is_a_document_for_programs() -> None:
    problem = Diagnostic.at(Place("f.yaml", 2, 3), "Y001", "wrong")
    assert problem.document() == {"file": "f.yaml", "line": 2, "column": 3, "code": "Y001", "message": "wrong"}
