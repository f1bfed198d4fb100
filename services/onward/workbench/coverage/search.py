"""
Finds values for the facts of a rule so that its conditions come out as wished, or proves that none do.

The wish is in clauses, all to be met, each by one of its alternatives; an alternative says of some conditions how they
may come out. Since blocks are independent, what one alternative leaves of each block's options is all that must be
kept, so the search is small and exact.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

from onward.routing.domain.kleene import Truth
from onward.workbench.coverage.blocks import Option

Literal: TypeAlias = tuple[int, frozenset[Truth]]
"""A condition by number, and how it may come out."""
Alternative: TypeAlias = tuple[Literal, ...]
Clause: TypeAlias = tuple[Alternative, ...]
TRUE, FALSE, UNKNOWN = (frozenset[Truth]({truth}) for truth in (True, False, None))
NOT_TRUE, NOT_FALSE = FALSE | UNKNOWN, TRUE | UNKNOWN
"""How a condition may come out."""
Cost: TypeAlias = Callable[[Option], int]
_Priced: TypeAlias = tuple[int, Option]
_Left: TypeAlias = tuple[tuple[_Priced, ...], ...]
"""Of each block, the options that are still open, the cheapest first."""


def some(numbers: Sequence[int], allowed: frozenset[Truth]) -> Clause:
    """At least one of these conditions comes out so."""
    return tuple(((number, allowed),) for number in numbers)


def solve(blocks: Sequence[Sequence[Option]], clauses: Sequence[Clause], cost: Cost) -> tuple[Option, ...] | None:
    """One option of each block, together the cheapest that meet every clause; None if none do."""
    search = _Search()
    priced = [sorted(((cost(option), option) for option in options), key=itemgetter(0)) for options in blocks]
    search.go(tuple(map(tuple, priced)), clauses)
    return search.best


@dataclass(slots=True)
class _Search:
    best: tuple[Option, ...] | None = None
    price: int | None = None

    def go(self, left: _Left, clauses: Sequence[Clause]) -> None:
        """Try to meet the clauses with what is left, the tightest clause first."""
        price = _least(left)
        if self.price is not None and price >= self.price:
            return
        still: list[tuple[Clause, list[_Left]]] = []
        for clause in clauses:
            after = [rest for alternative in clause if (rest := _keep(left, alternative)) is not None]
            if not after:
                return
            if not any(rest is left for rest in after):
                still.append((clause, after))
        if not still:
            self.price, self.best = price, tuple(options[0][1] for options in left)
            return
        tightest, after = min(still, key=lambda each: len(each[1]))
        others = [clause for clause, _ in still if clause is not tightest]
        for rest in sorted(after, key=_least):
            self.go(rest, others)


def _least(left: _Left) -> int:
    return sum(options[0][0] for options in left)


def _keep(left: _Left, alternative: Alternative) -> _Left | None:
    """What an alternative leaves: None if it leaves nothing of some block, *left* itself if it leaves all."""
    kept: list[tuple[_Priced, ...]] = []
    for options in left:
        rest = tuple(
            (price, option)
            for price, option in options
            if all(option.truths[number] in allowed for number, allowed in alternative if number in option.truths)
        )
        if not rest:
            return None
        kept.append(rest)
    after = tuple(kept)
    return left if all(len(a) == len(b) for a, b in zip(left, after, strict=True)) else after
