"""Which rules and which directory a release leads from and to, in words."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onward.releases.chain import Pair

_SHOWN = 12
"""Digits of a hash."""


def between(before: "Pair | None", after: "Pair") -> str:
    """One line: the rules and the directory that were live, if any were, and those that are to be."""
    was = before or ("", "")
    words = (_words(what, old, new) for what, old, new in zip(("rules", "directory"), was, after, strict=True))
    return f"  {'; '.join(words)}"


def _words(what: str, old: str, new: str) -> str:
    if not old:
        return f"{what} {new[:_SHOWN]}, the first to be published"
    return f"{what} {new[:_SHOWN]}, as before" if old == new else f"{what} {new[:_SHOWN]}, before {old[:_SHOWN]}"
