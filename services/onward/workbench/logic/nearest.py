"""
The nearest situation: of all in which something holds, the one that differs least from how things are.

What "least" means is said by whoever asks, as numbers to be made as small as they can be, one after the other; what is
still open then is settled alike for everybody: facts whose names come earlier change first, and each to the value that
is nearest, or comes first among those of its kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onward.contracts.fact_kinds import Choice, Code, Day, FactValue, Whole, YesNo
from onward.routing.domain.language import EVENT_DAY, Scalar
from onward.workbench.logic.formulas import FALSE, Formula, Number, Solver, any_of, choose, count, fixed, total
from onward.workbench.logic.symbols import RecordList, Symbol, Symbols

MOST_QUESTIONS = 1_000
"""Questions put to the solver about one situation before that is given up: people need some dozens."""


class UndecidedError(Exception):
    """A question took too much work, or there were too many."""

    def __init__(self, at_least: int = 0) -> None:
        """*at_least*: what was to be made small is known not to be below this."""
        super().__init__(at_least)
        self.at_least = at_least


class CountingSolver:
    """A solver that counts what it is asked."""

    def __init__(self, solver: Solver, most: int = MOST_QUESTIONS) -> None:
        self.solver = solver
        self.asked = 0
        self._most = most

    def can(self, *assumed: Formula) -> bool:
        """
        Whether all that was added can hold, and *assumed* with it.

        Raises:
            UndecidedError: It was not decided.
        """
        if self.asked >= self._most:
            raise UndecidedError
        self.asked += 1
        status = self.solver.check(*assumed)
        if status == "undecided":
            raise UndecidedError
        return status == "possible"

    def least(self, number: Number, low: int = 0) -> int:
        """
        The smallest that *number* can be, from *low* on; from now on it is no more. Something must be possible.

        Raises:
            UndecidedError: It was not decided; *at_least* says what is known.
        """
        try:
            high = None
            while high is None or low < high:
                middle = low if high is None else (low + high) // 2
                if self.can(number <= middle):
                    high = self.solver.number(number)
                else:
                    low = middle + 1
                    if high is None:
                        assert self.can(), "asked only where something is possible"
                        high = self.solver.number(number)
        except UndecidedError as error:
            raise UndecidedError(low) from error
        self.solver.add(number <= high)
        return high


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that may change."""

    path: str
    made: Formula
    """It is another than now."""
    left_out: Formula
    """It was known, and is not."""
    distance: Number
    """In days, years or steps from now, or records added and taken out; 0 where nothing was known."""
    order: tuple[Number, ...]
    """What to make small, one after the other, so that a value comes before others that would do."""


class FactChanges:
    """Everything that may change in a situation, as far as formulas are about it."""

    def __init__(
        self,
        symbols: Symbols,
        about: frozenset[str],
        now: Mapping[str, FactValue],
        day: date,
        *,
        may_change: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """
        The facts that may change.

        Args:
            symbols: Of the space that the formulas are from.
            about: What the formulas are about.
            now: The facts as they are.
            day: London day of the event: where days begin that nothing is known of.
            may_change: Whether a fact may change at all.
        """
        self._symbols = symbols
        self._now = now
        self.axioms: list[Formula] = []
        """What must hold beside the axioms of the symbols."""
        self._all: dict[str, FactChange] = {}
        for path, symbol in (*symbols.told.items(), *symbols.assumed.items()):
            if path in about and path != EVENT_DAY:
                change = self._change(path, symbol, day)
                if may_change(path):
                    self._all[path] = change
                else:
                    self.axioms.append(~change.made)
        self._all |= {path: self._list_change(path, each) for path, each in symbols.lists.items() if path in about}

    def how_many(self, counts: Callable[[str], bool] = lambda _: True) -> Number:
        """How many facts change, of those that count."""
        return count(each.made for path, each in self._all.items() if counts(path))

    def left_out(self) -> Number:
        """How many facts were known and are not."""
        return count(each.left_out for each in self._all.values())

    def distance(self) -> Number:
        """How far all facts are from what they were."""
        return total(each.distance for each in self._all.values())

    def settle(self, asking: CountingSolver) -> None:
        """
        Leave nothing open: which facts change, and to what.

        Raises:
            UndecidedError: Too many questions.
        """
        solver = asking.solver
        left = asking.least(self.how_many())
        changing: list[FactChange] = []
        for path in sorted(self._all):
            change = self._all[path]
            if left > len(changing) and (solver.holds(change.made) or asking.can(change.made)):
                solver.add(change.made)
                changing.append(change)
            else:
                solver.add(~change.made)
        for change in changing:
            for number in change.order:
                asking.least(number)

    def chosen(self, solver: Solver) -> dict[str, Any]:
        """The facts that change, with their new values; None is not known."""
        return {path: self._value(path, solver) for path, each in self._all.items() if solver.holds(each.made)}

    def same(self, solver: Solver) -> Formula:
        """Exactly these changes; of lists only that they change."""
        parts: list[Formula] = []
        for path, each in self._all.items():
            made = solver.holds(each.made)
            parts.append(each.made if made else ~each.made)
            symbol = self._symbols.told.get(path) or self._symbols.assumed.get(path)
            if made and symbol is not None and solver.holds(symbol.known):
                parts.append(symbol.value.equals(solver.number(symbol.value)))
        return ~any_of(~each for each in parts)

    def _value(self, path: str, solver: Solver) -> Any:
        records = self._symbols.lists.get(path)
        if records is not None:
            return (
                [slot.chosen(solver) for slot in records.slots if solver.holds(slot.present)]
                if solver.holds(records.known)
                else None
            )
        symbol = self._symbols.told.get(path) or self._symbols.assumed[path]
        return symbol.chosen(solver) if solver.holds(symbol.known) else None

    def _change(self, path: str, symbol: Symbol, day: date) -> FactChange:
        now = self._now.get(path)
        code = None if now is None else symbol.scale.code(now)  # type: ignore[arg-type]  # a list has no symbol
        if code is None:
            return FactChange(path, symbol.known, FALSE, fixed(0), self._order(path, symbol, day))
        made = ~(symbol.known & symbol.value.equals(code))
        if not isinstance(symbol.scale.kind, Day | Whole):
            return FactChange(path, made, ~symbol.known, fixed(0), self._order(path, symbol, day))
        far, after = (choose(symbol.known, each, fixed(0)) for each in apart(symbol.value, code))
        return FactChange(path, made, ~symbol.known, far, (far, after))

    def _order(self, path: str, symbol: Symbol, day: date) -> tuple[Number, ...]:
        kind, value = symbol.scale.kind, symbol.value
        match kind:
            case YesNo():
                ranked: tuple[Number, ...] = (fixed(1) - value,)
            case Whole(low, _):
                ranked = (value - low,)
            case Day():
                ranked = apart(value, day.toordinal())
            case Choice(values):
                ranked = (self._ranked(symbol, values),)
            case Code():
                named = sorted(map(str, self._symbols.named_by_rules.get(path, frozenset()).difference(OTHER_CODES)))
                ranked = (self._ranked(symbol, (*named, *OTHER_CODES, *self._familiar(path))), value)
            case _:
                raise AssertionError(f"{path} is no single value")
        return tuple(choose(symbol.known, each, fixed(0)) for each in ranked)

    def _familiar(self, path: str) -> Sequence[Scalar]:
        value = None if self._symbols.event is None else self._symbols.event.facts.get(path)
        return () if value is None or isinstance(value, list) else (value,)

    @staticmethod
    def _ranked(symbol: Symbol, values: Sequence[Scalar]) -> Number:
        """The place of a value among *values*; those that are not among them come after."""
        rank = fixed(len(values))
        for place, value in reversed(list(enumerate(values))):
            code = symbol.scale.code(value)
            if code is not None:
                rank = choose(symbol.value.equals(code), fixed(place), rank)
        return rank

    def _list_change(self, path: str, records: RecordList) -> FactChange:
        held, new = records.slots[: records.now], records.slots[records.now :]
        says_something = (any_of(field.known for field in slot.fields.values()) for slot in new)
        self.axioms += [slot.present.implies(each) for slot, each in zip(new, says_something, strict=True)]
        taken, added = [~slot.present for slot in held], [slot.present for slot in new]
        silent = count(slot.present & ~field.known for slot in new for field in slot.fields.values())
        steps = count((*taken, *added))
        if self._now.get(path) is None:
            return FactChange(path, records.known, FALSE, fixed(0), (steps, silent))
        made = ~records.known | any_of((*taken, *added))
        steps = choose(records.known, steps, fixed(0))
        return FactChange(path, made, ~records.known, steps, (steps, silent))


OTHER_CODES = ("E06999999", "W06999999", "S12999999", "N09999999", "something-else", "zxx", "G0S")
"""Stand for every code that no rule names; each is taken for the facts whose form it has."""


def apart(value: Number, code: int) -> tuple[Number, Number]:
    """How far a value is from another; of two that are as far, the earlier comes first."""
    after = value > code
    return choose(after, value - code, fixed(code) - value), choose(after, fixed(1), fixed(0))
