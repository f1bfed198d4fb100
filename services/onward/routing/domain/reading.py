"""The files of a rule bundle, read as trees of texts with places (see `onward.contracts.yaml_text`)."""

from dataclasses import dataclass
from typing import TypeAlias

from onward.contracts import yaml_text
from onward.routing.domain.diagnostics import Report

Text: TypeAlias = yaml_text.Scalar
"""A scalar, as written: the fact it belongs to says what it means."""
Items: TypeAlias = yaml_text.Sequence
Table: TypeAlias = yaml_text.Mapping
Node: TypeAlias = yaml_text.Node


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a bundle: its name as problems show it, and its bytes."""

    name: str
    content: bytes


def read(source: SourceFile, report: Report) -> Node | None:
    """The tree of a file, or None when it cannot be read; every problem goes to *report*."""
    reading = yaml_text.read(source.name, source.content)
    report.found += reading.problems
    return reading.root
