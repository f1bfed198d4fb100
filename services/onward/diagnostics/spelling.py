"""The word that was meant, or what may be written instead."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nsmallest
from itertools import islice

_BETWEEN = re.compile(r"[^A-Za-z0-9]+")
_ALIKE = 0.6
"""How alike two words must be for one to be meant; both begin alike then."""
_SURELY = 0.8
"""How alike, where they begin otherwise: `alcohol_services` is no `youth_service`."""
_BEGINNING = 2
"""Letters that must be the same for words to begin alike."""
_COMMON = 3
"""A part of this many names, such as `support`, says nothing about which is meant."""
_LONGEST_WORD = 100
"""Characters of a word that can be a slip of another; a longer one is no name."""
_MOST_WORDS = 300
"""Words that are all compared; of more only those that begin alike."""
_TOO_MANY_WORDS = 20_000
"""Words of which none is looked at; no rule bundle names so many things."""


def spelled(word: str) -> str:
    """*word* without the differences that mean nothing: case, and what stands between its parts."""
    return _BETWEEN.sub("_", word).strip("_").lower()


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`; did you mean "x"?` for the nearest known word, or nothing when none is near."""
    near = nearest(word, known)
    return f"; did you mean `{near}`?" if near else ""


def nearest(word: str, known: Collection[str], *, alike: float = 0.6) -> str:
    """The known word that is nearest to *word* and at least so much *alike* (0 to 1); "" when none is."""
    likeness = SequenceMatcher(b=word)
    near = ""
    for each in _like(word, known):
        likeness.set_seq1(each)
        # Both are quick, and never less than how alike they are: most words are out before it is reckoned.
        if likeness.real_quick_ratio() >= alike and likeness.quick_ratio() >= alike:
            found = likeness.ratio()
            if found >= alike:
                alike, near = found, each
    return near


def _like(word: str, known: Collection[str]) -> list[str]:
    """Those *known* words that are worth comparing: however long the words, and however many, it is soon done."""
    if len(word) > _LONGEST_WORD or len(known) > _TOO_MANY_WORDS:
        return []
    if len(known) <= _MOST_WORDS:
        return sorted(each for each in known if len(each) <= _LONGEST_WORD)
    near = (each for each in known if each[:2] == word[:2] and abs(len(each) - len(word)) <= 2)
    return sorted(islice(near, _MOST_WORDS))


def instead(word: str, options: Collection[str]) -> str:
    """
    `; did you mean ...?` with the nearest name, or those that share a telling part with *word*; else all names.

    There is at least one of the *options*.
    """
    near = max(sorted(options), key=lambda name: _likeness(word, name))
    alike = _likeness(word, near)
    begins_alike = word[:_BEGINNING].lower() == near[:_BEGINNING].lower()
    if alike >= _ALIKE and begins_alike:
        found = [near]
    else:
        found = _sharing(word, options) or ([near] if alike >= _SURELY else [])
    if found:
        return f"; did you mean {' or '.join(f'`{name}`' for name in found)}?"
    return f"; write one of {one_of(options, most=len(options))}"


@lru_cache(maxsize=4096)
def _likeness(word: str, name: str) -> float:
    """From 0 to 1; 0 where it is too little to matter, which is quickly seen, however long the word."""
    alike = SequenceMatcher(None, word.lower(), name.lower())
    near = alike.real_quick_ratio() >= _ALIKE and alike.quick_ratio() >= _ALIKE
    return alike.ratio() if near else 0.0


def _sharing(word: str, options: Collection[str]) -> list[str]:
    """The names that have a part in common with *word*, unless many have."""
    parts = {name: set(name.lower().split("_")) for name in options}
    often = Counter(part for all_ in parts.values() for part in all_)
    telling = {part for part in word.lower().split("_") if often[part] < _COMMON}
    return sorted(name for name in options if parts[name] & telling)


def one_of(options: Iterable[str], *, most: int = 8) -> str:
    """A list of what may be written, cut short when it is long."""
    names = list(options)
    shown = ", ".join(f"`{name}`" for name in nsmallest(most, names))
    return shown if len(names) <= most else f"{shown} … ({len(names)} in all)"
