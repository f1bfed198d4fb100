"""
By what somebody is found who may be the one who was met: keys of what was said, each of which one slip leaves whole.

A key is a pseudonym, made under the pepper, and joins nobody. What is found by one is weighed (`likely`).
"""

from collections.abc import Iterator
from typing import Final

from onward.contracts.ids import pseudonym
from onward.people.domain.remembered import RememberedContact, name_parts, whole_phone

TOO_MANY_FROM: Final = 20
"""Contacts under one key from which it tells nobody apart, such as a hostel's telephone; bounds what is looked at."""
_MOST_PARTS: Final = 4


def keys(contact: RememberedContact, pepper: bytes) -> tuple[str, ...]:
    """
    The keys of what a contact says of whom it is about: 32 hexadecimal digits each.

    None of one who is not named, of an answer, which is about who was asked about, and of a word on records.
    """
    if contact.in_reply_to is not None or contact.declared_links:
        return ()
    return tuple(dict.fromkeys(pseudonym(pepper, "alike", *said) for said in _said(contact)))


def _said(contact: RememberedContact) -> Iterator[tuple[str, ...]]:
    identity = contact.identity
    parts = name_parts(identity.name or "")
    if not parts:
        return
    if phone := whole_phone(identity):
        yield "phone", phone
    born = identity.date_of_birth
    if born is None or len(parts) < 2:
        return
    day, name = born.isoformat(), sorted(parts)
    # One part of the name may be written otherwise; or the date, in its year or in the rest of it.
    yield from (("born", day, part) for part in name[:_MOST_PARTS])
    yield "year", day[:4], *name
    yield "day", day[5:], *name


def says_the_same(one: RememberedContact, other: RememberedContact) -> bool:
    """Whether both say the same of whom they are about, so that one leads to nobody to whom the other does not."""
    ours, theirs = one.identity, other.identity
    return ours is theirs or (
        ours.name == theirs.name and ours.date_of_birth == theirs.date_of_birth and ours.phone == theirs.phone
    )
