"""
What a test of a rule must show, in clauses: all are to be met, each by one of its alternatives.

An alternative says of some conditions, by number, how they may come out.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from onward.routing.domain.kleene import Truth

Literal: TypeAlias = tuple[int, frozenset[Truth]]
"""A condition by number, and how it may come out."""
Alternative: TypeAlias = tuple[Literal, ...]
Clause: TypeAlias = tuple[Alternative, ...]
TRUE, FALSE, UNKNOWN = (frozenset[Truth]({truth}) for truth in (True, False, None))
NOT_TRUE, NOT_FALSE = FALSE | UNKNOWN, TRUE | UNKNOWN
"""How a condition may come out."""


def some(numbers: Sequence[int], allowed: frozenset[Truth]) -> Clause:
    """At least one of these conditions comes out so."""
    return tuple(((number, allowed),) for number in numbers)


def meets(clauses: Sequence[Clause], truths: Mapping[int, Truth]) -> bool:
    """Whether conditions that come out so meet every clause."""
    return all(
        any(all(truths[number] in allowed for number, allowed in alternative) for alternative in clause)
        for clause in clauses
    )
