"""What a disclosure profile shows, and what it shows more or less than another."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from onward.directory.model import Profile

_WARNING: Final = ("that a referral was approved, and the warning with it",)
Seen: TypeAlias = Mapping[str, frozenset[str] | None]
"""Each field that is shown; with the values that it is limited to, or None for whatever it says."""


def seen(profile: Profile) -> Seen:
    """What a profile shows."""
    return {field: frozenset(profile.only[field]) if field in profile.only else None for field in profile.fields}


def more(before: Seen, after: Seen) -> tuple[str, ...]:
    """What is shown after and not before, in words."""
    found: list[str] = []
    for field, values in after.items():
        if field not in before:
            found.append(field if values is None else f"{field} if it says {_or(values)}")
            continue
        old = before[field]
        if old is not None and (values is None or not values <= old):
            wider = "whatever it says" if values is None else f"also if it says {_or(values - old)}"
            found.append(f"{field} {wider}")
    return tuple(found)


def less(before: Seen, after: Seen) -> tuple[str, ...]:
    """What is shown before and not after, in words."""
    return more(after, before)


def words_of(before: Profile, after: Profile) -> tuple[str, ...]:
    """What two profiles of one name show or guard otherwise; nothing where only words or their order differ."""
    wider, narrower = more(seen(before), seen(after)), less(seen(before), seen(after))
    if before.warned != after.warned:
        wider, narrower = (
            (*wider, *(_WARNING if after.warned else ())),
            (*narrower, *(() if after.warned else _WARNING)),
        )
    unguarded = sorted(set(before.never) - set(after.never))
    guarded = sorted(set(after.never) - set(before.never))
    said = (
        ("shows more: ", wider),
        ("no longer shows: ", narrower),
        ("`never` no longer rules out: ", unguarded),
        ("`never` now rules out: ", guarded),
    )
    return tuple(f"{words}{', '.join(names)}" for words, names in said if names)


def _or(values: frozenset[str]) -> str:
    return " or ".join(sorted(values))
