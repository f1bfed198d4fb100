"""A derived fact that follows from a few finite facts, as a decision tree read off the service's own function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from onward.contracts.fact_kinds import Code, Kind
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Scalar
from onward.workbench.logic.formulas import FALSE, TRUE, Formula, Number, any_of, choose, fixed
from onward.workbench.logic.scales import scale
from onward.workbench.logic.symbols import Symbol, Symbols

Outcome: TypeAlias = Callable[[Mapping[str, Any]], Scalar | None]
"""What follows from facts; None where nothing does."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Where it matters what a fact is; None among the values stands for a fact that is not known."""

    path: str
    branches: tuple[tuple[frozenset[Scalar | None], "Tree"], ...]
    """The commonest last."""


Tree: TypeAlias = Fork | Scalar | None


def tree(paths: Sequence[str], outcome: Outcome) -> Tree:
    """
    The decision tree of *outcome* over every combination of values of the facts at *paths*.

    Of a fact that is a code it must matter only whether it is known.
    """
    return _grow(tuple(paths), outcome, {})


def _grow(paths: tuple[str, ...], outcome: Outcome, given: dict[str, Scalar]) -> Tree:
    if not paths:
        return outcome(given)
    path, rest = paths[0], paths[1:]
    by_tree: dict[Tree, set[Scalar | None]] = {}
    for value in (None, *_values(FACTS[path].kind)):
        known = given if value is None else {**given, path: value}
        by_tree.setdefault(_grow(rest, outcome, known), set()).add(value)
    if len(by_tree) == 1:
        return next(iter(by_tree))
    branches = sorted(by_tree.items(), key=lambda branch: (len(branch[1]), sorted(map(str, branch[1]))))
    return Fork(path, tuple((frozenset(values), below) for below, values in branches))


def _values(kind: Kind) -> list[Scalar]:
    if isinstance(kind, Code):
        return [kind.example]
    finite = scale(kind)
    return [finite.value(code) for code in range(finite.low, finite.high + 1)]


def symbol(symbols: Symbols, path: str, grown: Tree) -> Symbol:
    """The derived fact at *path*, as its tree says."""
    of = scale(FACTS[path].kind)

    def read(below: Tree) -> tuple[Number, Formula]:
        if below is None:
            return fixed(0), FALSE
        if not isinstance(below, Fork):
            code = of.code(below)
            assert code is not None, (path, below)
            return fixed(code), TRUE
        value, known = read(below.branches[-1][1])
        for values, branch in below.branches[:-1]:
            here = _among(symbols.fact(below.path), values)
            then, then_known = read(branch)
            value, known = choose(here, then, value), (here & then_known) | (~here & known)
        return value, known

    return Symbol(of, *read(grown))


def _among(fact: Symbol, values: frozenset[Scalar | None]) -> Formula:
    if isinstance(fact.scale.kind, Code):
        return ~fact.known if None in values else fact.known
    codes = sorted(code for value in values if value is not None and (code := fact.scale.code(value)) is not None)
    among = fact.known & any_of(fact.value.equals(code) for code in codes)
    return among | ~fact.known if None in values else among
