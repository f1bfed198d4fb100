"""What a suggested test is called: in plain words what is different in it from the test it was made from."""

from collections.abc import Mapping
from datetime import date

from onward.contracts.fact_kinds import Choice, Day, FactValue, Records, YesNo
from onward.contracts.facts import FACTS
from onward.routing.domain.language import EVENT_DAY
from onward.workbench.coverage.obligations import Obligation

_LONGEST = 80
_OF_ITSELF = frozenset({"person", "event"})
"""A fact of these is told by its last word: nobody says "the person's age"."""
_AGREED = {"contact details": "passing on contact details", "duty to refer": "the referral to the authority"}
"""What somebody agrees to, where it is no referral for a category."""


def plain_name(
    shown: Obligation,
    facts: Mapping[str, FactValue],
    start: Mapping[str, FactValue],
    *,
    day: date | None,
    known: Mapping[str, FactValue],
) -> str:
    """
    A name for a test that shows *shown*, such as `the age is 17`.

    Args:
        shown: What the test shows.
        facts: What it gives.
        start: What the test that it was made from gives; empty if there was none.
        day: The day it names, where that is another.
        known: What it gives, and what follows.
    """
    if shown.path == EVENT_DAY:
        return shown.what
    changed = [path for path in (*start, *facts) if start.get(path) != facts.get(path)] if start else []
    told = [said(path, known.get(path)) for path in dict.fromkeys(changed)]
    name = " and ".join(told)
    if told and day is None and len(name) <= _LONGEST:
        return name
    return said(shown.path, known.get(shown.path)) if shown.kind == "condition" and shown.path else shown.what


def said(path: str, value: FactValue | None) -> str:
    """One fact as people say it; None is not known."""
    area, _, last = path.replace("_", " ").rpartition(".")
    words = last if area in _OF_ITSELF else f"need {last}" if area == "needs" else f"{area} {last}".strip()
    if area == "consent":
        return _agreement(last, value)
    if value is None:
        day = "day of " if isinstance(FACTS[path].kind, Day) else ""
        return f"{day}{words.removesuffix(' on')} not known"
    if path == "event.source":
        return f"told by {value}"
    return _value(words, path, value, of_itself=area in _OF_ITSELF)


def _agreement(purpose: str, given: FactValue | None) -> str:
    to = _AGREED.get(purpose, f"a referral for {purpose}")
    if given is None:
        return f"nobody has asked about {to}"
    return f"agrees to {to}" if given else f"does not agree to {to}"


def _value(words: str, path: str, value: FactValue, *, of_itself: bool) -> str:
    match FACTS[path].kind:
        case YesNo() if of_itself:
            return words if value else f"not {words}"
        case YesNo():
            return f"{words} is {'yes' if value else 'no'}"
        case Day():
            return f"{words} {value}" if words.endswith(" on") else f"{words} is {value}"
        case Records():
            return f"other {words}" if value else f"no {words}"
        case Choice():
            return f"the {words} is {str(value).replace('_', ' ')}"
        case _:
            return f"the {words} is {value}"
