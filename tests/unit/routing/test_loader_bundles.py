"""What is wrong with a bundle as a whole: between its files, in its size, in what it lacks; and how much is told."""

import hashlib
from dataclasses import replace

import pytest

from onward.contracts import contact_types
from onward.contracts.fact_kinds import Choice, Code, Kind, Whole
from onward.diagnostics.spelling import one_of
from onward.diagnostics.yaml_tree import MAX_BYTES, Place
from onward.routing.domain import completeness, diagnostics, surroundings
from onward.routing.domain.diagnostics import MOST_PROBLEMS, MOST_REPEATED, BundleError, ProblemReport, SourceFile
from onward.routing.domain.loader import MAX_BUNDLE_BYTES, check_size, load
from onward.routing.domain.shape import Fields
from onward.routing.domain.slips import meant
from unit.routing.loader_messages import HEAD, LIFE, TOLD, referring, rule, stopping
from unit.routing.routing_builders import a_directory, a_provider

TYPES = contact_types.known()
SHARED = "schema: routing/v1\n"


def said(*texts: str) -> list[str]:
    """Every problem of files that are named a, b, c."""
    with pytest.raises(BundleError) as refused:
        load([SourceFile(name, text.encode()) for name, text in zip("abc", texts, strict=False)])
    return [str(problem) for problem in refused.value.diagnostics]


def test_no_rules_at_all_is_said_of_the_bundle() -> None:
    expected = ["rules:1:1: error[R003]: no rules at all; name the folder that holds the rule files"]
    assert said() == expected
    assert said(SHARED + LIFE) == expected


def test_a_bundle_may_be_as_large_as_it_may_be_and_no_larger() -> None:
    check_size(MAX_BUNDLE_BYTES)
    with pytest.raises(BundleError) as refused:
        check_size(MAX_BUNDLE_BYTES + 1)
    assert str(refused.value) == (
        f"rules:1:1: error[Y001]: the files have {MAX_BUNDLE_BYTES + 1} bytes in all, over {MAX_BUNDLE_BYTES}; "
        "this is no rule bundle"
    )
    small = b"x" * (MAX_BYTES + 1)
    (problem,) = said_of(small)
    assert problem.startswith(f"a:1:1: error[Y001]: the file has {MAX_BYTES + 1} bytes, over {MAX_BYTES}")


def said_of(content: bytes) -> list[str]:
    with pytest.raises(BundleError) as refused:
        load([SourceFile("a", content)])
    return [str(problem) for problem in refused.value.diagnostics]


def test_the_version_is_the_hash_of_names_lengths_and_bytes_in_the_order_of_names() -> None:
    first, second = rule().encode(), rule(name="two").encode()
    version = load([SourceFile("b", second), SourceFile("a", first)]).version
    both = b"1:a:%d:" % len(first) + first + b"1:b:%d:" % len(second) + second
    assert version.sha256 == hashlib.sha256(both).hexdigest()
    assert (version.name, version.version) == ("rules", version.sha256[:12])


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (
            (SHARED + "sets: {x: [E07000008]}\n", SHARED + "sets: {x: [E07000008]}\n", rule()),
            "b:2:11: error[R004]: set `x` of b again; rename one",
        ),
        (
            (SHARED + "sets: {x: [E07000008]}\n", rule(head="sets: {y: [E07000008], x: [E07000008]}\n")),
            "b:4:27: error[R004]: set `x` hides the shared one; rename it",
        ),
        ((SHARED + LIFE, SHARED + LIFE, rule()), "b:2:9: error[R004]: basis `life` again; it is already at a:2:9"),
        (
            (SHARED + TOLD, SHARED + TOLD, rule()),
            "b:2:17: error[R004]: prerequisite `told` again; it is already at a:2:17",
        ),
        ((rule(), rule()), "b:5:9: error[R004]: rule `it` again; it is already at a:5:9"),
    ],
)
def test_a_name_that_two_files_give_is_refused_at_the_second(texts: tuple[str, ...], problem: str) -> None:
    (found,) = said(*texts)
    assert found.startswith(problem)


def test_after_a_name_that_is_taken_the_next_is_read() -> None:
    taken = SHARED + LIFE.replace("}}", "}, other: word}")
    assert [line.partition(" `")[0] for line in said(SHARED + LIFE, taken, rule())] == [
        "b:2:9: error[R004]: basis",
        "b:2:86: error[R001]: basis",
    ]


def test_a_set_of_a_file_with_rules_is_its_own() -> None:
    (found,) = said(rule(head="sets: {mine: [E07000008]}\n"), rule(name="two", when="{person.area: $mine}"))
    assert found == "b:7:25: error[R006]: no set `$mine`; define it under `sets:`"


def test_every_file_is_read_even_after_one_that_is_no_yaml() -> None:
    assert [line.partition(" ")[0] for line in said("rules: [", rule(when="{person.agee: 5}"))] == [
        "a:1:9:",
        "b:7:12:",
    ]


def test_so_many_problems_end_the_reading() -> None:
    report = ProblemReport()
    for number in range(1, MOST_PROBLEMS):
        report.add(Place("f", number, 1), "T001", "wrong")
    with pytest.raises(BundleError) as refused:
        report.add(Place("f", MOST_PROBLEMS, 1), "T001", "wrong")
    assert len(refused.value.diagnostics) == MOST_PROBLEMS


def test_what_names_stand_for_may_be_as_much_as_it_may_be_and_no_more() -> None:
    report = ProblemReport()
    report.repeat(MOST_REPEATED - 1, Place("a", 1, 1))
    report.repeat(1, Place("a", 1, 1))
    report.finish()
    with pytest.raises(BundleError) as refused:
        report.repeat(1, Place("a", 2, 3))
    assert str(refused.value) == (
        f"a:2:3: error[Y001]: the names up to here stand for over {MOST_REPEATED} values and conditions; "
        "this is no rule bundle"
    )


TWO = """\
prerequisites:
  told: {why: w, when: {person.age: 5, person.sex: male}}
  more: {why: w, when: {person.age: 5, person.veteran: true}}
"""


@pytest.mark.parametrize(
    ("head", "line", "place"),
    [
        ("sets: {x: [1, 2, 3, 4]}\n", "when: {person.age: $x}", "8:24"),
        ("sets: {x: [1, 2, 3, 4]}\n", "when: {person.age: not $x}", "8:24"),
        (
            TWO,
            "when: {person.age: 5}\n    requires: [told, more]",
            "11:22",
        ),
    ],
)
def test_sets_and_prerequisites_count_wherever_they_are_named(
    head: str, line: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rule(head=head).replace("when: {person.age: 5}", line)
    monkeypatch.setattr(diagnostics, "MOST_REPEATED", 4)
    assert len(load([SourceFile("a", text.encode())]).rules) == 1
    monkeypatch.setattr(diagnostics, "MOST_REPEATED", 3)
    (problem,) = said(text)
    assert problem.startswith(f"a:{place}: error[Y001]: the names up to here stand for over 3 ")


def test_a_report_without_problems_ends_quietly_and_one_problem_ends_it_loudly() -> None:
    report = ProblemReport()
    report.finish()
    report.add(Place("f", 2, 3), "T001", "wrong")
    report.add(Place("f", 1, 3), "T001", "wrong")
    report.add(Place("f", 1, 3), "T001", "wrong")
    with pytest.raises(BundleError) as refused:
        report.finish()
    assert str(refused.value) == "f:1:3: error[T001]: wrong\nf:2:3: error[T001]: wrong"


@pytest.mark.parametrize(("length", "shown"), [(500, 500), (501, 503), (10_000, 503)])
def test_a_long_message_loses_its_middle(length: int, shown: int) -> None:
    report = ProblemReport()
    message = "a" * (length - 2) + "bc"
    report.add(Place("f", 1, 1), "T001", message)
    (problem,) = report.found
    assert len(problem.message) == shown
    assert problem.message == (message if length <= 500 else "a" * 250 + " … " + "a" * 248 + "bc")


def test_a_list_of_words_is_sorted_and_cut_short_when_it_is_long() -> None:
    assert one_of(["b", "a"]) == "`a`, `b`"
    assert one_of("hgfedcba") == "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`"
    assert one_of("ihgfedcba") == "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` … (9 in all)"
    assert one_of("cba", most=2) == "`a`, `b` … (3 in all)"


def test_a_fact_that_is_like_no_other_is_answered_with_the_facts_of_its_family_or_the_families() -> None:
    (family,) = said(rule(when="{consent.zzzzzzzzzzzzzzzzzzzzzzzzzz: true}"))
    (families,) = said(rule(when="{zzzzzzzzz: true}"))
    assert family.startswith(
        "a:7:12: error[T001]: no fact `consent.zzzzzzzzzzzzzzzzzzzzzzzzzz`; use one of `consent.accommodation`, "
    )
    assert "`person." not in family
    assert "; use one of `accommodation.…`, `cas1.…`, " in families
    assert families.count("`") == 2 + 2 * 14


def test_of_the_categories_that_may_be_stopped_three_are_shown() -> None:
    (problem,) = said(stopping("{reason: r, what: all}"))
    assert problem.count("`") == 2 + 2 * 3 + 2 * 3


def test_a_partner_that_sends_nothing_is_refused_at_its_place_whatever_the_file_is_called() -> None:
    text = rule(when="{event.source: x-ray}")
    rules = load([SourceFile("c:f.yaml", text.encode())])
    sources = [f"s-{number:02}" for number in range(13)]
    with pytest.raises(BundleError) as refused:
        surroundings.check_surroundings(rules, a_directory(), sources, TYPES)
    (problem,) = refused.value.diagnostics
    assert (problem.file, problem.line, problem.column, problem.code) == ("c:f.yaml", 7, 26, "D104")
    assert problem.message.endswith("; there are " + ", ".join(f"`{name}`" for name in sources[:12]) + " … (13 in all)")


def test_of_very_many_problems_of_rules_that_load_the_first_are_told() -> None:
    loaded = load([SourceFile("f", rule(when="{event.source: x-ray}").encode())])
    (one,) = loaded.rules
    many = replace(
        loaded, rules=tuple(replace(one, place=Place("f", number, 5)) for number in range(MOST_PROBLEMS + 1))
    )
    assert len(surroundings.problems(many, a_directory(), ["custody"], TYPES)) == MOST_PROBLEMS
    assert len(completeness.problems(many, a_directory())) == MOST_PROBLEMS


def test_a_key_that_is_not_written_stands_where_its_mapping_does() -> None:
    root = diagnostics.read(SourceFile("f", b"\n  a: b"), ProblemReport())
    assert root is not None
    fields = Fields(root, "a thing", ProblemReport(), required=("a",), optional=("b",))
    assert [str(fields.place_of(name)) for name in ("a", "b")] == ["f:2:3", "f:2:3"]
    assert str(Fields(root, "it", ProblemReport(), required=(), optional=("a", "b")).place) == "f:2:3"


def test_a_rule_needs_a_reason_in_three_words_and_examples_of_both_outcomes() -> None:
    text = rule("    tests: [{name: a, given: {person.age: 5}, expect: %s}]\n")
    lacks = {
        expect: [
            str(problem)
            for problem in completeness.problems(load([SourceFile("f", (text % expect).encode())]), a_directory())
        ]
        for expect in ("match", "no_match", "needs_information")
    }
    why = "f:5:5: error[R013]: `why` of `it` is told to people; say in 3 words or more why the rule is there"
    matching = "f:5:5: error[R014]: no test shows `it` matching; add one with `expect: match`"
    assert lacks == {
        "match": [
            why,
            (
                "f:5:5: error[R015]: no test shows `it` not matching; "
                "add one with `expect: no_match` or `needs_information`"
            ),
        ],
        "no_match": [why, matching],
        "needs_information": [why, matching],
    }
    three = load([SourceFile("f", text.replace("why: w", "why: one two three").encode() % b"match")])
    assert [problem.code for problem in completeness.problems(three, a_directory())] == ["R015"]


def test_what_a_rule_names_must_exist_around_it() -> None:
    text = referring(", providers: [hous, full-house, zzzzzzzz]").replace("{person.age: 5}", "{event.source: custdy}")
    more = (
        text + "    any_of: [{event.source: not custody}, {event.source: known}]\n    unless: {event.source: x-ray}\n"
    )
    rules = load([SourceFile("f", more.encode())])
    directory = a_directory(
        a_provider("house", services=("cas3",)),
        a_provider("full-house", services=("housing_authority",)),
        a_provider("other-house", services=("cas3",), categories=("MENTAL_HEALTH",)),
    )
    assert [str(problem) for problem in surroundings.problems(rules, directory, ["custody", "hmpps"], TYPES)] == [
        "f:9:85: error[D101]: no provider `hous` in the directory; did you mean `house`?",
        "f:9:91: error[D102]: `full-house` does not take ACCOMMODATION as cas3; name one that does",
        "f:9:103: error[D101]: no provider `zzzzzzzz` in the directory; add it under `schemas/directory/`",
        "f:8:26: error[D104]: no partner `custdy` sends to us; did you mean `custody`?",
        "f:12:28: error[D104]: no partner `x-ray` sends to us; there are `custody`, `hmpps`",
    ]
    surroundings.check_surroundings(
        load([SourceFile("f", referring().encode())]), a_directory(a_provider("house", services=("cas3",))), [], TYPES
    )
    with pytest.raises(BundleError) as refused:
        surroundings.check_surroundings(
            load([SourceFile("f", referring().encode())]),
            a_directory(a_provider("house"), a_provider("home", services=("cas3",), categories=("MENTAL_HEALTH",))),
            [],
            TYPES,
        )
    assert str(refused.value) == (
        "f:9:12: error[D103]: no provider takes ACCOMMODATION as cas3; add one under `schemas/directory/`"
    )


def test_a_file_may_hold_nothing_but_what_others_share() -> None:
    for content in ("sets: {x: [E07000008]}\n", LIFE, TOLD, "cover: [{why: w, when: {person.age: 5}}]\n"):
        assert [
            each.id
            for each in load([SourceFile("a", (SHARED + content).encode()), SourceFile("b", rule().encode())]).rules
        ] == ["it"]
    assert said(HEAD, rule()) == [
        "a:1:1: error[R003]: the file has no `rules`, `sets` or `bases`; add one or remove the file"
    ]


STATUS = Choice(("open", "closed", "unknown"))


@pytest.mark.parametrize(
    ("written", "kind", "sets", "offered"),
    [
        ("null", Whole(0, 9), [], "unknown"),
        ("null", STATUS, [], ""),
        ("unkown", STATUS, [], ""),
        ("now", Whole(0, 9), [], ""),
        ("3-5", Whole(0, 9), [], "3..5"),
        ("3-5", Code("^x$", "x"), [], ""),
        ("${near}", Whole(0, 9), ["near"], "$near"),
        ("not { near }", Whole(0, 9), ["near"], "not $near"),
        ("XX", Whole(0, 9), ["XX"], "$XX"),
        ("$near", Whole(0, 9), ["near"], ""),
    ],
)
def test_what_was_meant_is_offered_only_where_nobody_can_take_it_for_something_else(
    written: str, kind: Kind, sets: list[str], offered: str
) -> None:
    assert meant(written, kind, sets) == offered
