"""The identifiers of one person, from the places where partners write them."""

from collections.abc import Iterable, Mapping

from onward.contracts.identifiers import STRENGTH, Identifier, IdentifierType, read_identifier
from onward.intake.shapes import IdentifierIn
from onward.intake.words import spelled, table

_ONE_EACH: tuple[IdentifierType, ...] = ("NOMS", "CRN", "NHS")
"""One person has one of these at a time; police numbers may be several."""
_TYPES = table(
    STRENGTH,
    {
        "NOMIS": "NOMS",
        "nomsNumber": "NOMS",
        "prisonerNumber": "NOMS",
        "pncId": "PNC",
        "pncNumber": "PNC",
        "croNumber": "CRO",
        "nhsNumber": "NHS",
        "arrestSummonsNumber": "ASN",
    },
)


def identifiers_of(listed: Iterable[IdentifierIn], named: Mapping[IdentifierType, object]) -> tuple[Identifier, ...]:
    """
    The identifiers that check, strongest first, each once.

    *named* fields count only for a type that *listed* does not have.
    """
    found = [
        identifier
        for item in listed
        if (kind := identifier_type(item.type)) and (identifier := read_identifier(kind, item.value))
    ]
    have = {identifier.type for identifier in found}
    for kind, value in named.items():
        if kind not in have and (identifier := read_identifier(kind, value)):
            found.append(identifier)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (STRENGTH.index(one.type), one.value)))


def identifier_type(text: str) -> IdentifierType | None:
    """The type of identifier that a partner names; None when it is not one of ours."""
    code = _TYPES.get(spelled(text))
    return next((kind for kind in STRENGTH if kind == code), None)


def contradicting(found: Iterable[Identifier]) -> IdentifierType | None:
    """A type of which one person is given two: a mistake that would join two people."""
    kinds = [identifier.type for identifier in found]
    return next((kind for kind in _ONE_EACH if kinds.count(kind) > 1), None)
