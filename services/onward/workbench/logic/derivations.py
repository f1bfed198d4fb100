"""
The derived facts, as formulas over the facts they follow from; see `onward.routing.domain.derived`.

Exact but for two things, of which the engine is asked anyway when an example has been found: a message that is on its
way while clocks change is taken to need an hour more or less than it does; and of very many offices, any two are taken
to be any distance apart.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from itertools import product

from onward.calendar.working_days import bank_holidays
from onward.contracts.facts import FACTS
from onward.routing.domain.derived import ALWAYS_KNOWN, PACE_HOURS, S136_HOURS
from onward.routing.domain.offices import derive_distance
from onward.workbench.logic.formulas import (
    TRUE,
    Formula,
    Number,
    all_of,
    any_of,
    choose,
    clipped,
    count,
    fixed,
    whole,
    yes_or_no,
)
from onward.workbench.logic.housing import housing_derivations
from onward.workbench.logic.scales import scale
from onward.workbench.logic.symbols import DISTANCE, HERE, THERE, Derivation, Symbol, Symbols, ordinary_days
from onward.workbench.logic.tabulated import Tree, symbol, tree

_MOST_DAYS = 36_500
_MOST_OFFICES = 40
_NATION_OF = {"E": "england", "N": "northern_ireland", "S": "scotland", "W": "wales"}


def derivations(start: date) -> Mapping[str, Derivation]:
    """Every derivation that is expressed here, by the fact it gives; *start* begins the ordinary years."""
    return {
        "person.nation": partial(_nation, "person.area"),
        "accommodation.chosen_nation": partial(_nation, "accommodation.chosen_authority"),
        "duty_to_refer.age_days": partial(_days_since, "duty_to_refer.submitted_on"),
        "release.days_since": partial(_days_since, "release.on"),
        "release.days_until": _days_until,
        "release.working_days_until": partial(_working_days_until, start),
        "event.age_days": _age,
        "event.local_hour": _hour,
        **dict.fromkeys(ALWAYS_KNOWN, _always_known),
        "event.away_from_home": _away_from_home,
        "event.custody_hours_left": _custody_hours,
        "event.s136_hours_left": _s136_hours,
        "event.nearest_deadline_hours": _nearest_deadline,
        DISTANCE: _distance,
        **housing_derivations(),
    }


def given_directly() -> Mapping[str, Derivation]:
    """
    What a test of a rule gives directly, since only the event's time or the directory decides it.

    A distance is given beside two places that differ, and nowhere else: of one place it follows that it is 0.
    """
    return {"event.age_days": _any, "event.local_hour": _any, DISTANCE: _any_distance}


def _any(symbols: Symbols, path: str) -> Symbol:
    return symbols.assume(path, TRUE)


def _any_distance(symbols: Symbols, path: str) -> Symbol:
    here, there = symbols.fact(HERE), symbols.fact(THERE)
    both, same = here.known & there.known, here.value.equals(there.value)
    given = symbols.assume(path, both & ~same & yes_or_no("distance given"))
    return Symbol(given.scale, choose(same, fixed(0), given.value), (both & same) | given.known)


def _made(path: str, value: Number, known: Formula) -> Symbol:
    return Symbol(scale(FACTS[path].kind), value, known)


def _nation(source: str, symbols: Symbols, path: str) -> Symbol:
    area = symbols.fact(source)
    nation = scale(FACTS[path].kind)
    value = fixed(0)
    for place, word in enumerate(area.scale.words):  # in order, so that each nation's codes stand together
        code = nation.code(_NATION_OF[word[0]])
        assert code is not None
        value = choose(area.value >= place, fixed(code), value)
    return Symbol(nation, value, area.known)


def _days_since(source: str, symbols: Symbols, path: str) -> Symbol:
    day = symbols.fact(source)
    return _made(path, clipped(symbols.day.value - day.value, 0, _MOST_DAYS), day.known)


def _days_until(symbols: Symbols, path: str) -> Symbol:
    planned = symbols.fact("release.planned_on")
    days = clipped(planned.value - symbols.day.value, 0, _MOST_DAYS)
    return _made(path, days, symbols.release_to_come())


def _working_days_until(start: date, symbols: Symbols, path: str) -> Symbol:
    """With the bank holidays of the ordinary years; with those of all years only once an example has failed."""
    today, planned = symbols.day.value, symbols.fact("release.planned_on").value
    first, last = ordinary_days(start)
    weekdays = _weekdays_to(planned) - _weekdays_to(today)
    holidays = whole("bank holidays")
    ordinals = [day.toordinal() for day in bank_holidays()]
    met = count((today < each) & (planned >= each) for each in ordinals if first < each <= last)
    symbols.require(
        holidays >= 0,
        holidays <= choose(weekdays > 0, weekdays, fixed(0)),
        ((today >= first) & (planned <= last)).implies(holidays.equals(met)),
    )
    symbols.require_exactly(
        lambda: (planned > today).implies(holidays.equals(_how_many(ordinals, planned) - _how_many(ordinals, today)))
    )
    days = choose(planned <= today, fixed(0), clipped(weekdays - holidays, 0, _MOST_DAYS))
    return _made(path, days, symbols.release_to_come())


def _how_many(ordinals: Sequence[int], until: Number, before: int = 0) -> Number:
    """How many of these days, which are in order, there are up to and with a day; *before* are counted already."""
    if not ordinals:
        return fixed(before)
    middle = len(ordinals) // 2
    later = _how_many(ordinals[middle + 1 :], until, before + middle + 1)
    return choose(until >= ordinals[middle], later, _how_many(ordinals[:middle], until, before))


def _weekdays_to(day: Number) -> Number:
    """Mondays to Fridays from the first Monday of the calendar up to and with *day*."""
    return (day // 7) * 5 + clipped(day % 7, 0, 5)


def _distance(symbols: Symbols, path: str) -> Symbol:
    """
    The service's own distance for every two offices.

    Of more offices than can be taken two by two any distance is possible here, and the engine has the last word.
    """
    here, there = symbols.fact(HERE), symbols.fact(THERE)
    both = here.known & there.known
    same = here.value.equals(there.value)
    of = scale(FACTS[path].kind)
    placed = {code: word for word in symbols.offices if (code := here.scale.code(word)) is not None}
    in_offices = all_of(any_of(each.value.equals(code) for code in placed) for each in (here, there))
    value = whole("kilometres apart")
    symbols.require(value >= of.low, value <= of.high)
    if len(placed) <= _MOST_OFFICES:
        for one, other in product(placed, repeat=2):
            km: dict[str, int] = {}
            derive_distance({HERE: placed[one], THERE: placed[other]}, symbols.offices, km)
            value = choose(here.value.equals(one) & there.value.equals(other), fixed(km[path]), value)
    return Symbol(of, choose(same, fixed(0), value), both & (same | in_offices))


def _age(symbols: Symbols, path: str) -> Symbol:
    symbols.tell_time()
    return _made(path, symbols.days_late, TRUE)


def _hour(symbols: Symbols, path: str) -> Symbol:
    symbols.tell_time()
    return _made(path, symbols.minute // 60, TRUE)


def _always_known(symbols: Symbols, path: str) -> Symbol:
    return symbol(symbols, path, _tree(path))


@cache
def _tree(path: str) -> Tree:
    return tree(*ALWAYS_KNOWN[path])


def _away_from_home(symbols: Symbols, path: str) -> Symbol:
    here, home = symbols.fact("event.area"), symbols.fact("person.area")
    away = choose(here.value.equals(home.value), fixed(0), fixed(1))
    return _made(path, away, here.known & home.known)


def _hours_left(symbols: Symbols, limit: Number, spent: Number) -> Number:
    symbols.tell_time()
    left = (limit * 60 - spent - symbols.late) // 60
    return choose(left < 0, fixed(0), left)


def _custody_hours(symbols: Symbols, path: str) -> Symbol:
    limit, spent = symbols.fact("event.custody_limit_hours"), symbols.fact("event.custody_clock_minutes")
    hours = choose(limit.known, limit.value, fixed(PACE_HOURS))
    return _made(path, _hours_left(symbols, hours, spent.value), spent.known)


def _s136_hours(symbols: Symbols, path: str) -> Symbol:
    spent = symbols.fact("event.s136_minutes")
    return _made(path, _hours_left(symbols, fixed(S136_HOURS), spent.value), spent.known)


def _nearest_deadline(symbols: Symbols, path: str) -> Symbol:
    custody, s136 = symbols.fact("event.custody_hours_left"), symbols.fact("event.s136_hours_left")
    custody_first = all_of((custody.known, ~s136.known | (custody.value <= s136.value)))
    return _made(path, choose(custody_first, custody.value, s136.value), custody.known | s136.known)
