"""
What has the form of a value and is none: a number that fails its check, a postcode of nowhere.

Looked for in the body as it was written, so that each is told with its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from onward.contracts.identifiers import IdentifierType, read_identifier
from onward.contracts.left_out import LeftOutReason
from onward.contracts.placeholders import names_nothing
from onward.intake.domain.arrangement_parts import unread_safety
from onward.intake.domain.facts import area, tier
from onward.intake.domain.no_home import is_made_up, postcode, says_no_home
from onward.intake.domain.parts import PartnerEvent, ProbationHousing
from onward.intake.domain.person import can_be_rung, identifier_type
from onward.intake.domain.unread import Place

_NUMBERS: Final[Mapping[str, IdentifierType]] = {
    "nomsNumber": "NOMS",
    "crn": "CRN",
    "pncId": "PNC",
    "croNumber": "CRO",
    "nhsNumber": "NHS",
    "asn": "ASN",
    "ASN": "ASN",
    "arrestSummonsNumber": "ASN",
}
_LISTS: Final[tuple[Place, ...]] = (("person", "identifiers"), ("personReference", "identifiers"))


def unchecked(event: PartnerEvent, body: Mapping[str, Any]) -> dict[Place, LeftOutReason]:
    """What the *body* of *event* says and does not check, by its place."""
    places = [*_identifiers(body), *_contact_details(body), *_areas(body)]
    if isinstance(event, ProbationHousing) and _said(event.supervision_tier) and tier(event.supervision_tier) is None:
        places.append(("supervisionTier",))
    return {**dict.fromkeys(places, "does_not_check"), **dict.fromkeys(_safe_contact(body), "schema")}


def unchecked_numbers(numbers: Iterable[tuple[Place, IdentifierType, object]]) -> Iterator[Place]:
    """The places of the *numbers* that say something and are no identifier of their type."""
    for place, kind, value in numbers:
        if _said(value) and read_identifier(kind, value) is None:
            yield place


def listed_numbers(body: Mapping[str, Any], path: Place) -> Iterator[tuple[Place, IdentifierType, object]]:
    """The identifiers of a list at *path* in *body*, of the types that we know."""
    listed: Any = body
    for part in path:
        listed = listed.get(part) if isinstance(listed, dict) else None
    items: list[Any] = listed if isinstance(listed, list) else []
    for number, item in enumerate(items):
        kind = identifier_type(str(item.get("type", ""))) if isinstance(item, dict) else None
        if kind is not None:
            yield (*path, number, "value"), kind, item.get("value")


def _identifiers(body: Mapping[str, Any]) -> Iterator[Place]:
    person = _object(body, "person")
    named: Iterator[tuple[Place, IdentifierType, object]] = (
        (("person", name), kind, person.get(name)) for name, kind in _NUMBERS.items()
    )
    yield from unchecked_numbers(named)
    for path in _LISTS:
        yield from unchecked_numbers(listed_numbers(body, path))


def _contact_details(body: Mapping[str, Any]) -> Iterator[Place]:
    person = _object(body, "person")
    written = {name: str(person[name]) for name in ("phone", "email", "postcode") if _said(person.get(name))}
    if "phone" in written and not can_be_rung(written["phone"]):
        yield "person", "phone"
    if "email" in written and "@" not in written["email"]:
        yield "person", "email"
    code = written.get("postcode")
    if code is not None and not (postcode(code) or says_no_home(code) or is_made_up(code)):
        yield "person", "postcode"


def _safe_contact(body: Mapping[str, Any]) -> Iterator[Place]:
    unread = unread_safety(_object(body, "person").get("safeContact"))
    for inner in ((),) if unread is None else ((name,) for name in unread):
        yield "person", "safeContact", *inner


def _areas(body: Mapping[str, Any]) -> Iterator[Place]:
    if _said(code := _object(body, "person").get("areaCode")) and area(code) is None:
        yield "person", "areaCode"
    if _said(code := _object(body, "accommodation").get("chosenAuthority")) and area(code) is None:
        yield "accommodation", "chosenAuthority"


def _said(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and names_nothing(value))


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}
