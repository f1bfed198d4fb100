"""Who an event is about: the identifiers and the identity of one person, and what the person is like."""

import re
from collections.abc import Iterable, Mapping

from onward.contracts.arrangements import Arrangements, Location
from onward.contracts.contact import Identity
from onward.contracts.facts import Facts
from onward.contracts.identifiers import STRENGTH, Identifier, IdentifierType, read_identifier
from onward.intake.domain.facts import area
from onward.intake.domain.parts import IdentifierIn, LocationIn, PersonIn, PersonReference
from onward.intake.domain.shapes import as_lines
from onward.intake.domain.vocabulary import spelled, table

_ONE_EACH: tuple[IdentifierType, ...] = ("NOMS", "CRN", "NHS")
"""One person has one of these at a time; police numbers may be several."""
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_LONGEST_ADDRESS = 500
_FLAGS = (
    "veteran",
    "care_leaver",
    "pregnant",
    "dependent_children",
    "no_recourse_to_public_funds",
    "gang_affected",
    "victim_of_crime",
    "registered_with_gp",
)
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


def person_identifiers(
    person: PersonIn, reference: PersonReference | None = None, beside: Iterable[IdentifierIn] | None = None
) -> tuple[Identifier, ...]:
    """Every identifier of the person, from any of the places where one may stand."""
    referenced = reference.identifiers if reference else None
    return identifiers_of(
        (*(beside or ()), *(person.identifiers or ()), *(referenced or ())),
        {
            "NOMS": person.noms_number,
            "CRN": person.crn,
            "PNC": person.pnc_id,
            "CRO": person.cro_number,
            "NHS": person.nhs_number,
            "ASN": person.asn,
        },
    )


def identity_of(
    person: PersonIn, identifiers: tuple[Identifier, ...], arrangements: Arrangements | None = None
) -> Identity:
    """What identifies the person directly."""
    name = person.name or " ".join(part for part in (person.first_name, person.last_name) if part) or None
    return Identity(
        name=name,
        date_of_birth=person.date_of_birth,
        phone=person.phone,
        email=person.email,
        address=person.address,
        postcode=postcode(person.postcode),
        identifiers=identifiers,
        arrangements=arrangements,
    )


def location_of(location: LocationIn | None) -> Location | None:
    """Where it happened, to go there; None where only an area is known, or nothing."""
    if location is None:
        return None
    lines = as_lines(location.address)
    address = lines if isinstance(lines, str) and 0 < len(lines) <= _LONGEST_ADDRESS else None
    code = postcode(location.postcode) if isinstance(location.postcode, str) else None
    return Location(address=address, postcode=code) if address or code else None


def postcode(text: str | None) -> str | None:
    """A UK postcode as the Post Office writes it; None when it is none."""
    match = _POSTCODE.fullmatch("".join(text.split()).upper()) if text else None
    return f"{match[1]} {match[2]}" if match else None


def person_facts(person: PersonIn) -> Facts:
    """What the person is like. An age counts only without a date of birth, which says it for any day."""
    facts: Facts = {f"person.{flag}": getattr(person, flag) for flag in _FLAGS}
    facts["person.age"] = person.age if person.date_of_birth is None else None
    facts["person.sex"] = person.sex
    facts["person.area"] = area(person.area_code)
    facts["person.interpreter"] = person.interpreter.lower() if person.interpreter else None
    return facts
