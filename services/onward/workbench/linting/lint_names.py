"""Findings about what is defined in the files and never used."""

import re
from collections.abc import Iterator, Sequence

from onward.diagnostics.yaml_tree import Node, Place, YamlList, YamlMapping, YamlScalar
from onward.routing.domain.diagnostics import ProblemReport, SourceFile, read
from onward.workbench.linting.findings import LintFinding, warning

_SET = re.compile(r"(?:not\s+)?\$(\S+)")
_DEFINED = {"sets": ("L004", "set"), "bases": ("L005", "legal basis"), "prerequisites": ("L006", "prerequisite")}
_USED_BY = {"legal_basis": "bases", "requires": "prerequisites"}


def findings(files: Sequence[SourceFile]) -> Iterator[LintFinding]:
    """
    Sets (L004), legal bases (L005) and prerequisites (L006) that nothing names; names that are traps (L018).

    The set of a file with rules is looked for in that file only.
    """
    trees = [(file.name, tree) for file in files if (tree := read(file, ProblemReport())) is not None]
    used = {name: set(_used(tree)) for name, tree in trees}
    everywhere = set[tuple[str, str]]().union(*used.values())
    for file, tree in trees:
        local = isinstance(tree, YamlMapping) and tree.get("rules") is not None
        yield from _traps(tree)
        for section, name, place in _defined(tree):
            if (section, name) not in (used[file] if local and section == "sets" else everywhere):
                code, what = _DEFINED[section]
                yield warning(place, code, f"no rule uses the {what} `{name}`; use it or remove it")


def _traps(tree: Node) -> Iterator[LintFinding]:
    """Sets named as one of their values: where a `$` is left out, a test means something else (L018)."""
    sets = tree.get("sets") if isinstance(tree, YamlMapping) else None
    for key, values in sets if isinstance(sets, YamlMapping) else ():
        items = values.items if isinstance(values, YamlList) else ()
        if len(items) > 1 and key.text in [item.text for item in items if isinstance(item, YamlScalar)]:
            message = (
                f"set `{key.text}` has the name of one of its values, so that a `$` left out is a test of that value "
                "alone; rename the set"
            )
            yield warning(key.place, "L018", message)


def _defined(tree: Node) -> Iterator[tuple[str, str, Place]]:
    for section in _DEFINED:
        node = tree.get(section) if isinstance(tree, YamlMapping) else None
        for key, _ in node if isinstance(node, YamlMapping) else ():
            yield section, key.text, key.place


def _used(node: Node, key: str = "") -> Iterator[tuple[str, str]]:
    """Each use as the section that defines it, and the name."""
    if isinstance(node, YamlMapping):
        for name, value in node:
            yield from _used(value, name.text)
    elif isinstance(node, YamlList):
        for item in node.items:
            yield from _used(item, key)
    else:
        yield from _named(node, key)


def _named(text: YamlScalar, key: str) -> Iterator[tuple[str, str]]:
    found = _SET.fullmatch(text.text.strip())
    if found is not None:
        yield "sets", found[1]
    if key in _USED_BY:
        yield _USED_BY[key], text.text.strip()
