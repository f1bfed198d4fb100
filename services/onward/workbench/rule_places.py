"""Where a rule stands: every place of its files that belongs to it, an area overlay's lines about it included."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.language import Condition, Rule


def places(rule: Rule) -> frozenset[str]:
    """Each as `file:line:column`."""
    return frozenset(_places(rule))


def _places(value: Any) -> Iterator[str]:
    if isinstance(value, Place):
        yield str(value)
    elif isinstance(value, Condition):
        yield value.where
    if isinstance(value, tuple):
        for each in value:
            yield from _places(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _places(getattr(value, each.name))
