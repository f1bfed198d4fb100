"""YAML as written: positions are right, and whatever makes a file mean more than it says is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import MAX_BYTES, MAX_PROBLEMS, YamlList, YamlMapping, YamlScalar, read


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read("f.yaml", text.encode()).problems]


def test_every_word_knows_its_line_and_column() -> None:
    root = read("f.yaml", b"a: 1\nlist:\n  - x\n  - 'no'\n").root

    assert isinstance(root, YamlMapping)
    items = root.get("list")
    assert isinstance(items, YamlList)
    assert items.items == (
        YamlScalar(items.items[0].place, "x", quoted=False),
        YamlScalar(items.items[1].place, "no", quoted=True),
    )
    assert [str(item.place) for item in items.items] == ["f.yaml:3:5", "f.yaml:4:5"]


def test_scalars_stay_text_so_that_no_country_becomes_a_refusal() -> None:
    root = read("f.yaml", b"[no, 1.0, 0o17, 2026-02-30, ~]").root

    assert isinstance(root, YamlList)
    assert [item.text for item in root.items if isinstance(item, YamlScalar)] == [
        "no",
        "1.0",
        "0o17",
        "2026-02-30",
        "~",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: &x 1\n", "f.yaml:1:4: error[Y008]"),
        ("a: 1\nb: *x\n", "f.yaml:2:4: error[Y008]"),
        ("a: !!str 1\n", "f.yaml:1:4: error[Y009]"),
        ("a: !python/object:os.system 1\n", "f.yaml:1:4: error[Y009]"),
        ("a:\n  <<: {b: 1}\n", "f.yaml:2:3: error[Y011]"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: error[Y012]"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: error[Y003]"),
        ("? [x]\n: 1\n", "f.yaml:1:3: error[Y010]"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: error[Y006]"),
        ("a: [1\n", "f.yaml:2:1: error[Y004]"),
        ("", "f.yaml:1:1: error[Y005]"),
        ("[" * 100_000, "f.yaml:1:17: error[Y007]"),
    ],
)
def test_what_hides_or_changes_meaning_is_refused_with_its_place(text: str, where: str) -> None:
    assert any(problem.startswith(where) for problem in problems(text)), problems(text)


def test_all_problems_are_told_in_one_pass_in_the_order_of_the_file() -> None:
    found = problems("a: &x 1\na: 2\nb: !t 3\n")

    assert [problem.split(" ")[0] for problem in found] == ["f.yaml:1:4:", "f.yaml:2:1:", "f.yaml:3:4:"]


def test_a_file_that_is_too_large_or_not_text_is_not_read() -> None:
    assert [problem.code for problem in read("f.yaml", b" " * (MAX_BYTES + 1)).problems] == ["Y001"]
    broken = read("f.yaml", b"a: 1\nb: \xff\n").problems
    assert [(problem.code, problem.line) for problem in broken] == [("Y002", 2)]


def test_the_list_of_problems_ends_even_when_the_file_does_not() -> None:
    assert len(problems("\n".join(f"k{n}: &a{n} 1" for n in range(5_000)))) == MAX_PROBLEMS


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    reading = read("f.yaml", content)

    assert reading.root is not None or reading.problems


@given(st.text(alphabet="{}[]:,-?&*!|>'\"%@` \nab0#", max_size=200))
def test_no_punctuation_makes_it_raise(text: str) -> None:
    reading = read("f.yaml", text.encode())

    assert reading.root is not None or reading.problems


def test_a_near_miss_is_suggested_and_a_far_one_is_not() -> None:
    assert did_you_mean("person.agee", {"person.age", "person.sex"}) == "; did you mean `person.age`?"
    assert did_you_mean("zzz", {"person.age"}) == ""


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("w" * 99 + "x", ["w" * 100], "w" * 100),
        ("w" * 100 + "x", ["w" * 100], ""),
        ("w" * 99 + "x", ["w" * 101], ""),
        ("ourer", [*map(str, range(10, 309)), "other"], "other"),
        ("ourer", [*map(str, range(10, 310)), "other"], ""),
        ("otterly", [*map(str, range(10, 310)), "other"], "other"),
        ("other", [*map(str, range(10, 310)), "otterly"], "otterly"),
        ("otterlyy", [*map(str, range(10, 310)), "other"], ""),
        ("otherly", [*map(str, range(10, 310)), *(f"ot{number}" for number in range(100, 399)), "otherlx"], "otherlx"),
        ("otherly", [*map(str, range(10, 310)), *(f"ot{number}" for number in range(100, 400)), "otherlx"], ""),
        ("otherr", [*map(str, range(10, 20_009)), "other"], "other"),
        ("otherr", [*map(str, range(10, 20_010)), "other"], ""),
    ],
)
def test_of_very_long_or_very_many_words_few_are_compared(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == (f"; did you mean `{meant}`?" if meant else "")


@pytest.mark.parametrize(
    "char", ["\x85", "\xad", "\u200b", "\u200f", "\u2028", "\u202e", "\u2066", "\ufeff", "\U000e0041"]
)
def test_a_character_that_nobody_sees_is_refused_wherever_it_stands(char: str) -> None:
    name = f"f.yaml:2:7: error[Y014]: an invisible character, U+{ord(char):04X}; delete it"
    assert problems(f"a: 1\nb: abc{char}d{char}\n") == [name]
    assert problems(f"a: 1\n#  abc{char}b: 2\n") == [name]


@pytest.mark.parametrize("space", ["\xa0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000"])
def test_a_space_that_only_looks_like_one_is_refused_wherever_it_stands(space: str) -> None:
    name = f"error[Y014]: no plain space, U+{ord(space):04X}; write a plain one"
    assert problems(f"a: 1\nb: not{space}c{space}# no comment\n") == [f"f.yaml:2:7: {name}"]
    assert problems(f"a: 1\n# {space}b: 2\n\nc{space}: 1\n") == [f"f.yaml:2:3: {name}", f"f.yaml:4:2: {name}"]


def test_a_mark_at_the_beginning_of_a_file_and_the_line_ends_of_every_system_are_no_surprise() -> None:
    assert read("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n").problems == ()


@pytest.mark.parametrize("escape", [r"\e", r"\0", r"\a", r"\x9b", r"\u202e", r"\N", r"\u2028", r"\ufeff"])
def test_a_character_that_nobody_sees_is_refused_where_quotes_hide_it(escape: str) -> None:
    (found,) = problems(f'a: 1\nb: "x{escape}y"\n')
    assert found.startswith("f.yaml:2:4: error[Y014]: an invisible character, U+")


def test_quotes_may_hide_what_can_be_seen() -> None:
    assert problems(r'a: "\n\u00e9\"\u00a0\U0001f600"') == []
