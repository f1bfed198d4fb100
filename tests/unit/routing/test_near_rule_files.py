"""Whatever a bundle holds: a rule set, or problems with places inside its files; the same each time, in any order."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Diagnostic
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import Group, Has, RuleSet
from onward.routing.domain.loader import load
from unit.routing.rule_file_grammar import Bundle, Tree, bundles, files, near_bundles, odd, replaced, values, ways

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_LINE_END = re.compile("\r\n|[\r\n]")
"""Where YAML begins a new line."""


def outcome(sources: Sequence[SourceFile]) -> tuple[Any, ...]:
    """All that loading says."""
    try:
        rules: RuleSet = load(sources)
    except BundleError as error:
        return error.diagnostics
    return rules.rules, rules.goals, rules.unique, rules.bases, rules.version


def check_place(problem: Diagnostic, sources: Sequence[SourceFile]) -> None:
    """The problem stands inside its file, or at the end of it; of no file only when it is about all of them."""
    assert problem.message.strip()
    content = next((each.content for each in sources if each.name == problem.file), None)
    if content is None:
        assert (problem.file, problem.line, problem.column) == ("rules", 1, 1), problem
        return
    text = content.decode("utf-8-sig", errors="replace")
    # What few editors show is told by the lines that editors count; everything else by those of YAML.
    breaks = (_BREAK, _LINE_END) if problem.code == "Y014" else (_BREAK,)
    assert any(stands_in(problem, each.split(text)) for each in breaks), problem


def stands_in(problem: Diagnostic, lines: Sequence[str]) -> bool:
    return 1 <= problem.line <= len(lines) and 1 <= problem.column <= len(lines[problem.line - 1]) + 2


def check(sources: Sequence[SourceFile]) -> None:
    """The promise of the loader."""
    found = outcome(sources)
    refused = isinstance(found[0], Diagnostic)
    event("refused" if refused else "loaded")
    if refused:
        for problem in found:
            check_place(problem, sources)
    assert outcome(sources) == found
    assert outcome(sources[::-1]) == found


def written(group: Tree) -> list[tuple[str, list[str]]]:
    """The facts that a group of a file asks about, with the fields of records."""
    return [(key.partition(" ")[0], list(test) if isinstance(test, dict) else []) for key, test in group.items()]


def asked(group: Group) -> list[tuple[str, list[str]]]:
    """The same of a group that was loaded."""
    return [
        (each.path, [field.path for field in each.test.fields] if isinstance(each.test, Has) else []) for each in group
    ]


def check_nothing_is_left_out(bundle: Bundle, loaded: RuleSet) -> None:
    """A rule without one of its conditions would reach more people than its author said."""
    rules = {rule.id: rule for rule in loaded.rules}
    for each in (each for tree in bundle.values() for each in tree.get("rules", ())):
        rule, unless = rules[each["id"]], each.get("unless", [])
        assert asked(rule.when)[: len(each["when"])] == written(each["when"])
        assert list(map(asked, rule.any_of)) == list(map(written, each.get("any_of", [])))
        exceptions = list(map(written, [unless] if isinstance(unless, dict) else unless))
        assert list(map(asked, rule.unless))[: len(exceptions)] == exceptions
    narrowings = [each for tree in bundle.values() for each in tree.get("narrows", ())]
    narrowed = [each for rule in loaded.rules for each in rule.narrowed]
    assert sorted(asked(each.when) for each in narrowed) == sorted(written(each["when"]) for each in narrowings)
    goals = [each for tree in bundle.values() for each in tree.get("cover", ())]
    assert sorted(asked(goal.when) for goal in loaded.goals) == sorted(written(goal["when"]) for goal in goals)


usual = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@usual
@given(bundles(), st.booleans())
def test_what_the_grammar_makes_is_loaded_whole(bundle: Bundle, block: bool) -> None:
    sources = files(bundle, block=block)
    rules, goals, unique, bases, _ = outcome(sources)
    written = [rule for tree in bundle.values() for rule in tree.get("rules", ())]
    assert sorted(rule.id for rule in rules) == sorted(rule["id"] for rule in written)
    assert (len(goals), unique[0], len(unique), set(bases)) == (
        1,
        frozenset(rule["id"] for rule in bundle["need.yaml"]["rules"]),
        1,
        {"life", "safe"},
    )
    assert len(next(rule for rule in rules if rule.id == "national-0").narrowed) == 1
    check(sources)


@settings(usual, max_examples=60)
@given(near_bundles(), st.booleans())
def test_a_bundle_with_odd_parts_is_loaded_or_refused_with_places(bundle: Bundle, block: bool) -> None:
    check(files(bundle, block=block))


@settings(usual, max_examples=60)
@given(bundles(), st.data())
def test_no_condition_of_a_bundle_that_loads_is_left_out(bundle: Bundle, data: st.DataObject) -> None:
    conditions = [way for way in ways(bundle) if len(way) > 1 and way[-1] in FACTS and "given" not in way]
    way = data.draw(st.sampled_from(conditions))
    value = values(FACTS[str(way[-1])].kind)
    bundle = replaced(bundle, way, data.draw(st.lists(value, min_size=1, max_size=3) | odd))
    try:
        loaded = load(files(bundle, block=data.draw(st.booleans())))
    except BundleError:
        event("refused")
    else:
        event("loaded")
        check_nothing_is_left_out(bundle, loaded)


@pytest.mark.nightly
@settings(usual, max_examples=2_000)
@given(near_bundles(), st.booleans())
def test_so_are_two_thousand_bundles_with_odd_parts(bundle: Bundle, block: bool) -> None:
    check(files(bundle, block=block))


@usual
@given(bundles(), st.binary(max_size=60), st.data())
def test_so_is_a_bundle_with_odd_bytes(bundle: Bundle, odd: bytes, data: st.DataObject) -> None:
    sources = files(bundle, block=True)
    number = data.draw(st.integers(0, len(sources) - 1))
    content = sources[number].content
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    sources[number] = SourceFile(sources[number].name, content[:start] + odd + content[end:])
    check(sources)


@settings(usual, max_examples=200)
@given(st.text(max_size=60))
@example("a: \x0b\tb")
@example("a:\n.")
@example("a: [\n")
@example("a: [\r")
@example("a: '\x85\t'")
@example("\x850\xa0")
@example("---")
def test_so_is_any_text(text: str) -> None:
    check([SourceFile("it.yaml", text.encode(errors="surrogatepass"))])


@settings(usual, max_examples=200)
@given(st.binary(max_size=60))
def test_so_are_any_bytes(content: bytes) -> None:
    check([SourceFile("it.yaml", content)])
