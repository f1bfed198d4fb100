"""The project's rules, read once for all commands that a test process runs: most of their time went into it."""

from collections.abc import Generator, Sequence
from functools import lru_cache

import pytest

from onward.routing.domain import bundle
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load as read_anew


@lru_cache(maxsize=8)
def _remembered(files: tuple[SourceFile, ...]) -> RuleSet:
    """A rule set never changes, and the same files always give the same; what is refused is not remembered."""
    return read_anew(files)


@pytest.fixture(scope="session", autouse=True)
def rules_read_once() -> Generator[None]:
    """Have every command of the session take rules that were read before from memory."""

    def load(files: Sequence[SourceFile]) -> RuleSet:
        return _remembered(tuple(files))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "load", load)
        yield
