"""Whether two texts of a rule bundle mean the same: the proof that formatting owes."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from onward.diagnostics import yaml_tree
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlScalar
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load

_WHERE = frozenset({"where", "version"})
"""Fields of the language that tell of places or of bytes, not of meaning."""


def same_words(one: SourceFile, other: SourceFile) -> bool:
    """Whether both files hold the same tree of words, whatever the order of keys."""
    trees = [yaml_tree.read(file.name, file.content) for file in (one, other)]
    if any(tree.problems or tree.root is None for tree in trees):
        return False
    return bool(_words(trees[0].root) == _words(trees[1].root))


def same_bundle(before: Sequence[SourceFile], after: Sequence[SourceFile]) -> bool:
    """Whether both bundles load as the same rules but for places and hash, or fail for the same reasons."""
    return bool(_loaded(before) == _loaded(after))


def problems_of(files: Sequence[SourceFile]) -> tuple[Diagnostic, ...]:
    """Everything that keeps *files* from being loaded together."""
    try:
        load(files)
    except BundleError as error:
        return error.diagnostics
    return ()


def meaning(rules: RuleSet) -> Any:
    """*rules* as plain values that can be compared, without places and hash."""
    return _plain(rules)


def _loaded(files: Sequence[SourceFile]) -> Any:
    try:
        return meaning(load(files))
    except BundleError as error:
        return Counter((found.file, found.code) for found in error.diagnostics)


def _plain(value: Any) -> Any:
    if isinstance(value, Place):
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.name not in _WHERE]
        return (type(value).__name__, [(name, _plain(getattr(value, name))) for name in fields])
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _words(node: Node | None) -> Any:
    if node is None or isinstance(node, YamlScalar):
        return node.text if node else None
    if isinstance(node, yaml_tree.YamlList):
        return [_words(item) for item in node.items]
    return {key.text: _words(value) for key, value in node.entries}
