"""The numbers by which justice and health systems know a person, with their check digits.

An identifier that does not check is *absent*: it never becomes a key, because a wrong key joins two people.
"""

from typing import Literal, get_args

from onward.contracts.base import Message

IdentifierType = Literal["NOMS", "CRN", "PNC", "CRO", "NHS", "ASN"]
"""Prison number, probation case, Police National Computer, Criminal Records Office, NHS number, arrest summons."""

STRENGTH: tuple[IdentifierType, ...] = get_args(IdentifierType)
"""Strongest first: the first one present names the person on the `contacts` topic."""


class Identifier(Message):
    """A checked identifier in its canonical form."""

    type: IdentifierType
    value: str
