"""Values as whole numbers and back: words by their place in a list, days by their ordinal."""

import re
import string
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, product

from onward.calendar.times import FIRST_YEAR, LAST_YEAR
from onward.contracts import contact_types, topics
from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.routing.domain.language import Scalar

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
_OUR_OWN: dict[str, Callable[[], Iterable[str]]] = {
    "event.source": topics.sources,
    "event.type": contact_types.known,
}
_ONE_OF_EACH_NATION = ("E08000025", "N09000003", "S12000036", "W06000015")


@dataclass(frozen=True, slots=True)
class Scale:
    """The values of a fact as the numbers from *low* to *high*."""

    kind: Kind
    low: int
    high: int
    words: tuple[str, ...] = ()
    """In order; empty for numbers, days, yes and no."""

    def code(self, value: Scalar) -> int | None:
        """The number of a value; None for one that the fact cannot have."""
        match self.kind:
            case Choice() | Code():
                place = bisect_left(self.words, str(value))
                return place if place < len(self.words) and self.words[place] == value else None
            case Day():
                return value.toordinal() if isinstance(value, date) else None
            case _:
                return int(value) if isinstance(value, bool | int) else None

    def value(self, code: int) -> Scalar:
        """The value of a number."""
        match self.kind:
            case Choice() | Code():
                return self.words[code]
            case Day():
                return date.fromordinal(code)
            case YesNo():
                return bool(code)
            case _:
                return code


@lru_cache(maxsize=4096)
def scale(kind: Kind, named: frozenset[Scalar] = frozenset()) -> Scale:
    """
    The scale of a kind of fact.

    Codes have no list, so theirs holds the *named* values and one other, of each nation where codes are areas: what no
    rule names, every rule treats alike.
    """
    match kind:
        case YesNo():
            return Scale(kind, 0, 1)
        case Whole(low, high):
            return Scale(kind, low, high)
        case Day():
            return Scale(kind, FIRST_DAY, LAST_DAY)
        case Choice(values):
            return Scale(kind, 0, len(values) - 1, tuple(sorted(values)))
        case Code(pattern, example):
            words = {str(value) for value in named}
            seeds = dict.fromkeys((example, *_ONE_OF_EACH_NATION) if "E0" in pattern else (example,))
            others = [next(_unnamed(seed, pattern, words), None) for seed in seeds]
            ordered = tuple(sorted({*words, *filter(None, others)}))
            return Scale(kind, 0, len(ordered) - 1, ordered)
        case Records():
            raise AssertionError("a list of records has no scale; its fields have")


def scale_of(path: str, kind: Kind, named: frozenset[Scalar]) -> Scale:
    """
    The scale of what stands at *path*, as `scale` says; of words that are our own, all of them and no other.

    A partner that there is not tells us nothing, so no example may be of one.
    """
    own = _OUR_OWN.get(path)
    if own is None:
        return scale(kind, named)
    words = tuple(sorted({*own(), *map(str, named)}))
    return Scale(kind, 0, len(words) - 1, words)


def _unnamed(seed: str, pattern: str, named: Collection[str]) -> Iterator[str]:
    """Codes like *seed* that nobody names."""
    letters = string.digits + string.ascii_uppercase + string.ascii_lowercase
    endings = ("".join(pair) for pair in product(letters, repeat=2))
    for word in chain((seed,), (seed[:-2] + ending for ending in endings)):
        if word not in named and re.fullmatch(pattern, word):
            yield word
