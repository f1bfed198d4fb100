"""
The port for key services: what wraps the keys of persons, wherever the key for that is.

Here is the one whose key is in a file or in the environment; beside the wrapped key nothing is kept of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from onward.chassis.security.envelope import UnsealableError, Use, under_root

PERSON_KEY_BYTES: Final = 32
_EARLIER_WRAPPED_BYTES: Final = 60  # a key as version 1 wrapped it, with no version before it


class WrappingKeys(Protocol):
    """Wraps and unwraps the keys of a batch of persons."""

    @property
    def held(self) -> tuple[bytes, ...]:
        """The keys themselves, the one that wraps first; none where a key service keeps them."""
        ...

    async def wrap(self, keys: Mapping[str, bytes]) -> dict[str, bytes]:
        """
        The *keys* of persons, wrapped, each bound to its person; different each time.

        Raises:
            UnsealableError: A key does not have 32 bytes.
            OSError: The key service is away.
        """
        ...

    async def unwrap(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes | UnsealableError]:
        """
        The keys that `wrap` was given, or why one cannot be had.

        Raises:
            OSError: The key service is away.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """Wraps under keys that this process holds: the first; opens what any of them has wrapped."""

    use: Use
    held: tuple[bytes, ...] = field(repr=False)

    async def wrap(self, keys: Mapping[str, bytes]) -> dict[str, bytes]:
        """See `WrappingKeys`."""
        return {person: self.wrapped(person, key) for person, key in keys.items()}

    async def unwrap(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes | UnsealableError]:
        """See `WrappingKeys`."""
        return {person: self._opened(person, each) for person, each in wrapped.items()}

    def wrapped(self, person: str, key: bytes) -> bytes:
        """
        One of them.

        Raises:
            UnsealableError: *key*, or the one to wrap it under, does not have 32 bytes.
        """
        if len(key) != PERSON_KEY_BYTES:
            raise UnsealableError("bad_key")
        return under_root(self.held[0], self.use).seal_anew(key, *self._bound_to(person))

    def unwrapped(self, person: str, wrapped: bytes) -> bytes:
        """
        One of them.

        Raises:
            UnsealableError: It was changed, cut short, wrapped for another person or use, by an earlier release, or
                under a key that is not held.
        """
        opened = self._opened(person, wrapped)
        if isinstance(opened, UnsealableError):
            raise opened
        return opened

    def _opened(self, person: str, wrapped: bytes) -> bytes | UnsealableError:
        if len(wrapped) == _EARLIER_WRAPPED_BYTES:
            return UnsealableError("earlier_version")
        why = UnsealableError("does_not_open")
        for root in self.held:
            try:
                key = under_root(root, self.use).open_anew(wrapped, *self._bound_to(person))
            except UnsealableError as error:
                why = error
            else:
                return key if len(key) == PERSON_KEY_BYTES else UnsealableError("bad_key")
        return why

    def _bound_to(self, person: str) -> tuple[bytes, bytes]:
        return self.use.value.encode(), person.encode()
