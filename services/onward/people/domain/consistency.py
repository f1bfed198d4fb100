"""Whether contacts hold no contradiction at all, and nothing is declared of them: worked out of one after the other."""

from typing import Any

from onward.contracts.contact_types import ERASED
from onward.people.domain.apart import ONE_EACH
from onward.people.domain.contradiction import Particulars, nothing_differs, particulars_of, together
from onward.people.domain.remembered import REFERENCE, RememberedContact, kind_of


class Consistency:
    """What has been taken by now, and whether it could all be one person's. What does not hold holds never again."""

    def __init__(self) -> None:
        """Nothing has been taken."""
        self._is_broken = False
        self._said = Particulars()
        self._numbers: dict[str, str] = {}
        self._referred: set[tuple[Any, ...]] = set()
        self._forces: dict[str, str] = {}

    def copy(self) -> "Consistency":
        """As known by now, to go on from."""
        made = Consistency()
        made._is_broken, made._said = self._is_broken, self._said
        made._numbers, made._referred = self._numbers.copy(), self._referred.copy()
        made._forces = self._forces.copy()
        return made

    def holds(self) -> bool:
        """Whether nothing is declared and nothing contradicts."""
        return not self._is_broken

    def take(self, one: RememberedContact) -> None:
        """Take one more into account."""
        if self._is_broken:
            return
        if one.unreadable or one.declared_links or one.type == ERASED or self._is_second(one) or self._is_a_case(one):
            self._is_broken = True
            return
        told = particulars_of((one,), of_incident=True)
        said = self._said if told.is_part_of(self._said) else together((self._said, told))
        if said is not self._said:
            self._said = said
            self._is_broken = not nothing_differs(said)

    def _is_second(self, one: RememberedContact) -> bool:
        """Whether it brings a second number of a kind of which a person has one."""
        for number in one.numbers:
            if (kind := kind_of(number)) in ONE_EACH and self._numbers.setdefault(kind, number) != number:
                return True
        return False

    def _is_a_case(self, one: RememberedContact) -> bool:
        """Whether its reference was told by another force, or of somebody else in the same message."""
        if not one.numbers or kind_of(reference := one.numbers[-1]) != REFERENCE:
            return False
        told = (reference, one.occurred_at, one.received_at, one.type)
        if told in self._referred or (one.force and self._forces.setdefault(reference, one.force) != one.force):
            return True
        self._referred.add(told)
        return False
