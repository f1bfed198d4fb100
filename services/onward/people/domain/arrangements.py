"""How a person can be reached and met, as known at one of their contacts: the newest word on each of it."""

from collections.abc import Sequence
from typing import Any

from onward.contracts.arrangements import OF_ONE_CONTACT, Arrangements, known_fields
from onward.contracts.contact import Identity
from onward.people.domain.remembered import RememberedContact


def with_arrangements(identity: Identity, seen: Sequence[RememberedContact]) -> Identity:
    """
    *identity* with what the contacts *seen*, in the order of events, say of it.

    Who raised it and where it happened are of the last alone, from which the others are seen.
    """
    told = [one for one in seen if one.identity.arrangements is not None]
    if not told:
        return identity
    newest: dict[str, Any] = {}
    for one in told:
        known = one.identity.arrangements
        newest |= {
            name: getattr(known, name) for name in known_fields(known) if name not in OF_ONE_CONTACT or one is seen[-1]
        }
    return identity.model_copy(update={"arrangements": Arrangements(**newest) if newest else None})
