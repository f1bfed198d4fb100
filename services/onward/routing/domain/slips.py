"""What an author most likely meant by a test that is none. It is offered as `did you mean`, and never taken."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from onward.contracts.fact_kinds import Choice, Day, Kind, Whole

_KNOWN = frozenset({"any", "anything", "*", "set", "present", "not null", "not none", "not empty", "not unknown"})
_UNKNOWN = frozenset({"null", "~", "none", "nil", "n/a", "missing", "absent", "empty", "blank", "not set", "unset"})
_PRESENCE = ("known", "unknown", "not known")
_CLOSE = 0.8
"""How much of a word must be there: `unkown` is `unknown`, and `none` is not."""

_QUOTES = " \"'\u2018\u2019\u201c\u201d"
_SIGNS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<=", "> =": ">=", "< =": "<=", "\u2026": "..", "...": ".."}
_OPPOSITE = {">=": "<", "<=": ">", ">": "<=", "<": ">="}
_END = r"(-?\d+|\d{4}-\d{2}-\d{2})"
_UNIT = r"(?: *(?:years?|days?|hours?|minutes?|points?|km))?"
_BOUND = re.compile(rf"(not )?(>=|<=|>|<) *{_END}{_UNIT}")
_SPAN = re.compile(rf"{_END} *(?:\.\.|-|\u2013|\u2014|to|until) *{_END}{_UNIT}")
_BOTH = re.compile(r">= *(\d+) *(?:and|&|,) *<= *(\d+)")
_FROM = re.compile(rf"{_END}(?: *\.\.| *\+|{_UNIT} *(?:or|and) (?:more|over|older|above|later|after))")
_UNTIL = re.compile(rf"(?:\.\. *{_END}|{_END}{_UNIT} *(?:or|and) (?:less|under|younger|below|earlier|before))")


def meant(text: str, kind: Kind, sets: Collection[str]) -> str:
    """How to write what *text*, which is no test of a fact of *kind*, most likely says; "" when nobody can tell."""
    word = " ".join(text.strip(_QUOTES).split())
    found = _set(word, sets) or _presence(word, kind) or (_range(word) if isinstance(kind, Whole | Day) else "")
    return found if found != text.strip() else ""


def stands_alone(text: str) -> bool:
    """Whether *text* is a test of its own, that no list can hold: a set, a range, `known`."""
    word = text.strip()
    return word.startswith(("$", "not ")) or word in _PRESENCE or bool(_range(word))


def quoted(test: str) -> str:
    """*test* as it stands in a file: what begins with `<` or `>` needs quotes."""
    return f'"{test}"' if test.startswith((">", "<")) else test


def _set(word: str, sets: Collection[str]) -> str:
    negated, name = ("not ", word.removeprefix("not ")) if word.startswith("not ") else ("", word)
    bare = name.strip("${} ")
    return f"{negated}${bare}" if bare in sets and name != f"${bare}" else ""


def _presence(word: str, kind: Kind) -> str:
    lowered = word.lower()
    if isinstance(kind, Choice) and "unknown" in kind.values:
        return ""  # `unknown` would be two things there; the values are offered
    if lowered in _UNKNOWN:
        return "unknown"
    if lowered in _KNOWN:
        return "known"
    return next(iter(get_close_matches(lowered, _PRESENCE, n=1, cutoff=_CLOSE)), "")


def _range(word: str) -> str:
    for sign, usual in _SIGNS.items():
        word = word.replace(sign, usual)
    if found := _BOUND.fullmatch(word):
        return f"{_OPPOSITE[found[2]] if found[1] else found[2]} {found[3]}"
    if found := _SPAN.fullmatch(word) or _BOTH.fullmatch(word):
        return f"{found[1]}..{found[2]}"
    if found := _FROM.fullmatch(word):
        return f">= {found[1]}"
    if found := _UNTIL.fullmatch(word):
        return f"<= {found[1] or found[2]}"
    return ""
