"""What YAML is known to change silently: here it is the plain text it looks like, or an error with its place."""

import pytest

from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load

RULE = """\
schema: routing/v1
theme: need
owner: tests
rules:
  - id: it
    why: WHY
    when:
      PATH: VALUE
    notify: {kind: check, to: duty-practitioner}
"""
LINE = 8
"""Where VALUE stands."""


def written(path: str = "person.age", value: str = "34", why: str = "for a test") -> str:
    return RULE.replace("WHY", why).replace("PATH", path).replace("VALUE", value)


def loaded(text: str | bytes) -> RuleSet:
    content = text if isinstance(text, bytes) else text.encode()
    return load([SourceFile("need.yaml", content)])


def refused(text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(BundleError) as caught:
        loaded(text)
    return [(problem.code, problem.line, problem.column) for problem in caught.value.diagnostics]


def means(text: str | bytes) -> tuple[object, ...]:
    """All that a file says, but for its hash."""
    rules = loaded(text)
    return rules.rules, rules.goals, rules.bases


NOTHING = ("~", "null", "Null", "NULL")
YES_NO = ["no", "yes", "on", "off", "y", "n", "~", "null", "Null", "True", "TRUE", "1", "0", "No"]
NUMBERS = [
    "1e3",
    "0o17",
    "017",
    "0x1F",
    "0b11",
    "1_000",
    "12:30:00",
    ".inf",
    "-.inf",
    ".nan",
    "1.0",
    "'1.0'",
    '"1.0"',
    "+5",
    "5.",
    "034",
    "~",
    "null",
    "1,000",
    "\uff134",
    "3\uff14",
    '""',
]
DAYS = [
    "2026-02-30",
    "2026-1-5",
    "2026-13-01",
    "20260301",
    "2026-03-01T00:00:00Z",
    "2026-03-01T00:00:00+01:00",
    "01/03/2026",
    "1741000000",
    "~",
    "2026-060",
    "2026-W10-1",
    "0000-01-01",
]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        *(("person.veteran", value, "T004") for value in YES_NO),
        *(("person.age", value, "T005") for value in NUMBERS),
        *(("release.on", value, "T007") for value in DAYS),
        ("person.sex", "~", "T003"),
        ("person.sex", "null", "T003"),
        ("person.interpreter", "~", "T006"),
        ("person.interpreter", "null", "T006"),
        ("person.area", "E08000025 E08000026", "T006"),
        ("person.area", "0E8000025", "T006"),
        ("person.area", "E0800002\uff15", "T006"),
        ("release.on", "2026-03-0\uff11", "T007"),
        ("person.sex", "", "T003"),
        ("person.age", "!!str 34", "Y009"),
        ("person.age", "! 34", "Y009"),
        ("person.sex", "! male", "Y009"),
        ("person.sex", "!male", "Y009"),
        ("person.age", "&age 34", "Y008"),
        ("person.sex", "!!python/object/apply:os.system [ls]", "Y009"),
    ],
)
def test_a_value_that_yaml_would_make_something_else_of_is_refused_at_its_place(
    path: str, value: str, code: str
) -> None:
    column = written(path, "VALUE").splitlines()[LINE - 1].index("VALUE") + bool(value)
    assert (code, LINE, column) in refused(written(path, value))


@pytest.mark.parametrize(
    "words",
    [
        *(each for each in YES_NO if each not in NOTHING),
        *(each for each in NUMBERS if each not in NOTHING and each[0] not in "'\""),
        *(each for each in DAYS if each not in NOTHING),
        "<<",
        "=",
        "e",
        "0x",
        "1__0",
        "no: no"[:2],
    ],
)
def test_where_any_words_are_taken_they_stay_as_they_are_written(words: str) -> None:
    (rule,) = loaded(written(why=words)).rules
    assert rule.why == words


@pytest.mark.parametrize("words", NOTHING)
def test_what_yaml_takes_for_nothing_is_no_words_unless_it_is_quoted(words: str) -> None:
    assert [code for code, _, _ in refused(written(why=words))] == ["R001"]
    (rule,) = loaded(written(why=f'"{words}"')).rules
    assert rule.why == words


def test_a_language_code_that_yaml_takes_for_a_refusal_is_a_language() -> None:
    (rule,) = loaded(written("person.interpreter", "no")).rules
    assert (rule.when[0].path, rule.when[0].expected) == ("person.interpreter", "no")


@pytest.mark.parametrize("value", ["34", "'34'", '"34"', "34 # years", "|\n        34", ">-\n        34", '"3\\x34"'])
def test_a_value_is_the_same_however_it_is_quoted(value: str) -> None:
    (rule,) = loaded(written(value=value)).rules
    assert [str(condition.test) for condition in rule.when] == ["OneOf(values=frozenset({34}), negated=False)"]


PLAIN = written()
TWICE = PLAIN.replace("    notify", "    why: again\n    notify")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TWICE, ("Y012", 9, 5)),
        (PLAIN.replace("person.age: 34", "person.age: 34\n      'person.age': 35"), ("Y012", 9, 7)),
        (PLAIN.replace("owner: tests", "owner: tests\ntheme: safety"), ("Y012", 4, 1)),
        (PLAIN.replace("when:", "when: &a"), ("Y008", 7, 11)),
        (PLAIN.replace("duty-practitioner", "*a"), ("Y008", 9, 31)),
        (PLAIN.replace("{kind", "{<<: {kind: x}, kind"), ("Y011", 9, 14)),
        (PLAIN.replace("person.age: 34", "!!set {person.age}"), ("Y009", 8, 7)),
        (PLAIN.replace("    why", "\twhy"), ("Y003", 6, 1)),
        (PLAIN.replace("for a test", "for\ta test"), ("Y003", 6, 13)),
        (PLAIN.replace("      person", "\t    person"), ("Y003", 8, 1)),
        (PLAIN + "---\n" + PLAIN, ("Y006", 10, 1)),
        (PLAIN + "...\n---\nschema: routing/v1\n", ("Y006", 11, 1)),
        (PLAIN.replace("for a test", "for: a test"), ("Y004", 6, 13)),
        (PLAIN.replace("for a test", "'for a test"), ("Y004", 10, 1)),
        (PLAIN.replace("for a test", "@test"), ("Y004", 6, 10)),
        (PLAIN.replace("for a test", "%test"), ("Y004", 6, 10)),
        (PLAIN.replace("for a test", "a\x00b"), ("Y004", 1, 1)),
        (PLAIN.replace("person.age: 34", "? [person.age]\n      : 34"), ("Y010", 8, 9)),
        (PLAIN.replace("person.age: 34", "{person.age:34}"), ("T001", 8, 8)),
        (PLAIN.replace("theme:", "Theme:"), ("R002", 2, 1)),
        (PLAIN.encode("utf-16"), ("Y002", 1, 1)),
        (PLAIN.encode("utf-16-le"), ("Y004", 1, 1)),
        (PLAIN.encode("utf-32"), ("Y002", 1, 1)),
        (PLAIN.replace("for a test", "caf\xe9").encode("latin-1"), ("Y002", 6, 1)),
    ],
)
def test_a_file_that_would_mean_what_it_does_not_say_is_refused(
    text: str | bytes, problem: tuple[str, int, int]
) -> None:
    assert problem in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.rstrip("\n"),
        PLAIN + "...\n",
        PLAIN + "\n\n# the end\n",
    ],
    ids=["byte order mark", "CRLF", "CR", "no last line break", "end of document", "comment"],
)
def test_what_an_editor_does_to_a_file_changes_nothing(text: str) -> None:
    assert means(text) == means(PLAIN)


def test_the_mark_of_a_document_moves_the_places_and_nothing_else() -> None:
    (plain,), (marked,) = loaded(PLAIN).rules, loaded("---\n" + PLAIN).rules
    assert [condition.test for condition in plain.when] == [condition.test for condition in marked.when]
    assert marked.place.line == plain.place.line + 1
