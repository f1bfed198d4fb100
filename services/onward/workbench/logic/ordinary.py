"""
What makes an example ordinary: an adult of working age, at liberty, of whom a partner tells that meets people.

An author believes an example that could happen tomorrow. One of a child in a secure hospital shows as much, and is put
aside as a freak; so ordinary people are sought first, and others only where there are none.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from onward.routing.domain.language import Scalar
from onward.workbench.logic.formulas import Formula, any_of
from onward.workbench.logic.symbols import Symbol
from onward.workbench.logic.witness import Witness

WORKING_AGE: Final = (18, 64)
_AGE: Final = "person.age"
_ODD: Final[Mapping[str, frozenset[Scalar]]] = {
    "custody.status": frozenset(("in_prison", "hospital", "unlawfully_at_large")),
    "event.detained_in": frozenset(("place_of_safety", "prison", "hospital")),
    "event.movement": frozenset(
        ("died", "deported", "absconded", "hospital", "court", "transfer", "temporary_absence", "merged", "unknown")
    ),
    "event.setting": frozenset(("inpatient", "place_of_safety", "prison", "emergency_department")),
}
"""Values that most people never have. Of sources and types of events each is somebody's ordinary day."""


def is_odd(witness: Witness) -> bool:
    """Whether an example is of somebody whom few authors have in mind."""
    known = witness.known()
    age = known.get(_AGE)
    low, high = WORKING_AGE
    return (age is not None and not low <= age <= high) or any(known.get(path) in odd for path, odd in _ODD.items())


def usual(symbols: Mapping[str, Symbol], about: frozenset[str]) -> Iterator[Formula]:
    """For each told fact that a question is about, that it is not known or ordinary."""
    for path, odd in _ODD.items():
        symbol = symbols.get(path) if path in about else None
        if symbol is not None:
            codes = sorted(code for code in map(symbol.scale.code, odd) if code is not None)
            yield ~symbol.known | ~any_of(symbol.value.equals(code) for code in codes)
    if _AGE in about and (age := symbols.get(_AGE)) is not None:
        low, high = WORKING_AGE
        yield ~age.known | ((age.value >= low) & (age.value <= high))
