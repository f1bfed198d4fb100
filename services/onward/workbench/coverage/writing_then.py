"""What happens, written into the tests of rule files: a `then:` under the first matching test that has none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from onward.diagnostics.yaml_tree import Node, YamlMapping
from onward.routing.domain.diagnostics import ProblemReport, SourceFile, read
from onward.routing.domain.language import Rule, RuleSet, RuleTest
from onward.workbench.coverage.saying import then_as_yaml, unsaid
from onward.workbench.formatting.form import formatted


@dataclass(frozen=True, slots=True)
class MissingThen:
    """What is to be added to one test."""

    rule: Rule
    test: RuleTest
    yaml: str
    """At the column of the test's keys."""


def missing_then(rule: Rule) -> MissingThen | None:
    """
    What the tests of *rule* do not say of what it does, for the first test that matches and can say it.

    That is one whose `then` says nothing of that kind yet, or one without. None where nothing is unsaid, or where no
    test can say it: the author has to add one that matches.
    """
    said = unsaid(rule)
    kinds = {each.kind for each in said}
    matching = [test for test in rule.tests if test.expect == "match" and test.place.file == rule.place.file]
    able = [test for test in matching if test.then and kinds.isdisjoint(each.kind for each in test.then.effects)]
    able += [test for test in matching if test.then is None]
    if not said or not able:
        return None
    return MissingThen(rule, able[0], then_as_yaml(said, " " * (able[0].place.column - 1)))


def written(files: Sequence[SourceFile], rules: RuleSet) -> list[SourceFile]:
    """
    The files with all that their tests do not say yet, in the form of `onward rules fmt`; others as they are.

    It is what the rules do now: whether that is right, their authors must judge.
    """
    added: dict[str, list[MissingThen]] = defaultdict(list)
    for rule in rules.rules:
        if (missing := missing_then(rule)) is not None:
            added[rule.place.file].append(missing)
    return [_with(file, added[file.name]) if file.name in added else file for file in files]


def _with(file: SourceFile, added: Sequence[MissingThen]) -> SourceFile:
    tree = read(file, ProblemReport())
    assert tree is not None
    tests = {(node.place.line, node.place.column): node for node in _mappings(tree)}
    lines = file.content.decode("utf-8-sig").splitlines()
    for each in sorted(added, key=lambda each: each.test.place, reverse=True):
        node = tests[each.test.place.line, each.test.place.column]
        _insert(lines, node, each)
    return SourceFile(file.name, formatted("\n".join(lines) + "\n").encode())


def _insert(lines: list[str], test: YamlMapping, added: MissingThen) -> None:
    """Before the first key of the test, or of the `then` that it has: the form puts it where it belongs."""
    then = test.get("then")
    node = then if isinstance(then, YamlMapping) else test
    block = (
        dedent(added.yaml).splitlines() if node is test else dedent("\n".join(added.yaml.splitlines()[1:])).splitlines()
    )
    key = node.entries[0][0].place
    at, column, first = key.line - 1, key.column - 1, lines[key.line - 1]
    if lines[node.place.line - 1][node.place.column - 1] == "{":
        inside = _flow(added.yaml)
        lines[at] = f"{first[:column]}{f'then: {{{inside}}}' if node is test else inside}, {first[column:]}"
        return
    rest = (" " * column + line for line in (*block[1:], first[column:]))
    lines[at : at + 1] = [first[:column] + block[0], *rest]


def _flow(yaml: str) -> str:
    """What stands in a `then`, as within braces."""
    parts: Mapping[str, list[str]] = defaultdict(list)
    key = ""
    for line in (each.strip() for each in yaml.splitlines()[1:]):
        if line.startswith("- "):
            parts[key].append(line.removeprefix("- "))
        else:
            key, _, value = line.partition(": ")
            key = key.removesuffix(":")
            parts[key] += [value] if value else []
    return ", ".join(
        f"{key}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}" for key, values in parts.items()
    )


def _mappings(node: Node) -> list[YamlMapping]:
    if isinstance(node, YamlMapping):
        return [node, *(each for _, value in node.entries for each in _mappings(value))]
    return [each for item in getattr(node, "items", ()) for each in _mappings(item)]
