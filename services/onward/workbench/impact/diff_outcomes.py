"""
What becomes of everything that the first bundle did for a person, and where what the second does comes from.

Everything is kept, moved, lost or gained, and counted once: a referral by what it is for, a notice by its kind, a
question, an unmet need and what waits by their category, the end of earlier referrals by which of them end.
So `before` = kept + moved + lost, and after = before - lost + gained.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from onward.routing.domain.outcomes import Outcome

Family: TypeAlias = Literal["referred", "told", "asked", "unmet", "waits", "closed"]
"""Referrals, notices, questions, needs that no provider can take, what waits for a referral, and referrals that end."""
FAMILIES: tuple[Family, ...] = ("referred", "told", "asked", "unmet", "waits", "closed")

NO_CATEGORY = "a notice"
"""What a question, or something that waits, is about that leads to no referral."""


class Thing(NamedTuple):
    """One thing that a decision does."""

    what: str
    """Category or kind: what it is compared by."""
    rule: str
    provider: str
    """Empty for anything but a referral."""
    how: tuple[str | None, ...]
    """Everything else about it."""


class OutcomePair(NamedTuple):
    """A thing before, a thing after, or both; equal if it was kept."""

    family: Family
    before: Thing | None
    after: Thing | None


def fates(before: Outcome, after: Outcome) -> Iterator[OutcomePair]:
    """What becomes of everything that is done under the first bundle or under the second."""
    same = before is after or before == after
    old = _things(before)
    new = old if same else _things(after)
    for family in FAMILIES:
        if same:
            for thing in old[family]:
                yield OutcomePair(family, thing, thing)
        else:
            yield from _matched(family, old[family], new[family])


def _things(outcome: Outcome) -> dict[Family, list[Thing]]:
    return {
        "referred": [
            Thing(made.category, made.rule, made.provider, (made.service, made.urgency, made.approval, made.basis))
            for made in outcome.referred
        ],
        "told": [Thing(notice.kind, notice.rule, "", (notice.to, notice.urgency)) for notice in outcome.told],
        "asked": _once([Thing(each.category or NO_CATEGORY, each.rule, "", each.missing) for each in outcome.asked]),
        "unmet": _once([Thing(each.category, each.rule, "", ()) for each in outcome.unmet]),
        "waits": _once([Thing(each.category or NO_CATEGORY, each.rule, "", each.names) for each in outcome.waits]),
        "closed": _once([Thing(each.which, each.rule, "", (each.reason,)) for each in outcome.closed]),
    }


def _once(things: Sequence[Thing]) -> list[Thing]:
    """
    One question, or one unmet need, for each category: of the first rule, with all that is missing.

    A person who could be helped in one way by three rules has one need unmet.
    """
    first: dict[str, Thing] = {}
    for thing in things:
        known = first.get(thing.what)
        if known is None:
            first[thing.what] = thing
        elif thing.how != known.how:
            how = sorted({*(each or "" for each in known.how), *(each or "" for each in thing.how)})
            first[thing.what] = known._replace(how=tuple(how))
    return list(first.values())


def _matched(family: Family, before: Iterable[Thing], after: Iterable[Thing]) -> Iterator[OutcomePair]:
    """Pair what is for the same: first what is equal, then what comes from the same rule, then in order."""
    old, new = list(before), list(after)
    for alike in (_all, _rule, _what):
        waiting = new
        left: list[Thing] = []
        for thing in old:
            pair = next((each for each in waiting if alike(each) == alike(thing)), None)
            if pair is None:
                left.append(thing)
            else:
                waiting.remove(pair)
                yield OutcomePair(family, thing, pair)
        old = left
    for thing in old:
        yield OutcomePair(family, thing, None)
    for thing in new:
        yield OutcomePair(family, None, thing)


def _all(thing: Thing) -> tuple[object, ...]:
    return thing


def _rule(thing: Thing) -> tuple[object, ...]:
    return thing.what, thing.rule


def _what(thing: Thing) -> tuple[object, ...]:
    return (thing.what,)
