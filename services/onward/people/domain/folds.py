"""
What was worked out of contacts before, so that of one more only that one is looked at.

A fold holds of exactly the contacts it was made of, in their order, and is used for no others: it saves time and
changes no answer. Where anything but a further contact at the end came between, it is made anew.
"""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, Self, TypeVar

from onward.people.domain.remembered import RememberedContact


class Folding(Protocol):
    """What is worked out of one contact after the other."""

    def take(self, one: RememberedContact) -> None:
        """Take one more into account."""
        ...

    def copy(self) -> Self:
        """One that goes on by itself."""
        ...


F = TypeVar("F", bound=Folding)


class _Fold(Generic[F]):
    def __init__(self, contacts: list[RememberedContact], folded: F) -> None:
        self.contacts = contacts
        self.folded = folded


class Folds:
    """The folds of one cluster: by what is folded, and of whose contacts."""

    def __init__(self, *, keeps: bool = True) -> None:
        """None yet; one that *keeps* none works all out each time."""
        self._keeps = keeps
        self._of: dict[tuple[str, str], _Fold[Folding]] = {}

    def upto(self, what: str, whose: str, contacts: Sequence[RememberedContact], begin: Callable[[], F]) -> F:
        """
        *contacts* folded, for the caller to go on with.

        Args:
            what: What is folded; one word for one kind of `Folding`.
            whose: Whose contacts they are, such as one partner's; blank for all.
            contacts: In the order in which they are taken.
            begin: Makes one that has taken nothing.
        """
        named = (what, whose)
        before = self._of.get(named)
        if before is not None and len(before.contacts) <= len(contacts):
            known = len(before.contacts)
            # The same objects nearly always, which are compared as fast as they can be counted.
            if list(contacts[:known]) == before.contacts:
                folded: F = before.folded  # type: ignore[assignment]  # one word for one kind
                for one in contacts[known:]:
                    folded.take(one)
                before.contacts.extend(contacts[known:])
                return folded.copy()
        folded = begin()
        for one in contacts:
            folded.take(one)
        if not self._keeps:
            return folded
        self._of[named] = _Fold(list(contacts), folded)
        return folded.copy()


NONE = Folds(keeps=False)
"""For whoever looks once."""
