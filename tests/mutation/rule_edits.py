"""Single edits of what the rules in use do and of the lists they name, as an author might make them by a slip."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onward.contracts.fact_kinds import Choice
from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Node, YamlList, YamlMapping, YamlScalar
from onward.routing.domain import actions
from onward.routing.domain.diagnostics import ProblemReport, SourceFile, read

_WORDS: Mapping[str, tuple[str, ...]] = {
    "category": actions.CATEGORIES,
    "service": actions.SERVICES,
    "urgency": actions.URGENCIES,
    "catchment_by": actions.AREAS,
    "approval": actions.ROLES,
    "to": actions.ROLES,
    "by": actions.ROLES,
    "closes": actions.CLOSES,
    "closure_reason": actions.CLOSURE_REASONS,
    "release": ("true", "false"),
    "lead": ("true", "false"),
}
_ACTS = ("refer", "notify", "suppress", "approve", "plan", "release", "instead_of", "legal_basis")
_ASKS = ("when", "any_of", "unless")


@dataclass(frozen=True, slots=True)
class RuleEdit:
    """One file with one edit."""

    kind: str
    """`action`, `set`, `has` or `list`."""
    what: str
    """Where and what, in words."""
    name: str
    """Of the file."""
    tree: YamlMapping

    @property
    def file(self) -> SourceFile:
        """The file with the edit, written anew."""
        return SourceFile(self.name, dumped(self.tree).encode())


def edits(files: Sequence[SourceFile]) -> Iterator[RuleEdit]:
    """Every single edit of each kind, in the order of the files."""
    for file in files:
        tree = read(file, ProblemReport())
        assert isinstance(tree, YamlMapping)
        for kind, what, edited in _of_file(tree, _bases(files)):
            yield RuleEdit(kind, f"{file.name} {what}", file.name, edited)


def _bases(files: Sequence[SourceFile]) -> tuple[str, ...]:
    trees = (read(file, ProblemReport()) for file in files)
    found = (tree.get("bases") for tree in trees if isinstance(tree, YamlMapping))
    return tuple(key.text for node in found if isinstance(node, YamlMapping) for key, _ in node.entries)


def _of_file(tree: YamlMapping, bases: tuple[str, ...]) -> Iterator[tuple[str, str, YamlMapping]]:
    sets, rules = tree.get("sets"), tree.get("rules")
    for what, edited in _members(sets) if isinstance(sets, YamlMapping) else ():
        yield "set", f"sets {what}", _put(tree, "sets", edited)
    for at, rule in enumerate(rules.items if isinstance(rules, YamlList) else ()):
        assert isinstance(rule, YamlMapping)
        assert isinstance(rules, YamlList)
        for kind, what, edited in _of_rule(rule, bases):
            items = (*rules.items[:at], edited, *rules.items[at + 1 :])
            yield kind, f"{_text(rule.get('id'))}: {what}", _put(tree, "rules", replace(rules, items=items))


def _of_rule(rule: YamlMapping, bases: tuple[str, ...]) -> Iterator[tuple[str, str, YamlMapping]]:
    for key in _ACTS:
        if (node := rule.get(key)) is not None:
            yield "action", f"no {key}", _put(rule, key, None)
            for what, edited in _actions(key, node, bases):
                yield "action", what, _put(rule, key, edited)
    for key in _ASKS:
        if (node := rule.get(key)) is not None:
            for kind, what, edited in _conditions(node):
                yield kind, what, _put(rule, key, edited)


def _actions(key: str, node: Node, bases: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    if isinstance(node, YamlScalar):
        plan = actions.PLAN_KINDS if key == "kind" and node.text in actions.PLAN_KINDS else ()
        words = bases if key == "legal_basis" else _WORDS.get(key, plan)
        # Digest is of notices alone; a kind or a reason has no list: a slip makes another word.
        other = _next(node.text, words) if words else f"{node.text}x" if key in ("kind", "reason") else ""
        if other:
            yield f"{key}: {node.text} -> {other}", replace(node, text=other)
    elif isinstance(node, YamlList):
        for at, item in enumerate(node.items):
            if len(node.items) > 1:
                yield f"{key} loses {_text(item)}", replace(node, items=node.items[:at] + node.items[at + 1 :])
            for what, edited in _actions(key, item, bases) if isinstance(item, YamlMapping) else ():
                yield what, replace(node, items=(*node.items[:at], edited, *node.items[at + 1 :]))
    else:
        for name, value in node.entries:
            yield f"{key} without {name.text}", _put(node, name.text, None)
            for what, edited in _actions(name.text, value, bases):
                yield f"{key} {what}", _put(node, name.text, edited)


def _next(word: str, words: tuple[str, ...]) -> str:
    """Another word of a list: the next one."""
    return words[(words.index(word) + 1) % len(words)] if word in words else ""


def _members(sets: YamlMapping) -> Iterator[tuple[str, Node]]:
    for key, value in sets.entries:
        for what, edited in _shorter(value):
            yield f"{key.text} {what}", _put(sets, key.text, edited)


def _shorter(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, YamlList) and len(node.items) > 1:
        for at, item in enumerate(node.items):
            yield f"loses {_text(item)}", replace(node, items=node.items[:at] + node.items[at + 1 :])


def _conditions(node: Node) -> Iterator[tuple[str, str, Node]]:
    if isinstance(node, YamlList):
        for at, item in enumerate(node.items):
            for kind, what, edited in _conditions(item):
                yield kind, what, replace(node, items=(*node.items[:at], edited, *node.items[at + 1 :]))
        return
    assert isinstance(node, YamlMapping)
    for key, value in node.entries:
        for what, edited in _shorter(value):
            yield "list", f"{key.text} {what}", _put(node, key.text, edited)
        if isinstance(value, YamlMapping):
            for name, field in value.entries:
                if len(value.entries) > 1:
                    yield "has", f"{key.text} without {name.text}", _put(node, key.text, _put(value, name.text, None))
                for what, edited in _field(key.text, name.text, field):
                    yield "has", f"{key.text} {what}", _put(node, key.text, _put(value, name.text, edited))


def _field(key: str, name: str, node: Node) -> Iterator[tuple[str, Node]]:
    yield from ((f"{name} {what}", edited) for what, edited in _shorter(node))
    if not isinstance(node, YamlScalar) or node.text.startswith(("$", "not ")):
        return
    kind: Any = getattr(FACTS[key.partition(" ")[0]].kind, "fields", {})[name]
    other = _next(node.text, kind.values if isinstance(kind, Choice) else ("true", "false"))
    if other:
        yield f"{name} -> {other}", replace(node, text=other)


def _put(node: YamlMapping, key: str, value: Node | None) -> YamlMapping:
    """*node* with another value at *key*, or without it."""
    changed = ((name, value if name.text == key else old) for name, old in node.entries)
    return replace(node, entries=tuple((name, new) for name, new in changed if new is not None))


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, YamlScalar) else "one"


def dumped(node: Node, indent: str = "") -> str:
    """The tree as YAML, one key or item a line, every text in quotes."""
    if isinstance(node, YamlScalar):
        return json.dumps(node.text, ensure_ascii=False)
    if isinstance(node, YamlList):
        return "".join(f"\n{indent}- {dumped(item, indent + '  ').lstrip()}" for item in node.items) or "[]"
    lines = (f"\n{indent}{json.dumps(key.text)}: {dumped(value, indent + '  ')}" for key, value in node.entries)
    return "".join(lines) or "{}"
