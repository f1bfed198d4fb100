"""How every record ends: published, ignored or parked; there is no fourth way."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from onward.contracts.base import Message

M_co = TypeVar("M_co", bound=Message, covariant=True)


@dataclass(frozen=True, slots=True)
class Outgoing(Generic[M_co]):
    """A message for a topic."""

    topic: str
    key: str
    body: M_co
    event_type: str
    """CloudEvents type, such as `onward.contact.v1`."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a decision saw beside its outcome. It is counted by one when the outcome is durable."""

    counter: str
    """The name of a counter that the service declares."""
    labels: tuple[str, ...] = ()
    """A value for each label that the counter declares; never anything from a person's record."""


@dataclass(frozen=True, slots=True)
class Published:
    """Handled; these messages follow from it (none is allowed: the state alone changed)."""

    messages: tuple[Outgoing[Message], ...] = ()
    result: str = "published"
    """What it was counted as, from the service's own closed list."""
    noted: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing is to be done: it was understood and there is rightly nothing to do, or it is nothing that we know."""

    reason: str
    noted: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """Cannot be handled; kept whole for a person to mend. *reason* is a stable code, *pointer* a JSON pointer."""

    reason: str
    pointer: str = ""
    detail: str = ""
    """What is wrong and what to do, without any value from the message."""
    noted: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that a service's outcomes are counted under: closed lists, so that each is there before it happens."""

    published: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    """Beside those for which the chassis itself parks, such as `not_json` and `schema`."""


PLAIN = Reasons(published=("published",), ignored=("ignored",))
"""Of a service that tells its outcomes no further apart."""


Outcome: TypeAlias = Published | Ignored | Parked
