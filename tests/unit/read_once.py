"""
The project's rules, and each file of them, read once for all commands that a test process runs.

Most of their time went into it. A rule set and the tree of a file never change, and are the same for the same content.
"""

from collections.abc import Generator, Sequence
from functools import lru_cache

import pytest

from onward.diagnostics import yaml_tree
from onward.routing import bundle_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load as read_anew


@lru_cache(maxsize=8)
def _remembered(files: tuple[SourceFile, ...]) -> RuleSet:
    """What is refused is not remembered."""
    return read_anew(files)


@pytest.fixture(scope="session", autouse=True)
def rules_read_once() -> Generator[None]:
    """Have every command of the session take rules that were read before from memory."""

    def load(files: Sequence[SourceFile]) -> RuleSet:
        return _remembered(tuple(files))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_files, "load", load)
        patch.setattr(yaml_tree, "read", lru_cache(maxsize=128)(yaml_tree.read))
        yield
