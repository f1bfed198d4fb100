"""The facts that the accommodation trees look at, as formulas; see `onward.routing.domain.derived_housing`."""

from calendar import isleap
from collections.abc import Mapping
from datetime import date
from functools import cache, partial

from onward.calendar.times import FIRST_YEAR, LAST_YEAR
from onward.contracts.facts import FACTS
from onward.routing.domain.derived_housing import DUTY_TO_REFER, HOUSING_SOURCES, REHABILITATION, STALE, derive_housing
from onward.routing.domain.language import Scalar
from onward.workbench.logic.formulas import Formula, Number, any_of, choose, fixed
from onward.workbench.logic.scales import scale
from onward.workbench.logic.symbols import Derivation, Symbol, Symbols
from onward.workbench.logic.tabulated import Tree, symbol, tree

_LEAP_DAYS = [date(year, 2, 29).toordinal() for year in range(FIRST_YEAR, LAST_YEAR) if isleap(year)]
_ANY_DAY = date(2026, 3, 4)
_TABULATED = (
    "accommodation.now",
    "accommodation.settled_now",
    "accommodation.nowhere_next",
    "rehabilitation_accommodation.running",
    "cas1.stage",
    "cas3.stage",
)
"""Those in which no day has a part."""


def housing_derivations() -> Mapping[str, Derivation]:
    """Every derivation of these facts, by the fact it gives."""
    return {
        **dict.fromkeys(_TABULATED, _tabulated),
        "duty_to_refer.recent": _recent,
        "duty_to_refer.opens_on": partial(_opens, DUTY_TO_REFER.days),
        "rehabilitation_accommodation.opens_on": partial(_opens, REHABILITATION.days),
        "cas1.opens_on": _opens_in_a_year,
    }


def _tabulated(symbols: Symbols, path: str) -> Symbol:
    return symbol(symbols, path, _tree(path))


@cache
def _tree(path: str) -> Tree:
    def outcome(known: Mapping[str, object]) -> Scalar | None:
        found: dict[str, Scalar] = {}
        derive_housing(known, _ANY_DAY, None, found)
        return found.get(path)

    return tree(HOUSING_SOURCES[path], outcome)


def _recent(symbols: Symbols, path: str) -> Symbol:
    made = symbols.fact("duty_to_refer.submitted_on")
    recent = made.known & (symbols.day.value - made.value <= STALE.days)
    known = made.known | symbols.fact("accommodation.nowhere_next").known
    return Symbol(scale(FACTS[path].kind), choose(recent, fixed(1), fixed(0)), known)


def _end_of_stay(symbols: Symbols) -> tuple[Number, Formula]:
    """The planned release of a prisoner; for anybody else the end of the present place, if it has one."""
    status, told = symbols.fact("custody.status"), symbols.fact("accommodation.current_ends_on")
    planned, to_come = symbols.fact("release.planned_on"), symbols.release_to_come()
    held = status.known & _is(status, "in_prison")
    current = symbols.fact("accommodation.current")
    told_of_prison = told.known & current.known & _is(current, "prison")
    by_told = (held & ~to_come & told_of_prison) | (~held & told.known)
    by_plan = to_come & (held | (~told.known & ~status.known))
    return choose(by_told, told.value, planned.value), by_told | by_plan


def _is(fact: Symbol, word: str) -> Formula:
    code = fact.scale.code(word)
    assert code is not None
    return fact.value.equals(code)


def _opens(before: int, symbols: Symbols, path: str) -> Symbol:
    end, known = _end_of_stay(symbols)
    return Symbol(scale(FACTS[path].kind), end - before, known & (end - symbols.day.value > before))


def _opens_in_a_year(symbols: Symbols, path: str) -> Symbol:
    """A year has a day more if a 29 February is in it."""
    end, known = _end_of_stay(symbols)
    today = symbols.day.value
    longer = any_of((today < leap) & (today + 365 >= leap) for leap in _LEAP_DAYS)
    was_longer = any_of((end >= leap) & (end - 365 <= leap) for leap in _LEAP_DAYS)
    ahead = end - today > choose(longer, fixed(366), fixed(365))
    opens = end - choose(was_longer, fixed(366), fixed(365))
    return Symbol(scale(FACTS[path].kind), opens, known & ahead)
