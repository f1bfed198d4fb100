"""Who an event is about: the identifiers and the identity of one person, and what the person is like."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from onward.contracts.arrangements import Location
from onward.contracts.contact import Identity
from onward.contracts.facts import Facts
from onward.contracts.identifiers import STRENGTH, Identifier, IdentifierType, read_identifier
from onward.diagnostics.spelling import spelled
from onward.intake.domain.facts import area
from onward.intake.domain.no_home import postcode, says_no_home
from onward.intake.domain.parts import IdentifierIn, LocationIn, PersonIn, PersonReference
from onward.intake.domain.shapes import as_lines
from onward.intake.domain.vocabulary import table

_ONE_EACH: tuple[IdentifierType, ...] = ("NOMS", "CRN", "NHS")
"""One person has one of these at a time; police numbers may be several."""
_OLDEST = 120
"""Years: nobody whom we meet was born longer ago."""
_NEWEST = timedelta(days=28)
"""Nobody whom we meet was born since: a day so near is that on which a record was made."""
_FEWEST_DIGITS = 5
"""Of a telephone number: a text with fewer is a note, and nobody can be rung by it."""
_LONGEST_ADDRESS = 500
_FLAGS = (
    "veteran",
    "care_leaver",
    "pregnant",
    "dependent_children",
    "no_recourse_to_public_funds",
    "gang_affected",
    "exploited",
    "victim_of_crime",
    "registered_with_gp",
    "vulnerable",
    "lacks_capacity",
    "adult_at_risk",
    "foreign_national",
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


def identity_of(person: PersonIn, identifiers: tuple[Identifier, ...]) -> Identity:
    """
    What identifies the person directly.

    A note beside a telephone number stays with it: "do not leave a message" is for whoever rings.
    """
    name = person.name or " ".join(part for part in (person.first_name, person.last_name) if part) or None
    return Identity(
        name=name,
        date_of_birth=person.date_of_birth,
        phone=person.phone if person.phone and can_be_rung(person.phone) else None,
        email=person.email if person.email and "@" in person.email else None,
        address=None if says_no_home(person.address) else person.address,
        postcode=postcode(person.postcode),
        identifiers=identifiers,
    )


def location_of(location: LocationIn | None) -> Location | None:
    """Where it happened, to go there; None where only an area is known, or nothing."""
    if location is None:
        return None
    lines = as_lines(location.address)
    address = lines if isinstance(lines, str) and 0 < len(lines) <= _LONGEST_ADDRESS else None
    code = postcode(location.postcode) if isinstance(location.postcode, str) else None
    return Location(address=address, postcode=code) if address or code else None


def was_born(born: date, today: date) -> bool:
    """Whether somebody met *today* can have been born that day: not just now, nor later, nor before anybody living."""
    return today.year - _OLDEST < born.year and born < today - _NEWEST


def can_be_rung(phone: str) -> bool:
    """Whether there is a number in *phone*."""
    return sum(char.isdecimal() for char in phone) >= _FEWEST_DIGITS


def person_facts(person: PersonIn) -> Facts:
    """What the person is like. An age counts only without a date of birth, which says it for any day."""
    facts: Facts = {f"person.{flag}": getattr(person, flag) for flag in _FLAGS}
    facts["person.age"] = person.age if person.date_of_birth is None else None
    facts["person.sex"] = person.sex
    facts["person.area"] = area(person.area_code)
    facts["person.interpreter"] = person.interpreter
    facts["person.sexual_violence"] = person.sexual_violence
    if says_no_home(person.postcode) or says_no_home(person.address):
        facts["accommodation.status"] = "homeless"
    return facts
