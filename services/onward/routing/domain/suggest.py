"""What may be written instead."""

from collections.abc import Iterable


def one_of(options: Iterable[str], *, most: int = 8) -> str:
    """A list of what may be written, cut short when it is long."""
    names = sorted(options)
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return shown if len(names) <= most else f"{shown} … ({len(names)} in all)"
