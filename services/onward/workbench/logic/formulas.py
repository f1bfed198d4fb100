"""Formulas over yes-or-no and whole numbers, and their solver: the one place that calls z3."""

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import z3 as _untyped

z3: Any = _untyped  # its functions carry no types

Status: TypeAlias = Literal["possible", "impossible", "undecided"]

EFFORT = 20_000_000
"""How much work one question may take, in z3's own count and not in seconds: equal on every machine and every day."""


_NOTHING: frozenset[str] = frozenset()


class Formula:
    """Something that holds or does not, and the names of the facts that it was made of."""

    __slots__ = ("about", "ref")

    def __init__(self, ref: Any, about: frozenset[str] = _NOTHING) -> None:
        self.ref = ref
        self.about = about

    def __and__(self, other: "Formula") -> "Formula":
        return all_of((self, other))

    def __or__(self, other: "Formula") -> "Formula":
        return any_of((self, other))

    def __invert__(self) -> "Formula":
        if self is TRUE or self is FALSE:
            return FALSE if self is TRUE else TRUE
        return Formula(_made(z3.Z3_mk_not(_CONTEXT.ref(), self.ref.as_ast())), self.about)

    def implies(self, other: "Formula") -> "Formula":
        """Whenever this holds, *other* does."""
        return ~self | other


_CONTEXT = z3.main_ctx()
"""The one that everything is made in."""


def _made(ast: Any) -> Any:
    """
    What z3's C interface made of formulas.

    z3's own `And`, `Or` and `Not` make the same after they have looked at each part, whether it is a formula at all:
    ours are, and looking takes longer than making.
    """
    return z3.BoolRef(ast, _CONTEXT)


TRUE = Formula(z3.BoolVal(True))
FALSE = Formula(z3.BoolVal(False))


def all_of(formulas: Iterable[Formula]) -> Formula:
    """All hold; true of none."""
    parts: list[Formula] = []
    for each in formulas:
        if each is FALSE:
            return FALSE
        if each is not TRUE:
            parts.append(each)
    return TRUE if not parts else _joined(z3.Z3_mk_and, parts)


def any_of(formulas: Iterable[Formula]) -> Formula:
    """At least one holds; false of none."""
    parts: list[Formula] = []
    for each in formulas:
        if each is TRUE:
            return TRUE
        if each is not FALSE:
            parts.append(each)
    return FALSE if not parts else _joined(z3.Z3_mk_or, parts)


def _joined(join: Any, parts: list[Formula]) -> Formula:
    if len(parts) == 1:
        return parts[0]
    asts = (z3.Ast * len(parts))(*[each.ref.as_ast() for each in parts])
    made = _made(join(_CONTEXT.ref(), len(parts), asts))
    return Formula(made, _NOTHING.union(*[each.about for each in parts]))


def yes_or_no(name: str) -> Formula:
    """A free choice of yes or no; the same name is the same choice."""
    return Formula(z3.Bool(name))


class Number:
    """A whole number that is not fixed yet, or is."""

    __slots__ = ("ref",)

    def __init__(self, ref: Any) -> None:
        self.ref = ref

    def __le__(self, other: "Number | int") -> Formula:
        return Formula(self.ref <= _ref(other))

    def __ge__(self, other: "Number | int") -> Formula:
        return Formula(self.ref >= _ref(other))

    def __lt__(self, other: "Number | int") -> Formula:
        return Formula(self.ref < _ref(other))

    def __gt__(self, other: "Number | int") -> Formula:
        return Formula(self.ref > _ref(other))

    def __add__(self, other: "Number | int") -> "Number":
        return Number(self.ref + _ref(other))

    def __sub__(self, other: "Number | int") -> "Number":
        return Number(self.ref - _ref(other))

    def __mul__(self, factor: int) -> "Number":
        return Number(self.ref * factor)

    def __floordiv__(self, divisor: int) -> "Number":
        return Number(self.ref / divisor)

    def __mod__(self, divisor: int) -> "Number":
        return Number(self.ref % divisor)

    def equals(self, other: "Number | int") -> Formula:
        """Both are the same number."""
        return Formula(self.ref == _ref(other))


def whole(name: str) -> Number:
    """A free choice of whole number; the same name is the same choice."""
    return Number(z3.Int(name))


def fixed(value: int) -> Number:
    """That number."""
    return Number(z3.IntVal(value))


def choose(condition: Formula, then: Number, otherwise: Number) -> Number:
    """One number where *condition* holds, the other where it does not."""
    if condition is TRUE:
        return then
    return otherwise if condition is FALSE else Number(z3.If(condition.ref, then.ref, otherwise.ref))


def clipped(number: Number, low: int, high: int) -> Number:
    """The number, or the bound it lies beyond."""
    return choose(number < low, fixed(low), choose(number > high, fixed(high), number))


_ONE, _ZERO = z3.IntVal(1), z3.IntVal(0)


def count(formulas: Iterable[Formula]) -> Number:
    """How many of them hold."""
    parts = [z3.If(each.ref, _ONE, _ZERO) for each in formulas]
    return Number(z3.Sum(parts)) if parts else fixed(0)


def total(numbers: Iterable[Number]) -> Number:
    """Their sum."""
    parts = [each.ref for each in numbers]
    return Number(z3.Sum(parts)) if parts else fixed(0)


class Solver:
    """Formulas that must all hold, and the choice that makes them hold once it has been found."""

    def __init__(self, formulas: Iterable[Formula], effort: int = EFFORT) -> None:
        self._solver = z3.SimpleSolver()
        self._solver.set("random_seed", 1)
        self._solver.set("rlimit", effort)
        self.add(*formulas)
        self._model: Any = None

    def add(self, *formulas: Formula) -> None:
        """Ask for more."""
        for each in formulas:
            if each is not TRUE:
                z3.Z3_solver_assert(_CONTEXT.ref(), self._solver.solver, each.ref.as_ast())

    def check(self, *assumed: Formula) -> Status:
        """Whether everything added can hold together with what is assumed this once."""
        self._solver.push()
        self.add(*assumed)
        found = self._solver.check()
        if found == z3.sat:
            self._model = self._solver.model()
        self._solver.pop()
        return "possible" if found == z3.sat else "impossible" if found == z3.unsat else "undecided"

    def number(self, number: Number) -> int:
        """The number chosen in the last check that was possible."""
        return int(self._model.eval(number.ref, model_completion=True).as_long())

    def holds(self, formula: Formula) -> bool:
        """Whether the formula holds for the last choice."""
        return bool(z3.is_true(self._model.eval(formula.ref, model_completion=True)))


def _ref(value: "Number | int") -> Any:
    return value.ref if isinstance(value, Number) else value
