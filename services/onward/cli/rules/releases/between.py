"""Which rules and which directory a release leads from and to, in words."""

from onward.releases.chain import Pair
from onward.releases.contents import SHOWN


def between(before: Pair | None, after: Pair) -> str:
    """One line: the rules and the directory that were live, if any were, and those that are to be."""
    was = before or ("", "")
    words = (_words(what, old, new) for what, old, new in zip(("rules", "directory"), was, after, strict=True))
    return f"  {'; '.join(words)}"


def _words(what: str, old: str, new: str) -> str:
    if not old:
        return f"{what} {new[:SHOWN]}, the first to be published"
    return f"{what} {new[:SHOWN]}, as before" if old == new else f"{what} {new[:SHOWN]}, before {old[:SHOWN]}"
